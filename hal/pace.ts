/**
 * Keeps what waits before a line short, whatever its buffers would take. A serial device or a modem may hold
 * seconds of frames; an answer that is urgent now would stand behind them all.
 */
import type { Instant } from '../protocol/machine.ts'
import type { Clock } from './ports.ts'

export class Pace {
  readonly #line: { readonly rateBps: number }
  readonly #clock: Clock
  /** When the line will have sent all that it was given, if it keeps its rate. */
  #freeAt: Instant = 0

  /** @param line what it carries, eight bits per octet: read at every look */
  constructor(line: { readonly rateBps: number }, clock: Clock) {
    this.#line = line
    this.#clock = clock
  }

  sent(octets: number): void {
    this.#freeAt = Math.max(this.#freeAt, this.#clock.now()) + octets * this.#octetMs
  }

  /** Octets that may follow now: none while MOST_MS of them wait, else `least` or more. */
  roomOctets(least: number): number {
    const spareMs = MOST_MS - Math.max(0, this.#freeAt - this.#clock.now())
    return spareMs < 0 ? 0 : Math.max(least, Math.floor(spareMs / this.#octetMs))
  }

  /** Resolves when it is worth to send more, or when `signal` aborts. */
  room(signal: AbortSignal): Promise<void> {
    return this.#clock.until(this.#freeAt - REFILL_MS, signal)
  }

  get #octetMs(): number {
    return 8_000 / this.#line.rateBps
  }
}

/** Line time that waits: enough for a disk that takes its time, too little for anybody to notice. */
const MOST_MS = 64
/** A few frames at a time cost fewer turns than one by one. */
const REFILL_MS = 52
