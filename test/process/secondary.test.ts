/** A station process that only listens: its modem gets not one octet, and what it hears is in its archive. */
import { existsSync, readFileSync } from 'node:fs'
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
  t.match(await run('status', '--socket', socket), { out: /uplink +none: it only listens/ })
})
