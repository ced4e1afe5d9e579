/** A station whose UTC steps while it runs: its contacts move, and nothing else does. */
import t from 'tap'
import { edgeStatus } from '../../station/status.ts'
import { EdgeBench } from '../kit/edge-bench.ts'

const HOUR = 3_600_000

t.test('a station whose clock is set keeps the contact it is in, and finds the next one', t => {
  const contacts = [1, 3].map(hour => ({ start: hour * HOUR, end: hour * HOUR + 600_000 }))
  const bench = new EdgeBench({ contacts })
  const set = (utcMs: number) => {
    bench.tell({ kind: 'vitals', token: 4, epochUtcMs: utcMs - bench.now })
    return bench.take('log').map(({ event }) => event)
  }
  bench.tick(60_000)
  t.strictSame(set(60_020), [])
  t.match(bench.take('answer'), [{ token: 4, why: undefined }])
  t.strictSame(set(HOUR + 60_000), ['clock stepped', 'contact begins'])
  bench.hearMetadata(1, 800)
  bench.take('log')
  const time = bench.machine.contact.clock.read(bench.now + 10)
  t.strictSame(set(HOUR + 300_000), ['clock stepped'])
  t.strictSame(set(HOUR + 300_500), [], 'drift')
  t.equal(bench.machine.contact.clock.read(bench.now + 10), time)
  const status = edgeStatus(bench.machine, bench.now)
  t.match(status.contact, { open: true, endsInMs: 299_500 })
  t.match(status.clock, { steps: 2, utcMs: HOUR + 300_500 })
  bench.tick(bench.now + 299_500)
  t.strictSame(
    bench.take('log').map(({ event }) => event),
    ['contact ends'],
  )
  t.strictSame(set(3 * HOUR), ['clock stepped', 'contact begins'])
  t.end()
})
