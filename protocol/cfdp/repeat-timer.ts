/**
 * A timer that asks for the same thing again until it is answered or the tries are used up. It is the
 * positive-acknowledgement timer of CCSDS 727.0-B-5, 4.7, and the NAK timer of 4.6.4.7. While nothing at all
 * comes back it doubles its wait, up to four times, so that a deaf partner is not talked to death.
 */
import type { Instant } from '../machine.ts'

export interface RepeatLimits {
  readonly timeoutMs: number
  /** How often it may expire in a row; 0 is without end. */
  readonly triesMax: number
}

export class RepeatTimer {
  readonly #limits: RepeatLimits
  #deadline: Instant | undefined
  #tries = 0

  constructor(limits: RepeatLimits) {
    this.#limits = limits
  }

  get deadline(): Instant | undefined {
    return this.#deadline
  }

  get isRunning(): boolean {
    return this.#deadline !== undefined
  }

  /** Starts the wait, longer for each expiry since the last progress. */
  start(now: Instant): void {
    this.#deadline = now + this.#limits.timeoutMs * 2 ** Math.min(this.#tries, DOUBLINGS_MAX)
  }

  stop(): void {
    this.#deadline = undefined
    this.#tries = 0
  }

  /** Something that was waited for came: the next wait is a first one. */
  progress(now: Instant): void {
    this.#tries = 0
    if (this.isRunning) this.start(now)
  }

  /**
   * What was waited for cannot come any more: the wait is over and counts as no try. Answers whether there
   * was one.
   */
  lapse(): boolean {
    const { isRunning } = this
    this.stop()
    return isRunning
  }

  /** Whether the wait is over; if so the timer has stopped and waits for start(). */
  expire(now: Instant): 'no' | 'again' | 'limit' {
    if (this.#deadline === undefined || now < this.#deadline) return 'no'
    this.#deadline = undefined
    this.#tries += 1
    return this.#limits.triesMax > 0 && this.#tries >= this.#limits.triesMax ? 'limit' : 'again'
  }
}

const DOUBLINGS_MAX = 2
