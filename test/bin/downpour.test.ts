import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { ask } from '../../bin/ask.ts'

const ENTRY = fileURLToPath(new URL('../../bin/downpour.ts', import.meta.url))

t.test('downpour says what it can do, and what it cannot', async t => {
  const [help, version, none, unknown, option, config, flight] = await Promise.all([
    run('--help'),
    run('--version'),
    run(),
    run('reign'),
    run('link', '--rate', 'fast'),
    run('status', '--config', '/nowhere/onboard.yaml'),
    run('pass', '/nowhere/image.raw'),
  ])
  t.match(help, { code: 0, out: /downpour COMMAND[^]*pass[^]*onboard[^]*station[^]*config/ })
  t.match(version, { code: 0, out: /^downpour \d+\.\d+\.\d+/ })
  t.match(none, { code: 2, out: '', err: /usage/ })
  t.match(unknown, { code: 2, out: '', err: /Cannot run "reign": one of pass, onboard/ })
  t.match(config, { code: 2, err: /^downpour: Cannot read \/nowhere\/onboard.yaml: ENOENT/m })
  t.match(flight, { code: 2, err: /^downpour: Cannot send \/nowhere\/image.raw: it is no file/m })
  t.match(option, { code: 2, err: /^downpour: Cannot use --rate "fast"/m })
})

t.test('downpour link says where its ends are, answers, and ends on SIGTERM', async t => {
  // Sockets have short paths, shorter than those of the fixtures.
  const folder = mkdtempSync(join(tmpdir(), 'downpour-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const socket = join(folder, 's')
  const tap = join(folder, 'tap')
  const child = start(
    'link',
    '--socket',
    socket,
    '--rate',
    '2M',
    '--tap',
    tap,
    '--contacts',
    '+9h/+10h',
  )
  t.teardown(() => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })
  const line = await new Promise<string>(resolve => lines.once('line', resolve))
  t.match(JSON.parse(line), { onboard: { kind: /serial|tcp/ }, station: { kind: /serial|tcp/ } })
  t.match(await ask(socket, '/status'), {
    role: 'link',
    pid: child.pid,
    rateBps: 2_000_000,
    contact: { open: false, startsInMs: Number },
  })
  t.match(await ask(socket, '/healthz'), { ok: true })
  t.match(await ask(socket, '/pull', { end: 'onboard', ms: 60_000 }), { pulled: ['onboard'] })
  t.match(await ask(socket, '/plug', { end: 'onboard' }), { pulled: [] })
  t.match(await ask(socket, '/pull', {}), { pulled: ['station'] })
  await t.rejects(ask(socket, '/pull', { end: 'moon' }), /Cannot find end "moon"/)
  await t.rejects(ask(socket, '/pull', { ms: -1 }), /Cannot wait for -1/)
  await t.rejects(ask(socket, '/pull', 5), /Cannot find end 5/)
  t.match(await ask(socket, '/pull', { hangup: true }), { pulled: ['station'] })
  t.match(await ask(socket, '/plug', 'station'), { pulled: [] })
  t.match(await ask(socket, '/trouble', { kind: 'noise' }), { troubles: ['noise'] })
  t.match(await ask(socket, '/mend', { kind: 'noise' }), { troubles: [] })
  await t.rejects(ask(socket, '/trouble', { kind: 'rain' }), /one of stall, noise, crumbs, inv/)
  const [table, json] = await Promise.all([
    run('status', '--socket', socket),
    run('status', '--socket', socket, '--json'),
  ])
  t.match(table, {
    code: 0,
    out: /^link {2}pid \d+ {2}○ no contact, the next one in (?:8:\d\d:\d\d|9:00:00)\n/,
  })
  t.match(JSON.parse(json.out), { role: 'link', pid: child.pid })
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  t.equal(await ended, 0)
  t.notOk(existsSync(socket), 'the socket is gone')
  t.equal(readFileSync(tap).length, 0)
})

function start(...args: string[]) {
  return spawn(process.execPath, [...process.execArgv, ENTRY, ...args])
}

async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = start(...args)
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>(resolve => child.once('close', resolve)),
  ])
  return { code, out, err }
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = ''
  for await (const chunk of stream) all += String(chunk)
  return all
}
