/**
 * What a CFDP protocol data unit says. CCSDS 727.0-B-5, 5.1 to 5.3.
 * A `Pdu` in hand is a legal PDU; octets that are none become `Malformed`. Codes keep the standard's
 * numbers, so that a code it reserves can still be carried, printed and refused by whom it concerns.
 */
import type { Unsigned } from '../../octets/reader.ts'

/** Source entity and sequence number name a transaction for ever. CCSDS 727.0-B-5, 5.1. */
export interface TransactionId {
  readonly source: Unsigned
  readonly sequence: Unsigned
}

/** The fixed and variable part before every PDU's data field. CCSDS 727.0-B-5, table 5-1. */
export interface Header {
  readonly towardSender: boolean
  readonly acknowledged: boolean
  /** A CRC-16 of the whole PDU stands at its end. */
  readonly crc: boolean
  /** File sizes and offsets are of 8 octets instead of 4. */
  readonly largeFile: boolean
  /** Octets of each entity id, 1 to 8. */
  readonly entityOctets: number
  /** Octets of the sequence number, 1 to 8. */
  readonly sequenceOctets: number
  readonly source: Unsigned
  readonly sequence: Unsigned
  readonly destination: Unsigned
  /** File data only: record boundaries are preserved. */
  readonly recordBoundaries: boolean
}

export interface Tlv {
  readonly type: number
  /** Borrowed from the PDU. */
  readonly value: Uint8Array
}

export interface Metadata {
  readonly kind: 'metadata'
  readonly closureRequested: boolean
  readonly checksumType: number
  /** 0 also stands for a file whose size is not known yet. */
  readonly fileSize: Unsigned
  /** Names as octets off the wire, borrowed: nothing says that they are UTF-8. Empty: no file. */
  readonly sourceName: Uint8Array
  readonly destinationName: Uint8Array
  readonly options: readonly Tlv[]
}

export interface SegmentMetadata {
  /** 0 neither, 1 start, 2 end, 3 start and end of a record. */
  readonly continuation: number
  readonly octets: Uint8Array
}

export interface FileData {
  readonly kind: 'file data'
  /** With the length it may pass the file's size, or 2^32: nothing here has been compared. */
  readonly offset: Unsigned
  /** Borrowed from the PDU. */
  readonly octets: Uint8Array
  readonly segmentMetadata: SegmentMetadata | undefined
}

export interface Eof {
  readonly kind: 'eof'
  readonly condition: number
  readonly checksum: number
  readonly fileSize: Unsigned
  /** The entity that found the fault; its id as octets. */
  readonly faultLocation: Uint8Array | undefined
}

export interface Finished {
  readonly kind: 'finished'
  readonly condition: number
  /** Delivery code 0: the file is complete. */
  readonly complete: boolean
  /** 0 discarded, 1 discarded by the filestore, 2 retained, 3 unreported. */
  readonly fileStatus: number
  readonly filestoreResponses: readonly Uint8Array[]
  readonly faultLocation: Uint8Array | undefined
}

export interface Ack {
  readonly kind: 'ack'
  readonly of: 'eof' | 'finished'
  readonly condition: number
  /** 0 undefined, 1 active, 2 terminated, 3 unrecognized. */
  readonly transactionStatus: number
}

export interface Nak {
  readonly kind: 'nak'
  /** The stretch of file that this PDU speaks for; of the octets outside it says nothing. */
  readonly scope: WideSpan
  /** The Metadata PDU itself is missing. On the wire: a request for the empty span [0, 0). */
  readonly wantsMetadata: boolean
  /** The missing octets, in the order in which they were asked for; no gap is empty or backward. */
  readonly gaps: readonly WideSpan[]
}

/** A span as it stands in a PDU, where offsets may pass 2^53. */
export interface WideSpan {
  readonly start: Unsigned
  readonly end: Unsigned
}

export interface Prompt {
  readonly kind: 'prompt'
  readonly wants: 'nak' | 'keep alive'
}

export interface KeepAlive {
  readonly kind: 'keep alive'
  readonly progress: Unsigned
}

export type Directive = Metadata | Eof | Finished | Ack | Nak | Prompt | KeepAlive
export type Body = Directive | FileData

export interface Pdu {
  readonly kind: 'pdu'
  readonly header: Header
  readonly body: Body
}

/** Octets that are no PDU. `at` counts from the first octet of the PDU. */
export interface Malformed {
  readonly kind: 'malformed'
  readonly why: string
  readonly at: number
  /** Only where that is why: the version of the standard that the octets follow. */
  readonly version?: number
}
