import t from 'tap'
import { decodePayload, encodePayload } from '../../../hal/journal/payload.ts'
import { knownUploads, type UploadRecord, uploadRecord } from '../../../station/uploads/records.ts'

const SAMPLES: readonly UploadRecord[] = [
  { kind: 'upload', sequence: 3, name: 'a', file: 'f', octets: 0, checksum: 7 },
  { kind: 'upload', sequence: 3, name: 'a', file: 'f', octets: 0, checksum: 7, checksumType: 2 },
  { kind: 'upload mark', sequence: 3, mark: 5 },
  { kind: 'upload suspended', sequence: 3 },
  { kind: 'upload resumed', sequence: 3 },
  { kind: 'upload told', sequence: 3 },
  { kind: 'upload over', sequence: 3, name: 'a', octets: 5, state: 'delivered' },
  { kind: 'upload over', sequence: 3, name: 'a', octets: 5, state: 'failed', why: 'no' },
  { kind: 'upload over', sequence: 3, name: 'a', octets: 5, state: 'failed', untold: 15 },
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
    { kind: 'upload over', sequence: 1, name: 'a', octets: 0, state: 'failed', untold: -1 },
    {
      kind: 'upload',
      sequence: 1,
      name: 'a',
      file: 'f',
      octets: 0,
      checksum: 1,
      checksumType: 'x',
    },
    { kind: 'upload suspended' },
  ]
  for (const value of foreign) t.equal(uploadRecord(value), undefined)
  t.end()
})

t.test('knownUploads() puts together what is left to be said', t => {
  const file = { sequence: 3, name: 'a', file: 'f', octets: 9, checksum: 7 }
  const over = { sequence: 3, name: 'a', octets: 9, state: 'failed' } as const
  const known = (...records: UploadRecord[]) => [...knownUploads(records).open]
  const accepted = { kind: 'upload', ...file } as const
  t.strictSame(known(accepted), [{ accepted: file, mark: 0, suspended: false }])
  t.match(known(accepted, { kind: 'upload suspended', sequence: 3 }), [{ suspended: true }])
  t.match(known(accepted, { kind: 'upload over', ...over, untold: 15 }), [{ over: { untold: 15 } }])
  t.strictSame(known(accepted, { kind: 'upload over', ...over }), [])
  t.strictSame(known({ kind: 'upload mark', sequence: 3, mark: 1 }), [])
  const { numbers } = knownUploads([accepted, { ...accepted, sequence: 2 }])
  t.strictSame(numbers, { first: 2, last: 3 })
  t.equal(knownUploads([{ kind: 'upload over' }]).numbers, undefined)
  t.end()
})
