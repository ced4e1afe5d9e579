/**
 * The field GF(2^8) of the Reed-Solomon code, and the two ways to write its elements into octets.
 * CCSDS 131.0-B-6, 5.3.2 (field) and annex F (bases).
 *
 *   conventional   the coefficients of powers of alpha; alpha^8 + alpha^7 + alpha^2 + alpha + 1 = 0
 *   dual           bit i, from the most significant, of z is Tr(z * alpha^(117 i)); Tr(z) = z + z^2 + ... + z^128
 *
 * Elements are computed with in the conventional basis. Both ways are linear: the sum is XOR in both.
 */

/** Alpha to the power of the index, up to twice the period; from 2 * 255 on zero, the power that LOG answers for zero. */
export const EXP = new Uint8Array(4 * 255 + 1)

/** The power of alpha that the element is; for zero, which is none, 2 * 255, so that EXP[LOG[a] + LOG[b]] is the product always. */
export const LOG = new Uint16Array(256)

/** The element in the dual basis, by its octet in the conventional one; and back. */
export const TO_DUAL = new Uint8Array(256)
export const FROM_DUAL = new Uint8Array(256)

export function times(one: number, other: number): number {
  return EXP[(LOG[one] as number) + (LOG[other] as number)] as number
}

/** One over the element; zero for zero. */
export function inverse(element: number): number {
  return element === 0 ? 0 : (EXP[255 - (LOG[element] as number)] as number)
}

const POLYNOMIAL = 0x187

function fillPowers(): void {
  let element = 1
  for (let power = 0; power < 255; power++) {
    EXP[power] = element
    EXP[power + 255] = element
    LOG[element] = power
    element <<= 1
    if (element & 0x100) element ^= POLYNOMIAL
  }
  LOG[0] = 2 * 255
}

function fillBases(): void {
  for (let power = 1; power < 256; power <<= 1) {
    let dual = 0
    for (let i = 0; i < 8; i++)
      dual = (dual << 1) | trace(times(power, EXP[(117 * i) % 255] as number))
    for (let lower = 0; lower < power; lower++) {
      const sum = dual ^ (TO_DUAL[lower] as number)
      TO_DUAL[power | lower] = sum
      FROM_DUAL[sum] = power | lower
    }
  }
}

function trace(element: number): number {
  let sum = 0
  for (let i = 0, conjugate = element; i < 8; i++, conjugate = times(conjugate, conjugate))
    sum ^= conjugate
  return sum
}

fillPowers()
fillBases()
