import t from 'tap'
import { RepeatTimer } from '../../../protocol/cfdp/repeat-timer.ts'

t.test('expire() tells the tries from the limit, and waits for start() in between', t => {
  const timer = new RepeatTimer({ timeoutMs: 100, triesMax: 3 })
  t.notOk(timer.isRunning)
  t.equal(timer.expire(1_000), 'no', 'nothing is waited for')
  timer.start(0)
  t.equal(timer.deadline, 100)
  t.equal(timer.expire(99.9), 'no')
  t.equal(timer.expire(100), 'again')
  t.notOk(timer.isRunning)
  timer.start(100)
  t.equal(timer.deadline, 300, 'twice as long')
  t.equal(timer.expire(300), 'again')
  timer.start(300)
  t.equal(timer.expire(700), 'limit')
  t.equal(timer.deadline, undefined)
  t.end()
})

t.test('start() waits no longer than four times, and without limit for ever again', t => {
  const timer = new RepeatTimer({ timeoutMs: 10, triesMax: 0 })
  const waits = [10, 20, 40, 40, 40]
  let now = 0
  for (const wait of waits) {
    timer.start(now)
    t.equal((timer.deadline as number) - now, wait)
    now += wait
    t.equal(timer.expire(now), 'again')
  }
  t.end()
})

t.test('progress() makes the next wait a first one, and starts none', t => {
  const timer = new RepeatTimer({ timeoutMs: 10, triesMax: 2 })
  timer.progress(5)
  t.notOk(timer.isRunning)
  timer.start(0)
  t.equal(timer.expire(10), 'again')
  timer.progress(11)
  t.notOk(timer.isRunning)
  timer.start(12)
  t.equal(timer.deadline, 22)
  timer.progress(20)
  t.equal(timer.deadline, 30)
  t.equal(timer.expire(30), 'again', 'the tries are counted from the progress on')
  t.end()
})

t.test('lapse() ends a wait without counting it', t => {
  const timer = new RepeatTimer({ timeoutMs: 10, triesMax: 1 })
  t.notOk(timer.lapse())
  timer.start(0)
  t.ok(timer.lapse())
  t.notOk(timer.isRunning)
  timer.start(50)
  t.equal(timer.expire(60), 'limit')
  t.end()
})

t.test('stop() forgets the tries', t => {
  const timer = new RepeatTimer({ timeoutMs: 10, triesMax: 2 })
  timer.start(0)
  timer.expire(10)
  timer.stop()
  timer.start(10)
  t.equal(timer.expire(20), 'again')
  t.end()
})
