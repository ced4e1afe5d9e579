/**
 * The inactivity timer of one end: nothing at all was heard of the other for so long that it must be gone.
 * CCSDS 727.0-B-5, 4.10.
 */
import type { Instant } from '../machine.ts'

export class InactivityTimer {
  readonly #limitMs: number
  #deadline: Instant | undefined

  /** @param limitMs 0 is never */
  constructor(limitMs = 0) {
    this.#limitMs = limitMs
  }

  get deadline(): Instant | undefined {
    return this.#deadline
  }

  /** The other end was heard, or begins to be waited for. */
  restart(now: Instant): void {
    if (this.#limitMs > 0) this.#deadline = now + this.#limitMs
  }

  /** As restart(), unless it runs. */
  begin(now: Instant): void {
    if (this.#deadline === undefined) this.restart(now)
  }

  stop(): void {
    this.#deadline = undefined
  }

  /** Whether it is over; if so the timer has stopped. */
  expire(now: Instant): boolean {
    if (this.#deadline === undefined || now < this.#deadline) return false
    this.#deadline = undefined
    return true
  }
}
