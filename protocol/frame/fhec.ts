/**
 * Frame header error control of AOS frames: what tells where a frame belongs is kept by a code of its own.
 * CCSDS 732.0-B-5, 4.1.2.7.
 *
 *       16 bits              8           16
 *     +--------------------+-----------+---------------+
 *     | version, scid, vc  | signaling | check symbols |      the count between them is not protected
 *     +--------------------+-----------+---------------+
 *
 * Reed-Solomon (10,6) with symbols of 4 bits over x^4 + x + 1; the roots of its generator are the powers 6 to 9 of
 * its primitive element: x^4 + a^3 x^3 + a x^2 + a^3 x + 1. It corrects two symbols.
 */

/** The 16 check bits of 24 bits: version, spacecraft and channel above the signaling field. */
export function fhecOf(header: number): number {
  let check = 0
  for (let shift = 20; shift >= 0; shift -= 4) {
    const symbol = ((header >>> shift) ^ (check >>> 12)) & 15
    check = ((check << 4) & 0xffff) ^ (TIMES_GENERATOR[symbol] as number)
  }
  return check
}

/** The 24 bits with at most two wrong symbols, here or in `fhec`, put right; undefined: more are wrong. */
export function correctHeader(header: number, fhec: number): number | undefined {
  const syndrome = fhecOf(header) ^ fhec
  if (syndrome === 0) return header
  const only = SYNDROMES.get(syndrome)
  if (only !== undefined) return header ^ only
  for (const [one, error] of SYNDROMES) {
    // The distance of the code is 5: no other pair has this syndrome.
    const other = SYNDROMES.get(syndrome ^ one)
    if (other !== undefined) return header ^ error ^ other
  }
  return undefined
}

/** The coefficients of the generator below x^4, times each symbol. */
const TIMES_GENERATOR = Uint16Array.from({ length: 16 }, (_, symbol) =>
  [8, 2, 8, 1].reduce((word, coefficient) => (word << 4) | product(coefficient, symbol), 0),
)

/** Every single wrong symbol: the syndrome it makes, and what it does to the 24 bits (in the check symbols: nothing). */
const SYNDROMES = singleErrors()

function singleErrors(): ReadonlyMap<number, number> {
  const errors = new Map<number, number>()
  for (let symbol = 1; symbol < 16; symbol++) {
    for (let shift = 0; shift < 24; shift += 4) errors.set(fhecOf(symbol << shift), symbol << shift)
    for (let shift = 0; shift < 16; shift += 4) errors.set(symbol << shift, 0)
  }
  return errors
}

function product(a: number, b: number): number {
  let sum = 0
  for (let bit = 3; bit >= 0; bit--) {
    sum <<= 1
    if (sum & 16) sum ^= 0b10011
    if ((b >>> bit) & 1) sum ^= a
  }
  return sum
}
