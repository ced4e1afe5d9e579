/**
 * The kernel of the Viterbi decoder: takes a block of symbols that the host has written to its memory, and decides the
 * bits that lie deep enough behind. CCSDS 131.0-B-6, 4. AssemblyScript; `make kernel` compiles it into
 * ../../viterbi-octets.ts.
 *
 *              oldest undecided                                    newest
 *     BITS      | decided by this block              | undecided, DEPTH |
 *     decisions | DEPTH of the block before | BLOCK_STEPS of this block |
 *
 * An instance is one decoder: between two calls its memory holds the metrics and what is undecided. It imports nothing
 * and allocates nothing.
 */
import {
  BITS,
  BLOCK_STEPS,
  DECISIONS,
  DEPTH_STEPS,
  FIRST,
  METRICS,
  OCTETS,
  SECOND,
  SYMBOLS,
} from './memory.ts'
import { price, scale, spread } from './symbols.ts'
import { contradicted, pack, trace } from './trace.ts'
import { advance, bestState } from './trellis.ts'

/** Where the host writes symbols, and where it reads the bits decided, packed. */
export const symbolsAt: u32 = <u32>SYMBOLS
export const octetsAt: u32 = <u32>OCTETS

/** Steps that are taken but not decided. */
let undecided: u32 = 0
let grown: u32 = 0
let corrected: u32 = 0

/** By how much the best metric grew in the last block. */
export function growth(): u32 {
  return grown
}

/** Symbols of the bits last decided that were received otherwise. */
export function corrections(): u32 {
  return corrected
}

/** Forgets everything: every state is as good as any. */
export function reset(): void {
  undecided = 0
  memory.fill(METRICS, 0, 64)
  memory.fill(BITS - 6, 0, 6)
}

/** Decides what a block of `count` symbols makes decidable; answers how many bits. See spread() for the rest. */
export function decode(count: u32, pattern: u32, swapped: u32, inverted: u32): u32 {
  scale(count)
  spread(undecided, pattern, swapped, inverted)
  price(undecided)
  grown = advance(undecided)
  undecided += BLOCK_STEPS
  return decide(undecided - DEPTH_STEPS)
}

/** Decides the rest, and forgets everything; answers how many bits. */
export function flush(): u32 {
  const count = decide(undecided)
  reset()
  return count
}

function decide(count: u32): u32 {
  trace(undecided, bestState())
  pack(count)
  corrected = contradicted(count)
  undecided -= count
  memory.copy(BITS - 6, BITS + count - 6, 6)
  memory.copy(FIRST, FIRST + count, undecided)
  memory.copy(SECOND, SECOND + count, undecided)
  memory.copy(DECISIONS, DECISIONS + 8 * count, 8 * undecided)
  return count
}
