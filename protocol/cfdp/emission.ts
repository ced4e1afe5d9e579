/** What a sending transaction is told, what it says, and what its owner wrote down of it. */
import type { Span } from '../octets/span.ts'
import type { FaultHandler, FaultHandlers } from './fault-handlers.ts'
import type { Directive, Finished, Header } from './pdu/pdu.ts'
import type { RepeatLimits } from './repeat-timer.ts'

export interface SendingLimits {
  /** How long an EOF waits for its answer, and how often it is repeated. */
  readonly ack: RepeatLimits
  /** Class 1 with closure: how long Finished is waited for. Without it, as `ack` has it. */
  readonly check?: RepeatLimits
  /** Class 2: how long the receiver may be silent once all was sent; 0 and undefined are for ever. */
  readonly inactivityMs?: number
  /** How many octets the receiver may be behind when it says so in a Keep Alive; undefined is no matter how many. */
  readonly keepAliveOctetsMax?: number
  /**
   * How often what was sent as new may be sent again in one contact: beyond that a NAK is not heeded, so that few
   * octets cannot call for many without end. Undefined is no matter how often.
   */
  readonly againRatioMax?: number
  /** What is done about faults, unless the options of the transmission have it otherwise. */
  readonly faultHandlers?: FaultHandlers
}

/**
 * The checksum of so many octets from the start of a file that is broken off; undefined: its owner will say, and the
 * EOF waits for it.
 */
export type ChecksumOfFirst = (octets: number) => number | undefined

/** Where a transaction goes on after a restart: what its owner wrote down. */
export interface SendingProgress {
  /** Octets below it may have been sent; none at or above it was. */
  readonly mark: number
  /** It was suspended, and not resumed. */
  readonly suspended?: boolean
  /** Whether the Metadata is still to go out; undefined: if nothing else did. */
  readonly metadataDue?: boolean
  /** The EOF went out, or its answer came. */
  readonly eof?: 'sent' | 'acknowledged' | undefined
  /** What the other end said it holds, and what it asked for and did not get again. */
  readonly acknowledged?: Iterable<Span>
  readonly again?: Iterable<Span>
}

export type Outgoing =
  | { readonly kind: 'directive'; readonly header: Header; readonly body: Directive }
  | {
      readonly kind: 'segment'
      readonly header: Header
      readonly offset: number
      readonly length: number
      /** Not sent before, as far as is known. */
      readonly isNew: boolean
    }

export type SendingEffect =
  /** The other end says that it is done. The file may go once this is on disk; the ACK follows. */
  | { readonly kind: 'finished'; readonly finished: Finished }
  | { readonly kind: 'eof acknowledged' }
  /** A NAK was not heeded: see `againRatioMax`. */
  | { readonly kind: 'nak ignored' }
  /** Something is wrong, and this is done about it. */
  | { readonly kind: 'fault'; readonly condition: number; readonly handler: FaultHandler }
  | { readonly kind: 'suspended'; readonly condition: number }
  | { readonly kind: 'resumed' }
  /** It ends at once, and nothing of that is said to the other end. */
  | { readonly kind: 'abandoned'; readonly condition: number }
  /** Nothing is left to do. */
  | { readonly kind: 'closed'; readonly condition: number }

export type SendingState = 'sending' | 'awaiting' | 'cancelled' | 'closed'
