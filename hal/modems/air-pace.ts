/**
 * When a modem that says nothing has sent what it was given: by the rate of its air, and what it puts around and
 * between frames. Its buffer is kept short, for what waits there is late, and what does not fit is lost.
 */
import type { Instant } from '../../protocol/machine.ts'

export interface Air {
  /** Bits per second on the air; undefined: nobody knows, and nothing is held back. */
  readonly rateBps: number | undefined
  /** Octets on the air around the octets of one frame. */
  readonly aroundOctets: number
  /** Silence after every frame. */
  readonly gapMs: number
}

export class AirPace {
  readonly #air: Air
  readonly #aheadMs: number
  #freeAt: Instant = -Infinity

  /** @param aheadFrames frames of `frameOctets` that may wait in the modem behind the one on the air */
  constructor(air: Air, frameOctets: number, aheadFrames = AHEAD_FRAMES) {
    this.#air = air
    this.#aheadMs = aheadFrames * this.frameMs(frameOctets)
  }

  /** How long a frame with so many octets of ours takes. */
  frameMs(octets: number): number {
    const { rateBps, aroundOctets, gapMs } = this.#air
    return rateBps === undefined ? 0 : (8_000 * (octets + aroundOctets)) / rateBps + gapMs
  }

  sent(octets: number, now: Instant): void {
    this.#freeAt = Math.max(this.#freeAt, now) + this.frameMs(octets)
  }

  /** The modem forgot what it held. */
  clear(): void {
    this.#freeAt = -Infinity
  }

  hasRoom(now: Instant): boolean {
    return this.roomAt <= now
  }

  /** When the air has all that it was given. */
  get freeAt(): Instant {
    return this.#freeAt
  }

  /** When it has room for one more frame. */
  get roomAt(): Instant {
    return this.#freeAt - this.#aheadMs
  }
}

const AHEAD_FRAMES = 1
