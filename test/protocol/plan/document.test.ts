import fc from 'fast-check'
import t from 'tap'
import { PLAN_LIMITS, readPlan, writePlan } from '../../../protocol/plan/document.ts'
import { FAULTS_MAX, faultText } from '../../../protocol/plan/fault.ts'
import type { ContactPlan, PlannedContact } from '../../../protocol/plan/plan.ts'
import { DRAWN } from '../../kit/drawn.ts'
import { contact } from './contacts.ts'

const KIRUNA = {
  start: '2026-01-01T00:10:00Z',
  end: '2026-01-01T00:18:00Z',
  station: 'Kiruna',
  modem: 's-band',
  rates: [
    { downBps: 1e6, upBps: 64e3 },
    { fromMs: 60_000, downBps: 2e6 },
  ],
  expectedFrameLoss: 0.001,
  elevation: [
    { atMs: 0, degrees: 5 },
    { atMs: 480_000, degrees: 5 },
  ],
}
const START = Date.UTC(2026, 0, 1, 0, 10)

t.test('readPlan() reads every key, and fills in the role', async t => {
  const delft = { start: START - 1, end: START + 5.5, role: 'secondary' }
  const read = readPlan({ plan: 1, issued: '2026-01-01T00:00Z', contacts: [KIRUNA, delft] })
  t.strictSame(read, {
    kind: 'plan',
    plan: {
      issued: Date.UTC(2026, 0, 1),
      contacts: [
        contact(START - 1, START + 5.5, { role: 'secondary' }),
        contact(START, START + 480_000, {
          station: 'Kiruna',
          modem: 's-band',
          rates: [
            { fromMs: 0, downBps: 1e6, upBps: 64e3 },
            { fromMs: 60_000, downBps: 2e6, upBps: undefined },
          ],
          expectedFrameLoss: 0.001,
          elevation: KIRUNA.elevation,
        }),
      ],
    },
    notes: [],
  })
})

t.test('readPlan() lets stations, and modems of one, hear at the same time', async t => {
  for (const other of [
    { station: 'Troll' },
    { modem: 'uhf' },
    { start: KIRUNA.end, end: START * 2 },
  ])
    t.equal(readPlan({ plan: 1, contacts: [KIRUNA, { ...KIRUNA, ...other }] }).kind, 'plan')
})

const FAULTS: readonly [string, unknown, string][] = [
  ['a text', 'plan', 'The document is no object: `plan: 1` and `contacts` are needed'],
  ['a list', [], 'The document is no object: `plan: 1` and `contacts` are needed'],
  [
    'another version',
    { plan: 2, contacts: [] },
    'plan: 2 will not do; it must be a number from 1 to 1',
  ],
  ['no version', { contacts: [] }, 'plan: is missing'],
  ['no contacts', { plan: 1 }, 'contacts: is missing'],
  [
    'a key that is none',
    { plan: 1, contacts: [], contakts: [] },
    'contakts: there is no such key; there are plan, issued, contacts',
  ],
  [
    'one contact for a list',
    { plan: 1, contacts: KIRUNA },
    'contacts: an object will not do; it must be a list of at most 20000',
  ],
  [
    'more contacts than there may be',
    { plan: 1, contacts: Array.from({ length: PLAN_LIMITS.contactsMax + 1 }, () => KIRUNA) },
    'contacts: a list of 20001 will not do; it must be a list of at most 20000',
  ],
  ['a number for a contact', { plan: 1, contacts: [7] }, 'contacts.0: is no object'],
  ['no end', one({ end: undefined }), 'contacts.0.end: is missing'],
  [
    'a time that is none',
    one({ start: '2026-13-01T00:00:00Z' }),
    'contacts.0.start: "2026-13-01T00:00:00Z" will not do; it must be a time such as 2026-01-01T00:00:00Z, from 1970 on',
  ],
  [
    'a time before 1970',
    one({ start: '1969-12-31T00:00:00Z' }),
    'contacts.0.start: "1969-12-31T00:00:00Z" will not do; it must be a time such as 2026-01-01T00:00:00Z, from 1970 on',
  ],
  [
    'a time after 9999',
    one({ start: 253402300800000 }),
    'contacts.0.start: 253402300800000 will not do; it must be a number from 0 to less than 253402300800000',
  ],
  [
    'a time that is after 9999 in UTC',
    one({ end: '9999-12-31T23:59:59-01:00' }),
    'contacts.0.end: "9999-12-31T23:59:59-01:00" will not do; it must be a time such as 2026-01-01T00:00:00Z, from 1970 on',
  ],
  [
    'a time that is nothing',
    one({ start: null }),
    'contacts.0.start: null will not do; it must be a number from 0 to less than 253402300800000',
  ],
  [
    'a contact that runs backwards',
    one({ end: 2000, start: 3000 }),
    'contacts.0: ends at 1970-01-01T00:00:02Z; it must end after it starts, 1970-01-01T00:00:03Z',
  ],
  [
    'a role that is none',
    one({ role: 'MGS' }),
    'contacts.0.role: "MGS" will not do; it must be one of main, secondary',
  ],
  [
    'a station without a name',
    one({ station: '' }),
    'contacts.0.station: "" will not do; it must be a text of 1 to 120 characters',
  ],
  [
    'a station of another kind',
    one({ station: ['a', 'b'] }),
    'contacts.0.station: a list of 2 will not do; it must be a text of 1 to 120 characters',
  ],
  [
    'a name without end',
    one({ modem: 'm'.repeat(121) }),
    `contacts.0.modem: "${'m'.repeat(56)}... will not do; it must be a text of 1 to 120 characters`,
  ],
  [
    'a certain loss',
    one({ expectedFrameLoss: 1 }),
    'contacts.0.expectedFrameLoss: 1 will not do; it must be a number from 0 to less than 1',
  ],
  ['a rate of nothing', one({ rates: [{}] }), 'contacts.0.rates.0.downBps: is missing'],
  [
    'a rate below nothing',
    one({ rates: [{ downBps: -1 }] }),
    'contacts.0.rates.0.downBps: -1 will not do; it must be a number from 0 to 1000000000000',
  ],
  [
    'no number',
    one({ rates: [{ downBps: Number.NaN }] }),
    'contacts.0.rates.0.downBps: NaN will not do; it must be a number from 0 to 1000000000000',
  ],
  [
    'no rate at first',
    one({ rates: [{ fromMs: 5, downBps: 1 }] }),
    'contacts.0.rates.0.fromMs: the first rate must begin at 0',
  ],
  [
    'rates in disorder',
    one({ rates: [{ downBps: 1 }, { fromMs: 9, downBps: 2 }, { fromMs: 9, downBps: 3 }] }),
    'contacts.0.rates.2: 9 ms is not after 9 ms before it',
  ],
  [
    'a rate after the contact',
    one({ rates: [{ downBps: 1 }, { fromMs: 480_000, downBps: 2 }] }),
    'contacts.0.rates.1: 480000 ms is after the contact',
  ],
  [
    'an elevation after the contact',
    one({ elevation: [{ atMs: 480_001, degrees: 2 }] }),
    'contacts.0.elevation.0: 480001 ms is after the contact',
  ],
  [
    'an elevation at no time',
    one({ elevation: [{ degrees: 2 }] }),
    'contacts.0.elevation.0.atMs: is missing',
  ],
  [
    'a direction that is none',
    one({ elevation: [{ atMs: 2, degrees: 91 }] }),
    'contacts.0.elevation.0.degrees: 91 will not do; it must be a number from -90 to 90',
  ],
  ['no direction', one({ elevation: [{ atMs: 2 }] }), 'contacts.0.elevation.0.degrees: is missing'],
  [
    'a station in two contacts at once',
    { plan: 1, contacts: [KIRUNA, { ...KIRUNA, start: '2026-01-01T00:17:00Z', end: START * 2 }] },
    'contacts.1: starts at 2026-01-01T00:17:00Z; the one before it lasts until 2026-01-01T00:18:00Z, at Kiruna too',
  ],
  [
    'a station in a contact by all modems, and in one by one of them',
    {
      plan: 1,
      contacts: [
        KIRUNA,
        { ...KIRUNA, modem: 'uhf' },
        { ...KIRUNA, start: '2026-01-01T00:17:00Z', end: START * 2, modem: undefined },
      ],
    },
    'contacts.2: starts at 2026-01-01T00:17:00Z; the one before it lasts until 2026-01-01T00:18:00Z, at Kiruna too',
  ],
  [
    'contacts of nobody at once, the short one inside',
    {
      plan: 1,
      contacts: [
        { start: 9, end: 10 },
        { start: 1, end: 20 },
        { start: 19, end: 30 },
      ],
    },
    'contacts.0: starts at 1970-01-01T00:00:00.009Z; the one before it lasts until 1970-01-01T00:00:00.020Z',
  ],
]
for (const [what, document, sentence] of FAULTS) {
  t.test(`readPlan() refuses ${what}`, async t => {
    const read = readPlan(document)
    const faults = read.kind === 'refused' ? read.faults.map(faultText) : []
    t.equal(faults[0], sentence)
  })
}

t.test('readPlan() says everything that is wrong at once, up to a limit', async t => {
  const two = readPlan(one({ role: 'MGS', start: 'soon' }))
  t.equal(two.kind === 'refused' && two.faults.length, 2)
  const table = readPlan({ plan: 1, contacts: Array.from({ length: 500 }, () => 7) })
  t.equal(table.kind === 'refused' && table.faults.length, FAULTS_MAX)
})

t.test('readPlan() answers whatever it is given', async t => {
  fc.assert(
    fc.property(fc.anything(), value => readPlan(value).kind === 'refused'),
    DRAWN,
  )
  t.pass('it neither takes nor throws what is no plan')
})

t.test('writePlan() writes what readPlan() reads as the same plan, through JSON too', async t => {
  const property = fc.property(somePlan(), plan => {
    const read = readPlan(JSON.parse(JSON.stringify(writePlan(plan))))
    t.strictSame(read, { kind: 'plan', plan, notes: [] })
  })
  fc.assert(property, { ...DRAWN, numRuns: 50 })
  t.strictSame(writePlan({ issued: 1.5, contacts: [] }), { plan: 1, issued: 1.5, contacts: [] })
})

function one(changed: object): object {
  const entries = Object.entries({ ...KIRUNA, ...changed })
  return {
    plan: 1,
    contacts: [Object.fromEntries(entries.filter(([, value]) => value !== undefined))],
  }
}

/** Contacts of several stations, each a second after the one before it of the same station. */
function somePlan(): fc.Arbitrary<ContactPlan> {
  const times = fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 2, max: 1e6 }))
  const about = fc.record({
    station: fc.constantFrom(undefined, 'Kiruna', 'Troll'),
    role: fc.constantFrom('main', 'secondary'),
    modem: fc.constantFrom(undefined, 'uhf'),
    expectedFrameLoss: fc.option(fc.double({ min: 0, max: 0.9, noNaN: true }), { nil: undefined }),
    downBps: fc.integer({ min: 0, max: 1e9 }),
    upBps: fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined }),
    steps: fc.integer({ min: 0, max: 2 }),
  })
  return fc
    .tuple(
      fc.option(fc.integer({ min: 0, max: 1e12 }), { nil: undefined }),
      fc.array(fc.tuple(times, about)),
    )
    .map(([issued, drawn]) => {
      let at = 0
      const contacts = drawn.map(
        ([[gap, lasting], { steps, downBps, upBps, ...more }]): PlannedContact => {
          const start = at + gap
          at = start + lasting
          const rates = [
            { fromMs: 0, downBps, upBps },
            { fromMs: 1, downBps: 5, upBps },
          ].slice(0, steps)
          const elevation = rates.map(({ fromMs }) => ({ atMs: fromMs, degrees: 7.5 }))
          return contact(start, at, { ...more, role: more.role as 'main', rates, elevation })
        },
      )
      return { issued, contacts }
    })
}
