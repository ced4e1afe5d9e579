import t from 'tap'
import { readPlan, writePlan } from '../../../protocol/plan/document.ts'
import { faultText } from '../../../protocol/plan/fault.ts'
import type { ContactPlan, PlannedContact } from '../../../protocol/plan/plan.ts'
import { planToBegin, takeOver } from '../../../protocol/plan/take-over.ts'
import { contact } from './contacts.ts'

const NOW = 1_000
const UNDER_WAY = contact(500, 1_500, {
  station: 'Kiruna',
  rates: [
    { fromMs: 0, downBps: 1, upBps: undefined },
    { fromMs: 700, downBps: 2, upBps: undefined },
  ],
  elevation: [
    { atMs: 600, degrees: 5 },
    { atMs: 900, degrees: 6 },
  ],
})
const OLD: ContactPlan = {
  issued: 50,
  contacts: [contact(0, 400, { station: 'Kiruna' }), UNDER_WAY, contact(1_800, 1_900)],
}
const TROLL = contact(2_000, 3_000, { station: 'Troll' })

t.test('takeOver() puts the new plan in force, without what is over', async t => {
  const past = contact(0, NOW, { station: 'Troll' })
  t.strictSame(offer(undefined, [past, TROLL]), {
    kind: 'taken',
    plan: { issued: 60, contacts: [TROLL] },
  })
})

t.test('takeOver() does not hang up on the station that sent the plan', async t => {
  t.strictSame(taken([TROLL]), [UNDER_WAY, TROLL])
  const other = contact(500, 1_600, { station: 'Delft', role: 'secondary' })
  t.strictSame(taken([other, TROLL]), [UNDER_WAY, other, TROLL], 'other stations may hear too')
})

t.test('takeOver() believes the new plan where it knows of the same contact', async t => {
  const better = contact(520, 1_400, { station: 'Kiruna' })
  t.strictSame(taken([better, TROLL]), [better, TROLL])
  const later = contact(1_200, 1_400, { station: 'Kiruna' })
  const cut = {
    ...UNDER_WAY,
    end: 1_200,
    rates: UNDER_WAY.rates.slice(0, 1),
    elevation: UNDER_WAY.elevation.slice(0, 1),
  }
  t.strictSame(taken([later, TROLL]), [cut, later, TROLL])
})

t.test('takeOver() refuses, and the old plan stays', async t => {
  const secondary = { ...TROLL, role: 'secondary' as const }
  const refusals: [string, unknown][] = [
    ['plan: is missing', { contacts: [] }],
    [
      'contacts: no main contact is left at 1970-01-01T00:00:01Z; nobody could send the next plan',
      writePlan({ issued: 60, contacts: [contact(0, NOW), secondary] }),
    ],
    [
      'issued: is missing; the plan in force has 1970-01-01T00:00:00.050Z',
      writePlan({ issued: undefined, contacts: [TROLL] }),
    ],
    [
      'issued: 1970-01-01T00:00:00.049Z is before 1970-01-01T00:00:00.050Z, the plan in force',
      writePlan({ issued: 49, contacts: [TROLL] }),
    ],
  ]
  for (const [sentence, document] of refusals) {
    const answer = takeOver(OLD, document, NOW)
    t.equal(answer.kind, 'refused')
    t.equal(answer.plan, OLD)
    t.strictSame(answer.kind === 'refused' && answer.faults.map(faultText), [sentence])
  }
})

t.test(
  'takeOver() ends a contact by any modem where the new plan has its station by one',
  async t => {
    for (const [under, ahead] of [
      [undefined, 'uhf'],
      ['uhf', undefined],
      ['uhf', 'uhf'],
      ['uhf', 's-band'],
    ] as const) {
      const kept = contact(500, 1_500, { station: 'Kiruna', modem: under })
      const old = { issued: 50, contacts: [kept] }
      const start = NOW + 100
      const next = contact(start, start + 500, { station: 'Kiruna', modem: ahead })
      const answer = offer(old, [next])
      const end = ahead === 's-band' ? kept.end : start
      t.strictSame(answer.plan?.contacts, [{ ...kept, end }, next], `${under}, ${ahead}`)
      t.match(readPlan(writePlan(answer.plan as ContactPlan)), { kind: 'plan' })
    }
  },
)

t.test('takeOver() answers a plan that can be read again, whatever is under way', async t => {
  const full = Array.from({ length: 20_000 }, (_, i) => contact(2_000 + i, 2_001 + i))
  t.match(offer(OLD, full), { kind: 'refused', faults: [{ why: /20001 with those under way/ }] })
  t.equal(offer(OLD, full.slice(1)).kind, 'taken')
  // A clock that is told its UTC twice has contacts at parts of a millisecond.
  const rates = [0, 700, 701].map(fromMs => ({ fromMs, downBps: 1, upBps: undefined }))
  const odd: ContactPlan = { issued: 50, contacts: [{ ...UNDER_WAY, start: 500.5, rates }] }
  const answer = offer(odd, [contact(1_202, 1_400, { station: 'Kiruna' })])
  t.strictSame(readPlan(writePlan(answer.plan as ContactPlan)), {
    kind: 'plan',
    plan: answer.plan,
    notes: [],
  })
})

t.test('takeOver() takes the plan in force again, and plans that nobody dated', async t => {
  const again = takeOver(OLD, writePlan(OLD), NOW)
  t.strictSame(again.plan?.contacts, OLD.contacts.slice(1))
  const undated = { issued: undefined, contacts: [TROLL] }
  t.strictSame(takeOver(undated, writePlan(undated), NOW), { kind: 'taken', plan: undated })
})

function taken(contacts: PlannedContact[]): readonly PlannedContact[] | undefined {
  return offer(OLD, contacts).plan?.contacts
}

function offer(old: ContactPlan | undefined, contacts: PlannedContact[]) {
  return takeOver(old, writePlan({ issued: 60, contacts }), NOW)
}

t.test('planToBegin() is the newest; what came up counts where nobody says', async t => {
  const at = (issued: number | undefined): ContactPlan => ({ issued, contacts: [] })
  const [old, newer, unsaid] = [at(5), at(6), at(undefined)]
  t.equal(planToBegin(undefined, undefined), undefined)
  t.equal(planToBegin(old, undefined), old)
  t.equal(planToBegin(undefined, old), old)
  t.equal(planToBegin(unsaid, old), old)
  t.equal(planToBegin(old, newer), newer)
  t.equal(planToBegin(newer, old), newer)
  t.equal(planToBegin(old, unsaid), old)
  const same = at(5)
  t.equal(planToBegin(old, same), same)
})
