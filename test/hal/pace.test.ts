import t from 'tap'
import { Pace } from '../../hal/pace.ts'
import { SimClock } from '../../hal/sim/clock.ts'

const NEVER = new AbortController().signal

t.test('Pace lets a line have 64 ms ahead, and tells when it is worth to send more', async t => {
  const clock = new SimClock()
  const pace = new Pace({ rateBps: 1_000_000 }, clock)
  t.equal(pace.roomOctets(1_279), 8_000, '64 ms at 125 octets a millisecond')
  pace.sent(8_000)
  t.equal(pace.roomOctets(1_279), 1_279, 'one more, however long')
  pace.sent(1_279)
  t.equal(pace.roomOctets(1_279), 0)
  let isThere = false
  const room = pace.room(NEVER).then(() => {
    isThere = true
    return undefined
  })
  await clock.advance(22)
  t.notOk(isThere, '52 ms wait')
  await clock.advance(1)
  await room
  t.ok(pace.roomOctets(1_279) >= 1_500)
})

t.test('Pace gives a slow line one frame at a time, and makes up for no silence', async t => {
  const clock = new SimClock()
  const pace = new Pace({ rateBps: 9_600 }, clock)
  t.equal(pace.roomOctets(1_279), 1_279)
  pace.sent(1_279)
  t.equal(pace.roomOctets(1_279), 0)
  await clock.advance(60_000)
  t.equal(pace.roomOctets(10), 76, 'a minute of rest is not caught up with')
})
