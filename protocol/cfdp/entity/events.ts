/**
 * What an entity is told, and what it asks of its owner: the service requests of CCSDS 727.0-B-5, 3.4, with a file
 * system and a disk at arm's length.
 */
import type { Unsigned } from '../../octets/reader.ts'
import type { FaultHandlers } from '../fault-handlers.ts'
import type { FilestoreOutcome } from '../filestore/outcome.ts'
import type { FilestoreRequest } from '../pdu/filestore.ts'
import type { Prompt, Tlv, TransactionId } from '../pdu/pdu.ts'
import type { RecordEnds } from '../records.ts'
import type { Indication } from './indications.ts'

/** Put.request. What is left open is as the remote entity has it. */
export interface PutRequest {
  readonly destination: Unsigned
  /** What the owner knows the file by; undefined: metadata only, no file. */
  readonly file?: string
  readonly sourceName?: string
  /** Undefined: as the source name. */
  readonly destinationName?: string
  /** 0 goes first. */
  readonly priority?: number
  readonly acknowledged?: boolean
  readonly closureRequested?: boolean
  readonly checksumType?: number
  readonly pduCrc?: boolean
  /** The file still grows, and how far is known when it is all there. */
  readonly unbounded?: boolean
  /** Where its records end, if its segments shall observe that. */
  readonly records?: RecordEnds
  /** 0 to 63 octets for the user at the other end in each segment. */
  readonly segmentMetadata?: Uint8Array
  /** What the receiver is to do about faults, by condition code. */
  readonly faultHandlers?: FaultHandlers
  /** Messages to the user at the other end. */
  readonly messages?: readonly Uint8Array[]
  readonly flowLabel?: Uint8Array
  /** Other options of the Metadata. */
  readonly options?: readonly Tlv[]
}

export type EntityInput =
  /** `token` is the owner's, and names the request until it has a transaction. */
  | { readonly kind: 'put'; readonly token: number; readonly request: PutRequest }
  /** Takes back a request that waits. */
  | { readonly kind: 'withdraw'; readonly token: number }
  | { readonly kind: 'cancel'; readonly id: TransactionId }
  | { readonly kind: 'suspend'; readonly id: TransactionId }
  | { readonly kind: 'resume'; readonly id: TransactionId }
  /** Ends it here at once; the other end is told nothing. */
  | { readonly kind: 'abandon'; readonly id: TransactionId }
  /** A file that is sent: its receiver shall say what it lacks, or how far it has got. */
  | { readonly kind: 'prompt'; readonly id: TransactionId; readonly wants: Prompt['wants'] }
  /** A file that is received: its sender is told now what is missing. */
  | { readonly kind: 'ask'; readonly id: TransactionId }
  | { readonly kind: 'report'; readonly id: TransactionId }
  /** Octets that came from a peer. Writes to files borrow from them: leave them as they are until then. */
  | { readonly kind: 'pdu'; readonly octets: Uint8Array }
  /** A peer can be heard, or no more. At first every peer can. */
  | { readonly kind: 'contact'; readonly entity: Unsigned; readonly isOpen: boolean }
  /** Whether it can be heard or not, nothing is sent to it and no time counts, until it is thawed. */
  | { readonly kind: 'freeze'; readonly entity: Unsigned }
  | { readonly kind: 'thaw'; readonly entity: Unsigned }
  /** Answers to effects. */
  | {
      readonly kind: 'reserved'
      /** The first one, where somebody else uses those before; else the numbers just go on. */
      readonly start?: number
      readonly end: number
    }
  | {
      readonly kind: 'digested'
      readonly id: TransactionId
      readonly octets: number
      readonly checksum: number
    }
  | { readonly kind: 'digested first'; readonly id: TransactionId; readonly checksum: number }
  /** So many octets of an unbounded file are there, and more may come. */
  | { readonly kind: 'grown'; readonly id: TransactionId; readonly octets: number }
  | {
      readonly kind: 'read'
      readonly id: TransactionId
      readonly offset: number
      readonly octets: Uint8Array
    }
  /** The file that is being sent cannot be read, or is another one by now. */
  | { readonly kind: 'source failed'; readonly id: TransactionId; readonly why: string }
  /** Undefined: the file that was received could not be read back. */
  | {
      readonly kind: 'verified'
      readonly id: TransactionId
      readonly checksum: number | undefined
    }
  | { readonly kind: 'delivered'; readonly id: TransactionId; readonly path: string }
  /** `message` says more of the outcome, to people. */
  | {
      readonly kind: 'performed'
      readonly id: TransactionId
      readonly outcome: FilestoreOutcome
      readonly message: string
    }
  /** The file store does not take the file: its name, its octets. */
  | { readonly kind: 'refused'; readonly id: TransactionId; readonly why: string }

export type EntityEffect =
  /** Sequence numbers below `end` may be used from now on: write that down, then say 'reserved'. */
  | { readonly kind: 'reserve'; readonly end: number }
  /** Read the whole file: answer 'digested' or 'source failed'. */
  | {
      readonly kind: 'digest'
      readonly id: TransactionId
      readonly file: string
      readonly checksumType: number
    }
  /**
   * An unbounded file: answer 'grown' as often as there is more of it, and 'digested' when that was all; or 'source
   * failed'.
   */
  | {
      readonly kind: 'follow'
      readonly id: TransactionId
      readonly file: string
      readonly checksumType: number
    }
  /** It is broken off: read so many octets from its start, and answer 'digested first' or 'source failed'. */
  | {
      readonly kind: 'digest first'
      readonly id: TransactionId
      readonly file: string
      readonly octets: number
      readonly checksumType: number
    }
  /** Read a stretch of it: answer 'read' or 'source failed'. */
  | {
      readonly kind: 'read'
      readonly id: TransactionId
      readonly file: string
      readonly offset: number
      readonly length: number
    }
  /** Octets for a file that is being received, borrowed from the PDU they came in. */
  | {
      readonly kind: 'write'
      readonly id: TransactionId
      readonly offset: number
      readonly octets: Uint8Array
    }
  /** Read back what was received: answer 'verified'. */
  | {
      readonly kind: 'verify'
      readonly id: TransactionId
      readonly octets: number
      readonly checksumType: number
    }
  /** Give the file its name: answer 'delivered' or 'refused'. The name is as it came: trust nothing in it. */
  | {
      readonly kind: 'deliver'
      readonly id: TransactionId
      readonly octets: number
      readonly name: Uint8Array
    }
  /** Execute a filestore request, and answer 'performed'. Its names are as they came: trust nothing in them. */
  | { readonly kind: 'perform'; readonly id: TransactionId; readonly request: FilestoreRequest }
  /** Throw away what was received so far. */
  | { readonly kind: 'discard'; readonly id: TransactionId }
  | { readonly kind: 'indication'; readonly indication: Indication }
