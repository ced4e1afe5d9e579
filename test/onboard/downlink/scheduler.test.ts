import t from 'tap'
import { Scheduler } from '../../../onboard/downlink/scheduler.ts'
import { PlainPolicy } from '../../kit/plain-policy.ts'
import { Random } from '../../kit/random.ts'
import { orderOf, promiseOfPolicies, work } from './policy.promise.ts'

promiseOfPolicies('Scheduler', () => new Scheduler())
promiseOfPolicies('PlainPolicy', () => new PlainPolicy())

t.test('Scheduler orders any works as PlainPolicy does', t => {
  const first = Number(process.env['SEED'] ?? 1)
  for (let seed = first; seed < first + 50; seed++) {
    const random = new Random(seed)
    const one = new Scheduler()
    const other = new PlainPolicy()
    for (let step = 0; step < 100; step++) {
      const sequence = random.below(20)
      const what = random.below(10)
      const role = random.below(2) === 0 ? 'main' : 'secondary'
      const due = (['directive', 'again', 'new', 'waiting'] as const)[random.below(4)] ?? 'new'
      const rank = {
        priority: random.below(3),
        deadlineMs: random.below(2) === 0 ? Infinity : random.below(4),
        turn: random.below(4),
      }
      const some = work(sequence, due, rank, random.below(3) / 2)
      for (const policy of [one, other])
        if (what === 0) policy.hear(role)
        else if (what < 3) policy.drop(sequence)
        else policy.put(some)
      if (orderOf(one).join() !== orderOf(other).join()) t.fail(`SEED=${seed}, step ${step}`)
    }
  }
  t.pass('50 histories')
  t.end()
})
