import t from 'tap'
import { AckBuffer, isDelivered, type Offer } from '../../../onboard/buffer/ack-buffer.ts'
import { filePassages } from '../../../onboard/buffer/listed-passages.ts'
import type { BufferRecord, PassageRecord } from '../../../onboard/buffer/records.ts'

const LIMITS = { filesMax: 3, octetsMax: 1_000, sequenceMax: 255 }

function offer(path: string, octets = 100, name = path.slice(1)): Offer {
  return { path, name, identity: { octets, mtimeMs: 1.5, inode: 7 }, remove: false }
}

function accepted(sequence: number, { path, name, identity, remove } = offer(`/${sequence}`)) {
  return { kind: 'accepted', sequence, path, name, identity, remove } as const
}

/** It went out in one contact. */
function passages(
  sequence: number,
  passage: Partial<PassageRecord>,
  ground: readonly number[] = [],
): BufferRecord {
  const heard = { contactMs: 5_000, lastContactMs: 5_000, stations: 'Kourou', loss: 0.1 }
  const whole = { ...heard, spans: [0, 100], again: [], ...passage }
  return { kind: 'passages', sequence, passages: [whole], ground }
}

const DONE = { kind: 'ended', sequence: 2, condition: 0, why: 'no error' } as const
const FAILED = { kind: 'ended', sequence: 3, condition: 4, why: 'it is gone', gone: true } as const

t.test('an empty AckBuffer begins with the first sequence number', t => {
  const buffer = new AckBuffer(LIMITS, 40, [])
  t.equal(buffer.nextSequence, 40)
  t.equal(buffer.files, 0)
  t.equal(buffer.octets, 0)
  t.equal(buffer.undigested(0), undefined)
  t.end()
})

t.test('AckBuffer knows what may be read and sent next, oldest first', t => {
  const buffer = new AckBuffer(LIMITS, 1, [accepted(1), accepted(2), accepted(3)])
  t.equal(buffer.undigested(0)?.sequence, 1)
  buffer.apply({ kind: 'digested', sequence: 1, checksum: 11 })
  buffer.apply({ kind: 'digested', sequence: 2, checksum: 12 })
  t.equal(buffer.undigested(0)?.sequence, 3)
  t.strictSame(
    [...buffer.ready()].map(entry => [entry.sequence, entry.checksum]),
    [
      [1, 11],
      [2, 12],
    ],
  )
  buffer.apply(DONE)
  buffer.apply(FAILED)
  t.strictSame(
    [...buffer.ready()].map(entry => entry.sequence),
    [1],
  )
  t.equal(buffer.undigested(0), undefined)
  t.equal(buffer.entryAt('/2')?.ended?.why, 'no error')
  t.equal(buffer.entryAt('/none'), undefined)
  buffer.apply({ kind: 'released', sequence: 1 })
  t.strictSame([...buffer.ready()], [])
  t.end()
})

t.test('AckBuffer.refusal() says why a file cannot be taken', t => {
  const buffer = new AckBuffer(LIMITS, 1, [accepted(1), accepted(2)])
  t.equal(buffer.refusal(offer('/new', 800)), undefined)
  t.equal(buffer.refusal(offer('/1')), '/1 is in the buffer already, as transaction 1')
  t.equal(
    buffer.refusal(offer('/new', 801)),
    'The buffer has no room for 801 octets: it holds 200 of at most 1000',
  )
  buffer.apply(accepted(3))
  t.equal(buffer.refusal(offer('/new')), 'The buffer is full: it holds 3 files of at most 3')
  buffer.apply({ kind: 'released', sequence: 1 })
  t.equal(buffer.refusal(offer('/1')), undefined, 'a path that was let go is free')
  t.equal(
    buffer.refusal(offer('/new', 1, '')),
    'The name has 0 octets of UTF-8: a PDU carries 1 to 255',
  )
  t.equal(
    buffer.refusal(offer('/new', 1, 'ä'.repeat(128))),
    'The name has 256 octets of UTF-8: a PDU carries 1 to 255',
  )
  buffer.apply({ kind: 'next', sequence: 256 })
  t.equal(
    buffer.refusal(offer('/new')),
    'The sequence numbers are used up: 255 was the last that a PDU can carry',
  )
  t.end()
})

t.test('a mark never goes back, and a number never comes again', t => {
  const buffer = new AckBuffer(LIMITS, 1, [accepted(1)])
  buffer.apply({ kind: 'mark', sequence: 1, mark: 50 })
  buffer.apply({ kind: 'mark', sequence: 1, mark: 20 })
  t.equal(buffer.entry(1)?.mark, 50)
  buffer.apply({ kind: 'released', sequence: 1 })
  t.equal(buffer.nextSequence, 2)
  t.equal(buffer.octets, 0)
  t.end()
})

t.test('records of files that are not there, twice there, or of nobody change nothing', t => {
  const buffer = new AckBuffer(LIMITS, 1, [
    null,
    { kind: 'to come', sequence: 900 },
    accepted(1),
    accepted(1, offer('/other', 300)),
    { kind: 'digested', sequence: 8, checksum: 1 },
    { kind: 'released', sequence: 8 },
  ])
  t.equal(buffer.files, 1)
  t.equal(buffer.octets, 100)
  t.equal(buffer.nextSequence, 9, 'yet a number that was named is used up')
  t.end()
})

t.test('a path accepted anew after it was let go belongs to the newer file', t => {
  const buffer = new AckBuffer(LIMITS, 1, [
    accepted(1, offer('/same')),
    accepted(2, offer('/same')),
    { kind: 'released', sequence: 1 },
  ])
  t.equal(buffer.entryAt('/same')?.sequence, 2)
  t.end()
})

t.test('AckBuffer.snapshot() makes the same buffer again, after any record', t => {
  const records: readonly BufferRecord[] = [
    accepted(1),
    { kind: 'digested', sequence: 1, checksum: 0 },
    { kind: 'mark', sequence: 1, mark: 60 },
    passages(1, { spans: [0, 60] }),
    passages(1, { spans: [0, 60, 70, 80], again: [20, 30] }, [0, 20]),
    accepted(2),
    { kind: 'digested', sequence: 2, checksum: 9 },
    passages(2, { lastContactMs: 7_000 }, [3, 4]),
    DONE,
    accepted(3),
    FAILED,
    { kind: 'released', sequence: 2 },
    { kind: 'next', sequence: 77 },
  ]
  for (let count = 0; count <= records.length; count++) {
    const one = new AckBuffer(LIMITS, 1, records.slice(0, count))
    const other = new AckBuffer(LIMITS, 1, [...one.snapshot()])
    t.strictSame([...other.entries()], [...one.entries()], `after ${count} records`)
    t.strictSame([...other.ready()], [...one.ready()])
    t.equal(other.nextSequence, one.nextSequence)
    t.equal(other.octets, one.octets)
    for (const sequence of [1, 2, 3])
      t.strictSame(filePassages(other, sequence), filePassages(one, sequence))
  }
  const whole = new AckBuffer(LIMITS, 1, records)
  t.match(filePassages(whole, 1), {
    passages: [{ contactMs: 5_000, octets: 70, againOctets: 10 }],
    ground: [{ start: 0, end: 20 }],
  })
  t.end()
})

t.test('isDelivered() is for no error alone', t => {
  t.ok(isDelivered({ condition: 0 }))
  t.notOk(isDelivered({ condition: 4 }))
  t.end()
})

t.test(
  'AckBuffer: a clock that was set back changes no order, and what it stamped is put right',
  t => {
    const NOW = Date.UTC(2026, 10, 22)
    const buffer = new AckBuffer(LIMITS, 1, [{ ...accepted(1), acceptedMs: NOW }])
    const counted = { ...accepted(2), acceptedMs: 5_000, deadlineMs: 65_000, isCounted: true }
    buffer.apply(counted)
    buffer.apply({ ...accepted(3), acceptedMs: 6_000, deadlineMs: NOW })
    t.equal(buffer.undigested(0)?.sequence, 3, 'what has a deadline goes first')
    t.equal(buffer.entry(2)?.rank.deadlineMs, NOW + 60_000)
    t.equal(buffer.rankOf({ ...offer('/4'), sequence: 4 }, 7_000).turn, NOW)
    buffer.apply({ kind: 'stepped', sequence: 2, byMs: NOW })
    const times = [...buffer.entries()].map(entry => [entry.acceptedMs, entry.deadlineMs])
    t.strictSame(times, [
      [NOW, undefined],
      [NOW + 5_000, NOW + 65_000],
      [NOW + 6_000, NOW],
    ])
    t.equal(buffer.nextSequence, 4)
    t.strictSame(
      [...new AckBuffer(LIMITS, 1, [...buffer.snapshot()]).entries()].map(
        ({ acceptedMs }) => acceptedMs,
      ),
      [NOW, NOW + 5_000, NOW + 6_000],
    )
    t.end()
  },
)

t.test('AckBuffer: what an earlier run stamped stays, unless no clock was set then', t => {
  const YEAR_MS = 365 * 86_400_000
  const buffer = new AckBuffer(LIMITS, 1, [
    { ...accepted(1), acceptedMs: 55 * YEAR_MS },
    { ...accepted(2), acceptedMs: 1_000 },
  ])
  buffer.apply({ kind: 'stepped', sequence: 3, byMs: 56 * YEAR_MS })
  t.equal(buffer.entry(1)?.acceptedMs, 55 * YEAR_MS)
  t.equal(buffer.entry(2)?.acceptedMs, 56 * YEAR_MS + 1_000)
  t.end()
})
