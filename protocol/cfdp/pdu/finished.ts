/**
 * The Finished PDU: the receiver says how the transaction ended for it. CCSDS 727.0-B-5, 5.2.3.
 *
 *      4           1       1            2             TLVs                  TLV
 *     +-----------+-------+------------+-------------+ - - - - - - - - - - + - - - - - - - -
 *     | condition | spare | incomplete | file status | filestore responses | fault location
 *     +-----------+-------+------------+-------------+ - - - - - - - - - - + - - - - - - - -
 *
 * What a filestore response says is in filestore.ts.
 */
import type { OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import type { Finished } from './pdu.ts'
import { decodeTlv, encodeTlv, TLV } from './tlv.ts'

export function encodeFinished(finished: Finished, out: OctetWriter): void {
  out.octet(
    ((finished.condition & 0x0f) << 4) |
      (finished.complete ? 0 : 0x04) |
      (finished.fileStatus & 0x03),
  )
  for (const response of finished.filestoreResponses)
    encodeTlv(TLV.filestoreResponse, response, out)
  if (finished.faultLocation !== undefined) encodeTlv(TLV.entityId, finished.faultLocation, out)
}

/** @throws DecodeFault and nothing else, whatever the octets are. */
export function decodeFinished(fields: OctetReader): Finished {
  const first = fields.octet()
  const filestoreResponses: Uint8Array[] = []
  let faultLocation: Uint8Array | undefined
  while (fields.remaining > 0) {
    const tlv = decodeTlv(fields)
    if (tlv.type === TLV.filestoreResponse) filestoreResponses.push(tlv.value)
    else if (tlv.type === TLV.entityId) faultLocation = tlv.value
  }
  return {
    kind: 'finished',
    condition: first >>> 4,
    complete: (first & 0x04) === 0,
    fileStatus: first & 0x03,
    filestoreResponses,
    faultLocation,
  }
}
