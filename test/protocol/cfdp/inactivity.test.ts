import t from 'tap'
import { InactivityTimer } from '../../../protocol/cfdp/inactivity.ts'

t.test('InactivityTimer counts from what was heard last', t => {
  const timer = new InactivityTimer(100)
  t.equal(timer.deadline, undefined)
  t.notOk(timer.expire(1_000))
  timer.begin(10)
  timer.begin(50)
  t.equal(timer.deadline, 110)
  timer.restart(50)
  t.equal(timer.deadline, 150)
  t.notOk(timer.expire(149))
  t.ok(timer.expire(150))
  t.notOk(timer.expire(1_000), 'once')
  timer.restart(0)
  timer.stop()
  t.equal(timer.deadline, undefined)
  t.end()
})

t.test('InactivityTimer without a limit never runs', t => {
  for (const timer of [new InactivityTimer(), new InactivityTimer(0)]) {
    timer.begin(1)
    timer.restart(1)
    t.equal(timer.deadline, undefined)
  }
  t.end()
})
