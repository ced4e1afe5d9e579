import t from 'tap'
import { RateGate } from '../../../../protocol/cfdp/entity/rate-gate.ts'

t.test('RateGate lets a second of them through at once, and then so many a second', async t => {
  const gate = new RateGate(10)
  const passed = (now: number) => {
    let count = 0
    while (gate.pass(now)) count += 1
    return count
  }
  t.equal(passed(1_000_000), 10)
  t.equal(passed(1_000_099), 0)
  t.equal(passed(1_000_500), 5)
  t.equal(passed(1_000_400), 0, 'time that goes back brings nothing')
  t.equal(passed(9_000_000), 10, 'nor does a long silence bring more than a second')
})
