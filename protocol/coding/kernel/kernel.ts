/**
 * The kernel of the coding of TM frames: encodes and corrects a codeblock that the host has written to its memory, and
 * randomizes and checks it. CCSDS 131.0-B-6, 5 and 10; 132.0-B-3, 4.1.6. AssemblyScript; `make kernel` compiles it into ../kernel-octets.ts.
 *
 * An instance is for one number of parity octets and one basis, for which prepare() makes tables, and serves every
 * interleave and virtual fill. It imports nothing and allocates nothing.
 */
import { crcOf, prepareCheck } from './check.ts'
import { divide, prepareDivision } from './divide.ts'
import { prepareField } from './field.ts'
import { evaluate, firstPlace, locate, prepareLocate } from './locate.ts'
import {
  CODEBLOCK,
  CORRECTED,
  CORRECTIONS,
  PARITY,
  REGISTERS,
  SEQUENCE_OCTETS,
  SEQUENCES,
} from './memory.ts'

/**
 * Where the codeblock begins, where decode() leaves how many symbols it corrected of each codeword, and where the
 * sequences are that randomize() lays on.
 */
export const codeblockAt: u32 = <u32>CODEBLOCK
export const correctedAt: u32 = <u32>CORRECTED
export const sequencesAt: u32 = <u32>SEQUENCES
export const sequenceOctets: u32 = <u32>SEQUENCE_OCTETS

let parity: u32 = 0

/** To be called once, before anything else. */
export function prepare(parityOctets: u32, dual: u32): void {
  parity = parityOctets
  prepareField(dual)
  prepareDivision(parity)
  prepareLocate(parity)
  prepareCheck()
}

/** Randomizes so many octets of the codeblock, or takes that off. */
export function randomize(sequence: u32, octets: u32): void {
  const mask = SEQUENCES + <usize>sequence * SEQUENCE_OCTETS
  for (let at: usize = 0; at < octets; at += 16)
    v128.store(CODEBLOCK + at, v128.xor(v128.load(CODEBLOCK + at), v128.load(mask + at)))
}

/** The CRC-16 of so many octets that the codeblock begins with, two at least. */
export function check(octets: u32): u32 {
  return crcOf(CODEBLOCK, octets)
}

/** Writes the parity behind `information` octets per codeword. */
export function encode(interleave: u32, information: u32): void {
  writeParity(divideAll(interleave, information), interleave)
}

/**
 * Corrects the codeblock, in which each codeword has `information` octets. Answers how many symbols; -1: a codeword is
 * beyond correction, and the codeblock is as it was.
 */
export function decode(interleave: u32, information: u32): i32 {
  const received = divideAll(interleave, information)
  writeParity(PARITY, interleave)
  if (!differs(received, parity * interleave)) {
    store<u64>(CORRECTED, 0)
    return 0
  }
  let end = CORRECTIONS
  let failed = false
  for (let codeword: u32 = 0; codeword < interleave; codeword++) {
    const count = correct(codeword, interleave, information, end)
    store<u8>(CORRECTED + codeword, count)
    if (count < 0) failed = true
    else end += 4 * count
  }
  if (failed) return -1
  for (let at = CORRECTIONS; at < end; at += 4) {
    const wrong: usize = load<u16>(at)
    store<u8>(wrong, load<u8>(wrong) ^ load<u8>(at, 2))
  }
  return <i32>(end - CORRECTIONS) / 4
}

/** Notes the corrections of a codeword at `to` and answers how many; -1: it is beyond correction. */
function correct(codeword: u32, interleave: u32, information: u32, to: usize): i32 {
  const register = REGISTERS + 32 * codeword
  let received = CODEBLOCK + information * interleave + codeword
  for (let i: usize = 0; i < parity; i++, received += interleave)
    store<u8>(register + i, load<u8>(register + i) ^ load<u8>(received))
  if (!v128.any_true(v128.or(v128.load(register), v128.load(register, 16)))) return 0
  const count = locate(register, parity)
  if (count < 0) return -1
  const fill: u32 = 255 - parity - information
  // Ascending: if any is in the virtual fill, the first is.
  if (firstPlace() < fill) return -1
  evaluate(count, CODEBLOCK + codeword - fill * interleave, interleave, to)
  return count
}

/** Leaves the remainders in the registers; answers where the information ends. */
function divideAll(interleave: u32, information: u32): usize {
  const end = CODEBLOCK + information * interleave
  // The first step is as long as the others: zeros before the information change nothing.
  divide(CODEBLOCK - (-information & 3) * interleave, end, interleave)
  return end
}

/** Interleaves what is in the registers. */
function writeParity(to: usize, interleave: u32): void {
  const end = REGISTERS + 32 * interleave
  for (let i: usize = 0; i < parity; i++)
    for (let register = REGISTERS; register < end; register += 32)
      store<u8>(to++, load<u8>(register + i))
}

/** Whether parity as received differs from PARITY. Every code has a multiple of 16 octets. */
function differs(received: usize, octets: u32): bool {
  let any = i64x2.splat(0)
  for (let i: usize = 0; i < octets; i += 16)
    any = v128.or(any, v128.xor(v128.load(received + i), v128.load(PARITY + i)))
  return v128.any_true(any)
}
