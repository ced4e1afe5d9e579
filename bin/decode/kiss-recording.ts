/**
 * Recordings in KISS, as `gr_satellites --kiss_out` writes them: the frames in them one behind the other, and when the first
 * and the last were heard, where frames of command 9 say so.
 */
import { KISS, KissDecoder } from '../../hal/modems/kiss/frame.ts'
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
      for (const { command, octets } of decoder.push(chunk))
        if (command === KISS.data) yield octets
        else if (command === KISS.timestamp && octets.length === 8) this.#note(octets)
  }

  #note(octets: Uint8Array): void {
    const utcMs = Number(new DataView(octets.buffer, octets.byteOffset).getBigUint64(0))
    // No date: noise in the place of one.
    if (utcMs > UTC_MS_MAX) return
    this.#first = Math.min(this.#first ?? utcMs, utcMs)
    this.#last = Math.max(this.#last, utcMs)
  }
}

/** The longest TM frame with four times as much around it. */
const FRAME_OCTETS_MAX = 8_192
/** What a Date can say. */
const UTC_MS_MAX = 8.64e15
