import t from 'tap'
import { faultText } from '../../../protocol/plan/fault.ts'
import { readHdtn } from '../../../protocol/plan/hdtn.ts'
import { contact } from './contacts.ts'

const NETWORK = { spacecraft: 1, referenceMs: 5_000, stations: new Map([[10, 'Kiruna']]) }
const DOWN = {
  contact: 0,
  source: 1,
  dest: 10,
  finalDestination: 2,
  startTime: 0,
  endTime: 2000,
  rateBitsPerSec: 800_000,
  owlt: 1,
}
const UP = { ...DOWN, contact: 1, source: 10, dest: 1, rateBitsPerSec: 9600 }

t.test('readHdtn() takes bits per second for what they are', async t => {
  const other = { ...DOWN, source: 2 }
  t.strictSame(readHdtn({ contacts: [DOWN, UP, other, { ...DOWN, dest: 1 }] }, NETWORK), {
    kind: 'plan',
    plan: {
      issued: undefined,
      contacts: [
        contact(5_000, 2_005_000, {
          station: 'Kiruna',
          rates: [{ fromMs: 0, downBps: 800_000, upBps: 9600 }],
        }),
      ],
    },
    notes: [
      { place: 'contacts.2', why: "nodes 2 and 10: not the spacecraft's" },
      { place: 'contacts.3', why: "nodes 1 and 1: not the spacecraft's" },
    ],
  })
})

t.test('readHdtn() leaves rates without limit to the link', async t => {
  const down = { ...DOWN, rateBitsPerSec: 0 }
  const up = { ...UP, rateBitsPerSec: 0 }
  t.strictSame(contacts([down]), [
    contact(5_000, 2_005_000, { station: 'Kiruna', role: 'secondary' }),
  ])
  t.strictSame(contacts([down, up]), [contact(5_000, 2_005_000, { station: 'Kiruna' })])
  const mixed = 'contacts.0: has no limit, beside other rates; give it a rate'
  t.strictSame(faults([down, UP]), [mixed])
  t.strictSame(faults([down, { ...up, endTime: 1 }]), [mixed])
})

t.test('readHdtn() joins what touches, and nothing else', async t => {
  const later = { ...UP, startTime: 2000, endTime: 2001.5 }
  const apart = { ...UP, startTime: 2002, endTime: 2003, dest: 1 }
  const elsewhere = { ...DOWN, dest: 11, startTime: 0, endTime: 2000 }
  t.strictSame(contacts([apart, later, DOWN, elsewhere]), [
    contact(5_000, 2_005_000, {
      station: 'node 11',
      role: 'secondary',
      rates: [{ fromMs: 0, downBps: 800_000, upBps: undefined }],
    }),
    contact(5_000, 2_006_500, {
      station: 'Kiruna',
      rates: [
        { fromMs: 0, downBps: 800_000, upBps: 0 },
        { fromMs: 2_000_000, downBps: 0, upBps: 9600 },
      ],
    }),
    contact(2_007_000, 2_008_000, {
      station: 'Kiruna',
      rates: [{ fromMs: 0, downBps: 0, upBps: 9600 }],
    }),
  ])
})

t.test('readHdtn() refuses what is no plan', async t => {
  t.strictSame(faultsOf([]), ['The document is no object: `contacts` is needed'])
  t.strictSame(faultsOf({}), ['contacts: is missing'])
  const { rateBitsPerSec: _rate, ...old } = DOWN
  t.strictSame(faults([{ ...old, rate: 5 }]), [
    'contacts.0.rate: there is no such key; there are contact, source, dest, finalDestination, startTime, endTime, rateBitsPerSec, owlt',
    'contacts.0.rateBitsPerSec: is missing',
  ])
  t.strictSame(faults([{ ...DOWN, startTime: 2000 }]), [
    'contacts.0: ends at 2000 s; it must end after it starts, 2000 s',
  ])
  for (const key of ['source', 'dest', 'startTime', 'endTime', 'rateBitsPerSec', 'owlt'])
    t.match(faults([{ ...DOWN, [key]: -1 }]), [`contacts.0.${key}: -1 will not do`])
})

t.test('readHdtn() refuses a contact that changes its rate without end', async t => {
  const many = Array.from({ length: 65 }, (_, i) => ({ ...DOWN, startTime: i, endTime: i + 1 }))
  t.strictSame(faults(many), ['contacts.0: changes its rate over 64 times'])
})

function contacts(items: object[]) {
  const read = readHdtn({ contacts: items }, NETWORK)
  return read.kind === 'plan' && read.plan.contacts
}

function faults(items: object[]) {
  return faultsOf({ contacts: items })
}

function faultsOf(document: unknown) {
  const read = readHdtn(document, NETWORK)
  return read.kind === 'refused' && read.faults.map(faultText)
}
