/**
 * What an entity is told, what it asks of its owner, and what it tells its user: the service primitives of
 * CCSDS 727.0-B-5, 3.4, with a file system and a disk at arm's length.
 */
import type { Unsigned } from '../../octets/reader.ts'
import type { FaultHandler } from '../fault-handlers.ts'
import type { Finished, Metadata, Tlv, TransactionId } from '../pdu/pdu.ts'
import type { RemoteEntity } from '../remote.ts'

export interface EntitySettings {
  readonly entity: Unsigned
  /** The entities that are known; PDUs of others are counted and dropped. */
  readonly remotes: readonly RemoteEntity[]
  /** No number below it, and none that the owner has not been told to reserve, is ever used. */
  readonly firstSequence: number
  /** An indication for each segment that comes. */
  readonly tellSegments?: boolean
  readonly limits?: Partial<EntityLimits>
}

/** Bounds of the entity as a whole. Those of one peer are in RemoteLimits. */
export interface EntityLimits {
  /** Files that are being sent at the same time. */
  readonly sendingMax: number
  /** Put requests that wait for their turn. */
  readonly queuedMax: number
  /** Transactions that are remembered after their end, in each direction and for each peer. */
  readonly historyMax: number
  /** Answers for transactions that are over, waiting to be sent. */
  readonly straysMax: number
  /** Sequence numbers reserved at a time. */
  readonly reserve: number
}

export const ENTITY_LIMITS: EntityLimits = {
  sendingMax: 64,
  queuedMax: 10_000,
  historyMax: 4_096,
  straysMax: 64,
  reserve: 256,
}

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
  /** Messages to the user at the other end, and other options of the Metadata. */
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
  | { readonly kind: 'report'; readonly id: TransactionId }
  /** Octets that came from a peer. Writes to files borrow from them: leave them as they are until then. */
  | { readonly kind: 'pdu'; readonly octets: Uint8Array }
  /** A peer can be heard, or no more. At first every peer can. */
  | { readonly kind: 'contact'; readonly entity: Unsigned; readonly isOpen: boolean }
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
  /** Throw away what was received so far. */
  | { readonly kind: 'discard'; readonly id: TransactionId }
  | { readonly kind: 'indication'; readonly indication: Indication }

/** The indications of CCSDS 727.0-B-5, 3.4.5 to 3.4.16, and what became of a request that has no transaction. */
export type Indication =
  | { readonly kind: 'transaction'; readonly id: TransactionId; readonly token: number }
  | { readonly kind: 'put refused'; readonly token: number; readonly why: string }
  | { readonly kind: 'eof-sent'; readonly id: TransactionId }
  | { readonly kind: 'metadata-recv'; readonly id: TransactionId; readonly metadata: Metadata }
  | {
      readonly kind: 'file-segment-recv'
      readonly id: TransactionId
      readonly offset: number
      readonly length: number
    }
  | { readonly kind: 'eof-recv'; readonly id: TransactionId }
  | {
      readonly kind: 'transaction-finished'
      readonly id: TransactionId
      readonly condition: number
      /** What was said at the end, by whichever end said it. */
      readonly finished: Finished | undefined
      /** Where a file that was received is. */
      readonly path: string | undefined
    }
  | {
      readonly kind: 'fault'
      readonly id: TransactionId
      readonly condition: number
      /** What is done about it. */
      readonly handler: FaultHandler
      /** Octets of the file that were sent, or are held. */
      readonly progress: number
      readonly why: string | undefined
    }
  | { readonly kind: 'suspended'; readonly id: TransactionId; readonly condition: number }
  | { readonly kind: 'resumed'; readonly id: TransactionId }
  | { readonly kind: 'report'; readonly id: TransactionId; readonly status: Status | undefined }

/** What a report says; undefined in its place: this transaction is not known, or no more. */
export interface Status {
  readonly direction: 'sending' | 'receiving'
  readonly state: string
  readonly suspended: boolean
  readonly progress: number
  readonly fileOctets: number | undefined
  readonly condition: number
}
