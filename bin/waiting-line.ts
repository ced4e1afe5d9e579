/** A line on a terminal about what somebody waits for: shown once that has lasted a second, and gone when it is over. */
import type { Clock } from '../hal/ports.ts'
import { systemClock } from '../hal/system-clock.ts'

export class WaitingLine {
  readonly #stream: NodeJS.WriteStream
  readonly #clock: Clock
  readonly #shownAt: number
  #isShown = false

  constructor(stream: NodeJS.WriteStream = process.stderr, clock: Clock = systemClock) {
    this.#stream = stream
    this.#clock = clock
    this.#shownAt = clock.now() + QUIET_MS
  }

  show(text: string): void {
    if (!this.#stream.isTTY || this.#clock.now() < this.#shownAt) return
    this.#isShown = true
    this.#stream.write(`\r${text}\x1b[K`)
  }

  /** Clears it: before anything else is written, too. */
  end(): void {
    if (this.#isShown) this.#stream.write('\r\x1b[K')
    this.#isShown = false
  }
}

const QUIET_MS = 1_000
