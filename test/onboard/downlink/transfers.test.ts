/** Parking, asking and repeating, by way of a whole spacecraft. */
import t from 'tap'
import { TRANSFERS } from '../../../onboard/downlink/transfers.ts'
import type { SpacecraftContact } from '../../../onboard/settings.ts'
import { spacecraftStatus } from '../../../onboard/status.ts'
import { finishedFor } from '../../../protocol/cfdp/completion.ts'
import type { Nak, Pdu } from '../../../protocol/cfdp/pdu/pdu.ts'
import { SpacecraftBench } from '../../kit/spacecraft-bench.ts'

const DONE = finishedFor(0, true)
const KOUROU = { role: 'secondary', station: 'Kourou', expectedFrameLoss: 0.1 } as const
const SINGAPORE = { role: 'secondary', station: 'Singapore', expectedFrameLoss: 0.5 } as const
const MALINDI = { role: 'main', station: 'Malindi', expectedFrameLoss: 0.01 } as const
const HOUR = 3_600_000

function said(pdus: readonly Pdu[]): string[] {
  return pdus.map(({ header, body }) =>
    body.kind === 'file data'
      ? `${header.sequence}: ${body.offset}+${body.octets.length}`
      : `${header.sequence}: ${body.kind}`,
  )
}

function nak(end: number, ...gaps: readonly [number, number][]): Nak {
  const named = gaps.map(([start, stop]) => ({ start, end: stop }))
  return { kind: 'nak', scope: { start: 0, end }, wantsMetadata: false, gaps: named }
}

function benchFor(contacts: readonly SpacecraftContact[], records: readonly unknown[] = []) {
  return new SpacecraftBench(
    { contacts, buffer: { filesMax: 30_000, octetsMax: 2 ** 40 } },
    records,
  )
}

t.test('a secondary station is sent all that is new, and then what most likely nobody heard', t => {
  const bench = benchFor([
    { ...SINGAPORE, start: 0, end: HOUR },
    { ...KOUROU, start: 2 * HOUR, end: 3 * HOUR },
  ])
  bench.offerDigested('/a', 600)
  const first = said(bench.frames(5))
  t.strictSame(first.slice(0, 4), ['1: metadata', '1: 0+400', '1: 400+200', '1: eof'])
  t.equal(bench.machine.downlink.openCount, 0, 'nobody can answer: it is parked')
  bench.offerDigested('/b', 300)
  t.strictSame(
    said(bench.frames(3)).filter(one => one.startsWith('2')),
    ['2: metadata', '2: 0+300', '2: eof'],
  )
  bench.tick(HOUR)
  bench.take('journal')
  bench.tick(2 * HOUR)
  const repeated = said(bench.frames(9))
  t.ok(repeated.length > 4, repeated.join(', '))
  t.ok(repeated.slice(0, 3).some(one => one.startsWith('1') && first.includes(one)))
  t.ok(bench.machine.downlink.pdus.repeated >= repeated.length)
  t.equal(bench.machine.downlink.pdus.retransmitted, 0)
  t.end()
})

t.test('what the ground holds is not repeated, and what it asked for goes to any station', t => {
  const bench = benchFor([
    { ...MALINDI, start: 0, end: HOUR },
    { ...KOUROU, start: 2 * HOUR, end: 3 * HOUR },
  ])
  bench.offerDigested('/a', 2_000)
  bench.frames(14)
  bench.hear(1, { kind: 'ack', of: 'eof', condition: 0, transactionStatus: 1 })
  t.equal(bench.machine.downlink.openCount, 0, 'it waits for the word of the ground alone')
  t.match(spacecraftStatus(bench.machine, 0).files, [{ state: 'awaiting', sentOctets: 2_000 }])
  bench.hear(1, nak(2_000, [100, 200], [300, 500]))
  t.match(spacecraftStatus(bench.machine, 0).files, [{ acknowledgedOctets: 1_700 }])
  bench.tick(HOUR)
  bench.tick(2 * HOUR)
  const again = said(bench.frames(12))
  t.ok(again[0]?.startsWith('1: 100+'), again.join(', '))
  t.ok(
    again.every(one => /: (1..|3..|4..)\+|eof/.test(one)),
    again.join(', '),
  )
  t.equal(
    bench.machine.downlink.pdus.repeated + bench.machine.downlink.pdus.retransmitted,
    bench.machine.downlink.pdus.sent - 7,
  )
  t.end()
})

t.test('a file of which the ground holds all is not repeated: idle frames go down', t => {
  const bench = benchFor([
    { ...MALINDI, start: 0, end: HOUR },
    { ...KOUROU, start: 2 * HOUR, end: 3 * HOUR },
  ])
  bench.offerDigested('/a', 300)
  bench.frames(4)
  bench.hear(1, { kind: 'ack', of: 'eof', condition: 0, transactionStatus: 1 })
  bench.hear(1, nak(300))
  bench.tick(HOUR)
  bench.tick(2 * HOUR)
  t.strictSame(said(bench.frames(4)), [])
  t.end()
})

t.test(
  'any number of files may wait; in the next main contact a few are asked about at a time',
  t => {
    const bench = benchFor([
      { ...KOUROU, start: 0, end: HOUR },
      { ...MALINDI, start: 2 * HOUR, end: 3 * HOUR },
    ])
    for (let i = 0; i < 500; i++) bench.offerDigested(`/${i}`, 1)
    bench.frames(200)
    t.equal(bench.machine.transfers.parkedCount, 500)
    t.equal(bench.machine.downlink.openCount, 0)
    bench.tick(HOUR)
    bench.now = 2 * HOUR
    bench.tick()
    const asked = said(bench.frames(9)).filter(one => one.endsWith('eof'))
    t.strictSame(
      asked,
      [1, 2, 3, 4, 5, 6, 7, 8].map(sequence => `${sequence}: eof`),
    )
    t.equal(asked.length, TRANSFERS.askedMax)
    for (let i = 1; i <= 8; i++) bench.hear(i, DONE)
    bench.hear(400, DONE)
    const next = said(bench.frames(9)).filter(one => one.endsWith('eof'))
    t.strictSame(next.slice(0, 3), ['9: eof', '10: eof', '11: eof'])
    t.end()
  },
)

t.test(
  'an urgent file is opened though all that is open has work, and what gave way goes on',
  t => {
    const bench = new SpacecraftBench()
    for (let i = 1; i <= 70; i++) bench.offerDigested(`/${i}`, 900, { priority: 6 })
    bench.frames(400)
    for (let i = 1; i <= 70; i++) bench.hear(i, nak(900, [0, 900]))
    t.equal(bench.machine.downlink.openCount, 64)
    const urgent = bench.offerDigested('/urgent', 10, { priority: 0 })
    t.strictSame(
      said(bench.frames(3))
        .filter(one => one.startsWith(`${urgent}:`))
        .slice(0, 2),
      [`${urgent}: metadata`, `${urgent}: 0+10`],
    )
    t.equal(bench.machine.downlink.openCount, 64)
    const again = new Set(
      bench
        .frames(500)
        .filter(({ body }) => body.kind === 'file data')
        .map(({ header }) => header.sequence),
    )
    t.equal(again.size, 70)
    t.end()
  },
)

t.test('what gave way in the middle of its octets goes on there, and is shown as being sent', t => {
  const bench = new SpacecraftBench()
  for (let i = 1; i <= 64; i++) bench.offerDigested(`/${i}`, 900, { priority: 1 })
  bench.frames(500)
  const last = bench.offerDigested('/last', 30_000)
  bench.frames(6)
  const mark = bench.machine.downlink.transaction(last)?.mark as number
  t.ok(mark > 0 && mark < 30_000, `${mark}`)
  for (let i = 1; i <= 64; i++) bench.hear(i, nak(900, [0, 900]))
  t.equal(bench.machine.downlink.transaction(last), undefined)
  const state = spacecraftStatus(bench.machine, 0).files.find(({ sequence }) => sequence === last)
  t.match(state, { state: 'sending', sentOctets: mark })
  const on = bench
    .frames(400)
    .filter(({ header, body }) => header.sequence === last && body.kind === 'file data')
  t.ok(on.some(({ body }) => body.kind === 'file data' && body.offset === mark))
  t.end()
})

t.test('the last words of 64 files are not pushed aside by the word about another', t => {
  const bench = new SpacecraftBench()
  for (let i = 1; i <= 70; i++) bench.offerDigested(`/${i}`, 100)
  bench.frames(300)
  for (let i = 7; i <= 70; i++) bench.hear(i, DONE)
  bench.hear(1, nak(100, [0, 100]))
  t.equal(bench.machine.downlink.openCount, 65)
  const acks = bench.frames(60).filter(({ body }) => body.kind === 'ack')
  t.equal(acks.length, 64)
  t.end()
})

t.test('files that were cancelled and let go give way to others without a trace', t => {
  const bench = new SpacecraftBench()
  for (let i = 1; i <= 64; i++) bench.offerDigested(`/${i}`, 100)
  bench.frames(300)
  for (let i = 1; i <= 64; i++) bench.tell({ kind: 'cancel', token: 1, sequence: i })
  bench.tell({ kind: 'cancel', token: 1, sequence: 1 })
  bench.frames(30)
  bench.offerDigested('/other', 10)
  bench.offerDigested('/another', 10)
  bench.frames(5)
  t.equal(bench.machine.downlink.transaction(1), undefined)
  t.equal(bench.machine.downlink.openCount, 64)
  t.equal(bench.machine.buffer.files, 65)
  t.end()
})

t.test(
  'of a parked file that lacks many stretches a few are remembered, and the rest is asked for again',
  t => {
    const bench = new SpacecraftBench()
    for (let i = 1; i <= 66; i++) bench.offerDigested(`/${i}`, 2_000)
    bench.frames(900)
    const many = Array.from({ length: 24 }, (_, i) => [20 * i, 20 * i + 10] as [number, number])
    const more = many.map(([from, to]) => [from + 1_000, to + 1_000] as [number, number])
    for (let i = 3; i <= 66; i++) bench.hear(i, nak(1_000, ...many))
    for (let i = 3; i <= 66; i++)
      bench.hear(i, { ...nak(2_000, ...more), scope: { start: 1_000, end: 2_000 } })
    bench.offerDigested('/urgent', 10, { priority: 0 })
    bench.frames(1)
    const { again = [] } = bench.machine.transfers.parked(66) ?? {}
    t.equal([...again].length, TRANSFERS.parkedSpansMax)
    t.end()
  },
)

t.test('the lost Metadata of a parked file is sent again', t => {
  const bench = new SpacecraftBench()
  for (let i = 1; i <= 65; i++) bench.offerDigested(`/${i}`, 100)
  bench.frames(200)
  bench.hear(1, { ...nak(100), wantsMetadata: true })
  bench.hear(2, { ...nak(100), wantsMetadata: true })
  for (let i = 3; i <= 65; i++) bench.hear(i, nak(100, [0, 100]))
  t.ok(said(bench.frames(200)).filter(one => one.endsWith('metadata')).length === 2)
  t.end()
})

t.test('what became of a file is in the journal, and is known after a restart', t => {
  const contacts = [
    { ...KOUROU, start: 0, end: HOUR },
    { ...SINGAPORE, start: 2 * HOUR, end: 3 * HOUR },
  ]
  const bench = benchFor(contacts)
  bench.offerDigested('/a', 300)
  bench.frames(3)
  bench.take('journal')
  bench.tick(HOUR)
  const heard = { stations: 'Kourou', loss: 0.1, spans: [0, 302], again: [] }
  const passages = [{ contactMs: 0, lastContactMs: 0, ...heard }]
  t.strictSame(bench.records(), [{ kind: 'passages', sequence: 1, passages, ground: [] }])
  const after = benchFor(contacts, [...bench.machine.buffer.snapshot()])
  t.match(after.machine.buffer.passages(1)?.unheard, { start: 0, end: 302, miss: 0.1 })
  t.strictSame([...after.machine.buffer.snapshot()], [...bench.machine.buffer.snapshot()])
  t.end()
})

t.test('nothing is begun at the end of a contact that cannot leave in time', t => {
  const bench = new SpacecraftBench({
    contacts: [
      { ...MALINDI, start: 0, end: 40 },
      { ...MALINDI, start: 1_000, end: 2_000 },
    ],
    format: { interleave: 1 },
    cfdp: { segmentOctets: 60_000 },
  })
  bench.offerDigested('/a', 100_000)
  let end = 0
  const frameMs = (8 * 259) / 1_000
  for (bench.now = 0; bench.now < 40; bench.now += frameMs)
    for (const { body } of bench.frames(1))
      if (body.kind === 'file data') end = Number(body.offset) + body.octets.length
  const before = bench.machine.downlink.transaction(1)?.mark
  t.equal(end, before, 'what was begun has left')
  t.ok(end > 2_000, `${end} octets`)
  t.ok(bench.machine.downlink.frames.sent <= 40 / frameMs)
  bench.now = 1_000
  bench.tick()
  const [first] = bench.frames(400).filter(({ body }) => body.kind === 'file data')
  t.match(first?.body, { offset: end })
  t.end()
})

t.test('files that were cancelled and give way are told of again in the next contact', t => {
  const bench = benchFor([
    { ...MALINDI, start: 0, end: HOUR },
    { ...MALINDI, start: 2 * HOUR, end: 3 * HOUR },
  ])
  for (let i = 1; i <= 64; i++) bench.offerDigested(`/${i}`, 100)
  bench.frames(300)
  for (let i = 1; i <= 64; i++) bench.tell({ kind: 'cancel', token: 1, sequence: i })
  bench.frames(30)
  bench.offerDigested('/other', 10)
  bench.frames(5)
  t.equal(bench.machine.downlink.transaction(1), undefined)
  bench.tick(HOUR)
  bench.now = 2 * HOUR
  bench.tick()
  const told = said(bench.frames(60)).filter(one => one.endsWith('eof'))
  t.ok(told.includes('1: eof'), told.join(', '))
  t.end()
})

t.test('a contact too short for a directive is not begun with one', t => {
  const bench = benchFor([
    { ...MALINDI, start: 0, end: 5 },
    { ...MALINDI, start: 2 * HOUR, end: 3 * HOUR },
  ])
  bench.offerDigested('/a', 100)
  t.strictSame(said(bench.frames(2)), [])
  t.equal(bench.machine.downlink.frames.idle, 2)
  bench.now = 2 * HOUR
  bench.tick()
  t.strictSame(said(bench.frames(3)), ['1: metadata', '1: 0+100', '1: eof'])
  t.end()
})
