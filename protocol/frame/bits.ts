/**
 * The newest octets of a stream, read at any bit. Positions count bits from the first bit of the stream
 * (2^53 of them: 28 million years at 10 Mbit/s), so they stay good while older octets are let go.
 */
export class BitWindow {
  readonly #viewOctets: number
  /** The stream, and behind it the place of view(). */
  #octets: Uint8Array
  #fields: DataView
  #view: Uint8Array
  /** How many of #octets are filled. */
  #filled = 0
  /** Position of the first bit of #octets; a multiple of eight. */
  #base = 0
  /** Octets of #octets that nobody asks for any more. */
  #released = 0

  /** @param viewOctets how many view() answers */
  constructor(viewOctets = 0) {
    this.#viewOctets = viewOctets
    this.#octets = new Uint8Array(LEAST_OCTETS + viewOctets)
    this.#fields = new DataView(this.#octets.buffer)
    this.#view = this.#octets.subarray(LEAST_OCTETS)
  }

  /** Position after the last bit. */
  get end(): number {
    return this.#base + 8 * this.#filled
  }

  /** Octets in memory for the stream, for whoever looks after bounds. */
  get capacity(): number {
    return this.#octets.length - this.#viewOctets
  }

  /** Copies octets in, after the last. */
  push(octets: Uint8Array): void {
    if (this.#filled + octets.length > this.capacity) this.#makeRoom(octets.length)
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

  /** A copy of the octets from `bit` on, turned if `inverted`. Borrowed, and may be altered, until the next call. */
  view(bit: number, inverted: boolean): Uint8Array {
    const from = (bit - this.#base) >> 3
    const shift = (bit - this.#base) & 7
    // Within one array nothing has to be made for it, and this is done for every frame.
    if (shift === 0 && !inverted)
      this.#octets.copyWithin(this.capacity, from, from + this.#viewOctets)
    else this.#turn(from, shift, inverted ? -1 : 0)
    return this.#view
  }

  /** Fills the place of view(): bits to the left, and what is laid on. */
  #turn(from: number, shift: number, mask: number): void {
    const fields = this.#fields
    const count = this.#viewOctets
    const to = this.capacity
    let at = 0
    for (; at <= count - 4; at += 4) {
      // With no shift the fifth octet goes wholly out of sight: 8 bits to the right.
      const word =
        (fields.getInt32(from + at) << shift) |
        ((this.#octets[from + at + 4] as number) >>> (8 - shift))
      fields.setInt32(to + at, word ^ mask)
    }
    for (; at < count; at++) {
      const pair =
        ((this.#octets[from + at] as number) << 8) | (this.#octets[from + at + 1] as number)
      fields.setUint8(to + at, (pair >>> (8 - shift)) ^ mask)
    }
  }

  #makeRoom(count: number): void {
    const kept = this.#filled - this.#released
    if (kept + count > this.capacity) {
      const larger = new Uint8Array(2 * (kept + count) + this.#viewOctets)
      larger.set(this.#octets.subarray(this.#released, this.#filled))
      this.#octets = larger
      this.#fields = new DataView(larger.buffer)
      this.#view = larger.subarray(this.capacity)
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

const LEAST_OCTETS = 4096
