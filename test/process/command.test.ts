import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Summary } from '../../bin/pass/summary.ts'
import { Bench, run } from '../kit/bench.ts'
import { Random } from '../kit/random.ts'
import { sha256 } from './kills.ts'

const random = new Random(51)
/** It ends when the files are there, however late that is. */
const PATIENTLY = ['--timeout', '1h', '--json']

// Each has processes and folders of its own, and waits more than it works.
t.jobs = 2

t.test('pass --json over a bad line, in two contacts', async t => {
  const folder = t.testdir()
  const files = [400_000, 1, 800_000].map((octets, index) => {
    const path = join(folder, `image-${index}.raw`)
    writeFileSync(path, random.octets(octets))
    return path
  })
  const options = [
    '--rate',
    '4M',
    '--ber',
    '1e-5',
    '--loss',
    '0.01',
    '--passes',
    '2',
    '--seed',
    '3',
  ]
  const { code, out, err } = await run('pass', ...files, ...options, ...PATIENTLY)
  t.equal(code, 0, err)
  const summary = JSON.parse(out) as Summary
  t.strictSame(shapeOf(summary), {
    files: 'object',
    pdus: { sent: 'number', retransmitted: 'number' },
    frames: { sent: 'number', good: 'number', corrected: 'number', lost: 'number' },
    overhead: 'number',
    utilisation: 'number',
    seconds: { toFirstFrame: 'number', total: 'number' },
    rssPeakOctets: { onboard: 'number', station: 'number', link: 'number' },
    seed: 'number',
  })
  t.strictSame(
    summary.files,
    files.map((path, index) => {
      const octets = readFileSync(path)
      return {
        name: `image-${index}.raw`,
        octets: octets.length,
        sha256: sha256(octets),
        equal: true,
      }
    }),
  )
  const { frames, pdus, overhead, utilisation, seconds, rssPeakOctets } = summary
  t.ok(frames.sent >= frames.good && frames.good > 1_000, `${frames.good} of ${frames.sent} good`)
  t.ok(frames.corrected > 0 && frames.lost > 0, 'bit errors were corrected, frames were lost')
  t.ok(pdus.retransmitted > 0 && pdus.sent > pdus.retransmitted)
  // How much comes again is a matter of how late a busy computer is when a contact ends.
  const onceOnly = 1 - (1 - (overhead ?? 1)) / (1 - pdus.retransmitted / pdus.sent)
  t.ok(onceOnly > 0.005 && onceOnly < 0.1, `overhead ${overhead}, repetitions apart ${onceOnly}`)
  t.ok(utilisation !== null && utilisation > 0 && utilisation <= 1, `utilisation ${utilisation}`)
  t.ok((seconds.toFirstFrame ?? 0) > 0 && seconds.total > 2, 'two contacts and their gap')
  for (const octets of Object.values(rssPeakOctets)) t.ok((octets ?? 0) > 30e6, 'of a whole Node')
  t.equal(summary.seed, 3)
})

t.test('pass without errors uses the line', async t => {
  const file = join(t.testdir(), 'small.raw')
  writeFileSync(file, random.octets(12_000))
  const passes = await Promise.all([
    run('pass', ...PATIENTLY),
    // A frame takes a second: what a busy computer takes of that, when the next one is due, is little.
    run('pass', file, '--rate', '9600', ...PATIENTLY),
  ])
  const [usual, slow] = passes.map(({ code, out, err }) => {
    t.equal(code, 0, err)
    return JSON.parse(out) as Summary
  })
  t.ok((usual?.overhead ?? 1) < 0.02, `overhead ${usual?.overhead}`)
  t.equal(usual?.pdus.retransmitted, 0)
  const { utilisation } = slow as Summary
  t.ok((utilisation ?? 0) > 0.9 && (utilisation ?? 2) <= 1, `utilisation ${utilisation}`)
})

t.test('pass says by its exit code that a file is not there, or that time ran out', async t => {
  const folder = t.testdir({ '.hidden': 'octets' })
  const failed = await run('pass', join(folder, '.hidden'), '--json')
  t.equal(failed.code, 1)
  t.match(failed.err, /downpour: \.hidden: /)
  t.match(JSON.parse(failed.out), { files: [{ name: '.hidden', equal: false }] })
  const late = await run('pass', '--timeout', '1500ms', '--json')
  t.equal(late.code, 4)
  t.match(late.err, /not all files were safe after 1.5 s/)
})

t.test('send, status and metrics of running ends', async t => {
  const bench = await Bench.open(t, { rateBps: 2_000_000 })
  const files = [1, 300_000].map((octets, index) => {
    const path = join(bench.folder, `sent-${index}.raw`)
    writeFileSync(path, random.octets(octets))
    return path
  })
  const socket = ['--socket', bench.socket('onboard')]
  t.match(await run('send', ...files, '--config', bench.config('onboard'), '--wait'), { code: 0 })
  const slow = join(bench.folder, 'slow.raw')
  writeFileSync(slow, random.octets(2_000_000))
  await bench.setRate(10_000)
  t.match(await run('send', slow, ...socket), { code: 0, err: '' })
  t.match(await run('send', slow, ...socket), { code: 1, err: /is in the buffer already/ })
  writeFileSync(join(bench.folder, '.hidden'), 'octets')
  const failed = await run('send', join(bench.folder, '.hidden'), '--wait', ...socket)
  t.match(failed, { code: 1, err: /\.hidden failed: / })
  t.match(await run('send', slow, '--socket', bench.socket('station')), { code: 2 })
  t.match(await run('send', slow, '--socket', join(bench.folder, 'nobody')), { code: 3 })
  for (const role of ['onboard', 'station', 'link'] as const) {
    const { code, out } = await run('status', '--json', '--socket', bench.socket(role))
    t.equal(code, 0)
    t.match(JSON.parse(out), { role, pid: Number, rssPeakOctets: Number, contact: { open: true } })
    t.match(await run('status', '--socket', bench.socket(role)), { code: 0, out: /pid \d+/ })
    if (role !== 'link') isPrometheus(t, await bench.ask(role, '/metrics'))
  }
})

t.test('a second process on a state folder is refused before it touches the journal', async t => {
  const bench = await Bench.open(t)
  for (const role of ['onboard', 'station'] as const) {
    const journal = join(bench.folder, role, `${role}.journal`)
    const before = readFileSync(journal)
    const again = await run(role, '--config', bench.config(role))
    t.match(again, { code: 1, err: /^downpour: Cannot use .*: another process works there\n$/ })
    const config = JSON.parse(readFileSync(bench.config(role), 'utf8')) as object
    const other = join(bench.folder, 'other.json')
    const control = { socket: join(bench.folder, 'other.sock') }
    writeFileSync(other, JSON.stringify({ ...config, control }))
    t.match(await run(role, '--config', other), { code: 1, err: /another process works there/ })
    const state = join(bench.folder, `${role}-other`)
    writeFileSync(other, JSON.stringify({ ...config, state }))
    t.match(await run(role, '--config', other), { code: 1, err: /another process answers there/ })
    t.ok(readFileSync(journal).equals(before), `${role}: the journal is as it was`)
    t.match(await bench.ask(role, '/healthz'), { ok: true }, 'the first one goes on')
  }
})

t.test('a start that cannot be is told in a line', async t => {
  const bench = await Bench.prepare(t)
  writeFileSync(join(bench.folder, 'archive'), 'no folder')
  t.match(await run('station', '--config', bench.config('station')), {
    code: 1,
    err: /^downpour: .*archive.*\n$/,
  })
})

t.test('a fault of ours is logged as fatal, and ends the process with 70', async t => {
  const bench = await Bench.prepare(t)
  for (const role of ['onboard', 'station'] as const) {
    // As soon as somebody would see it, however long the start takes.
    const planted = `const timer = setInterval(() => {
      if (process.listenerCount('uncaughtException') === 0) return
      clearInterval(timer)
      Promise.reject(new Error('planted'))
    }, 20)`
    bench.launch(role, ['--import', `data:text/javascript,${encodeURIComponent(planted)}`])
    t.equal(await bench.ended(role), 70)
    t.match(bench.events(role, 'fatal'), [
      { level: 'error', why: 'Error: planted', stack: /planted/ },
    ])
  }
})

/** Text exposition format 0.0.4: each sample has its HELP and TYPE before it, with its labels it comes once. */
function isPrometheus(t: Test, text: unknown): void {
  const types = new Map<string, string>()
  const samples = new Set<string>()
  const faults: string[] = []
  for (const line of String(text).trimEnd().split('\n')) {
    const [, kind, name = '', rest = ''] =
      /^# (HELP|TYPE) ([a-z_:][a-z0-9_:]*) (.+)$/.exec(line) ?? []
    if (kind === 'TYPE') types.set(name, rest)
    if (kind !== undefined) continue
    const [, sample = '', value = ''] =
      /^([a-z_:][a-z0-9_:]*(?:\{[^}]+\})?) (\S+)$/.exec(line) ?? []
    const [family = ''] = sample.split('{')
    const type = family.endsWith('_total') ? 'counter' : 'gauge'
    if (samples.has(sample) || value === '' || !Number.isFinite(Number(value))) faults.push(line)
    if (types.get(family) !== type) faults.push(`${line}: no TYPE ${type}`)
    samples.add(sample)
  }
  t.strictSame(faults, [], `${samples.size} samples`)
  t.ok(samples.size > 5)
}

/** The same object with types in the place of values. */
function shapeOf(value: object): object {
  const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => {
    const isPlain = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    return [key, isPlain ? shapeOf(inner) : typeof inner]
  })
  return Object.fromEntries(entries) as object
}
