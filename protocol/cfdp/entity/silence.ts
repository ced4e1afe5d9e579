/** The inactivity procedures of CCSDS 727.0-B-5, 4.10: a transaction that waits for a silent peer ends. */
import type { Instant } from '../../machine.ts'

export class Silence {
  readonly #limitMs: number
  /** Since when the peer is waited for; undefined while it is not. */
  #since: Instant | undefined

  /** @param limitMs 0 is without end */
  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  get deadline(): Instant | undefined {
    if (this.#since === undefined || this.#limitMs === 0) return undefined
    return this.#since + this.#limitMs
  }

  /** The peer was heard, or its turn begins or ends. */
  watch(isWaiting: boolean, now: Instant): void {
    this.#since = isWaiting ? now : undefined
  }

  isTooLong(now: Instant): boolean {
    return this.deadline !== undefined && now >= this.deadline
  }
}
