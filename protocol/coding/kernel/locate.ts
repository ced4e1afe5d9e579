/**
 * What is wrong with a codeword, from the remainder in its register: as ../errors.ts, with vectors for loops.
 *
 *   syndromes   32 rows, each times one octet of the remainder
 *   locator     the algorithm of Berlekamp and Massey as Sarwate and Shanbhag wrote it (High-Speed Architectures for
 *               Reed-Solomon Decoders, 2001): it carries the product of syndromes and locator along, so that the
 *               discrepancy is always the first element and nothing is summed up
 *   places      the search of Chien, 32 places at a time
 *   values      the formula of Forney, all errors at a time
 *
 * A locator of length L with L places has one solution for the values, and it explains all syndromes. So nothing has
 * to be checked behind.
 */
import { inverse, times, timesEach } from './field.ts'
import {
  ELEMENTS,
  EVALUATED,
  EVALUATOR,
  EXP,
  GATHERED,
  LOG,
  OCTETS,
  PLACES,
  POWERS,
  PRODUCTS,
  SCALES,
  SLOPES,
  SYNDROMES,
} from './memory.ts'
import { fromFifteenth, fromFirst } from './shift.ts'

/** Of the codeword being looked at, beside what is in memory. */
let syndromesFront: v128 = i64x2.splat(0)
let syndromesBack: v128 = i64x2.splat(0)
let locator: v128 = i64x2.splat(0)

/**
 * Finds what left the remainder in the register, which is not zero. Answers how many places are in PLACES; -1: more is
 * wrong than the code can tell. evaluate() makes the values.
 */
export function locate(register: usize, parity: i32): i32 {
  takeSyndromes(register, parity)
  const length = findLocator(parity)
  if (length < 0) return -1
  return searchPlaces(length) === length ? length : -1
}

function takeSyndromes(register: usize, parity: usize): void {
  let front = i64x2.splat(0)
  let back = i64x2.splat(0)
  for (let i: usize = 0; i < parity; i++) {
    const products = PRODUCTS + 32 * <usize>load<u8>(ELEMENTS + load<u8>(register + i))
    const low = v128.load(products)
    const high = v128.load(products, 16)
    const row = SYNDROMES + 32 * i
    front = v128.xor(front, timesEach(v128.load(row), low, high))
    back = v128.xor(back, timesEach(v128.load(row, 16), low, high))
  }
  syndromesFront = front
  syndromesBack = back
}

/**
 * Leaves the coefficients of z^1 to z^16 in `locator`; that of z^0 is one. Answers its length, or -1: it is longer
 * than half of the parity. The upper half of its product with the syndromes goes to EVALUATOR.
 */
function findLocator(parity: i32): i32 {
  const zero = i64x2.splat(0)
  // The product, divided by z^n: the n-th discrepancy comes first.
  let front = syndromesFront
  let back = syndromesBack
  // Product, locator times z^(steps since) and discrepancy before the last change of length.
  let frontBefore = front
  let backBefore = back
  let before = i8x16.replace_lane(zero, 0, 1)
  let discrepancyBefore: u32 = 1
  let found = zero
  // n - 2 * length
  let slack = 0
  for (let n = 0; n < parity; n++) {
    const discrepancy: u32 = i8x16.extract_lane_u(front, 0)
    const frontShifted = fromFirst(front, back)
    const backShifted = fromFirst(back, zero)
    front = frontShifted
    back = backShifted
    let shiftedIn = zero
    let source = before
    if (discrepancy === 0) slack++
    else {
      const scale = load<u8>(
        EXP + 255 + load<u16>(LOG + 2 * discrepancy) - load<u16>(LOG + 2 * discrepancyBefore),
      )
      const low = v128.load(PRODUCTS + 32 * <usize>scale)
      const high = v128.load(PRODUCTS + 32 * <usize>scale, 16)
      front = v128.xor(front, timesEach(frontBefore, low, high))
      back = v128.xor(back, timesEach(backBefore, low, high))
      const longer = v128.xor(found, timesEach(before, low, high))
      if (slack >= 0) {
        frontBefore = frontShifted
        backBefore = backShifted
        discrepancyBefore = discrepancy
        shiftedIn = i8x16.splat(1)
        source = found
        slack = -slack
        slack--
      } else slack++
      found = longer
    }
    before = fromFifteenth(shiftedIn, source)
  }
  locator = found
  v128.store(EVALUATOR, front)
  return slack < 0 ? -1 : (parity - slack) / 2
}

/** Writes the roots of the locator to PLACES, ascending, and its odd half to SLOPES; answers how many roots. */
function searchPlaces(length: usize): i32 {
  v128.store(GATHERED, locator)
  const ones = i8x16.splat(1)
  const zero = i64x2.splat(0)
  let count = 0
  for (let place: usize = 0; place < 256; place += 32) {
    let even0 = ones
    let even1 = ones
    let odd0 = zero
    let odd1 = zero
    let powers = POWERS + 256 + place
    for (let k: usize = 0; k < length; k += 2) {
      let products = PRODUCTS + 32 * <usize>load<u8>(GATHERED + k)
      let low = v128.load(products)
      let high = v128.load(products, 16)
      odd0 = v128.xor(odd0, timesEach(v128.load(powers), low, high))
      odd1 = v128.xor(odd1, timesEach(v128.load(powers, 16), low, high))
      products = PRODUCTS + 32 * <usize>load<u8>(GATHERED + k, 1)
      low = v128.load(products)
      high = v128.load(products, 16)
      even0 = v128.xor(even0, timesEach(v128.load(powers, 256), low, high))
      even1 = v128.xor(even1, timesEach(v128.load(powers, 256 + 16), low, high))
      powers += 512
    }
    v128.store(SLOPES + place, odd0)
    v128.store(SLOPES + place, odd1, 16)
    let roots: u32 =
      i8x16.bitmask(i8x16.eq(even0, odd0)) | (i8x16.bitmask(i8x16.eq(even1, odd1)) << 16)
    for (; roots !== 0 && count < 16; roots &= roots - 1)
      store<u8>(PLACES + count++, place + ctz(roots))
  }
  return count
}

/**
 * Writes address and value of each error to `to`. `origin` is where the first of the 255 symbols of the codeword is,
 * or would be but for the virtual fill.
 */
export function evaluate(count: usize, origin: usize, stride: usize, to: usize): void {
  // Every z^k at the places, side by side.
  for (let i: usize = 0; i < count; i++) {
    let powers = POWERS + <usize>load<u8>(PLACES + i)
    for (let k: usize = 0; k < count; k++, powers += 256)
      store<u8>(GATHERED + 16 * k + i, load<u8>(powers))
  }
  let sum = i64x2.splat(0)
  for (let k: usize = 0; k < count; k++) {
    const products = PRODUCTS + 32 * <usize>load<u8>(EVALUATOR + k)
    const powers = v128.load(GATHERED + 16 * k)
    sum = v128.xor(sum, timesEach(powers, v128.load(products), v128.load(products, 16)))
  }
  v128.store(EVALUATED, sum)
  for (let i: usize = 0; i < count; i++, to += 4) {
    const place: usize = load<u8>(PLACES + i)
    const quotient = times(load<u8>(EVALUATED + i), inverse(load<u8>(SLOPES + place)))
    const value = times(quotient, load<u8>(SCALES + place))
    store<u16>(to, <u32>(origin + place * stride))
    store<u8>(to, load<u8>(OCTETS + value), 2)
  }
}

/** The first of the places. */
export function firstPlace(): u32 {
  return load<u8>(PLACES)
}

/** Makes the rows of a code. The field must have been prepared. */
export function prepareLocate(parity: u32): void {
  for (let place: u32 = 0; place < 255; place++) {
    for (let k: u32 = 0; k <= 16; k++)
      store<u8>(POWERS + 256 * k + place, load<u8>(EXP + ((11 * (place + 1) * k) % 255)))
    // The first root is 128 - E, and the upper half of the product stands 2 E higher than the evaluator.
    const scale = (11 * (place + 1) * (128 + parity / 2)) % 255
    store<u8>(SCALES + place, load<u8>(EXP + scale))
  }
  for (let i: u32 = 0; i < parity; i++)
    for (let j: u32 = 0; j < parity; j++) {
      const root = 11 * (128 - parity / 2 + j)
      store<u8>(SYNDROMES + 32 * i + j, load<u8>(EXP + ((root * (parity - 1 - i)) % 255)))
    }
}
