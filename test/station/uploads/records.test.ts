import t from 'tap'
import { decodePayload, encodePayload } from '../../../hal/journal/payload.ts'
import { type UploadRecord, uploadRecord } from '../../../station/uploads/records.ts'

const SAMPLES: readonly UploadRecord[] = [
  { kind: 'upload', sequence: 3, name: 'a', file: 'f', octets: 0, checksum: 7 },
  { kind: 'upload mark', sequence: 3, mark: 5 },
  { kind: 'upload over', sequence: 3, name: 'a', octets: 5, state: 'delivered' },
  { kind: 'upload over', sequence: 3, name: 'a', octets: 5, state: 'failed', why: 'no' },
]

t.test('uploadRecord() takes what the journal gives back', t => {
  for (const record of SAMPLES)
    t.strictSame(uploadRecord(decodePayload(encodePayload(record))?.value), record)
  t.end()
})

t.test('uploadRecord() passes over what others wrote, and what lacks anything', t => {
  const foreign = [
    undefined,
    null,
    7,
    { kind: 'upload' },
    { kind: 'mark', sequence: 1, mark: 5 },
    { kind: 'upload mark', sequence: -1, mark: 5 },
    { kind: 'upload mark', sequence: 1, mark: 0.5 },
    { kind: 'upload', sequence: 1, name: 'a', octets: 0, checksum: 7 },
    { kind: 'upload', sequence: 1, file: 'f', octets: 0, checksum: 7 },
    { kind: 'upload', sequence: 1, name: 'a', file: 'f', checksum: 7 },
    { kind: 'upload', sequence: 1, name: 'a', file: 'f', octets: 0 },
    { kind: 'upload over', sequence: 1, name: 'a', octets: 0, state: 'waiting' },
    { kind: 'upload over', sequence: 1, octets: 0, state: 'failed' },
  ]
  for (const value of foreign) t.equal(uploadRecord(value), undefined)
  t.end()
})
