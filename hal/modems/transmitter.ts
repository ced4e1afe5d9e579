/** The sending half of an emulated modem: a buffer, and an air that takes one frame at a time at its rate. */
import type { Instant } from '../../protocol/machine.ts'
import type { Air } from './air-pace.ts'
import { AirPace } from './air-pace.ts'

export class Transmitter {
  readonly #pace: AirPace
  readonly #bufferFrames: number
  /** Behind the one on the air, which is the first; each with the time when it has left. */
  #frames: { readonly octets: Uint8Array; readonly leftAt: Instant }[] = []

  /** @param bufferFrames frames that wait behind the one on the air */
  constructor(air: Air, bufferFrames: number) {
    this.#pace = new AirPace(air, 0)
    this.#bufferFrames = bufferFrames
  }

  /** Frames that it would take. */
  get slots(): number {
    return this.#bufferFrames + 1 - this.#frames.length
  }

  get queuedOctets(): number {
    return this.#frames.reduce((sum, { octets }) => sum + octets.length, 0)
  }

  /** Keeps the frame. False: it has no room. */
  take(octets: Uint8Array, now: Instant): boolean {
    if (this.slots <= 0) return false
    const startsAt = Math.max(now, this.#frames.at(-1)?.leftAt ?? now)
    this.#frames.push({ octets, leftAt: startsAt + this.#pace.frameMs(octets.length) })
    return true
  }

  get deadline(): Instant | undefined {
    return this.#frames[0]?.leftAt
  }

  /** The frames that have left by now. */
  left(now: Instant): Uint8Array[] {
    const left: Uint8Array[] = []
    for (let first = this.#frames[0]; first !== undefined; first = this.#frames[0]) {
      if (first.leftAt > now) break
      left.push(first.octets)
      this.#frames.shift()
    }
    return left
  }

  clear(): void {
    this.#frames = []
  }
}
