/**
 * The field GF(2^8) and its two bases, as ../galois.ts has them, and products of sixteen elements at a time.
 * CCSDS 131.0-B-6, 5.3.2 and annex F.
 */
import { ELEMENTS, EXP, INVERSES, LOG, OCTETS, PRODUCTS } from './memory.ts'

export function times(one: u32, other: u32): u32 {
  return load<u8>(EXP + load<u16>(LOG + 2 * one) + load<u16>(LOG + 2 * other))
}

/** One over the element; zero for zero. */
export function inverse(element: u32): u32 {
  return load<u8>(INVERSES + element)
}

/** The products of a factor with sixteen elements: `low` and `high` are what PRODUCTS has of the factor. */
export function timesEach(elements: v128, low: v128, high: v128): v128 {
  const nibbles = i8x16.splat(15)
  return v128.xor(
    i8x16.swizzle(low, v128.and(elements, nibbles)),
    i8x16.swizzle(high, v128.and(i16x8.shr_u(elements, 4), nibbles)),
  )
}

/** @param dual 1: the octets of the code are in the dual basis; 0: in the conventional one */
export function prepareField(dual: u32): void {
  fillPowers()
  for (let factor: u32 = 0; factor < 256; factor++)
    for (let nibble: u32 = 0; nibble < 16; nibble++) {
      store<u8>(PRODUCTS + 32 * factor + nibble, times(factor, nibble))
      store<u8>(PRODUCTS + 32 * factor + 16 + nibble, times(factor, nibble << 4))
    }
  for (let element: u32 = 0; element < 256; element++) {
    const octet = dual ? dualOf(element) : element
    store<u8>(OCTETS + element, octet)
    store<u8>(ELEMENTS + octet, element)
  }
}

const POLYNOMIAL: u32 = 0x187

function fillPowers(): void {
  let element: u32 = 1
  for (let power: u32 = 0; power < 255; power++) {
    store<u8>(EXP + power, element)
    store<u8>(EXP + power + 255, element)
    store<u16>(LOG + 2 * element, power)
    element <<= 1
    if (element & 0x100) element ^= POLYNOMIAL
  }
  store<u16>(LOG, 2 * 255)
  for (let power: u32 = 0; power < 255; power++)
    store<u8>(INVERSES + load<u8>(EXP + power), load<u8>(EXP + 255 - power))
}

/** Bit i, from the most significant, is the trace of z * alpha^(117 i). */
function dualOf(element: u32): u32 {
  let octet: u32 = 0
  for (let i: u32 = 0; i < 8; i++) {
    let conjugate = times(element, load<u8>(EXP + ((117 * i) % 255)))
    let trace: u32 = 0
    for (let power = 0; power < 8; power++) {
      trace ^= conjugate
      conjugate = times(conjugate, conjugate)
    }
    octet = (octet << 1) | trace
  }
  return octet
}
