/**
 * The syndromes of a codeword: S(j) = e(alpha^(11 (first + j))), j = 0 ... 2E - 1, all zero where nothing is wrong.
 *
 * What is wrong with a codeword and what is wrong with the remainder of its division by g(x) have the same
 * values at the roots of g(x). So the syndromes are taken from 2E octets and not from 255: each half of each
 * octet adds a row of 2E syndromes, made before.
 */
import { EXP, FROM_DUAL, times } from './galois.ts'

/** The rows: parity octet, then half of it (low, high), then its value; each parity / 4 words. */
export function syndromeRows(parity: 32 | 16, dual: boolean): Int32Array {
  const words = parity / 4
  const rows = new Int32Array(parity * 2 * 16 * words)
  for (let row = 0; row < rows.length / words; row++) {
    const octet = row & 0x10 ? (row & 15) << 4 : row & 15
    const symbol = dual ? (FROM_DUAL[octet] as number) : octet
    const power = parity - 1 - (row >>> 5)
    for (let j = 0; j < parity; j++) {
      const at = row * words + (j >>> 2)
      const root = 11 * (128 - parity / 2 + j)
      const part = times(symbol, EXP[(root * power) % 255] as number)
      rows[at] = ((rows[at] as number) << 8) | part
    }
  }
  return rows
}

/** Takes the syndromes of a remainder, as it comes from remainder.ts, in the conventional basis. */
export function takeSyndromes(
  rows: Int32Array,
  remainder: Int32Array,
  syndromes: Uint8Array,
): void {
  const words = syndromes.length / 4
  // Four words, sixteen syndromes, at a time: their sums stay out of memory.
  for (let word = 0; word < words; word += 4) {
    let sum0 = 0
    let sum1 = 0
    let sum2 = 0
    let sum3 = 0
    for (let k = 0; k < syndromes.length; k++) {
      const octet = ((remainder[k >>> 2] as number) >>> (24 - 8 * (k & 3))) & 0xff
      const low = ((k << 5) | (octet & 15)) * words + word
      const high = ((k << 5) | 16 | (octet >>> 4)) * words + word
      sum0 ^= (rows[low] as number) ^ (rows[high] as number)
      sum1 ^= (rows[low + 1] as number) ^ (rows[high + 1] as number)
      sum2 ^= (rows[low + 2] as number) ^ (rows[high + 2] as number)
      sum3 ^= (rows[low + 3] as number) ^ (rows[high + 3] as number)
    }
    unpack(sum0, syndromes, 4 * word)
    unpack(sum1, syndromes, 4 * word + 4)
    unpack(sum2, syndromes, 4 * word + 8)
    unpack(sum3, syndromes, 4 * word + 12)
  }
}

function unpack(word: number, octets: Uint8Array, at: number): void {
  octets[at] = word >>> 24
  octets[at + 1] = word >>> 16
  octets[at + 2] = word >>> 8
  octets[at + 3] = word
}
