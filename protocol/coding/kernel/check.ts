/**
 * CRC-16 over 32 octets a step, as ../crc16.ts takes it octet by octet: x^16 + x^12 + x^5 + 1 from all ones.
 *
 *     octets    0  1  2 ... 31 | 32 33 34 ... 63 | ...
 *     lane      0  1  2 ... 31    0  1  2 ... 31
 *
 * Each lane is a remainder of its own over every 32nd octet. A step multiplies all of them by x^256, a nibble at a
 * time from tables of sixteen, and adds one octet to each; the lanes are put together at the end.
 */
import { CRC_LANES, CRC_NIBBLES, CRC_OCTETS } from './memory.ts'

const POLYNOMIAL: u32 = 0x11021

/** The CRC of `octets` octets at `from`; the 31 octets before them must be zeros, and are read. */
export function crcOf(from: usize, octets: usize): u32 {
  const end = from + octets
  // From all ones: the same as the first sixteen bits turned.
  store<u16>(from, load<u16>(from) ^ 0xffff)
  const crc = remainder(from - (-octets & 31), end)
  store<u16>(from, load<u16>(from) ^ 0xffff)
  return crc
}

/** Of a multiple of 32 octets, times x^16. */
function remainder(from: usize, end: usize): u32 {
  const zero = i64x2.splat(0)
  const nibbles = i8x16.splat(15)
  let high = zero
  let low = zero
  let highBehind = zero
  let lowBehind = zero
  for (; from < end; from += 32) {
    const a = v128.and(low, nibbles)
    const b = v128.and(i16x8.shr_u(low, 4), nibbles)
    const c = v128.and(high, nibbles)
    const d = v128.and(i16x8.shr_u(high, 4), nibbles)
    const aBehind = v128.and(lowBehind, nibbles)
    const bBehind = v128.and(i16x8.shr_u(lowBehind, 4), nibbles)
    const cBehind = v128.and(highBehind, nibbles)
    const dBehind = v128.and(i16x8.shr_u(highBehind, 4), nibbles)
    high = timesStep(a, b, c, d, 16)
    low = v128.xor(timesStep(a, b, c, d, 0), v128.load(from))
    highBehind = timesStep(aBehind, bBehind, cBehind, dBehind, 16)
    lowBehind = v128.xor(timesStep(aBehind, bBehind, cBehind, dBehind, 0), v128.load(from, 16))
  }
  v128.store(CRC_LANES, low)
  v128.store(CRC_LANES, lowBehind, 16)
  v128.store(CRC_LANES, high, 32)
  v128.store(CRC_LANES, highBehind, 48)
  let crc: u32 = 0
  for (let lane: usize = 0; lane < 32; lane++)
    crc = byOctet(crc) ^ load<u8>(CRC_LANES + lane) ^ ((<u32>load<u8>(CRC_LANES + lane, 32)) << 8)
  return byOctet(byOctet(crc))
}

/** One octet of x^256 times sixteen remainders, whose nibbles are given from the lowest to the highest. */
function timesStep(a: v128, b: v128, c: v128, d: v128, octet: usize): v128 {
  const table = CRC_NIBBLES + octet
  return v128.xor(
    v128.xor(i8x16.swizzle(v128.load(table), a), i8x16.swizzle(v128.load(table, 32), b)),
    v128.xor(i8x16.swizzle(v128.load(table, 64), c), i8x16.swizzle(v128.load(table, 96), d)),
  )
}

/** Times x^8. */
function byOctet(crc: u32): u32 {
  return ((crc & 0xff) << 8) ^ load<u16>(CRC_OCTETS + ((crc >> 8) << 1))
}

export function prepareCheck(): void {
  for (let octet: u32 = 0; octet < 256; octet++) {
    let crc = octet << 8
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1
      if (crc & 0x10000) crc ^= POLYNOMIAL
    }
    store<u16>(CRC_OCTETS + 2 * octet, crc)
  }
  for (let place: usize = 0; place < 4; place++)
    for (let nibble: u32 = 0; nibble < 16; nibble++) {
      let crc = nibble << (4 * <u32>place)
      for (let octet = 0; octet < 32; octet++) crc = byOctet(crc)
      store<u8>(CRC_NIBBLES + 32 * place + nibble, crc)
      store<u8>(CRC_NIBBLES + 32 * place + 16 + nibble, crc >> 8)
    }
}
