import t from 'tap'
import { parsePdu } from '../../../../protocol/cfdp/pdu/codec.ts'
import { fileDataOverhead } from '../../../../protocol/cfdp/pdu/file-data.ts'
import type { FileData } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { hex } from '../../../kit/hex.ts'
import { encoded, HEADER } from './samples.ts'

const DATA: FileData = {
  kind: 'file data',
  offset: 5,
  octets: hex`616263`,
  segmentMetadata: undefined,
}

t.test('fileDataOverhead() is what a PDU has besides the file data', async t => {
  for (const header of [
    HEADER,
    { ...HEADER, crc: true },
    { ...HEADER, largeFile: true, entityOctets: 1, sequenceOctets: 8 },
  ])
    t.equal(fileDataOverhead(header), encoded(DATA, header).length - DATA.octets.length)
})

t.test('decodeFileData() borrows the file data', async t => {
  const octets = encoded(DATA)
  const pdu = parsePdu(octets)
  octets.set(hex`787970`, octets.length - 3)
  t.match(pdu, { body: { octets: hex`787970` } })
})

t.test('record boundaries and segment metadata go both ways', async t => {
  const header = { ...HEADER, recordBoundaries: true }
  const body = { ...DATA, segmentMetadata: { continuation: 3, octets: new Uint8Array(63) } }
  t.strictSame(parsePdu(encoded(body, header)), { kind: 'pdu', header, body })
})

t.test('encodeFileData() throws on more segment metadata than the length can say', async t => {
  const segmentMetadata = { continuation: 0, octets: new Uint8Array(64) }
  t.throws(() => encoded({ ...DATA, segmentMetadata }), /64 octets of segment metadata/)
})
