import t from 'tap'
import { meant, PduEncoder } from '../../../../protocol/cfdp/entity/octets.ts'
import { parsePdu } from '../../../../protocol/cfdp/pdu/codec.ts'
import type { Metadata, Pdu } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { QUIRKS } from '../../../../protocol/cfdp/remote.ts'
import { metadataOf, transmissionOf } from '../ends.ts'
import { HEADER } from '../pdu/samples.ts'

t.test('closure requested of CF of cFS stands in bit 7, and is read there', async t => {
  const encoder = new PduEncoder()
  for (const closureRequested of [true, false])
    for (const [name, quirks] of Object.entries(QUIRKS)) {
      const metadata: Metadata = {
        ...metadataOf(transmissionOf(new Uint8Array(9))),
        closureRequested,
      }
      const octets = encoder.encode(HEADER, metadata, quirks)
      t.equal((octets[11] as number) >>> 7, Number(closureRequested && quirks.closureAtBit7), name)
      const read = meant(parsePdu(octets) as Pdu, octets, quirks)
      t.strictSame(read, metadata, name)
    }
})

t.test('what CF of cFS writes in bit 6 alone asks for no closure', async t => {
  const metadata: Metadata = {
    ...metadataOf(transmissionOf(new Uint8Array(9))),
    closureRequested: true,
  }
  const octets = new PduEncoder().encode(HEADER, metadata, QUIRKS.none)
  const pdu = parsePdu(octets) as Pdu
  t.match(meant(pdu, octets, QUIRKS.cfsCf), { closureRequested: false })
  t.match(meant(pdu, octets, QUIRKS.none), { closureRequested: true })
})
