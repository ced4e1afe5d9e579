/**
 * Reads fields from octets, big-endian, each bound checked once and here.
 * Octets are borrowed: `octets()` answers a view; copy it to keep it.
 */

/**
 * An unsigned integer of up to 64 bits, always in one form: a number if it is at most 2^53 - 1, else a
 * bigint. So `===` and Map keys compare by value, and the usual small values cost no allocation.
 */
export type Unsigned = number | bigint

/** What was read is not legal. `at` is the octet, counted from the start of the item, where it shows. */
export class DecodeFault extends Error {
  override readonly name = 'DecodeFault'
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

export class OctetReader {
  readonly #octets: Uint8Array
  readonly #end: number
  #at: number

  /** Reads `octets` from `start` up to `end`; `at` counts from the first octet of `octets`. */
  constructor(octets: Uint8Array, start = 0, end = octets.length) {
    this.#octets = octets
    this.#at = start
    this.#end = end
  }

  /** Index of the next octet. */
  get at(): number {
    return this.#at
  }

  get remaining(): number {
    return this.#end - this.#at
  }

  /** One octet. @throws DecodeFault */
  octet(): number {
    const at = this.#take(1)
    return this.#octets[at] as number
  }

  /** An integer of 1 to 6 octets. @throws DecodeFault */
  uint(width: number): number {
    let at = this.#take(width)
    let value = 0
    for (const end = at + width; at < end; at++) value = value * 256 + (this.#octets[at] as number)
    return value
  }

  /** An integer of 1 to 8 octets. @throws DecodeFault */
  unsigned(width: number): Unsigned {
    if (width <= 6) return this.uint(width)
    const high = this.uint(width - 4)
    return unsigned((BigInt(high) << 32n) | BigInt(this.uint(4)))
  }

  /** The next `count` octets, borrowed. @throws DecodeFault */
  octets(count: number): Uint8Array {
    const at = this.#take(count)
    return this.#octets.subarray(at, at + count)
  }

  /** Everything that is left, borrowed. */
  rest(): Uint8Array {
    return this.octets(this.remaining)
  }

  #take(count: number): number {
    const at = this.#at
    if (count > this.#end - at)
      throw new DecodeFault(`Cannot read ${count} octets: ${this.#end - at} are left`, at)
    this.#at = at + count
    return at
  }
}

/** Brings a bigint into the one form of `Unsigned`. */
export function unsigned(value: bigint): Unsigned {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}
