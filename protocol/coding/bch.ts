/**
 * The BCH(63,56) code of the telecommand link, in the mode that corrects single errors (SEC).
 * CCSDS 231.0-B-4, 3.
 *
 *      56 bits               7 bits               1 bit
 *     +---------------------+--------------------+------------+
 *     | information         | parity, inverted   | filler, 0  |
 *     +---------------------+--------------------+------------+
 *
 * g(x) = x^7 + x^6 + x^2 + 1 = (x + 1)(x^6 + x + 1): the factor x + 1 tells odd from even, so two errors are
 * never taken for one. The filler bit rounds the codeword up to octets and is no part of the code: a
 * received one is not looked at and stays as it is.
 */

/** The last octet of the block whose seven information octets are at `at`: parity, inverted, and filler. */
export function bchParity(octets: Uint8Array, at: number): number {
  let remainder = 0
  for (let i = at; i < at + 7; i++)
    remainder = REMAINDER[remainder ^ (octets[i] as number)] as number
  return remainder ^ 0xfe
}

/**
 * Decodes the eight octets at `at`. 0: clean; 1: one error, of information or parity, was corrected in
 * place; -1: more errors than one, the block is untouched. The tail sequence of a CLTU answers -1.
 */
export function bchDecode(octets: Uint8Array, at: number): 0 | 1 | -1 {
  const syndrome = (bchParity(octets, at) ^ (octets[at + 7] as number)) >>> 1
  if (syndrome === 0) return 0
  const bit = ERROR_BIT[syndrome] as number
  if (bit < 0) return -1
  const wrong = at + (bit >>> 3)
  octets[wrong] = (octets[wrong] as number) ^ (0x80 >>> (bit & 7))
  return 1
}

// g(x) without x^7, one bit to the left: remainders are kept in the upper seven bits of an octet.
const POLYNOMIAL = 0b1000_1010

const REMAINDER = Uint8Array.from({ length: 256 }, (_, octet) => {
  let remainder = octet
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 0x80 ? (remainder << 1) ^ POLYNOMIAL : remainder << 1
  return remainder
})

/** Which bit, counted from the first of the block, leaves this syndrome when it is wrong alone; or -1. */
const ERROR_BIT = errorBits()

function errorBits(): Int8Array {
  const bits = new Int8Array(128).fill(-1)
  let syndrome = 0b0000_0010
  for (let bit = 62; bit >= 0; bit--) {
    bits[syndrome >>> 1] = bit
    syndrome = (syndrome & 0x80 ? (syndrome << 1) ^ POLYNOMIAL : syndrome << 1) & 0xfe
  }
  return bits
}
