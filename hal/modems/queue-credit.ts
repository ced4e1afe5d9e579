/**
 * What a modem with a queue would take, by what it says of its queue when it is asked. Its answer speaks of all that
 * was written before the question; what is sent behind the question is counted here. An answer that is lost costs
 * one more question; one that nobody asked for counts for nothing, for nobody knows of when it speaks. A modem that
 * never answers is trusted to keep the pace, and asked now and then.
 */
import type { Instant } from '../../protocol/machine.ts'

export class QueueCredit {
  readonly #limitOctets: number
  /** Octets that wait in the modem by its newest word; undefined: it has not said. */
  #queued: number | undefined
  #sinceAsked = 0
  /** When the question went out that waits for an answer. */
  #askedAt: Instant | undefined
  #nextAt: Instant = -Infinity
  /** Questions in a row without an answer. */
  #silence = 0
  readonly events = { 'answers missed': 0, 'answers unasked': 0, 'credit asked': 0 }

  /** @param limitOctets that may wait in the modem */
  constructor(limitOctets: number) {
    this.#limitOctets = limitOctets
  }

  /** Whether a frame of `octets` may follow. */
  hasRoom(octets: number): boolean {
    if (this.#silence >= SILENCE_MAX) return true
    return this.#queued !== undefined && this.#queued + octets <= this.#limitOctets
  }

  /** Whether to ask now; if so it was asked. */
  ask(now: Instant): boolean {
    if (this.#askedAt !== undefined && now >= this.#askedAt + ANSWER_MS) {
      this.#askedAt = undefined
      this.#silence += 1
      this.events['answers missed'] += 1
    }
    if (this.#askedAt !== undefined || now < this.#nextAt) return false
    this.#askedAt = now
    this.#nextAt = now + (this.#silence >= SILENCE_MAX ? SELDOM_MS : POLL_MS)
    this.#sinceAsked = 0
    this.events['credit asked'] += 1
    return true
  }

  get deadline(): Instant {
    return this.#askedAt === undefined ? this.#nextAt : this.#askedAt + ANSWER_MS
  }

  sent(octets: number): void {
    this.#sinceAsked += octets
    if (this.#queued !== undefined) this.#queued += octets
  }

  /** The modem says that so many octets wait. */
  answer(octets: number): void {
    if (this.#askedAt === undefined) {
      this.events['answers unasked'] += 1
      return
    }
    this.#askedAt = undefined
    this.#silence = 0
    this.#queued = octets + this.#sinceAsked
  }

  clear(): void {
    this.#queued = undefined
    this.#askedAt = undefined
    this.#nextAt = -Infinity
    this.#silence = 0
  }
}

const ANSWER_MS = 1_000
const POLL_MS = 100
const SELDOM_MS = 10_000
const SILENCE_MAX = 5
