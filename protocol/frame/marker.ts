/**
 * The attached sync marker before every codeblock, 1ACFFC1D, and the search for it at any bit of a stream, of
 * either polarity. CCSDS 131.0-B-6, 9.
 *
 * Whichever bit of an octet the marker starts at, the three octets after that one lie wholly inside it:
 *
 *     octets  |  i     | i + 1  | i + 2  | i + 3  | i + 4  |
 *     marker       |- - - - - - - - - - - - - - - - - -|
 *
 * So one look into three tables gives the errors of 24 of its 32 bits for all eight starts at once, in eight
 * fields of four bits. Only where some field says "few enough" is the whole marker compared: once in 3,000
 * octets of noise.
 */
import { weight, wordAt } from './bits.ts'

/** Bits of `word` that differ from the marker; 32 of them: the marker inverted. */
export function markerErrors(word: number): number {
  return weight(word ^ MARKER)
}

/**
 * A search for the marker with at most `errorsMax` wrong bits, 0 to 2. It takes bits `from` to `to` for starts,
 * and 32 bits must follow the last of them. @throws RangeError
 */
export function markerSearch(errorsMax: number) {
  if (!(errorsMax >= 0 && errorsMax <= ERRORS_MAX))
    throw new RangeError(`Cannot acquire with ${errorsMax} wrong bits: noise would pass, at most 2`)
  return (octets: Uint8Array, from: number, to: number): number => {
    const last = (to - 1) >> 3
    let second = octets[(from >> 3) + 1] as number
    let third = octets[(from >> 3) + 2] as number
    for (let i = from >> 3; i <= last; i++) {
      const first = second
      second = third
      third = octets[i + 3] as number
      // `| 0` after each sum: the top field may reach the sign, and integers stay integers.
      let upright = ((TABLE[first] as number) + (TABLE[256 | second] as number)) | 0
      upright = (upright + (TABLE[512 | third] as number)) | 0
      let inverted = ((TABLE[768 | first] as number) + (TABLE[1024 | second] as number)) | 0
      inverted = (inverted + (TABLE[1280 | third] as number)) | 0
      if ((upright & inverted & MANY) === MANY) continue
      const end = Math.min(8 * i + 8, to)
      for (let bit = Math.max(8 * i, from); bit < end; bit++) {
        const errors = markerErrors(wordAt(octets, bit))
        if (errors <= errorsMax || errors >= 32 - errorsMax) return bit
      }
    }
    return -1
  }
}

const MARKER = 0x1acffc1d
const ERRORS_MAX = 2

/** The top bit of each field: set when the field, which starts at 5, has counted three errors. */
const MANY = 0x88888888 | 0

/**
 * TABLE[256 * k + octet], k from 0 to 2: in field s (bits 4s to 4s + 3) the errors of the octet as octet k of
 * those wholly inside a marker that starts at bit s; 3 stands for 3 and more, so that no field overflows.
 * From k = 3 on the same for the inverted marker.
 */
const TABLE = buildTable()

function buildTable(): Int32Array {
  const table = new Int32Array(6 * 256)
  for (let i = 0; i < table.length; i++) {
    const k = (i >>> 8) % 3
    const polarity = i < 768 ? 0 : 0xff
    let fields = 0
    for (let s = 0; s < 8; s++) {
      // Bits of the marker before this octet: 8 - s in the octet where it starts, then 8 each.
      const inside = (MARKER >>> (24 - (8 - s) - 8 * k)) & 0xff
      const errors = Math.min(3, weight((i & 0xff) ^ inside ^ polarity))
      fields |= (errors + (k === 0 ? 7 - ERRORS_MAX : 0)) << (4 * s)
    }
    table[i] = fields
  }
  return table
}
