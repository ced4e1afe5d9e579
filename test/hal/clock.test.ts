import t from 'tap'
import { SimClock, settled } from '../../hal/sim/clock.ts'
import { systemClock } from '../../hal/system-clock.ts'

const never = new AbortController().signal

t.test('systemClock.until() resolves at its deadline, never before', async t => {
  for (const ms of [0, 0.2, 1, 3.7]) {
    const deadline = systemClock.now() + ms
    await systemClock.until(deadline, never)
    t.ok(systemClock.now() >= deadline, `${ms} ms`)
  }
})

t.test('systemClock.until() with a deadline past 2^31 ms waits, and ends on abort', async t => {
  for (const deadline of [systemClock.now() + 2 ** 33, Infinity]) {
    const stop = new AbortController()
    const waiting = systemClock.until(deadline, stop.signal).then(() => 'the deadline')
    const soon = systemClock.until(systemClock.now() + 3, never).then(() => 'soon')
    t.equal(await Promise.race([waiting, soon]), 'soon')
    stop.abort()
    await waiting
  }
  t.resolves(systemClock.until(Infinity, AbortSignal.abort()))
})

t.test('systemClock.utcMs() is the time since 1970', t => {
  t.ok(systemClock.utcMs() > Date.UTC(2025, 0))
  t.end()
})

t.test('SimClock.advanceTo() wakes by deadline, then by age, each at its own time', async t => {
  const clock = new SimClock(5, 1_000)
  const woken: string[] = []
  const wait = async (name: string, deadline: number) => {
    await clock.until(deadline, never)
    woken.push(`${name} ${clock.now()}`)
    if (name === 'a') void wait('a again', 20)
  }
  for (const [name, at] of [
    ['c', 30],
    ['a', 10],
    ['b', 10],
    ['past', 1],
    ['late', 99],
  ] as const)
    void wait(name, at)
  t.equal(clock.deadline, 10)
  await clock.advanceTo(40)
  t.strictSame(woken, ['past 5', 'a 10', 'b 10', 'a again 20', 'c 30'])
  t.equal(clock.now(), 40)
  t.equal(clock.utcMs(), 1_035)
  clock.stepUtc(-500)
  await clock.advance(2)
  t.equal(clock.utcMs(), 537)
  await clock.advanceTo(3)
  t.equal(clock.now(), 42, 'never back')
})

t.test('SimClock.until() ends on abort and is forgotten', async t => {
  const clock = new SimClock()
  const stop = new AbortController()
  const waiting = clock.until(Infinity, stop.signal)
  t.equal(clock.deadline, undefined)
  await clock.advanceTo(1e12)
  stop.abort()
  await waiting
  await clock.until(Infinity, stop.signal)
  await settled()
  t.equal(clock.deadline, undefined)
})
