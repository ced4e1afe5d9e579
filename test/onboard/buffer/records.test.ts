import t from 'tap'
import { decodePayload, encodePayload } from '../../../hal/journal/payload.ts'
import {
  type BufferRecord,
  bufferRecord,
  type PassageRecord,
} from '../../../onboard/buffer/records.ts'

const IDENTITY = { octets: 5_000_000_000, mtimeMs: 1_763_781_234_567.125, inode: 2 ** 53 - 1 }

const PASSAGE: PassageRecord = {
  ...{ contactMs: 1_763_781_234_567, lastContactMs: 1_763_781_999_999.5 },
  ...{ stations: 'Malindi+Kourou', loss: 0.01, spans: [0, 9, 12, 15], again: [3, 4] },
}

const RECORDS: readonly BufferRecord[] = [
  {
    kind: 'accepted',
    sequence: 4_294_967_295,
    path: '/outbox/größe 1.dat',
    name: 'größe 1.dat',
    identity: IDENTITY,
    remove: true,
  },
  {
    kind: 'accepted',
    sequence: 2,
    path: '/outbox/urgent/1',
    name: '1',
    identity: IDENTITY,
    remove: true,
    acceptedMs: 1_763_781_234_567,
    priority: 0,
    deadlineMs: 1_763_781_999_999,
    pinned: true,
    quota: 'urgent/**',
  },
  {
    kind: 'accepted',
    sequence: 3,
    path: '/outbox/log/1',
    name: '1',
    identity: IDENTITY,
    remove: true,
    acceptedMs: 1_763_781_234_567.5,
    deadlineMs: 1_763_781_999_999.5,
    isCounted: true,
  },
  { kind: 'stepped', sequence: 3, byMs: -1_763_781_234_567.25 },
  { kind: 'passages', sequence: 1, passages: [PASSAGE], ground: [0, 9] },
  { kind: 'passages', sequence: 1, passages: [], ground: [] },
  { kind: 'digested', sequence: 1, checksum: 0xffff_ffff },
  { kind: 'mark', sequence: 1, mark: 2 ** 52 },
  { kind: 'ended', sequence: 1, condition: 0, why: 'no error' },
  { kind: 'ended', sequence: 1, condition: 4, why: 'it is gone', gone: true },
  { kind: 'released', sequence: 0 },
  { kind: 'next', sequence: Number.MAX_SAFE_INTEGER },
]

t.test('bufferRecord() takes every record as the journal gives it back', t => {
  for (const record of RECORDS) {
    const value = decodePayload(encodePayload(record))?.value
    t.strictSame(value, record)
    t.equal(bufferRecord(value), value)
  }
  t.end()
})

t.test('bufferRecord() takes nothing else', t => {
  const [accepted] = RECORDS as [BufferRecord]
  const foreign: readonly unknown[] = [
    undefined,
    null,
    1,
    'accepted',
    [],
    {},
    { kind: 'constructor', sequence: 1 },
    { kind: 'toString', sequence: 1 },
    { kind: 'a kind to come', sequence: 1 },
    { kind: 'released' },
    { kind: 'released', sequence: '1' },
    { kind: 'released', sequence: 1.5 },
    { kind: 'released', sequence: -1 },
    { kind: 'next', sequence: 2 ** 53 },
    { kind: 'digested', sequence: 1 },
    { kind: 'mark', sequence: 1, mark: Number.NaN },
    { kind: 'ended', sequence: 1, why: 'no condition' },
    { kind: 'ended', sequence: 1, condition: 0 },
    { ...accepted, path: undefined },
    { ...accepted, name: 7 },
    { ...accepted, identity: null },
    { ...accepted, identity: { ...IDENTITY, octets: -1 } },
    { ...accepted, identity: { ...IDENTITY, mtimeMs: '1' } },
    { ...accepted, identity: { ...IDENTITY, inode: undefined } },
    { ...accepted, remove: 1 },
    { ...accepted, acceptedMs: '1' },
    { ...accepted, deadlineMs: Number.POSITIVE_INFINITY },
    { ...accepted, quota: 5 },
    { kind: 'stepped', sequence: 1 },
    { kind: 'passages', sequence: 1, passages: [] },
    { kind: 'passages', sequence: 1, ground: [] },
    { kind: 'passages', sequence: 1, passages: [7], ground: [] },
    ...[[1], [1, 1], [1, 1.5], [2, 1], {}].flatMap(spans => [
      { kind: 'passages', sequence: 1, passages: [], ground: spans },
      passagesOf({ spans }),
      passagesOf({ again: spans }),
    ]),
    passagesOf({ contactMs: undefined }),
    passagesOf({ lastContactMs: Number.NaN }),
    passagesOf({ stations: 5 }),
    passagesOf({ loss: '0' }),
    passagesOf({ loss: 1.5 }),
    passagesOf({ loss: -1 }),
  ]
  for (const value of foreign) t.equal(bufferRecord(value), undefined, JSON.stringify(value))
  t.end()
})

function passagesOf(wrong: Readonly<Record<string, unknown>>): unknown {
  return { kind: 'passages', sequence: 1, passages: [{ ...PASSAGE, ...wrong }], ground: [] }
}
