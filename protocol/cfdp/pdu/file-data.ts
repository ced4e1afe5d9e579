/**
 * The File Data PDU: a segment of the file and where it belongs. CCSDS 727.0-B-5, 5.3.
 *
 *      2              6           length octets      w octets   the rest
 *     +--------------+-----------+------------------+----------+ - - - - - -
 *     | continuation | length    | segment metadata | offset   | file data
 *     +--------------+-----------+------------------+----------+ - - - - - -
 *      only where the header says so
 *
 * w is 4, or 8 where the header says "large file". There may be no file data at all; offset and length
 * together may pass what w octets can say: to refuse that belongs to whoever knows the file size.
 */
import type { OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import { fileSizeOctets, headerOctets } from './header.ts'
import type { FileData, Header, SegmentMetadata } from './pdu.ts'
import { decodeUnsigned, encodeUnsigned } from './unsigned.ts'

export function encodeFileData(data: FileData, width: 4 | 8, out: OctetWriter): void {
  if (data.segmentMetadata !== undefined) encodeSegmentMetadata(data.segmentMetadata, out)
  encodeUnsigned(data.offset, width, out)
  out.octets(data.octets)
}

/** @throws DecodeFault and nothing else, whatever the octets are. */
export function decodeFileData(
  fields: OctetReader,
  width: 4 | 8,
  hasSegmentMetadata: boolean,
): FileData {
  const segmentMetadata = hasSegmentMetadata ? decodeSegmentMetadata(fields) : undefined
  const offset = decodeUnsigned(fields, width)
  return { kind: 'file data', offset, octets: fields.rest(), segmentMetadata }
}

/** Octets around the file data in a File Data PDU: header, so much segment metadata if any, offset and CRC. */
export function fileDataOverhead(header: Header, segmentMetadata?: SegmentMetadata): number {
  const metadata = segmentMetadata === undefined ? 0 : 1 + segmentMetadata.octets.length
  return headerOctets(header) + metadata + fileSizeOctets(header) + (header.crc ? 2 : 0)
}

function encodeSegmentMetadata(metadata: SegmentMetadata, out: OctetWriter): void {
  const length = metadata.octets.length
  if (length > 63)
    throw new RangeError(`Cannot write ${length} octets of segment metadata: 63 are possible`)
  out.octet(((metadata.continuation & 3) << 6) | length)
  out.octets(metadata.octets)
}

function decodeSegmentMetadata(fields: OctetReader): SegmentMetadata {
  const first = fields.octet()
  return { continuation: first >>> 6, octets: fields.octets(first & 0x3f) }
}
