/**
 * The header of every PDU. CCSDS 727.0-B-5, 5.1, table 5-1.
 *
 *      3         1      1      1     1     1       16 bits
 *     +---------+------+------+-----+-----+-------+-------------------+
 *     | version | type | to   | un- | CRC | large | octets of the     |
 *     | 001     |      | send.| ack | flag| file  | PDU data field    |
 *     +---------+------+------+-----+-----+-------+-------------------+
 *      1          3             1          3
 *     +----------+-------------+----------+-------------+ - - - - - - - -
 *     | record   | octets of   | segment  | octets of   | source entity,
 *     | boundar. | entity id-1 | metadata | sequence -1 | sequence, destination
 *     +----------+-------------+----------+-------------+ - - - - - - - -
 *
 * The octets of the data field, the type and the segment metadata flag follow from the body: they are no
 * part of `Header`. What is in the data field belongs to the file of its PDU.
 */
import type { OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import type { Body, Header } from './pdu.ts'
import { decodeUnsigned, encodeUnsigned } from './unsigned.ts'

/** The version of every PDU since issue 5 of the standard; 0 was that of issues 1 to 4. */
export const VERSION = 1

/** What the header can say of a data field, its CRC included. */
export const DATA_OCTETS_MAX = 65_535

/** What the octets of a header say, the part that follows from the body included. */
export interface Envelope {
  readonly header: Header
  readonly isFileData: boolean
  readonly hasSegmentMetadata: boolean
  /** Octets of the data field, the CRC included. */
  readonly dataOctets: number
}

/** Writes 0 as octets of the data field: whoever writes the body patches it. @throws RangeError */
export function encodeHeader(header: Header, body: Body, out: OctetWriter): void {
  const isFileData = body.kind === 'file data'
  const recordBoundaries = isFileData && header.recordBoundaries
  const segmentMetadata = isFileData && body.segmentMetadata !== undefined
  out.octet(
    (VERSION << 5) |
      (isFileData ? 0x10 : 0) |
      (header.towardSender ? 0x08 : 0) |
      (header.acknowledged ? 0 : 0x04) |
      (header.crc ? 0x02 : 0) |
      (header.largeFile ? 0x01 : 0),
  )
  out.uint(0, 2)
  out.octet(
    (recordBoundaries ? 0x80 : 0) |
      (widthCode(header.entityOctets) << 4) |
      (segmentMetadata ? 0x08 : 0) |
      widthCode(header.sequenceOctets),
  )
  encodeUnsigned(header.source, header.entityOctets, out)
  encodeUnsigned(header.sequence, header.sequenceOctets, out)
  encodeUnsigned(header.destination, header.entityOctets, out)
}

/**
 * The version is the caller's to check first. In a directive the bits of file data mean nothing.
 * @throws DecodeFault
 */
export function decodeHeader(fields: OctetReader): Envelope {
  const flags = fields.octet()
  const dataOctets = fields.uint(2)
  const widths = fields.octet()
  const isFileData = (flags & 0x10) !== 0
  const entityOctets = ((widths >>> 4) & 7) + 1
  const sequenceOctets = (widths & 7) + 1
  const header = {
    towardSender: (flags & 0x08) !== 0,
    acknowledged: (flags & 0x04) === 0,
    crc: (flags & 0x02) !== 0,
    largeFile: (flags & 0x01) !== 0,
    entityOctets,
    sequenceOctets,
    source: decodeUnsigned(fields, entityOctets),
    sequence: decodeUnsigned(fields, sequenceOctets),
    destination: decodeUnsigned(fields, entityOctets),
    recordBoundaries: isFileData && (widths & 0x80) !== 0,
  }
  return { header, isFileData, hasSegmentMetadata: isFileData && (widths & 0x08) !== 0, dataOctets }
}

/** How many octets the header fills: 7 to 28. */
export function headerOctets(header: Header): number {
  return 4 + 2 * header.entityOctets + header.sequenceOctets
}

/** Octets of every file size and offset in the PDU. */
export function fileSizeOctets(header: Header): 4 | 8 {
  return header.largeFile ? 8 : 4
}

function widthCode(octets: number): number {
  if (octets >= 1 && octets <= 8) return octets - 1
  throw new RangeError(`Cannot write an id of ${octets} octets: 1 to 8 are possible`)
}
