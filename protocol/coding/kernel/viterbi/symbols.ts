/**
 * Symbols as received to what the trellis needs: made as strong as it counts with, the ones that puncturing left out
 * put back as nothing, and the costs of each step.
 */
import { BLOCK_STEPS, COSTS, FIRST, SECOND, SYMBOLS } from './memory.ts'

/** Makes the mean magnitude of the symbols 6, and none greater than 12 or, unless it was, zero. */
export function scale(count: usize): void {
  // What the last block left behind the end is no symbol.
  v128.store(SYMBOLS + count, i64x2.splat(0))
  let sums = i64x2.splat(0)
  for (let i: usize = 0; i < count; i += 16) {
    const pairs = i16x8.extadd_pairwise_i8x16_u(i8x16.abs(v128.load(SYMBOLS + i)))
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(pairs))
  }
  const sum: u32 =
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  const gain = sum <= <u32>count ? GAIN_MAX : (<u32>count * GAIN_MAX) / sum
  const gains = i32x4.splat(<i32>gain)
  const half = i32x4.splat(0x8000)
  for (let i: usize = 0; i < count; i += 16) {
    const symbols = v128.load(SYMBOLS + i)
    const low = i16x8.extend_low_i8x16_s(symbols)
    const high = i16x8.extend_high_i8x16_s(symbols)
    const scaled = i8x16.narrow_i16x8_s(
      i16x8.narrow_i32x4_s(
        scaledFour(i32x4.extend_low_i16x8_s(low), gains, half),
        scaledFour(i32x4.extend_high_i16x8_s(low), gains, half),
      ),
      i16x8.narrow_i32x4_s(
        scaledFour(i32x4.extend_low_i16x8_s(high), gains, half),
        scaledFour(i32x4.extend_high_i16x8_s(high), gains, half),
      ),
    )
    const limited = i8x16.max_s(i8x16.min_s(scaled, i8x16.splat(12)), i8x16.splat(-12))
    const zero = i64x2.splat(0)
    const signs = i8x16.sub(i8x16.lt_s(symbols, zero), i8x16.gt_s(symbols, zero))
    v128.store(SYMBOLS + i, v128.or(limited, v128.and(i8x16.eq(limited, zero), signs)))
  }
}

function scaledFour(symbols: v128, gains: v128, half: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.mul(symbols, gains), half), 16)
}

/**
 * Writes the symbols to FIRST and SECOND from step `from` on.
 *
 * @param pattern two bits for each step of a period, the first step lowest: 1 the first branch was sent, 2 the second
 * @param swapped 1: the first branch is C2
 * @param inverted 1: C2 is inverted
 */
export function spread(from: usize, pattern: u32, swapped: u32, inverted: u32): void {
  const first = (swapped ? SECOND : FIRST) + from
  const second = (swapped ? FIRST : SECOND) + from
  if (pattern === 3) separate(first, second)
  else depuncture(first, second, pattern)
  if (!inverted) return
  for (let i: usize = 0; i < BLOCK_STEPS; i += 16)
    v128.store(SECOND + from + i, i8x16.neg(v128.load(SECOND + from + i)))
}

function separate(first: usize, second: usize): void {
  for (let i: usize = 0; i < BLOCK_STEPS; i += 16) {
    const one = v128.load(SYMBOLS + 2 * i)
    const other = v128.load(SYMBOLS + 2 * i, 16)
    // biome-ignore format: sixteen lanes are one vector
    v128.store(first + i, v128.shuffle<u8>(one, other, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30))
    // biome-ignore format: sixteen lanes are one vector
    v128.store(second + i, v128.shuffle<u8>(one, other, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31))
  }
}

function depuncture(first: usize, second: usize, pattern: u32): void {
  let symbol: usize = SYMBOLS
  let left = pattern
  for (let i: usize = 0; i < BLOCK_STEPS; i++) {
    const one: usize = left & 1
    const other: usize = (left >>> 1) & 1
    // One load too many reads what the mask takes away.
    store<u8>(first + i, load<u8>(symbol) & -(<u32>one))
    symbol += one
    store<u8>(second + i, load<u8>(symbol) & -(<u32>other))
    symbol += other
    left >>>= 2
    if (left === 0) left = pattern
  }
}

/** Expecting what was not received costs the magnitude of what was. */
export function price(from: usize): void {
  const zero = i64x2.splat(0)
  for (let i: usize = 0; i < BLOCK_STEPS; i += 16) {
    const first = v128.load(FIRST + from + i)
    const second = v128.load(SECOND + from + i)
    const first0 = i8x16.max_s(first, zero)
    const first1 = i8x16.max_s(i8x16.neg(first), zero)
    const second0 = i8x16.max_s(second, zero)
    const second1 = i8x16.max_s(i8x16.neg(second), zero)
    const cost00 = i8x16.add(first0, second0)
    const cost01 = i8x16.add(first0, second1)
    const cost10 = i8x16.add(first1, second0)
    const cost11 = i8x16.add(first1, second1)
    const at = COSTS + 4 * i
    const low0 = lower8(cost00, cost01)
    const low1 = lower8(cost10, cost11)
    v128.store(at, lower16(low0, low1))
    v128.store(at, upper16(low0, low1), 16)
    const high0 = upper8(cost00, cost01)
    const high1 = upper8(cost10, cost11)
    v128.store(at, lower16(high0, high1), 32)
    v128.store(at, upper16(high0, high1), 48)
  }
}

/** The lower lanes of both, in turn. */
export function lower8(one: v128, other: v128): v128 {
  // biome-ignore format: sixteen lanes are one vector
  return v128.shuffle<u8>(one, other, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
}

export function upper8(one: v128, other: v128): v128 {
  // biome-ignore format: sixteen lanes are one vector
  return v128.shuffle<u8>(one, other, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
}

function lower16(one: v128, other: v128): v128 {
  return v128.shuffle<u16>(one, other, 0, 8, 1, 9, 2, 10, 3, 11)
}

function upper16(one: v128, other: v128): v128 {
  return v128.shuffle<u16>(one, other, 4, 12, 5, 13, 6, 14, 7, 15)
}

/** 6, in 65536ths. */
const GAIN_MAX: u32 = 6 << 16
