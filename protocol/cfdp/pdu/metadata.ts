/**
 * The Metadata PDU: the sender names the file and says how the transaction is to go.
 * CCSDS 727.0-B-5, 5.2.5.
 *
 *      1          1         2          4          w octets    LV            LV
 *     +----------+---------+----------+----------+-----------+-------------+-------------+ - - - -
 *     | reserved | closure | reserved | checksum | file size | source name | destination | options
 *     |          | request.|          | type     |           |             | name        | (TLV)
 *     +----------+---------+----------+----------+-----------+-------------+-------------+ - - - -
 *
 * w is 4, or 8 where the header says "large file". Reserved bits are written as 0 and never looked at.
 */
import type { OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import type { Metadata, Tlv } from './pdu.ts'
import { decodeLv, decodeTlv, encodeLv, encodeTlv } from './tlv.ts'
import { decodeUnsigned, encodeUnsigned } from './unsigned.ts'

export function encodeMetadata(metadata: Metadata, width: 4 | 8, out: OctetWriter): void {
  out.octet((metadata.closureRequested ? 0x40 : 0) | (metadata.checksumType & 0x0f))
  encodeUnsigned(metadata.fileSize, width, out)
  encodeLv(metadata.sourceName, out)
  encodeLv(metadata.destinationName, out)
  for (const option of metadata.options) encodeTlv(option.type, option.value, out)
}

/** @throws DecodeFault and nothing else, whatever the octets are. */
export function decodeMetadata(fields: OctetReader, width: 4 | 8): Metadata {
  const flags = fields.octet()
  const fileSize = decodeUnsigned(fields, width)
  const sourceName = decodeLv(fields)
  const destinationName = decodeLv(fields)
  const options: Tlv[] = []
  while (fields.remaining > 0) options.push(decodeTlv(fields))
  return {
    kind: 'metadata',
    closureRequested: (flags & 0x40) !== 0,
    checksumType: flags & 0x0f,
    fileSize,
    sourceName,
    destinationName,
    options,
  }
}
