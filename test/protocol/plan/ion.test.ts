import t from 'tap'
import { FAULTS_MAX, faultText } from '../../../protocol/plan/fault.ts'
import { readIon } from '../../../protocol/plan/ion.ts'
import { contact } from './contacts.ts'

const NETWORK = {
  spacecraft: 7,
  referenceMs: 1_000_000,
  stations: new Map([[2, 'Kiruna']]),
}

t.test('readIon() takes octets per second for what they are: eight times the bits', async t => {
  const read = readIon('a contact +0 +480 7 3 125000\n', NETWORK)
  t.strictSame(read, {
    kind: 'plan',
    plan: {
      issued: undefined,
      contacts: [
        contact(1_000_000, 1_480_000, {
          station: 'node 3',
          role: 'secondary',
          rates: [{ fromMs: 0, downBps: 1_000_000, upBps: undefined }],
        }),
      ],
    },
    notes: [],
  })
})

t.test('readIon() reads a whole file, the commands of other programs left out', async t => {
  const read = readIon(
    [
      '## begin ionadmin',
      '# a comment',
      "1 7 ''",
      's',
      '',
      '@ 2026/01/01-00:00:00',
      'a contact -1 -1 7 7 0',
      'a contact +600 +1080 7 2 125000 0.5',
      'a contact 2026/01/01-00:10:00 2026/01/01-00:18:00 2 7 8000',
      'a contact +0 0 7 9 1',
      'a contact +0 +5 2 3 100',
      '@ +1000',
      'a contact +80 +100 7 2 250000',
      'a range +0 +2000 2 7 1',
      'm horizon +0',
      '## end ionadmin',
      '## begin bpadmin',
      'a protocol udp 1400 100',
      '## end bpadmin',
    ].join('\n'),
    NETWORK,
  )
  const start = Date.UTC(2026, 0, 1, 0, 10)
  t.strictSame(read.kind === 'plan' && read.plan.contacts, [
    contact(start, start + 500_000, {
      station: 'Kiruna',
      rates: [
        { fromMs: 0, downBps: 1_000_000, upBps: 64_000 },
        { fromMs: 480_000, downBps: 2_000_000, upBps: 0 },
      ],
    }),
  ])
  t.strictSame(read.kind === 'plan' && read.notes.map(faultText), [
    'line 8: confidence 0.5 has no place in the plan',
    'line 10: a hypothetical contact has no time, and is left out',
    "line 11: nodes 2 and 3: not the spacecraft's",
  ])
})

const FAULTS: readonly [string, string][] = [
  ['a contact soon +5 7 2 1', '"soon" is no time; +480 or 2026/01/01-00:10:00 is needed'],
  [
    'a contact +5 2026/02/29-00:00:00 7 2 1',
    '"2026/02/29-00:00:00" is no time; +480 or 2026/01/01-00:10:00 is needed',
  ],
  [
    'a contact 1969/12/31-00:00:00 +5 7 2 1',
    '"1969/12/31-00:00:00" is no time; +480 or 2026/01/01-00:10:00 is needed',
  ],
  ['a contact +5 +5 7 2 1', 'ends at +5; it must end after it starts, +5'],
  ['a contact +0 +5 7 2', 'a contact needs from, to, two nodes, a rate, and a confidence if any'],
  [
    'a contact +0 +5 7 2 1 1 1',
    'a contact needs from, to, two nodes, a rate, and a confidence if any',
  ],
  ['a contact +0 +5 x 2 1', '"x" and "2" must be numbers of nodes'],
  ['a contact +0 +5 7 2.5 1', '"7" and "2.5" must be numbers of nodes'],
  ['a contact +0 +5 7 2 fast', 'rate "fast" will not do; octets per second are needed'],
  ['a contact +0 +5 7 2 0', 'rate "0" will not do; octets per second are needed'],
  [
    'a contact +0 +5 7 2 999999999999',
    'rate "999999999999" will not do; octets per second are needed',
  ],
  ['a contact +0 +5 7 2 1 0', 'confidence "0" will not do; it must be over 0, up to 1'],
  ['a contact +0 +5 7 2 1 2', 'confidence "2" will not do; it must be over 0, up to 1'],
  ['a contact +0 +5 7 2 1 -', 'confidence "-" will not do; it must be over 0, up to 1'],
  ['a range', '"" is no time; +480 or 2026/01/01-00:10:00 is needed'],
  ['a range +0', '"" is no time; +480 or 2026/01/01-00:10:00 is needed'],
  ['a range +0 +5 7 2', 'a range needs from, a later to, two nodes and light seconds'],
  ['a range +0 +5 7 2 1 1', 'a range needs from, a later to, two nodes and light seconds'],
  ['a range +0 +0 7 2 1', 'a range needs from, a later to, two nodes and light seconds'],
  ['a range +0 +5 x 2 1', 'a range needs from, a later to, two nodes and light seconds'],
  ['a range +0 +5 7 x 1', 'a range needs from, a later to, two nodes and light seconds'],
  ['@ now', '"now" is no time; +480 or 2026/01/01-00:10:00 is needed'],
  ['d contact +0 7 2', '"d contact +0 7 2": a contact and a range can be added, nothing else'],
  ['{ "contacts": [] }', '"{ "contacts": [] }" is no command of ionadmin'],
  [`zz${'z'.repeat(60)}`, `"${'z'.repeat(57)}..." is no command of ionadmin`],
]
for (const [line, sentence] of FAULTS) {
  t.test(`readIon() refuses ${line.slice(0, 40)}`, async t => {
    const read = readIon(`# first\n${line}`, NETWORK)
    t.strictSame(read.kind === 'refused' && read.faults.map(faultText), [`line 2: ${sentence}`])
  })
}

t.test('readIon() refuses two contacts of the same two nodes at once', async t => {
  const read = readIon('a contact +0 +9 7 2 1\na contact +8 +12 7 2 1', NETWORK)
  t.strictSame(read.kind === 'refused' && read.faults.map(faultText), [
    'line 2: overlaps a contact of the same two nodes',
  ])
})

t.test('readIon() ends where there is no end', async t => {
  const endless = Array.from({ length: 30_000 }, (_, i) => `a contact +${i} +${i + 1} 7 2 1`)
  const read = readIon(endless.join('\n'), NETWORK)
  t.strictSame(read.kind === 'refused' && read.faults.map(faultText), [
    'line 20001: is over 20000 contacts',
  ])
  const nonsense = readIon('nonsense\n'.repeat(30_000), NETWORK)
  t.equal(nonsense.kind === 'refused' && nonsense.faults.length, FAULTS_MAX)
})
