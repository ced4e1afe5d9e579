/** Spreads datagrams over time: a burst that is longer than the buffers on its way is lost on its way. */
import type { Instant } from '../../protocol/machine.ts'
import type { Clock } from '../ports.ts'

export class DatagramPace {
  readonly #octetMs: number
  readonly #clock: Clock
  /** When what was sent so far has left, at the rate. */
  #freeAt: Instant = 0

  /** @param rateBps Infinity is no limit */
  constructor(rateBps: number, clock: Clock) {
    this.#octetMs = 8_000 / rateBps
    this.#clock = clock
  }

  /** Octets that may leave in one turn; the last datagram may pass it. */
  get roomOctets(): number {
    const sinceMs = this.#clock.now() - this.#freeAt
    const room = Math.min(sinceMs, BURST_MS) / this.#octetMs
    return Math.min(BURST_OCTETS, Math.max(1, Math.floor(room)))
  }

  sent(octets: number): void {
    const earliest = this.#clock.now() - BURST_MS
    this.#freeAt = Math.max(this.#freeAt, earliest) + octets * this.#octetMs
  }

  /** Resolves when something may leave, or when `signal` aborts. */
  async room(signal: AbortSignal): Promise<void> {
    if (this.#freeAt > this.#clock.now()) await this.#clock.until(this.#freeAt, signal)
  }
}

/** What may be made up for at once when the clock or the loop was late. */
const BURST_MS = 4
/** Less than the receive buffer that a system gives unasked. */
const BURST_OCTETS = 64 * 1_024
