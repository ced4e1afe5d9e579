/**
 * Frames to randomized codeblocks and back. CCSDS 131.0-B-6, 5 and 10; 132.0-B-3, 4.1.6.
 *
 *     |<------------- frame ------------->|<-- 32 * I -->|
 *     +----------------------------+------+--------------+
 *     |                            | FECF | check symbols|   and over it all the pseudo-random sequence
 *     +----------------------------+------+--------------+
 *
 * All of it in one call, because the kernel does it in one memory; where that does not run, or there is no
 * Reed-Solomon, the plain functions do it.
 */
import { crc16 } from './crc16.ts'
import { type Kernel, kernelOf, kernelRuns } from './kernel-instance.ts'
import { randomize, randomizeLong } from './randomizer.ts'
import { type ReedSolomonCode, requireCode, requireWhole } from './reed-solomon.ts'
import { reedSolomonCodec } from './reed-solomon-kernel.ts'

export interface CodeblockFormat {
  readonly frameOctets: number
  /** Undefined: the codeblock is the frame. */
  readonly reedSolomon: ReedSolomonCode | undefined
  readonly randomizer: 'short' | 'long' | undefined
  /** The frame ends with a CRC-16 of what is before. */
  readonly fecf: boolean
}

export interface CodeblockCodec {
  /** Writes the codeblock of a frame, of which all but the FECF is there, to `into` from `at` on. */
  encode(frame: Uint8Array, into: Uint8Array, at: number): void
  /**
   * Brings the frame back to the beginning of its codeblock, corrected. Answers how many symbols that took, or what is
   * wrong: then the octets mean nothing.
   */
  decode(codeblock: Uint8Array): number
}

/** Answers of decode(). */
export const BEYOND_CORRECTION = -1
export const FECF_WRONG = -2

export function codeblockCodec(format: CodeblockFormat, hasSimd = kernelRuns()): CodeblockCodec {
  const { reedSolomon } = format
  return reedSolomon !== undefined && hasSimd
    ? kernelCodeblocks(format, requireCode(reedSolomon))
    : plainCodeblocks(format, hasSimd)
}

function plainCodeblocks(format: CodeblockFormat, hasSimd: boolean): CodeblockCodec {
  const { fecf, frameOctets } = format
  const code =
    format.reedSolomon === undefined ? undefined : reedSolomonCodec(format.reedSolomon, hasSimd)
  const randomizer = RANDOMIZERS[format.randomizer ?? 'none']
  return {
    encode(frame, into, at) {
      const codeblock = into.subarray(at, at + (code?.codeblockOctets ?? frameOctets))
      codeblock.set(frame)
      if (fecf) writeFecf(codeblock, frameOctets, crc16(codeblock, 0, frameOctets - 2))
      code?.encode(codeblock)
      randomizer(codeblock)
    },
    decode(codeblock) {
      randomizer(codeblock)
      const corrected = code?.decode(codeblock) ?? 0
      if (corrected < 0) return BEYOND_CORRECTION
      // A frame with its own CRC behind it always leaves the remainder 0.
      return fecf && crc16(codeblock, 0, frameOctets) !== 0 ? FECF_WRONG : corrected
    },
  }
}

function kernelCodeblocks(
  { fecf, frameOctets, randomizer }: CodeblockFormat,
  { basis, interleave, parity, fill }: Required<ReedSolomonCode>,
): CodeblockCodec {
  const information = 255 - parity - fill
  const octets = (information + parity) * interleave
  const kernel = kernelOf(parity, basis === 'dual')
  const memory = new Uint8Array(kernel.memory.buffer, kernel.codeblockAt.value, octets)
  const sequence = randomizer === undefined ? undefined : SEQUENCES.indexOf(randomizer)
  if (sequence !== undefined) writeSequence(kernel, sequence)
  return {
    encode(frame, into, at) {
      memory.set(frame)
      if (fecf) writeFecf(memory, frameOctets, kernel.check(frameOctets - 2))
      kernel.encode(interleave, information)
      if (sequence !== undefined) kernel.randomize(sequence, octets)
      into.set(memory, at)
    },
    decode(codeblock) {
      requireWhole(codeblock, octets)
      memory.set(codeblock)
      if (sequence !== undefined) kernel.randomize(sequence, octets)
      const corrected = kernel.decode(interleave, information)
      if (corrected < 0) return BEYOND_CORRECTION
      if (fecf && kernel.check(frameOctets) !== 0) return FECF_WRONG
      codeblock.set(memory)
      return corrected
    },
  }
}

function writeFecf(frame: Uint8Array, frameOctets: number, check: number): void {
  frame[frameOctets - 2] = check >>> 8
  frame[frameOctets - 1] = check
}

/** A sequence is what it makes of zeros. */
function writeSequence(kernel: Kernel, index: number): void {
  const { value: octets } = kernel.sequenceOctets
  const at = kernel.sequencesAt.value + index * octets
  const mask = new Uint8Array(kernel.memory.buffer, at, octets).fill(0)
  RANDOMIZERS[SEQUENCES[index] as (typeof SEQUENCES)[number]](mask)
}

const SEQUENCES = ['short', 'long'] as const
const RANDOMIZERS = { none: () => {}, short: randomize, long: randomizeLong } as const
