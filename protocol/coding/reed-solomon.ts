/**
 * The Reed-Solomon codes of the telemetry link, RS(255,223) and RS(255,239), interleaved and shortened.
 * CCSDS 131.0-B-6, 5.
 *
 *     +----------------------------------------------+---------------------------+
 *     | frame: 1 2 ... I 1 2 ... I        ...        | parity: 1 2 ... I 1 2 ... |
 *     +----------------------------------------------+---------------------------+
 *
 * Codeword i has every I-th octet, beginning with octet i. Shortened, each codeword begins with `fill` zeros that are
 * not transmitted; an error found there shows that what was found is wrong.
 *
 * Every constant word is a codeword: that the code agrees does not make a frame. Check the frame too.
 */
import { ErrorFinder } from './errors.ts'
import { divide16, divide32, fourOctets, prepareRemainder, type Stretch } from './remainder.ts'

export interface ReedSolomonCode {
  readonly basis: 'dual' | 'conventional'
  /** Parity octets per codeword: 32 corrects 16 errors, 16 corrects 8. */
  readonly parity: 32 | 16
  readonly interleave: 1 | 2 | 3 | 4 | 5 | 8
  /** Virtual fill: zeros at the beginning of each codeword that are not transmitted. */
  readonly fill?: number
}

export interface ReedSolomonCodec {
  readonly frameOctets: number
  readonly codeblockOctets: number
  /** Symbols corrected in each codeword by the last decode(), -1 where that failed. */
  readonly correctedPerCodeword: Int8Array

  /** Writes the parity behind the frame, which fills the first `frameOctets` of the codeblock. */
  encode(codeblock: Uint8Array): void

  /**
   * Corrects the codeblock in place. `erasures` are indices of octets in it that are known to be doubtful: each costs
   * half of an error. Answers how many symbols were corrected in all codewords; or -1: at least one codeword is beyond
   * correction, and the codeblock is as it was.
   */
  decode(codeblock: Uint8Array, erasures?: readonly number[]): number
}

/** The plain codec, which runs everywhere. */
export class ReedSolomon implements ReedSolomonCodec {
  readonly frameOctets: number
  readonly codeblockOctets: number
  readonly correctedPerCodeword: Int8Array

  readonly #code: Required<ReedSolomonCode>
  readonly #stretch: Stretch
  readonly #remainder: Int32Array
  // Made when the first codeword is found wrong: an encoder needs none.
  #finder: ErrorFinder | undefined
  readonly #wrongAt: Int32Array
  readonly #wrongBy: Uint8Array

  /** @throws RangeError if the code is none of the standard */
  constructor(code: ReedSolomonCode) {
    this.#code = requireCode(code)
    const { basis, parity, interleave, fill } = this.#code
    const information = 255 - parity - fill
    this.frameOctets = information * interleave
    this.codeblockOctets = this.frameOctets + parity * interleave
    this.correctedPerCodeword = new Int8Array(interleave)
    const dual = basis === 'dual'
    prepareRemainder(parity, dual)
    this.#stretch = {
      parity,
      dual,
      stride: interleave,
      end: this.frameOctets,
      lead: information % 4,
    }
    this.#remainder = new Int32Array(parity / 4)
    this.#wrongAt = new Int32Array(parity * interleave)
    this.#wrongBy = new Uint8Array(parity * interleave)
  }

  encode(codeblock: Uint8Array): void {
    requireWhole(codeblock, this.codeblockOctets)
    const { interleave } = this.#code
    const remainder = this.#remainder
    for (let codeword = 0; codeword < interleave; codeword++) {
      this.#divide(codeblock, codeword)
      let at = this.frameOctets + codeword
      for (let i = 0; i < remainder.length; i++) {
        const word = remainder[i] as number
        codeblock[at] = word >>> 24
        codeblock[at + interleave] = word >>> 16
        codeblock[at + 2 * interleave] = word >>> 8
        codeblock[at + 3 * interleave] = word
        at += 4 * interleave
      }
    }
  }

  decode(codeblock: Uint8Array, erasures: readonly number[] = NONE): number {
    requireWhole(codeblock, this.codeblockOctets)
    let wrong = 0
    let failed = false
    for (let codeword = 0; codeword < this.#code.interleave; codeword++) {
      const corrected = this.#isClean(codeblock, codeword)
        ? 0
        : this.#find(codeword, erasures, wrong)
      this.correctedPerCodeword[codeword] = corrected
      if (corrected < 0) failed = true
      else wrong += corrected
    }
    if (failed) return -1
    for (let i = 0; i < wrong; i++) {
      const at = this.#wrongAt[i] as number
      codeblock[at] = (codeblock[at] as number) ^ (this.#wrongBy[i] as number)
    }
    return wrong
  }

  /** Leaves in #remainder what is left when the codeword, as received, is divided: nothing if it is clean. */
  #isClean(codeblock: Uint8Array, codeword: number): boolean {
    this.#divide(codeblock, codeword)
    const { interleave } = this.#code
    const remainder = this.#remainder
    let any = 0
    let at = this.frameOctets + codeword
    for (let i = 0; i < remainder.length; i++, at += 4 * interleave) {
      const word = (remainder[i] as number) ^ fourOctets(codeblock, at, interleave)
      remainder[i] = word
      any |= word
    }
    return any === 0
  }

  #divide(codeblock: Uint8Array, codeword: number): void {
    if (this.#code.parity === 32) divide32(codeblock, codeword, this.#stretch, this.#remainder)
    else divide16(codeblock, codeword, this.#stretch, this.#remainder)
  }

  /** Notes the errors of a codeword from `wrong` on, and answers how many; -1: beyond correction. */
  #find(codeword: number, erasures: readonly number[], wrong: number): number {
    const { parity, basis, interleave, fill } = this.#code
    const erased = erasures.length === 0 ? NONE : this.#erasedPlaces(codeword, erasures)
    if (erased.length > parity) return -1
    this.#finder ??= new ErrorFinder(parity, basis === 'dual')
    const { places, values } = this.#finder
    const found = this.#finder.find(this.#remainder, erased)
    let count = 0
    for (let i = 0; i < found; i++) {
      const place = places[i] as number
      if (place < fill) return -1
      if (values[i] === 0) continue
      this.#wrongAt[wrong + count] = (place - fill) * interleave + codeword
      this.#wrongBy[wrong + count] = values[i] as number
      count++
    }
    return found < 0 ? -1 : count
  }

  /** Which of the 255 symbols of the codeword are erased, each once. */
  #erasedPlaces(codeword: number, erasures: readonly number[]): readonly number[] {
    const { interleave, fill } = this.#code
    const places = new Set<number>()
    for (const at of erasures) {
      if (!Number.isInteger(at) || at < 0 || at >= this.codeblockOctets)
        throw new RangeError(`Cannot erase octet ${at}: the codeblock has ${this.codeblockOctets}`)
      if (at % interleave === codeword) places.add(fill + Math.floor(at / interleave))
    }
    return [...places]
  }
}

/** The code, with nothing left out. @throws RangeError if it is none of the standard */
export function requireCode(code: ReedSolomonCode): Required<ReedSolomonCode> {
  const { basis, parity, interleave, fill = 0 } = code
  if (!PARITIES.includes(parity) || !INTERLEAVES.includes(interleave))
    throw new RangeError(
      `Cannot code ${parity} parity octets, interleave ${interleave}: no such code`,
    )
  if (!Number.isInteger(fill) || fill < 0 || fill > 254 - parity)
    throw new RangeError(
      `Cannot fill ${fill} octets of a codeword: 0 to ${254 - parity} are possible`,
    )
  return { basis, parity, interleave, fill }
}

/** @throws RangeError if the codeblock has another length */
export function requireWhole(codeblock: Uint8Array, codeblockOctets: number): void {
  if (codeblock.length !== codeblockOctets)
    throw new RangeError(
      `Cannot code ${codeblock.length} octets: a codeblock has ${codeblockOctets}`,
    )
}

const PARITIES: readonly number[] = [32, 16]
const INTERLEAVES: readonly number[] = [1, 2, 3, 4, 5, 8]
const NONE: readonly number[] = []
