/**
 * The suspension of a transaction, and its own time, which stands still meanwhile: so no timer of it runs, and
 * what was left of each is left when it is resumed. CCSDS 727.0-B-5, 4.6.7 (resume), 4.11.2.5 to 4.11.2.7.
 */
import type { Instant } from '../machine.ts'

export class Suspension {
  #since: Instant | undefined
  #stoodMs = 0
  #latest: Instant = 0

  get isOn(): boolean {
    return this.#since !== undefined
  }

  /** The transaction's own time at `now`. */
  read(now: Instant): Instant {
    this.#latest = now
    return (this.#since ?? now) - this.#stoodMs
  }

  /** When the transaction's own time will be `at`; undefined while it stands still. */
  when(at: Instant | undefined): Instant | undefined {
    if (at === undefined || this.isOn) return undefined
    return this.#stoodMs === 0 ? at : at + this.#stoodMs + ROUNDING_MS
  }

  /** Time stands still from the latest read() on. Answers whether it did not already. */
  begin(): boolean {
    if (this.isOn) return false
    this.#since = this.#latest
    return true
  }

  /** Time goes on from the latest read(). Answers whether it had stood still. */
  end(): boolean {
    if (this.#since === undefined) return false
    this.#stoodMs += this.#latest - this.#since
    this.#since = undefined
    return true
  }
}

/** What adding up times in floating point may lack, so that read() at when(t) is never before t. */
const ROUNDING_MS = 0.001
