/**
 * A clock that stands still while the partner cannot be heard. Transactions run on its time, so no timer
 * of theirs counts the hours that a satellite spends behind the Earth, and none needs a word about freezing.
 * It is what CCSDS 727.0-B-5, 4.12 (link state change procedures) asks for, done once for all of a link.
 */
import type { Instant } from '../machine.ts'

export class ContactClock {
  #elapsedMs = 0
  /** When the contact under way began; undefined outside contacts. */
  #since: Instant | undefined

  get isOpen(): boolean {
    return this.#since !== undefined
  }

  /** The partner can be heard from now on. Twice is once. */
  open(now: Instant): void {
    this.#since ??= now
  }

  close(now: Instant): void {
    if (this.#since === undefined) return
    this.#elapsedMs += Math.max(0, now - this.#since)
    this.#since = undefined
  }

  /** The contact time at `now`: milliseconds of all contacts so far. */
  read(now: Instant): Instant {
    return this.#since === undefined
      ? this.#elapsedMs
      : this.#elapsedMs + Math.max(0, now - this.#since)
  }

  /** When this clock will read `contactTime`, if the contact lasts; undefined while it stands still. */
  when(contactTime: Instant | undefined): Instant | undefined {
    if (contactTime === undefined || this.#since === undefined) return undefined
    return this.#since + Math.max(0, contactTime - this.#elapsedMs) + ROUNDING_MS
  }
}

/** What adding up times in floating point may lack, so that read() at when(t) is never before t. */
const ROUNDING_MS = 0.001
