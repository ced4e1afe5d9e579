import t from 'tap'
import { parsePdu } from '../../../../protocol/cfdp/pdu/codec.ts'
import type { Metadata } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { hex } from '../../../kit/hex.ts'
import { encoded, HEADER } from './samples.ts'

const METADATA: Metadata = {
  kind: 'metadata',
  closureRequested: false,
  checksumType: 2,
  fileSize: 100,
  sourceName: hex`612e62696e`,
  destinationName: hex``,
  options: [{ type: 0x42, value: hex`010203` }],
}

t.test('decodeTlv() carries options that nobody knows', async t => {
  const pdu = { kind: 'pdu', header: HEADER, body: METADATA }
  t.strictSame(parsePdu(encoded(METADATA)), pdu)
})

t.test('encodeLv() throws on more than the length can say', async t => {
  const name = new Uint8Array(256)
  t.throws(() => encoded({ ...METADATA, sourceName: name }), RangeError)
  t.throws(() => encoded({ ...METADATA, options: [{ type: 2, value: name }] }), RangeError)
})

t.test('EOF and Finished skip TLVs of other types and keep theirs', async t => {
  const eof = hex`20 0011 11 0001 0007 0002  04 f0 01020304 00000064  42 01 ff  06 02 0002`
  const finished = hex`28 000d 11 0001 0007 0002  05 46  42 00  01 03 110100  06 02 0002`
  t.match(parsePdu(eof), { body: { kind: 'eof', faultLocation: hex`0002` } })
  t.match(parsePdu(finished), {
    body: { complete: false, filestoreResponses: [hex`110100`], faultLocation: hex`0002` },
  })
})
