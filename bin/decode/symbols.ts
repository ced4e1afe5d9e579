/** The octets of a recording as the symbols that they are: one soft symbol each, or several octets to a symbol. */
import type { SymbolForm } from './link-options.ts'

/** Symbols from -128, surely 0, to 127, surely 1. */
export interface SymbolReader {
  /** The symbols that are whole now, borrowed until the next call; what is begun waits for more. */
  read(octets: Uint8Array): Int8Array
  /** Those that waited for more; the recording has ended. */
  end(): Int8Array
}

export function symbolReader(form: SymbolForm): SymbolReader {
  return READERS[form]()
}

/** Soft symbols to the bits that they more likely are, eight to an octet. */
export class HardDecider {
  #octet = 0
  #held = 0

  /** The octets that are whole now: a new array. */
  decide(symbols: Int8Array): Uint8Array {
    const octets = new Uint8Array((this.#held + symbols.length) >>> 3)
    let count = 0
    for (const symbol of symbols) {
      this.#octet = ((this.#octet << 1) | (symbol > 0 ? 1 : 0)) & 0xff
      this.#held += 1
      if (this.#held < 8) continue
      octets[count++] = this.#octet
      this.#held = 0
    }
    return octets
  }
}

const READERS: Readonly<Record<SymbolForm, () => SymbolReader>> = {
  bytes: () => eachAtOnce(symbolsOfPacked),
  bits: () => eachAtOnce(symbolsOfDigits),
  soft: () => eachAtOnce(octets => new Int8Array(octets.buffer, octets.byteOffset, octets.length)),
  'soft-u8': () => eachAtOnce(symbolsOfUnsigned),
  float: () => new FloatReader(),
}

function eachAtOnce(read: (octets: Uint8Array) => Int8Array): SymbolReader {
  return { read, end: () => new Int8Array(0) }
}

function symbolsOfPacked(octets: Uint8Array): Int8Array {
  const symbols = new Int8Array(8 * octets.length)
  for (let i = 0; i < symbols.length; i++)
    symbols[i] = (((octets[i >>> 3] as number) >>> (7 - (i & 7))) & 1) === 1 ? SURE : -SURE
  return symbols
}

/** Bit 0 of each octet counts, so that 0 and 1 may be numbers or digits. White space is skipped. */
function symbolsOfDigits(octets: Uint8Array): Int8Array {
  const symbols = new Int8Array(octets.length)
  let count = 0
  for (const octet of octets)
    if (octet <= 1 || octet > SPACE) symbols[count++] = (octet & 1) === 1 ? SURE : -SURE
  return symbols.subarray(0, count)
}

function symbolsOfUnsigned(octets: Uint8Array): Int8Array {
  const symbols = new Int8Array(octets.length)
  for (let i = 0; i < symbols.length; i++) symbols[i] = (octets[i] as number) - 128
  return symbols
}

/**
 * Of 32 bits, the lowest octet first, on any scale: the mean magnitude of a block becomes 40, so that one three times
 * as strong is still told from others. What is no number is worth nothing.
 */
class FloatReader implements SymbolReader {
  readonly #block = new Uint8Array(4 * BLOCK_FLOATS)
  readonly #view = new DataView(this.#block.buffer)
  readonly #values = new Float64Array(BLOCK_FLOATS)
  #filled = 0

  read(octets: Uint8Array): Int8Array {
    const symbols = new Int8Array(Math.floor((this.#filled + octets.length) / 4))
    let count = 0
    for (let at = 0; at < octets.length; ) {
      const taken = Math.min(octets.length - at, this.#block.length - this.#filled)
      this.#block.set(octets.subarray(at, at + taken), this.#filled)
      this.#filled += taken
      at += taken
      if (this.#filled < this.#block.length) continue
      symbols.set(this.end(), count)
      count += BLOCK_FLOATS
    }
    return symbols.subarray(0, count)
  }

  end(): Int8Array {
    const count = this.#filled >>> 2
    const values = this.#values
    let sum = 0
    for (let i = 0; i < count; i++) {
      const value = this.#view.getFloat32(4 * i, true)
      values[i] = Number.isFinite(value) ? value : 0
      sum += Math.abs(values[i] as number)
    }
    const gain = sum > 0 ? (MEAN * count) / sum : 0
    const symbols = new Int8Array(count)
    for (let i = 0; i < count; i++)
      symbols[i] = Math.max(-128, Math.min(127, Math.round(gain * (values[i] as number))))
    this.#filled = 0
    return symbols
  }
}

const SURE = 127
const SPACE = 0x20
const MEAN = 40
const BLOCK_FLOATS = 4_096
