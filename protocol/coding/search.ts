/**
 * The search of Chien: which of the 255 symbols of a codeword are roots of the locator, all at once.
 *
 * The value of the locator at all places is a row of octets, four to a word, and the sum of rows: one row for
 * each half of each coefficient, made before.
 */
import { EXP, times } from './galois.ts'

/** Makes the rows for locators up to this degree, once. */
export function prepareSearch(degree: number): void {
  for (; degreeMade < degree; degreeMade++)
    for (let value = 1; value < 32; value++)
      fillRow(degreeMade * 32 + value, value & 16 ? (value & 15) << 4 : value, degreeMade + 1)
}

/** Writes the places of the roots, ascending, from 0 for the first symbol of the codeword; answers how many. */
export function searchPlaces(locator: Uint8Array, degree: number, places: Uint8Array): number {
  VALUES.fill(0x01010101)
  for (let k = 0; k < degree; k++) {
    const coefficient = locator[k + 1] as number
    // Masked, so that the compiler sees that no index leaves the rows.
    const low = ((k & 31) * 32 + (coefficient & 15)) * ROW_WORDS
    const high = ((k & 31) * 32 + 16 + ((coefficient >>> 4) & 15)) * ROW_WORDS
    for (let i = 0; i < ROW_WORDS; i++)
      VALUES[i] = (VALUES[i] as number) ^ (ROWS[low + i] as number) ^ (ROWS[high + i] as number)
  }
  let count = 0
  for (let i = 0; i < ROW_WORDS; i++) {
    const values = VALUES[i] as number
    // Few words have a zero octet; this finds all of them.
    if (((values - 0x01010101) & ~values & 0x80808080) === 0) continue
    for (let octet = 0; octet < 4; octet++)
      if (((values >>> (24 - 8 * octet)) & 0xff) === 0) places[count++] = 4 * i + octet
  }
  return count
}

/** The term coefficient * z^k at the 255 places; octet 255 is no place and stays zero. */
function fillRow(row: number, coefficient: number, k: number): void {
  for (let place = 0; place < 255; place++) {
    const term = times(coefficient, EXP[(11 * (place + 1) * k) % 255] as number)
    const at = row * ROW_WORDS + (place >>> 2)
    ROWS[at] = (ROWS[at] as number) | (term << (24 - 8 * (place & 3)))
  }
}

const ROW_WORDS = 64
const DEGREE_MAX = 32

// By power of z, half (low, high) and value of the half.
const ROWS = new Int32Array(DEGREE_MAX * 2 * 16 * ROW_WORDS)
const VALUES = new Int32Array(ROW_WORDS)
let degreeMade = 0
