import t from 'tap'
import { decodePayload, encodePayload } from '../../../../hal/journal/payload.ts'
import { finishedFor } from '../../../../protocol/cfdp/completion.ts'
import { Ledger } from '../../../../protocol/cfdp/journaled/ledger.ts'
import {
  fileIdOf,
  type ReceptionRecord,
  receptionId,
  receptionRecord,
} from '../../../../protocol/cfdp/journaled/records.ts'
import type { Eof, Metadata } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { headerOf } from '../../../../protocol/cfdp/transmission.ts'
import { someTransmission } from '../../../kit/transmission.ts'

const id = '1-5'
const HEADER = headerOf(someTransmission())
const NAME = Uint8Array.of(0x66, 0xff, 0x00)

const METADATA: Metadata = {
  kind: 'metadata',
  closureRequested: true,
  checksumType: 2,
  fileSize: 5_000_000_000,
  sourceName: NAME,
  destinationName: NAME,
  options: [{ type: 2, value: NAME }],
}

const EOF: Eof = {
  kind: 'eof',
  condition: 15,
  checksum: 0xffff_ffff,
  fileSize: 2n ** 63n,
  faultLocation: Uint8Array.of(0, 1),
}

const WIDE = { source: 2n ** 64n - 1n, sequence: 2n ** 53n, destination: 2 }

const RECORDS: readonly ReceptionRecord[] = [
  { kind: 'opened', id, header: HEADER },
  {
    kind: 'opened',
    id: '18446744073709551615-9007199254740992',
    header: { ...HEADER, ...WIDE, entityOctets: 8, sequenceOctets: 8 },
  },
  { kind: 'metadata', id, metadata: METADATA },
  { kind: 'eof', id, eof: EOF },
  { kind: 'eof', id, eof: { ...EOF, faultLocation: undefined, fileSize: 0 } },
  { kind: 'held', id, spans: [0, 400, 2 ** 52, 2 ** 52 + 1] },
  { kind: 'discarded', id },
  { kind: 'delivering', id },
  { kind: 'suspended', id },
  { kind: 'resumed', id },
  { kind: 'finished', id, finished: finishedFor(0, true), path: '/archive/größe' },
  {
    kind: 'finished',
    id,
    finished: { ...finishedFor(4, true), filestoreResponses: [NAME], faultLocation: NAME },
    path: undefined,
  },
  { kind: 'closed', id, condition: 0, octets: 2 ** 52, checksum: 0xffff_ffff },
]

t.test('receptionRecord() takes every record as the journal gives it back', t => {
  for (const record of RECORDS) {
    const value = decodePayload(encodePayload(record))?.value
    t.strictSame(value, record)
    t.equal(receptionRecord(value), value, record.kind)
  }
  t.end()
})

t.test('receptionRecord() takes nothing else, and a Ledger of it is empty', t => {
  const foreign: readonly unknown[] = [
    undefined,
    null,
    7,
    'opened',
    [],
    { id },
    { kind: 'toString', id },
    { kind: '__proto__', id },
    { kind: 'to come', id },
    { kind: 'delivering' },
    { kind: 'delivering', id: 5 },
    { kind: 'delivering', id: 'a-b' },
    { kind: 'delivering', id: '1-2-3' },
    { kind: 'delivering', id: '-1-2' },
    { kind: 'opened', id },
    { kind: 'opened', id, header: null },
    { kind: 'opened', id, header: { ...HEADER, source: -1 } },
    { kind: 'opened', id, header: { ...HEADER, sequence: '5' } },
    { kind: 'opened', id, header: { ...HEADER, destination: undefined } },
    { kind: 'opened', id, header: { ...HEADER, entityOctets: undefined } },
    { kind: 'opened', id: '1-6', header: HEADER },
    { kind: 'metadata', id, metadata: 1 },
    { kind: 'metadata', id, metadata: { ...METADATA, destinationName: 'text' } },
    { kind: 'metadata', id, metadata: { ...METADATA, options: undefined } },
    { kind: 'metadata', id, metadata: { ...METADATA, checksumType: undefined } },
    { kind: 'metadata', id, metadata: { ...METADATA, fileSize: 1.5 } },
    { kind: 'eof', id, eof: undefined },
    { kind: 'eof', id, eof: { ...EOF, condition: 'no error' } },
    { kind: 'eof', id, eof: { ...EOF, checksum: -1 } },
    { kind: 'eof', id, eof: { ...EOF, fileSize: undefined } },
    { kind: 'held', id, spans: '0,5' },
    { kind: 'held', id, spans: [0, Number.POSITIVE_INFINITY] },
    { kind: 'finished', id, finished: null },
    { kind: 'finished', id, finished: {} },
    { kind: 'closed', id, condition: 0, octets: 1 },
    { kind: 'closed', id, condition: 0, checksum: 1 },
    { kind: 'closed', id, octets: 0, checksum: 1 },
  ]
  for (const value of foreign) t.equal(receptionRecord(value), undefined)
  const ledger = new Ledger(foreign, 10)
  t.strictSame(ledger.takeKnown(), [])
  t.strictSame([...ledger.snapshot()], [])
  t.end()
})

t.test('fileIdOf() is the way back from receptionId(), for numbers of any size', t => {
  for (const file of [
    { source: 1, sequence: 0 },
    { source: WIDE.source, sequence: WIDE.sequence },
    { source: Number.MAX_SAFE_INTEGER, sequence: 42 },
  ])
    t.strictSame(fileIdOf(receptionId(file)), file)
  t.end()
})
