import t from 'tap'
import { Holds } from '../../../onboard/downlink/holds.ts'
import type { Due } from '../../../onboard/downlink/policy.ts'
import { Scheduler } from '../../../onboard/downlink/scheduler.ts'
import { promiseOfPolicies } from './policy.promise.ts'

const NOTHING = { frozen: false, suspended: [] }

promiseOfPolicies('Holds', () => new Holds(new Scheduler(), NOTHING, true))

t.test('suspended files send no octets, and what there is to hear of them', async t => {
  const holds = new Holds(new Scheduler(), { frozen: false, suspended: [2] }, true)
  for (const sequence of [1, 2, 3]) holds.put(work(sequence, 'new'))
  t.strictSame(order(holds), [1, 3])
  holds.suspend(1)
  t.strictSame(order(holds), [3])
  holds.put(work(1, 'directive'))
  t.strictSame(order(holds), [1, 3])
  holds.resume(2)
  holds.resume(9)
  t.strictSame(order(holds), [1, 2, 3])
  t.strictSame([...holds.suspended], [1])
  holds.drop(2)
  holds.suspend(2)
  holds.resume(2)
  t.strictSame(order(holds), [1, 3])
})

t.test('frozen, nothing is chosen, and nothing is forgotten', async t => {
  const holds = new Holds(new Scheduler(), { frozen: true, suspended: [] }, true)
  holds.put(work(1, 'directive'))
  t.strictSame(order(holds), [])
  holds.isFrozen = false
  t.strictSame(order(holds), [1])
})

t.test('without repeats, what was sent and not answered waits', async t => {
  const holds = new Holds(new Scheduler(), NOTHING, false)
  holds.hear('secondary')
  holds.put(work(1, 'waiting'))
  t.strictSame(order(holds), [])
  holds.repeats = true
  t.strictSame(order(holds), [1])
})

function work(sequence: number, due: Due) {
  const rank = { priority: 4, deadlineMs: Infinity, turn: 0, sequence }
  return { rank, due, miss: 0.5 }
}

function order(holds: Holds): readonly number[] {
  return Array.from({ length: 4 }, (_, nth) => holds.candidate(nth)).filter(
    sequence => sequence !== undefined,
  )
}
