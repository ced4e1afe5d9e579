/** Writes fields into octets, big-endian, into one buffer that grows and is used again. */
import type { Unsigned } from './reader.ts'

export class OctetWriter {
  #octets: Uint8Array
  #at = 0

  constructor(capacity = 256) {
    this.#octets = new Uint8Array(capacity)
  }

  /** How many octets have been written. */
  get length(): number {
    return this.#at
  }

  octet(value: number): void {
    const at = this.#reserve(1)
    this.#octets[at] = value
  }

  /** An integer in `width` octets, 1 to 8. @throws RangeError if it does not fit: a fault of ours. */
  uint(value: Unsigned, width: number): void {
    if (typeof value === 'bigint' || width > 6) return this.#wide(BigInt(value), width)
    if (!(value >= 0 && value < (END[width] as number)))
      throw new RangeError(`Cannot write ${value} in ${width} octets`)
    const start = this.#reserve(width)
    let at = start + width - 1
    let rest = value
    for (; at >= start + 4; at--, rest = Math.floor(rest / 256)) this.#octets[at] = rest % 256
    // Shifts are faster, and know 32 bits.
    for (; at >= start; at--, rest >>>= 8) this.#octets[at] = rest
  }

  octets(octets: Uint8Array): void {
    const at = this.#reserve(octets.length)
    this.#octets.set(octets, at)
  }

  /** Writes over two octets already written: for lengths and checksums known only at the end. */
  patch16(at: number, value: number): void {
    this.#octets[at] = value >>> 8
    this.#octets[at + 1] = value & 0xff
  }

  /** What has been written, borrowed: good until the next write or clear. */
  written(): Uint8Array {
    return this.#octets.subarray(0, this.#at)
  }

  clear(): void {
    this.#at = 0
  }

  #wide(value: bigint, width: number): void {
    if (value < 0n || value >> BigInt(8 * width) !== 0n)
      throw new RangeError(`Cannot write ${value} in ${width} octets`)
    const start = this.#reserve(width)
    let rest = value
    for (let at = start + width - 1; at >= start; at--) {
      this.#octets[at] = Number(rest & 0xffn)
      rest >>= 8n
    }
  }

  #reserve(count: number): number {
    const at = this.#at
    const end = at + count
    if (end > this.#octets.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#octets.length))
      grown.set(this.#octets)
      this.#octets = grown
    }
    this.#at = end
    return at
  }
}

/** By width: one past the largest value. */
const END = [1, 2 ** 8, 2 ** 16, 2 ** 24, 2 ** 32, 2 ** 40, 2 ** 48]
