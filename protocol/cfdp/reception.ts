/** What a receiving transaction is told, what it asks of its owner, and what its owner wrote down. */
import type { Spans } from '../octets/spans.ts'
import type { FaultHandler, FaultHandlers } from './fault-handlers.ts'
import type { FilestoreRequest } from './pdu/filestore.ts'
import type { Eof, Finished, Metadata } from './pdu/pdu.ts'
import type { RepeatLimits } from './repeat-timer.ts'

export interface ReceivingLimits {
  /** How long Finished waits for its ACK. */
  readonly ack: RepeatLimits
  /** How long requested octets are waited for; class 1: how long after the EOF. */
  readonly nak: RepeatLimits
  /**
   * Immediate: a gap is asked for `reorderMs` after it was seen. The others first ask for gaps at the EOF, which is
   * a prompt in itself: what makes them ask before it, a Prompt or the user, makes every mode ask.
   */
  readonly nakMode: 'immediate' | 'deferred' | 'prompted' | 'asynchronous'
  readonly reorderMs: number
  /** How long after the EOF what is missing may still come unasked: over another way, or out of order. */
  readonly holdOffMs?: number
  /** The largest file taken. */
  readonly fileOctetsMax: number
  /** While the file's size is not known, how far beyond what is held a segment may lie. */
  readonly reachOctets: number
  /** How often a file whose checksum is wrong is asked for again as a whole. */
  readonly checksumRetriesMax: number
  /** Class 1: how long what is missing is waited for after the EOF. Without it, as `nak` has it. */
  readonly check?: RepeatLimits
  /** How long the sender may be silent while the file is not whole; 0 and undefined are for ever. */
  readonly inactivityMs?: number
  /** How often a Keep Alive is sent before the EOF; 0 and undefined are only when prompted. */
  readonly keepAliveMs?: number
  /** What is done about faults, unless the Metadata has it otherwise. */
  readonly faultHandlers?: FaultHandlers
  /**
   * Filestore requests of the Metadata are given to the owner, or answered as not performed. Without it they are
   * passed over, and nothing is said of them: for links on which a Finished PDU must stay short.
   */
  readonly filestore?: 'performed' | 'refused'
}

export type ReceivingStage =
  | 'receiving'
  | 'repairing'
  | 'verifying'
  | 'delivering'
  | 'finishing'
  | 'closed'

/** What the owner wrote down of a transaction before a restart. */
export interface Received {
  readonly metadata?: Metadata
  readonly eof?: Eof
  readonly held?: Spans
  /** The file was right, and its delivery was begun. */
  readonly delivering?: boolean
  /** What was, or was going to be, said at the end. */
  readonly finished?: Finished
  /** It was suspended, and not resumed. */
  readonly suspended?: boolean
}

export type ReceivingEffect =
  /** New octets for the partial file; borrowed until the effect was performed. */
  | { readonly kind: 'write'; readonly offset: number; readonly octets: Uint8Array }
  | { readonly kind: 'metadata'; readonly metadata: Metadata }
  | { readonly kind: 'eof'; readonly eof: Eof }
  /** Read the partial file back; answer with verified(). */
  | { readonly kind: 'verify'; readonly octets: number; readonly checksumType: number }
  /** Put the file under its name; answer with delivered() or refused(). */
  | { readonly kind: 'deliver'; readonly octets: number; readonly name: Uint8Array }
  /** Execute a filestore request; answer with performed(). */
  | { readonly kind: 'perform'; readonly request: FilestoreRequest }
  /** Throw the partial file away. */
  | { readonly kind: 'discard' }
  /** The outcome is known and must be on disk before the Finished PDU leaves. */
  | { readonly kind: 'finished'; readonly finished: Finished }
  /** Something is wrong, and this is done about it. */
  | { readonly kind: 'fault'; readonly condition: number; readonly handler: FaultHandler }
  | { readonly kind: 'suspended'; readonly condition: number }
  | { readonly kind: 'resumed' }
  /** It ends at once, and nothing of that is said to the other end. */
  | { readonly kind: 'abandoned'; readonly condition: number }
  | { readonly kind: 'closed'; readonly condition: number }
