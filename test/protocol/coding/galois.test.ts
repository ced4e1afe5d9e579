import t from 'tap'
import { FROM_DUAL, inverse, TO_DUAL, times } from '../../../protocol/coding/galois.ts'

t.test('times() is multiplication of polynomials modulo x^8 + x^7 + x^2 + x + 1', async t => {
  let wrong = 0
  for (let one = 0; one < 256; one++)
    for (let other = 0; other < 256; other++) if (times(one, other) !== product(one, other)) wrong++
  t.equal(wrong, 0)
})

t.test('inverse() is one over the element, and zero for zero', async t => {
  for (let element = 1; element < 256; element++) t.equal(times(element, inverse(element)), 1)
  t.equal(inverse(0), 0)
})

t.test('TO_DUAL and FROM_DUAL are linear and undo each other', async t => {
  for (let one = 0; one < 256; one++) {
    t.equal(FROM_DUAL[TO_DUAL[one] as number], one)
    const other = (37 * one) & 0xff
    t.equal(TO_DUAL[one ^ other], (TO_DUAL[one] as number) ^ (TO_DUAL[other] as number))
  }
})

t.test('TO_DUAL has the columns that the book prints', async t => {
  // The conversion matrix of 131.0-B, annex F: what the powers alpha^7 ... alpha^0 become.
  const columns = Array.from({ length: 8 }, (_, i) => TO_DUAL[0x80 >>> i])
  t.strictSame(columns, [0x8d, 0xef, 0xec, 0x86, 0xfa, 0x99, 0xaf, 0x7b])
})

/** The long way, one bit after the other. */
function product(one: number, other: number): number {
  let sum = 0
  for (let bit = 7; bit >= 0; bit--) {
    sum <<= 1
    if (sum & 0x100) sum ^= 0x187
    if ((other >>> bit) & 1) sum ^= one
  }
  return sum
}
