/**
 * What a sending transaction knows before its first PDU, and the headers that follow from it.
 * CCSDS 727.0-B-5, 5.1.
 */
import type { Unsigned } from '../octets/reader.ts'
import type { Span } from '../octets/span.ts'
import { CONDITION } from './condition.ts'
import type { Eof, Header, Metadata, SegmentMetadata, Tlv } from './pdu/pdu.ts'
import { continuationOf, type RecordEnds } from './records.ts'

export interface Transmission {
  readonly source: Unsigned
  readonly sequence: Unsigned
  readonly destination: Unsigned
  /** Octets of entity ids and of the sequence number on the wire, 1 to 8. */
  readonly entityOctets: number
  readonly sequenceOctets: number
  /** Class 2; false is class 1. */
  readonly acknowledged: boolean
  /** Class 1 only: the receiver shall say Finished. */
  readonly closureRequested: boolean
  /** Every PDU carries a CRC-16. */
  readonly pduCrc: boolean
  /** Octets of the file, fixed when it was accepted; of an unbounded one 0, see extent.ts. */
  readonly fileSize: number
  readonly unbounded?: boolean
  /** Sizes and offsets are of 8 octets. Undefined: where the file's size asks for it. */
  readonly largeFile?: boolean
  /** Segments observe these boundaries. Undefined: the file is an array of octets. */
  readonly records?: RecordEnds
  /** 0 to 63 octets of the user's in each segment. */
  readonly segmentMetadata?: Uint8Array
  readonly checksumType: number
  readonly checksum: number
  readonly sourceName: Uint8Array
  readonly destinationName: Uint8Array
  readonly options: readonly Tlv[]
}

export function headerOf(transmission: Transmission, towardSender = false): Header {
  return {
    towardSender,
    acknowledged: transmission.acknowledged,
    crc: transmission.pduCrc,
    largeFile: transmission.largeFile ?? transmission.fileSize > SMALL_FILE_OCTETS_MAX,
    entityOctets: transmission.entityOctets,
    sequenceOctets: transmission.sequenceOctets,
    source: transmission.source,
    sequence: transmission.sequence,
    destination: transmission.destination,
    recordBoundaries: transmission.records !== undefined,
  }
}

export function metadataOf(transmission: Transmission): Metadata {
  const { closureRequested, checksumType, fileSize, sourceName, destinationName, options } =
    transmission
  return {
    kind: 'metadata',
    closureRequested,
    checksumType,
    fileSize,
    sourceName,
    destinationName,
    options,
  }
}

/** What stands before the octets of the segment [start, end). 5.3. */
export function segmentMetadataOf(
  { records, segmentMetadata }: Pick<Transmission, 'records' | 'segmentMetadata'>,
  segment: Span,
  fileEnd: number | undefined,
): SegmentMetadata | undefined {
  if (records === undefined && segmentMetadata === undefined) return undefined
  const continuation = records === undefined ? 0 : continuationOf(records, segment, fileEnd)
  return { continuation, octets: segmentMetadata ?? NOTHING }
}

/** The EOF of a file that was sent as a whole. */
export function eofOf({ checksum, fileSize }: Pick<Transmission, 'checksum' | 'fileSize'>): Eof {
  const condition = CONDITION.noError
  return { kind: 'eof', condition, checksum, fileSize, faultLocation: undefined }
}

/** The EOF of a file that was broken off after `sent` octets, of which the checksum is told. 4.11.2.2.1. */
export function cancellingEof(
  transmission: Transmission,
  condition: number,
  sent: { readonly octets: number; readonly checksum: number },
): Eof {
  const faultLocation = idOctets(transmission.source, transmission.entityOctets)
  return { kind: 'eof', condition, checksum: sent.checksum, fileSize: sent.octets, faultLocation }
}

/** An entity id in as many octets as the header gives it. */
export function idOctets(id: Unsigned, width: number): Uint8Array {
  const octets = new Uint8Array(width)
  let rest = BigInt(id)
  for (let at = width - 1; at >= 0; at--, rest >>= 8n) octets[at] = Number(rest & 0xffn)
  return octets
}

const NOTHING = new Uint8Array(0)
/** The largest size that fits the four octets of a small file. */
export const SMALL_FILE_OCTETS_MAX = 2 ** 32 - 1
