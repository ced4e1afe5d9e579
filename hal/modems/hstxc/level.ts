/**
 * How much is in the FIFO of a transmitter: its count, read now and then, and what was written since it was asked. Absolute:
 * a count that does not come, or comes late, costs room for a moment and nothing else. Between two counts the FIFO is
 * taken to drain as fast as it did between the last ones.
 */
import type { Instant } from '../../../protocol/machine.ts'

export class FifoLevel {
  readonly #fillOctets: number
  /** Octets a millisecond. */
  #drain: number
  /** Octets written in all. */
  #written = 0
  /** The newest count, when it was asked for, and what had been written then. */
  #newest: Reading | undefined
  #asked: Omit<Reading, 'count'> | undefined

  /** @param fillOctets it is filled up to; @param drain octets a millisecond, until it was measured */
  constructor(fillOctets: number, drain: number) {
    this.#fillOctets = fillOctets
    this.#drain = drain
  }

  get drain(): number {
    return this.#drain
  }

  /** Octets that may be written: none before the first count. */
  get roomOctets(): number {
    return this.#newest === undefined ? 0 : Math.max(0, this.#fillOctets - this.octets)
  }

  /** What is in it if nothing has left since the newest count; 0 before the first. */
  get octets(): number {
    if (this.#newest === undefined) return 0
    return this.#newest.count + this.#written - this.#newest.written
  }

  /** What is in it now if it drains. */
  at(now: Instant): number {
    return Math.max(0, this.octets - this.#drain * (now - (this.#newest?.at ?? now)))
  }

  wrote(octets: number): void {
    this.#written += octets
  }

  asked(now: Instant): void {
    this.#asked = { at: now, written: this.#written }
  }

  /** The answer to the newest question. `isDraining`: it was sending since the one before. */
  told(count: number, isDraining: boolean): void {
    if (this.#asked === undefined) return
    const before = this.#newest
    const newest = { ...this.#asked, count }
    this.#asked = undefined
    this.#newest = newest
    if (!isDraining || before === undefined || count === 0 || newest.at <= before.at) return
    const left = before.count + newest.written - before.written - count
    const measured = Math.max(0, left) / (newest.at - before.at)
    this.#drain += (measured - this.#drain) * DRAIN_SHARE
  }

  /** The transmitter started again, or is another one. */
  clear(): void {
    this.#newest = undefined
    this.#asked = undefined
  }
}

interface Reading {
  readonly at: Instant
  readonly written: number
  readonly count: number
}

/** Of a new measure: single ones are coarse. */
const DRAIN_SHARE = 1 / 8
