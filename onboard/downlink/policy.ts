/** Whose PDU goes out next: what any answer to that question is told, and what it is asked. */
import type { Role } from '../../protocol/plan/plan.ts'
import type { Rank } from '../buffer/rank.ts'

/** What a file could send now. */
export interface Work {
  readonly rank: Rank
  readonly due: Due
  /** Of one that waits: how likely something of it was heard by nobody. */
  readonly miss: number
}

/**
 * directive: Metadata, EOF, or an acknowledgement. again: octets that were asked for. new: octets never sent.
 * waiting: all was sent, and no answer has come.
 */
export type Due = 'directive' | 'again' | 'new' | 'waiting'

/**
 * The order in which the works of all files go out. It is changed when one of them is, and asked whenever a
 * modem has room. test/onboard/downlink/policy.promise.ts is what each must keep:
 *
 * - directives go first;
 * - a file goes before all of a lower priority (a larger number), whatever the two have to send;
 * - within a priority, while the main station hears, what was asked for again goes before what is new; while
 *   only secondary stations hear, what is new goes first;
 * - among those alike, the earliest deadline goes first, then the turn (rank.ts);
 * - one that waits goes while only secondary stations hear, after all others, for no answer can come; the one
 *   that most likely was heard by nobody goes first;
 * - aside, by a modem that the main station does not hear while it hears another, no directive goes, for it is a word
 *   with the main station, and what is new goes first.
 */
export interface DownlinkPolicy {
  /** A file has this to send now, and nothing else. */
  put(work: Work): void
  /** A file has nothing to send any more. */
  drop(sequence: number): void
  /** What a file has to send; undefined: nothing. */
  work(sequence: number): Work | undefined
  /** Of all files, in no order. */
  works(): IterableIterator<Work>
  /** Who hears from now on. */
  hear(role: Role): void
  /** The sequence number of the file whose turn is `nth`: 0 is whose PDU goes out next. */
  candidate(nth: number, aside?: boolean): number | undefined
}
