/**
 * The EOF PDU: the sender has sent, or gives up. CCSDS 727.0-B-5, 5.2.2.
 *
 *      4           4       32 bits         w octets    TLV
 *     +-----------+-------+---------------+-----------+ - - - - - - - -
 *     | condition | spare | file checksum | file size | fault location
 *     +-----------+-------+---------------+-----------+ - - - - - - - -
 *
 * w is 4, or 8 where the header says "large file". A fault location belongs to every condition but "no
 * error"; senders that leave it out exist, so what stands there is carried and nothing is demanded.
 */
import type { OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import type { Eof } from './pdu.ts'
import { decodeTlv, encodeTlv, TLV } from './tlv.ts'
import { decodeUnsigned, encodeUnsigned } from './unsigned.ts'

export function encodeEof(eof: Eof, width: 4 | 8, out: OctetWriter): void {
  out.octet((eof.condition & 0x0f) << 4)
  out.uint(eof.checksum, 4)
  encodeUnsigned(eof.fileSize, width, out)
  if (eof.faultLocation !== undefined) encodeTlv(TLV.entityId, eof.faultLocation, out)
}

/** @throws DecodeFault and nothing else, whatever the octets are. */
export function decodeEof(fields: OctetReader, width: 4 | 8): Eof {
  const condition = fields.octet() >>> 4
  const checksum = fields.uint(4)
  const fileSize = decodeUnsigned(fields, width)
  let faultLocation: Uint8Array | undefined
  while (fields.remaining > 0) {
    const tlv = decodeTlv(fields)
    if (tlv.type === TLV.entityId) faultLocation = tlv.value
  }
  return { kind: 'eof', condition, checksum, fileSize, faultLocation }
}
