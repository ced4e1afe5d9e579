/**
 * The end of a reception: Notice of Completion at the destination, the Finished PDU and its acknowledgement.
 * CCSDS 727.0-B-5, 4.6.6, 4.7 and 4.11.
 */
import type { Instant } from '../machine.ts'
import { CONDITION } from './condition.ts'
import type { Finished } from './pdu/pdu.ts'
import { type RepeatLimits, RepeatTimer } from './repeat-timer.ts'

/** How the sender is told: Finished with an ACK (class 2), Finished alone (closure), or not at all. */
export type Closure = 'acknowledged' | 'announced' | 'silent'

export class Completion {
  readonly #timer: RepeatTimer
  #finished: Finished | undefined
  #closure: Closure = 'silent'
  #isDue = false

  constructor(ack: RepeatLimits) {
    this.#timer = new RepeatTimer(ack)
  }

  get deadline(): Instant | undefined {
    return this.#timer.deadline
  }

  /** Whether the Finished PDU waits to be sent, for the first time or again. */
  get isDue(): boolean {
    return this.#isDue
  }

  /** What was, or will be, said. */
  get finished(): Finished | undefined {
    return this.#finished
  }

  begin(finished: Finished, closure: Closure): void {
    this.#finished = finished
    this.#closure = closure
    this.#isDue = closure !== 'silent'
  }

  /** The sender seems not to have heard: it is told again. */
  repeat(): void {
    this.#isDue = this.#closure !== 'silent'
  }

  /** The Finished PDU, now sent; `last` if no answer to it is waited for. */
  take(now: Instant): { readonly finished: Finished; readonly last: boolean } {
    this.#isDue = false
    const last = this.#closure !== 'acknowledged'
    if (!last) this.#timer.start(now)
    return { finished: this.#finished as Finished, last }
  }

  /** The limit was reached, and that is put up with: the sender is told again, as for the first time. */
  persist(): void {
    this.#timer.stop()
    this.#isDue = true
  }

  /** Answers whether the limit was reached and the sender is given up. */
  tick(now: Instant): boolean {
    const expired = this.#timer.expire(now)
    if (expired === 'again') this.#isDue = true
    return expired === 'limit'
  }

  /** An acknowledgement on its way cannot come any more: the sender is told again. */
  lapse(): void {
    if (this.#timer.lapse()) this.#isDue = true
  }

  end(): void {
    this.#isDue = false
    this.#timer.stop()
  }
}

/**
 * A Finished PDU for a file that is whole, or was refused or thrown away because of `condition`; then `here`
 * is the id of the entity that says so. 5.2.3: without a fault, or a checksum to name, no place is named.
 */
export function finishedFor(condition: number, hasFile: boolean, here?: Uint8Array): Finished {
  const complete = condition === CONDITION.noError
  const whole = hasFile ? FILE_STATUS.retained : FILE_STATUS.unreported
  const lost =
    condition === CONDITION.filestoreRejection ? FILE_STATUS.refused : FILE_STATUS.discarded
  return {
    kind: 'finished',
    condition,
    complete,
    fileStatus: complete ? whole : lost,
    filestoreResponses: [],
    faultLocation: complete || condition === CONDITION.unsupportedChecksumType ? undefined : here,
  }
}

/** A Finished PDU for a file that got its name, although `condition` had to be ignored for that. 4.8.2. */
export function finishedDespite(condition: number, here: Uint8Array): Finished {
  const isUnchecked = condition === CONDITION.unsupportedChecksumType
  return {
    kind: 'finished',
    condition,
    // A file that could not be checked counts as complete, 4.2.2.8; one whose checksum is wrong does not.
    complete: isUnchecked,
    fileStatus: FILE_STATUS.retained,
    filestoreResponses: [],
    faultLocation: isUnchecked ? undefined : here,
  }
}

/** 5.2.3: what became of the file. */
export const FILE_STATUS = { discarded: 0, refused: 1, retained: 2, unreported: 3 } as const
