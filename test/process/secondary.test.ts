/** A station process that only listens: its modem gets not one octet, and what it hears is in its archive. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Bench, run } from '../kit/bench.ts'
import { Random } from '../kit/random.ts'

t.test('a secondary station receives, and sends nothing', async t => {
  const station = { uplink: { service: 'none' } }
  const bench = await Bench.open(t, { rateBps: 2_000_000, station })
  const octets = new Random(3).octets(30_000)
  bench.drop('heard', octets)
  const path = join(bench.archive, 'heard')
  await bench.until('it is delivered', () => existsSync(path))
  t.ok(readFileSync(path).equals(octets))
  const socket = bench.socket('station')
  t.match(await run('command', 'noop', '--socket', socket), { code: 1, err: /only listens/ })
  t.match(await bench.status('station'), { modem: { octetsOut: 0 }, uplink: { frames: 0 } })
  t.match(await bench.status('onboard'), { buffer: { files: 1 }, uplink: { frames: 0 } })
  const aboard = ['--socket', bench.socket('onboard')]
  const sequence = String(bench.events('onboard', 'file accepted')[0]?.['sequence'])
  t.match(await run('buffer', 'ls', sequence, ...aboard), {
    code: 0,
    out: /^\d+ {2}heard {2}30000 octets\n {2}2\S+Z {2}the ground, loss 0.01 {2}0-30000 Metadata EOF\n/,
  })
  t.match(await run('buffer', 'ls', '0', ...aboard), { code: 1, err: /No file 0 waits/ })
  await t.rejects(bench.ask('onboard', '/buffer/file', {}), /"sequence": ... } is missing/)
  t.match(await run('status', '--socket', socket), { out: /uplink +none: it only listens/ })
})

t.test('a station that is given an uplink asks for what it has heard in parts', async t => {
  const bench = await Bench.open(t, {
    rateBps: 2_000_000,
    station: { uplink: { service: 'none' } },
  })
  const octets = new Random(4).octets(600_000)
  await bench.setRate(100_000)
  bench.drop('parts', octets)
  const held = async () => (await bench.status('station')).files[0]?.heldOctets ?? 0
  await bench.until('some of it is held', async () => (await held()) > 5_000)
  await bench.kill('station')
  const sent = async () => (await bench.status('onboard')).files[0]?.sentOctets ?? 0
  const before = await sent()
  await bench.until('some of it is sent to nobody', async () => (await sent()) > before + 10_000)
  await bench.start('station')
  await bench.setRate(2_000_000)
  await bench.until('it is known that something is missing', async () => {
    const [file] = (await bench.status('station')).files
    return file !== undefined && file.octets !== null && file.gapCount > 0
  })
  const socket = bench.socket('station')
  t.match(await run('status', '--socket', socket), {
    out: /only listens, 1 in parts wait for an uplink/,
  })
  await bench.kill('station', 'SIGTERM')
  const config = JSON.parse(readFileSync(bench.config('station'), 'utf8')) as { uplink: object }
  const uplink = { rateBps: 256_000, service: 'bd' }
  writeFileSync(bench.config('station'), JSON.stringify({ ...config, uplink }))
  await bench.start('station')
  await bench.until('it is let go aboard', async () => {
    const { buffer } = await bench.status('onboard')
    return buffer.files === 0
  })
  t.ok(readFileSync(join(bench.archive, 'parts')).equals(octets))
})
