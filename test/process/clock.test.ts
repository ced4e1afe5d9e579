/** A flight process whose clock is set while it runs: by a receiver that found the time, and by one that lost it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Bench } from '../kit/bench.ts'
import { Random } from '../kit/random.ts'
import { wrongClock } from '../kit/tampered.ts'

const HOUR = 3_600_000

t.test('contacts begin when the clock says so, however it came to that', async t => {
  const now = Date.now()
  const contacts = [{ start: now - HOUR / 2, end: now + HOUR / 2 }]
  const bench = await Bench.prepare(t, { rateBps: 2_000_000, onboard: { contacts } })
  const clock = wrongClock(bench, -now)
  await bench.start('onboard', clock.nodeOptions)
  await bench.start('station')
  bench.drop('kept', new Random(1).octets(20_000))
  await bench.until(
    'it is in the buffer',
    async () => (await bench.status('onboard')).buffer.files === 1,
  )
  t.match(await bench.status('onboard'), { contact: { open: false }, frames: { sent: 0 } })

  clock.set(0)
  await bench.until('it is safe', async () => (await bench.status('onboard')).buffer.files === 0)
  t.ok(readFileSync(join(bench.archive, 'kept')).length === 20_000)
  t.match(bench.events('onboard', 'clock stepped').length, 1)

  clock.set(-1_500)
  await bench.until(
    'the clock is followed',
    async () => (await bench.status('onboard')).clock.steps === 2,
  )
  t.equal(bench.events('onboard', 'contact begins').length, 1, 'it is the same contact')
  t.match(await bench.ask('onboard', '/metrics'), /downpour_clock_steps_total 2/)
})
