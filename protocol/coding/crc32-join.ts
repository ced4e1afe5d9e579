/**
 * The CRC-32 and CRC-32C of two pieces from those of each, so that the pieces of a file can be summed in any order.
 *
 * Octets that follow multiply what came before by x^8 each, modulo the polynomial: so the checksum of `first` moves
 * by that of as many octets as `second` has, and the two add up. Ones before and after cancel out. Polynomials are
 * written as the checksums are, x^0 in bit 31.
 */

/** The CRC-32 of both, where `secondOctets` is the length of the second. */
export function joinCrc32(first: number, second: number, secondOctets: number): number {
  return join(first, second, power(secondOctets, IEEE), IEEE)
}

/** The CRC-32C of both, where `secondOctets` is the length of the second. */
export function joinCrc32c(first: number, second: number, secondOctets: number): number {
  return join(first, second, power(secondOctets, CASTAGNOLI), CASTAGNOLI)
}

function join(first: number, second: number, shift: number, polynomial: number): number {
  return (times(first, shift, polynomial) ^ second) >>> 0
}

/** x to the power of 8 for each octet. */
function power(octets: number, polynomial: number): number {
  let product = X_0
  let square = X_8
  for (let rest = octets; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) product = times(product, square, polynomial)
    square = times(square, square, polynomial)
  }
  return product
}

function times(one: number, other: number, polynomial: number): number {
  let product = 0
  let shifted = other
  for (let bit = 31; bit >= 0; bit--) {
    if ((one >>> bit) & 1) product ^= shifted
    shifted = (shifted >>> 1) ^ (shifted & 1 ? polynomial : 0)
  }
  return product
}

const X_0 = 0x8000_0000
const X_8 = 0x0080_0000
const IEEE = 0xedb8_8320
const CASTAGNOLI = 0x82f6_3b78
