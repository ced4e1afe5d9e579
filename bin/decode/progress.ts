/** How far a long task is, on standard error, once it has lasted a second. */
import type { Clock } from '../../hal/ports.ts'
import { octetsText, percentText, rateText } from '../figures.ts'

export class Progress {
  readonly #stream: NodeJS.WriteStream
  readonly #clock: Clock
  /** Octets in all; 0: nobody knows. */
  readonly #whole: number
  readonly #startMs: number
  #nextMs: number
  #octets = 0
  #isShown = false

  constructor(stream: NodeJS.WriteStream, clock: Clock, whole: number) {
    this.#stream = stream
    this.#clock = clock
    this.#whole = whole
    this.#startMs = clock.now()
    this.#nextMs = this.#startMs + QUIET_MS
  }

  add(octets: number): void {
    this.#octets += octets
    const now = this.#clock.now()
    if (now < this.#nextMs) return
    this.#nextMs = now + (this.#stream.isTTY ? REDRAWN_MS : LOGGED_MS)
    this.#isShown = true
    const rate = rateText((8_000 * this.#octets) / (now - this.#startMs))
    const share =
      this.#whole > 0
        ? ` of ${octetsText(this.#whole)}, ${percentText(this.#octets, this.#whole)}`
        : ''
    const line = `${octetsText(this.#octets)}${share}, ${rate}`
    this.#stream.write(this.#stream.isTTY ? `\r${line}\x1b[K` : `${line}\n`)
  }

  /** Clears what is left on a terminal. */
  end(): void {
    if (this.#isShown && this.#stream.isTTY) this.#stream.write('\r\x1b[K')
  }
}

const QUIET_MS = 1_000
const REDRAWN_MS = 200
const LOGGED_MS = 5_000
