/** Lets through so many a second, and in one burst as many as in a second. */
import type { Instant } from '../../machine.ts'

export class RateGate {
  readonly #perSecond: number
  #left: number
  #at: Instant | undefined

  constructor(perSecond: number) {
    this.#perSecond = perSecond
    this.#left = perSecond
  }

  /** Whether one more may pass now; then it has. */
  pass(now: Instant): boolean {
    const sinceMs = Math.max(0, now - (this.#at ?? now))
    this.#at = now
    this.#left = Math.min(this.#perSecond, this.#left + (sinceMs * this.#perSecond) / 1_000)
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
