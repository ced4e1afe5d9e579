/**
 * When a receiver asks for what it lacks, and how long it waits for it: the NAK timer and the two ways of asking,
 * immediate and deferred, of CCSDS 727.0-B-5, 4.6.4.3 to 4.6.4.7. In class 1 nothing is asked, and the same wait
 * is the check timer of 4.6.3.3. What is missing is in lost-segments.ts.
 */
import { type Instant, sooner } from '../machine.ts'
import type { Spans } from '../octets/spans.ts'
import { LostSegments } from './lost-segments.ts'
import type { Nak } from './pdu/pdu.ts'
import type { ReceivingLimits } from './reception.ts'
import { RepeatTimer } from './repeat-timer.ts'

/** What can be missing: octets before the horizon, and the Metadata. */
export interface Wanted {
  readonly horizon: number
  readonly metadata: boolean
}

export class Asking {
  readonly segments: LostSegments
  readonly #acknowledged: boolean
  readonly #reorderMs: number | undefined
  readonly #holdOffMs: number
  readonly #timer: RepeatTimer
  /** When gaps seen on the way are asked for. */
  #gapDeadline: Instant | undefined
  /** Up to where, because they were seen before it was set. */
  #gapHorizon = 0

  constructor(limits: ReceivingLimits, acknowledged: boolean, held: Spans | undefined) {
    this.segments = new LostSegments(held)
    this.#acknowledged = acknowledged
    const asksAtOnce = acknowledged && limits.nakMode === 'immediate'
    this.#reorderMs = asksAtOnce ? limits.reorderMs : undefined
    this.#holdOffMs = acknowledged ? (limits.holdOffMs ?? 0) : 0
    this.#timer = new RepeatTimer(acknowledged ? limits.nak : (limits.check ?? limits.nak))
  }

  get deadline(): Instant | undefined {
    return sooner(this.#gapDeadline, this.#timer.deadline)
  }

  /** Something before the EOF is missing: it is asked for, after it has had its time to come late. */
  noticeGap(now: Instant): void {
    if (this.#reorderMs === undefined || this.#gapDeadline !== undefined) return
    this.#gapDeadline = now + this.#reorderMs
    this.#gapHorizon = this.segments.held.end
  }

  /** The EOF has come: all that is missing is known, and asked for when it has had its time to come. */
  begin(wanted: Wanted, now: Instant): void {
    this.#gapDeadline = undefined
    if (this.#holdOffMs > 0) {
      this.#gapDeadline = now + this.#holdOffMs
      this.#gapHorizon = wanted.horizon
      return
    }
    this.segments.ask(wanted.horizon, wanted.metadata)
    this.#timer.start(now)
  }

  /** Asks for all that is missing, whether it was asked for before or not. */
  askAll(wanted: Wanted): void {
    this.segments.forgetAsked()
    this.segments.ask(wanted.horizon, wanted.metadata)
  }

  /** The sender is told what is missing, or that nothing is. */
  answer(wanted: Wanted): void {
    this.segments.answer(wanted.horizon, wanted.metadata)
  }

  /** What was asked for did not come. */
  repair(wanted: Wanted, now: Instant): void {
    this.askAll(wanted)
    this.#timer.start(now)
  }

  /** All that can come is waited for. */
  wait(now: Instant): void {
    this.#timer.start(now)
  }

  /** Contact time began anew. In class 2 the wait starts with the NAK. */
  restart(wanted: Wanted): void {
    this.askAll(wanted)
    if (!this.#acknowledged) this.#timer.start(0)
  }

  /** Something came that was not held. */
  progress(now: Instant): void {
    this.#timer.progress(now)
  }

  /** The limit was reached, and that is put up with: all is asked for again, as for the first time. */
  persist(wanted: Wanted, now: Instant): void {
    this.#timer.stop()
    this.repair(wanted, now)
  }

  /** Answers whether the wait is over, for another time or for the last. */
  tick(wanted: Wanted, now: Instant): 'no' | 'again' | 'limit' {
    this.#tickGap(wanted, now)
    const expired = this.#timer.expire(now)
    if (expired === 'again') this.repair(wanted, now)
    return expired
  }

  /** What was on its way cannot come any more. */
  lapse(wanted: Wanted, now: Instant): void {
    if (this.#timer.lapse()) this.repair(wanted, now)
  }

  /** The next NAK, with at most `gapsMax` gaps; once the EOF has come, its answer is waited for from now on. */
  next(gapsMax: number, hasEof: boolean, now: Instant): Nak | undefined {
    const nak = this.segments.next(gapsMax)
    if (nak !== undefined && hasEof) this.#timer.start(now)
    return nak
  }

  /** Nothing is waited for. */
  stop(): void {
    this.#gapDeadline = undefined
    this.#timer.stop()
  }

  #tickGap(wanted: Wanted, now: Instant): void {
    if (this.#gapDeadline === undefined || now < this.#gapDeadline) return
    this.#gapDeadline = undefined
    this.segments.ask(this.#gapHorizon, wanted.metadata)
    // Gaps that opened since then get their time, too.
    if (this.segments.isMissingUnaskedFrom(this.#gapHorizon)) this.noticeGap(now)
  }
}
