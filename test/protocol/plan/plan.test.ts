import t from 'tap'
import {
  type ContactPlan,
  channelOctets,
  coverage,
  hearing,
  nextChange,
  nextMain,
  rateAt,
  shifted,
} from '../../../protocol/plan/plan.ts'
import { contact } from './contacts.ts'

const LINK = { downBps: 8_000, upBps: 800 }
const KIRUNA = contact(100, 400, { station: 'Kiruna' })
const DELFT = contact(200, 500, { station: 'Delft', role: 'secondary' })
const STEPPED = contact(1_000, 4_000, {
  station: 'Troll',
  rates: [
    { fromMs: 0, downBps: 16_000, upBps: 1_600 },
    { fromMs: 1_000, downBps: 32_000, upBps: undefined },
  ],
})
const PLAN: ContactPlan = { issued: 7, contacts: [KIRUNA, DELFT, STEPPED] }
const NOTHING: ContactPlan = { issued: undefined, contacts: [] }

t.test('hearing() is every contact under way; its end is not in it', async t => {
  t.strictSame(hearing(PLAN, 99), [])
  t.strictSame(hearing(PLAN, 100), [KIRUNA])
  t.strictSame(hearing(PLAN, 399), [KIRUNA, DELFT])
  t.strictSame(hearing(PLAN, 400), [DELFT])
  t.strictSame(hearing(PLAN, 500), [])
})

t.test('nextMain() looks past the stations that cannot answer', async t => {
  t.equal(nextMain(PLAN, 0), KIRUNA)
  t.equal(nextMain(PLAN, 399), KIRUNA)
  t.equal(nextMain(PLAN, 400), STEPPED)
  t.equal(nextMain(PLAN, 4_000), undefined)
})

t.test('nextChange() is every start, end and rate, one after the other', async t => {
  const seen: number[] = []
  for (let at = nextChange(PLAN, 0); at !== undefined; at = nextChange(PLAN, at)) seen.push(at)
  t.strictSame(seen, [100, 200, 400, 500, 1_000, 2_000, 4_000])
  t.equal(nextChange(NOTHING, 0), undefined)
})

t.test('rateAt() is the step in force', async t => {
  t.equal(rateAt(STEPPED, 999), undefined)
  t.equal(rateAt(STEPPED, 1_999)?.downBps, 16_000)
  t.equal(rateAt(STEPPED, 2_000)?.downBps, 32_000)
  t.equal(rateAt(STEPPED, 4_000), undefined)
  t.equal(rateAt(KIRUNA, 200), undefined, 'the rates of the link hold')
})

t.test(
  'channelOctets() adds up the steps, and nothing goes up from a secondary station',
  async t => {
    t.strictSame(channelOctets(KIRUNA, LINK), { down: 300, up: 30 })
    t.strictSame(channelOctets(DELFT, LINK), { down: 300, up: 0 })
    t.strictSame(channelOctets(STEPPED, LINK), { down: 2_000 + 8_000, up: 200 + 200 })
  },
)

t.test('coverage() joins what overlaps or touches', async t => {
  t.strictSame(coverage(PLAN), [
    { start: 100, end: 500 },
    { start: 1_000, end: 4_000 },
  ])
  t.strictSame(coverage(PLAN, 'secondary'), [{ start: 200, end: 500 }])
  const nested = [contact(0, 100, {}), contact(10, 20, {}), contact(100, 110, {})]
  t.strictSame(coverage({ issued: 0, contacts: nested }), [{ start: 0, end: 110 }])
})

t.test('shifted() moves the contacts and nothing within them', async t => {
  const moved = shifted(PLAN, 50)
  t.equal(moved.issued, 57)
  t.strictSame(hearing(moved, 150), [{ ...KIRUNA, start: 150, end: 450 }])
  t.strictSame(shifted(moved, -50), PLAN)
  t.strictSame(shifted(NOTHING, 5), NOTHING)
})
