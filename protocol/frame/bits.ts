/**
 * The newest octets of a stream, read at any bit. Positions count bits from the first bit of the stream
 * (2^53 of them: 28 million years at 10 Mbit/s), so they stay good while older octets are let go.
 */
export class BitWindow {
  #octets = new Uint8Array(4096)
  /** How many of #octets are filled. */
  #filled = 0
  /** Position of the first bit of #octets; a multiple of eight. */
  #base = 0
  /** Octets of #octets that nobody asks for any more. */
  #released = 0

  /** Position after the last bit. */
  get end(): number {
    return this.#base + 8 * this.#filled
  }

  /** Octets in memory, for whoever looks after bounds. */
  get capacity(): number {
    return this.#octets.length
  }

  /** Copies octets in, after the last. */
  push(octets: Uint8Array): void {
    if (this.#filled + octets.length > this.#octets.length) this.#makeRoom(octets.length)
    this.#octets.set(octets, this.#filled)
    this.#filled += octets.length
  }

  /** Nothing before `bit` will be read again. */
  release(bit: number): void {
    this.#released = Math.max(this.#released, (bit - this.#base) >> 3)
  }

  /** The 32 bits at `bit`, as a signed integer. */
  word(bit: number): number {
    return wordAt(this.#octets, bit - this.#base)
  }

  /** Where `find` (see marker.ts) finds something from `from` on, before `to`; else -1. */
  search(find: BitSearch, from: number, to: number): number {
    const found = find(this.#octets, from - this.#base, to - this.#base)
    return found < 0 ? -1 : found + this.#base
  }

  /** Copies `out.length` octets from `bit` on, turned if `inverted`. */
  copy(bit: number, out: Uint8Array, inverted: boolean): void {
    const octets = this.#octets
    const shift = (bit - this.#base) & 7
    const from = (bit - this.#base) >> 3
    if (shift === 0 && !inverted) {
      out.set(octets.subarray(from, from + out.length))
      return
    }
    const mask = inverted ? -1 : 0
    const source = new DataView(octets.buffer, from)
    const target = new DataView(out.buffer, out.byteOffset, out.length)
    let at = 0
    for (; at <= out.length - 4; at += 4) {
      // With no shift the fifth octet goes wholly out of sight: 8 bits to the right.
      const word =
        (source.getInt32(at) << shift) | ((octets[from + at + 4] as number) >>> (8 - shift))
      target.setInt32(at, word ^ mask)
    }
    for (; at < out.length; at++) {
      const pair = ((octets[from + at] as number) << 8) | (octets[from + at + 1] as number)
      out[at] = (pair >>> (8 - shift)) ^ mask
    }
  }

  #makeRoom(count: number): void {
    const kept = this.#filled - this.#released
    if (kept + count > this.#octets.length) {
      const larger = new Uint8Array(2 * (kept + count))
      larger.set(this.#octets.subarray(this.#released, this.#filled))
      this.#octets = larger
    } else this.#octets.copyWithin(0, this.#released, this.#filled)
    this.#base += 8 * this.#released
    this.#filled = kept
    this.#released = 0
  }
}

/** Searches bits `from` up to `to` of the octets; answers the first hit, or -1. */
export type BitSearch = (octets: Uint8Array, from: number, to: number) => number

/** The 32 bits at `bit`, as a signed integer. Past the end there are zeros. */
export function wordAt(octets: Uint8Array, bit: number): number {
  const at = bit >>> 3
  const shift = bit & 7
  const word =
    ((octets[at] as number) << 24) |
    ((octets[at + 1] as number) << 16) |
    ((octets[at + 2] as number) << 8) |
    (octets[at + 3] as number)
  return shift === 0 ? word : (word << shift) | ((octets[at + 4] as number) >>> (8 - shift))
}

/** How many bits of a word are set. */
export function weight(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
