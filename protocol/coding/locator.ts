/**
 * The error locator: the polynomial whose roots tell which symbols of a codeword are wrong.
 *
 *   L(z) = product of (1 - X z),  one X = alpha^(11 p) for each wrong symbol, p the power it stands at
 *
 * Found by the algorithm of Berlekamp and Massey, which begins with what is known: the factors of the erased
 * symbols.
 */
import { EXP, inverse, LOG, times } from './galois.ts'

export class ErrorLocator {
  /** L(z), from the coefficient of z^0, which is 1. Good until the next find(). */
  coefficients = new Uint8Array(DEGREE_MAX + 1)
  // The locator before the last change of length, and room for the next.
  #before = new Uint8Array(DEGREE_MAX + 1)
  #spare = new Uint8Array(DEGREE_MAX + 1)

  /**
   * The shortest locator with the factors of `erased`, powers of alpha, that explains all syndromes. Answers
   * its length: how many symbols are erased or wrong, if that many roots are found.
   */
  find(syndromes: Uint8Array, erased: readonly number[]): number {
    this.#begin(erased)
    let length = erased.length
    let lengthBefore = length
    let distance = 1
    let discrepancyBefore = 1
    for (let n = erased.length; n < syndromes.length; n++, distance++) {
      const discrepancy = this.#discrepancy(syndromes, n, length)
      if (discrepancy === 0) continue
      const scale = times(discrepancy, inverse(discrepancyBefore))
      const grows = 2 * length <= n + erased.length
      if (grows) this.#spare.set(this.coefficients)
      this.#subtract(scale, distance, lengthBefore)
      if (!grows) continue
      const spare = this.#before
      this.#before = this.#spare
      this.#spare = spare
      lengthBefore = length
      length = n + 1 + erased.length - length
      discrepancyBefore = discrepancy
      distance = 0
    }
    return length
  }

  #begin(erased: readonly number[]): void {
    this.coefficients.fill(0)
    this.coefficients[0] = 1
    for (let degree = 0; degree < erased.length; degree++) {
      const place = EXP[erased[degree] as number] as number
      for (let i = degree + 1; i > 0; i--)
        this.#add(i, times(place, this.coefficients[i - 1] as number))
    }
    this.#before.set(this.coefficients)
  }

  /** By how much the locator misses the n-th syndrome. */
  #discrepancy(syndromes: Uint8Array, n: number, length: number): number {
    const { coefficients } = this
    let sum = syndromes[n] as number
    for (let i = Math.min(n, length); i > 0; i--)
      sum ^= EXP[
        (LOG[coefficients[i] as number] as number) + (LOG[syndromes[n - i] as number] as number)
      ] as number
    return sum
  }

  /** L(z) - scale * z^distance * before(z). */
  #subtract(scale: number, distance: number, lengthBefore: number): void {
    const scaleLog = LOG[scale] as number
    for (let i = 0; i <= lengthBefore; i++)
      this.#add(i + distance, EXP[(LOG[this.#before[i] as number] as number) + scaleLog] as number)
  }

  #add(i: number, term: number): void {
    this.coefficients[i] = (this.coefficients[i] as number) ^ term
  }
}

const DEGREE_MAX = 32
