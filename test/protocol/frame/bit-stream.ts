/** A stream of bits put together by hand: what slips, inversions and offsets need. */
import type { Random } from '../../kit/random.ts'

export class BitStream {
  readonly #bits: number[] = []

  get length(): number {
    return this.#bits.length
  }

  add(octets: Uint8Array, inverted = false): this {
    for (const octet of octets)
      for (let bit = 7; bit >= 0; bit--) this.#bits.push(((octet >>> bit) & 1) ^ (inverted ? 1 : 0))
    return this
  }

  noise(random: Random, bits: number): this {
    for (let i = 0; i < bits; i++) this.#bits.push(random.word() >>> 31)
    return this
  }

  flip(bit: number): this {
    this.#bits[bit]! ^= 1
    return this
  }

  /** Takes `count` bits out at `bit`. */
  lose(bit: number, count = 1): this {
    this.#bits.splice(bit, count)
    return this
  }

  /** Puts one bit in before `bit`. */
  double(bit: number): this {
    this.#bits.splice(bit, 0, this.#bits[bit]!)
    return this
  }

  /** As octets; zeros make the last one whole. */
  octets(): Uint8Array {
    const octets = new Uint8Array(Math.ceil(this.#bits.length / 8))
    this.#bits.forEach((bit, i) => {
      octets[i >>> 3]! |= bit << (7 - (i & 7))
    })
    return octets
  }
}
