/**
 * Recordings in KISS, as `gr_satellites --kiss_out` writes them: the frames in them one behind the other, and when the first
 * and the last were heard, where frames of command 9 say so.
 */
import { KISS, KissDecoder, kissTime } from '../../hal/modems/kiss/frame.ts'
import type { Input } from './input.ts'

export interface HeardTime {
  /** UTC in milliseconds since 1970. */
  readonly firstUtcMs: number
  readonly lastUtcMs: number
}

export class KissRecording {
  #first: number | undefined
  #last = 0

  /** What is in the KISS frames of an input. */
  open(input: Input): Input {
    return { octets: input.octets, chunks: () => this.#frames(input.chunks()) }
  }

  /** Null: no frame said it. */
  get heard(): HeardTime | null {
    return this.#first === undefined ? null : { firstUtcMs: this.#first, lastUtcMs: this.#last }
  }

  async *#frames(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const decoder = new KissDecoder(FRAME_OCTETS_MAX)
    for await (const chunk of chunks)
      for (const frame of decoder.push(chunk)) {
        const utcMs = kissTime(frame)
        if (utcMs !== undefined) this.#note(utcMs)
        else if (frame.command === KISS.data) yield frame.octets
      }
  }

  #note(utcMs: number): void {
    this.#first = Math.min(this.#first ?? utcMs, utcMs)
    this.#last = Math.max(this.#last, utcMs)
  }
}

/** The longest TM frame with four times as much around it. */
const FRAME_OCTETS_MAX = 8_192
