/**
 * What is wrong with a codeword: from the remainder to the places of wrong symbols and what was added there.
 *
 * Syndromes, locator (Berlekamp and Massey), places (Chien), values (Forney). Whatever these find is accepted for one
 * reason only: it explains every syndrome, so that the corrected word is a codeword.
 */
import { EXP, inverse, LOG, TO_DUAL, times } from './galois.ts'
import { ErrorLocator } from './locator.ts'
import { prepareSearch, searchPlaces } from './search.ts'
import { syndromeRows, takeSyndromes } from './syndromes.ts'

export class ErrorFinder {
  /** Where the errors are, ascending, from 0 for the first of the 255 symbols. Good until the next find(). */
  readonly places = new Uint8Array(32)
  /** What was added to each of these symbols, in the basis of the code; zero at an erased symbol that was right. */
  readonly values = new Uint8Array(32)

  readonly #dual: boolean
  readonly #firstRoot: number
  readonly #rows: Int32Array
  readonly #locator = new ErrorLocator()
  readonly #syndromes: Uint8Array
  readonly #evaluator: Uint8Array
  readonly #unexplained: Uint8Array

  constructor(parity: 32 | 16, dual: boolean) {
    this.#dual = dual
    this.#firstRoot = 128 - parity / 2
    this.#rows = syndromeRows(parity, dual)
    this.#syndromes = new Uint8Array(parity)
    this.#evaluator = new Uint8Array(parity)
    this.#unexplained = new Uint8Array(parity)
    prepareSearch(parity)
  }

  /**
   * Finds what left this remainder, which is not zero. `erased` are places, each once, at most as many as parity
   * octets. Answers how many places and values there are, or -1: more is wrong than the code can tell.
   */
  find(remainder: Int32Array, erased: readonly number[]): number {
    const syndromes = this.#syndromes
    takeSyndromes(this.#rows, remainder, syndromes)
    // Without erasures, the usual case, nothing is allocated.
    const factors = erased.length === 0 ? erased : erased.map(placeLog)
    const length = this.#locator.find(syndromes, factors)
    if (2 * length - erased.length > syndromes.length) return -1
    const count = searchPlaces(this.#locator.coefficients, length, this.places)
    this.#evaluate(length)
    this.#unexplained.set(syndromes)
    for (let i = 0; i < count; i++) {
      const value = this.#value(this.places[i] as number, length)
      this.#explain(this.places[i] as number, value)
      this.values[i] = this.#dual ? (TO_DUAL[value] as number) : value
    }
    return this.#unexplained.every(isZero) ? count : -1
  }

  /** The evaluator: the product of syndromes and locator, up to z^(length - 1). */
  #evaluate(length: number): void {
    const { coefficients } = this.#locator
    for (let k = 0; k < length; k++) {
      let sum = 0
      for (let i = 0; i <= k; i++)
        sum ^= times(this.#syndromes[k - i] as number, coefficients[i] as number)
      this.#evaluator[k] = sum
    }
  }

  /** What was added at the place, where X is its factor: X^(1 - first) * evaluator(1/X) / L'(1/X). */
  #value(place: number, length: number): number {
    const { coefficients } = this.#locator
    const zLog = 255 - placeLog(place)
    let numerator = 0
    for (let k = length - 1; k >= 0; k--)
      numerator =
        (EXP[(LOG[numerator] as number) + zLog] as number) ^ (this.#evaluator[k] as number)
    // The derivative has the odd coefficients only: twice anything is zero.
    const zzLog = (2 * zLog) % 255
    let slope = 0
    for (let k = length - 1 + (length & 1); k > 0; k -= 2)
      slope = (EXP[(LOG[slope] as number) + zzLog] as number) ^ (coefficients[k] as number)
    const scale = EXP[(zLog * (this.#firstRoot - 1)) % 255] as number
    return times(times(numerator, inverse(slope)), scale)
  }

  /** Takes what this error adds to each syndrome off what is not explained. */
  #explain(place: number, value: number): void {
    const unexplained = this.#unexplained
    const step = placeLog(place)
    let power = (this.#firstRoot * step) % 255
    for (let j = 0; j < unexplained.length; j++) {
      unexplained[j] = (unexplained[j] as number) ^ (EXP[(LOG[value] as number) + power] as number)
      power += step
      if (power >= 255) power -= 255
    }
  }
}

function isZero(syndrome: number): boolean {
  return syndrome === 0
}

/** The power of alpha that is the factor of this place in the locator: 11 times the power it stands at. */
function placeLog(place: number): number {
  return (11 * (254 - place)) % 255
}
