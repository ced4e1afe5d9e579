import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { modem } from '../../bin/modem.ts'
import { UsageError } from '../../bin/options.ts'
import { serialDevices } from '../../hal/modems/serial-devices.ts'

/** The folder of a test is too deep for a Unix socket. */
const SOCKET = { socket: '/tmp/downpour-probe.sock' }
/** It ends with the answer, however late that is. */
const PATIENTLY = ['--timeout', '10min']
const ENTRY = fileURLToPath(new URL('../../bin/downpour.ts', import.meta.url))

t.test('downpour modem ls shows every kind', async t => {
  const shown = await run('ls')
  t.match(shown, { code: 0, err: '' })
  for (const kind of ['serial', 'kiss', 'csp', 'openlst', 'udp', 'gse'])
    t.match(shown.out, new RegExp(`^${kind} `, 'm'))
  t.match(shown.out, /^serial devices/m)
  const { kinds } = JSON.parse((await run('ls', '--json')).out)
  t.match(kinds.kiss, { archetype: 'tnc', credit: 'queue', frameOctets: { usual: 256 } })
})

t.test('serialDevices() lists what the system lists', async t => {
  const port = { path: '/dev/ttyUSB0', manufacturer: 'FTDI', serialNumber: 'A1' }
  t.strictSame(await serialDevices(async () => [port, { path: '/dev/ttyS0' }]), [
    { path: '/dev/ttyUSB0', about: 'FTDI A1' },
    { path: '/dev/ttyS0', about: '' },
  ])
  const missing = Object.assign(new Error('spawn udevadm ENOENT'), { code: 'ENOENT' })
  t.equal(await serialDevices(() => Promise.reject(missing)), undefined)
  await t.rejects(
    serialDevices(() => Promise.reject(new Error('else'))),
    { message: 'else' },
  )
})

t.test('downpour modem probe asks an emulated modem, and says when nobody answers', async t => {
  const child = start('emulate', 'kiss', '--misbehave', 'stall', '--seed', '3', '--rate', '1M')
  t.teardown(() => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const [line] = (await once(lines, 'line')) as [string]
  const { onboard } = JSON.parse(line)
  t.match(onboard, { kind: 'kiss', host: '127.0.0.1' })
  const file = join(t.testdir(), 'a.json')
  const config = {
    role: 'onboard',
    entity: 1,
    peer: 2,
    outbox: 'o',
    modem: onboard,
    control: SOCKET,
  }
  writeFileSync(file, JSON.stringify(config))
  t.match(await run('probe', file, ...PATIENTLY), {
    code: 0,
    out: 'TNC: EMULATED 1.0\n',
    err: '',
  })
  const receiver = { kind: 'kiss', host: '127.0.0.1', port: 1 }
  writeFileSync(file, JSON.stringify({ ...config, receiver }))
  t.match(await run('probe', file, '--timeout', '5s'), {
    code: 1,
    out: 'modem: TNC: EMULATED 1.0\n',
    err: /receiver: the line is not there/,
  })
  const modems = { uhf: onboard, raw: { kind: 'tcp', listen: 0 } }
  writeFileSync(file, JSON.stringify({ ...config, modem: undefined, modems }))
  const named = JSON.parse((await run('probe', file, '--json', ...PATIENTLY)).out)
  t.match(named, { modem: 'modems.uhf', kind: 'kiss', fields: { TNC: 'EMULATED 1.0' } })
  const frames = { kind: 'udp', listen: 0 }
  writeFileSync(
    file,
    JSON.stringify({ ...config, modem: undefined, modems: { ...modems, frames } }),
  )
  t.match(await run('probe', file, ...PATIENTLY), { code: 0, err: /modems\.frames: is not asked/ })
  writeFileSync(file, JSON.stringify(config))
  const ended = once(child, 'close')
  const last = once(lines, 'line') as Promise<[string]>
  child.kill('SIGTERM')
  t.match(JSON.parse((await last)[0]), { onboard: { framesIn: 0 }, station: { framesIn: 0 } })
  t.equal((await ended)[0], 0)
  t.match(await run('probe', file, '--timeout', '50ms'), { code: 1, err: /the line is not there/ })
  const silent = await run('probe', file, '--timeout', '50ms', '--json')
  t.match(JSON.parse(silent.out), { kind: 'kiss', isOpen: false, fields: null })
  for (const kind of ['tcp', 'udp', 'gse']) {
    writeFileSync(file, JSON.stringify({ ...config, modem: { kind, listen: 0 } }))
    t.match(await run('probe', file), { code: 2, err: /it has no protocol of its own/ })
  }
})

t.test('downpour modem refuses what it cannot do, in words', async t => {
  await t.rejects(modem(['play']), UsageError)
  await t.rejects(modem(['emulate', 'serial']), { message: /one of kiss, csp/ })
  await t.rejects(modem(['emulate', 'kiss', '--misbehave', 'smoke']), {
    message: /one of lost-credit/,
  })
  await t.rejects(modem(['emulate', 'openlst', '--misbehave', 'lost-credit']), {
    message: /Cannot make openlst do lost-credit/,
  })
  await t.rejects(modem(['emulate', 'gse', '--pty']), { message: /it takes datagrams/ })
  t.match(await run('--help'), { code: 0, out: /ls \| probe \| emulate/ })
  t.match(await run('emulate', '--help'), { code: 0, out: /--misbehave/ })
})

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, ENTRY, 'modem', ...args])
}

async function run(...args: readonly string[]) {
  const child = start(...args)
  let [out, err] = ['', '']
  child.stdout?.on('data', chunk => (out += String(chunk)))
  child.stderr?.on('data', chunk => (err += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}
