import fc from 'fast-check'
import t from 'tap'
import { clockMetrics, clockStatus, isStep, UtcClock } from '../../protocol/utc-clock.ts'
import { DRAWN } from '../kit/drawn.ts'

const YEARS_56 = Date.UTC(2026, 10, 22)

t.test('UtcClock follows steps either way, and counts them', t => {
  const utc = new UtcClock(0)
  t.equal(utc.at(5_000), 5_000)
  t.equal(utc.follow(YEARS_56), YEARS_56)
  t.equal(utc.at(60_000), YEARS_56 + 60_000)
  t.equal(Math.round(utc.when(YEARS_56 + 60_000)), 60_000)
  t.equal(utc.follow(YEARS_56), 0)
  t.equal(utc.follow(YEARS_56 - 3_600_000), -3_600_000)
  t.strictSame(utc.counters, { steps: 2, lastStepMs: -3_600_000 })
  t.end()
})

t.test('UtcClock.when() is not so early that at() answers less, and hardly later', t => {
  const moment = fc.double({ min: 0, max: 4e12, noNaN: true })
  fc.assert(
    fc.property(moment, moment, (epochMs, utcMs) => {
      const utc = new UtcClock(epochMs)
      const answer = utc.at(utc.when(utcMs))
      return answer >= utcMs && answer - utcMs < 0.01
    }),
    { ...DRAWN, numRuns: 10_000 },
  )
  t.end()
})

t.test('UtcClock follows drift without a word, and takes no notice of what reading costs', t => {
  const utc = new UtcClock(1_000_000)
  for (const epochMs of [1_000_049, 999_951]) t.equal(utc.follow(epochMs), 0)
  t.equal(utc.at(0), 1_000_000)
  let followedMs = 0
  for (let s = 1; s <= 3_600; s++) followedMs += utc.follow(1_000_000 + 0.1 * s)
  t.ok(Math.abs(utc.at(0) - 1_000_360) < 50)
  t.ok(Math.abs(followedMs - 360) < 50)
  t.equal(utc.counters.steps, 0)
  t.equal(isStep(-999), false)
  t.equal(isStep(-1_000), true)
  t.end()
})

t.test('clockStatus() and clockMetrics() tell operators', t => {
  const utc = new UtcClock(100.4)
  utc.follow(5_100.4)
  const status = clockStatus(utc, 10)
  t.strictSame(status, { utcMs: 5_110, steps: 1, lastStepMs: 5_000 })
  t.strictSame(
    clockMetrics(status).map(({ name, value }) => [name, value]),
    [
      ['clock_steps_total', 1],
      ['clock_last_step_seconds', 5],
    ],
  )
  t.end()
})
