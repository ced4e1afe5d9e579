/**
 * The remainders of all codewords by the generator polynomial, as ../remainder.ts takes them one by one.
 * CCSDS 131.0-B-6, 5.3.4.
 *
 * A register is two vectors; a step shifts four octets out of it and adds four entries of the tables. The steps of the
 * interleaved codewords alternate: while one waits for its octets to come back out of the register, the others work.
 *
 * A code with 16 parity octets has the same registers, of which the second half is zero all the time.
 */
import { times } from './field.ts'
import { DIVISION, ELEMENTS, EXP, OCTETS, REGISTERS } from './memory.ts'
import { fromFourth } from './shift.ts'

/** Takes the octets from `from` to `end`, a multiple of four for each codeword, into registers that were cleared. */
export function divide(from: usize, end: usize, interleave: usize): void {
  const registersEnd = REGISTERS + 32 * interleave
  for (let register = REGISTERS; register < registersEnd; register += 32) {
    v128.store(register, i64x2.splat(0))
    v128.store(register, i64x2.splat(0), 16)
  }
  for (; from < end; from += 3 * interleave)
    for (let register = REGISTERS; register < registersEnd; register += 32) {
      step(register, from, interleave)
      from++
    }
}

function step(register: usize, at: usize, stride: usize): void {
  const second = at + stride
  const third = second + stride
  const a = DIVISION + ((<usize>(load<u8>(register) ^ load<u8>(at))) << 5)
  const b = DIVISION + ((<usize>(load<u8>(register, 1) ^ load<u8>(second))) << 5)
  const c = DIVISION + ((<usize>(load<u8>(register, 2) ^ load<u8>(third))) << 5)
  const d = DIVISION + ((<usize>(load<u8>(register, 3) ^ load<u8>(third + stride))) << 5)
  const front = v128.load(register)
  const back = v128.load(register, 16)
  const zero = i64x2.splat(0)
  v128.store(
    register,
    v128.xor(
      v128.xor(v128.load(a), v128.load(b, 0x2000)),
      v128.xor(v128.xor(v128.load(c, 0x4000), v128.load(d, 0x6000)), fromFourth(front, back)),
    ),
  )
  v128.store(
    register,
    v128.xor(
      v128.xor(v128.load(a, 16), v128.load(b, 0x2010)),
      v128.xor(v128.xor(v128.load(c, 0x4010), v128.load(d, 0x6010)), fromFourth(back, zero)),
    ),
    16,
  )
}

/** Makes the tables of a code. The field must have been prepared. */
export function prepareDivision(parity: u32): void {
  const last = DIVISION + 3 * 0x2000
  const generator = REGISTERS
  fillGenerator(generator, parity)
  for (let octet: usize = 0; octet < 256; octet++) {
    const element = load<u8>(ELEMENTS + octet)
    for (let i: usize = 0; i < parity; i++)
      store<u8>(last + 32 * octet + i, load<u8>(OCTETS + times(element, load<u8>(generator + i))))
  }
  // With one octet more behind it: what it left is moved by one octet, and what falls out is divided again.
  for (let entry: isize = last - 32; entry >= <isize>DIVISION; entry -= 32) {
    const behind = entry + 0x2000
    const again = last + 32 * <usize>load<u8>(behind)
    for (let i: usize = 0; i < parity; i++) {
      const next: u32 = i + 1 < parity ? load<u8>(behind + i + 1) : 0
      store<u8>(entry + i, next ^ load<u8>(again + i))
    }
  }
}

/** The coefficients of g(x) below the first, which is one, from the highest. */
function fillGenerator(at: usize, parity: u32): void {
  for (let degree: u32 = 0; degree < parity; degree++) {
    const root = load<u8>(EXP + ((11 * (128 - parity / 2 + degree)) % 255))
    store<u8>(at + degree, 0)
    for (let i: usize = degree + 1; i > 1; i--) {
      const above = load<u8>(at + i - 2)
      store<u8>(at + i - 1, load<u8>(at + i - 1) ^ times(above, root))
    }
    store<u8>(at, load<u8>(at) ^ root)
  }
}
