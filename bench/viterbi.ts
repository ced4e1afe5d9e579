/**
 * The Viterbi decoder at rate 1/2 against libfec's viterbi27 in the same run: `npx tsx bench/viterbi.ts [--json]`.
 *
 * Rounds alternate, and the median of each counts; only their ratio means something. Both get the same symbols, those
 * of frames of 1,280 octets at 6 dB, and both must decide the same octets; both are measured in CPU time. libfec
 * decodes frame by frame and knows where each begins and ends; ours takes the frames as one stream, finds the phase,
 * counts what it corrects, and copies into its memory and out.
 */
import { spawnSync } from 'node:child_process'
import { RATES, type Rate, standardBranches } from '../protocol/coding/convolutional.ts'
import { ConvolutionalDecoder } from '../protocol/coding/convolutional-decoder.ts'
import { Random } from '../test/kit/random.ts'
import { noisySymbols } from '../test/kit/symbols.ts'
import { cpuMicroseconds } from './kit/cpu.ts'
import { type Figure, median, report } from './kit/figures.ts'
import { againstLibfec, buildLibfec } from './kit/libfec.ts'

const ROUNDS = 7
const ROUND_MS = 100
const FRAMES = 40
const FRAME_OCTETS = 1_280
const TARGET = 5

const frames = makeFrames()
const libfec = buildLibfec('viterbi')
report([...against(), ...RATES.slice(1).map(alone)])

function against(): readonly Figure[] {
  const symbols = symbolsAt('1/2')
  const byKernel: number[] = []
  const byPlain: number[] = []
  const their: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    byKernel.push(ours('1/2', symbols, true))
    byPlain.push(ours('1/2', symbols, false))
    if (libfec !== undefined) their.push(theirs(libfec, symbols))
  }
  const unit = 'Mbit/s'
  return [
    againstLibfec('Viterbi, rate 1/2', { our: byKernel, their, unit, least: TARGET }),
    againstLibfec('Viterbi without the kernel, rate 1/2', { our: byPlain, their, unit }),
  ]
}

function alone(rate: Rate): Figure {
  const symbols = symbolsAt(rate)
  const rates = Array.from({ length: ROUNDS }, () => ours(rate, symbols, true))
  return { what: `Viterbi, rate ${rate}`, value: median(rates), unit: 'Mbit/s' }
}

/** One round of ours, in bits per microsecond of CPU. */
function ours(rate: Rate, symbols: Int8Array, hasSimd: boolean): number {
  const codes = [{ rate, branches: standardBranches(rate) }]
  const begun = cpuMicroseconds()
  let done = 0
  let spent = 0
  do {
    const decoded = new Uint8Array(frames.length)
    const decoder = new ConvolutionalDecoder(codes, hasSimd)
    let at = 0
    const keep = (octets: Uint8Array) => {
      decoded.set(octets.subarray(0, decoded.length - at), at)
      at += octets.length
    }
    decoder.take(symbols, keep)
    decoder.end(keep)
    if (done === 0 && digestOf(decoded) !== digestOf(frames))
      throw new Error(`Cannot measure at rate ${rate}: the octets are wrong`)
    done += 8 * frames.length
    spent = cpuMicroseconds() - begun
  } while (spent < ROUND_MS * 1000)
  return done / spent
}

/** One round of theirs, in the same unit. */
function theirs(program: string, symbols: Int8Array): number {
  const round = spawnSync(program, [`${FRAMES}`, `${FRAME_OCTETS}`, `${ROUND_MS}`], {
    input: Uint8Array.from(symbols, symbol => symbol + 128),
  })
  const [rate, digest] = String(round.stdout).split(' ').map(Number)
  if (round.status !== 0 || rate === undefined || digest !== digestOf(frames))
    throw new Error(`Cannot compare with libfec: exit ${round.status}, octets ${digest}`)
  return rate
}

/** Random octets, and zeros that end each frame. */
function makeFrames(): Uint8Array {
  const octets = new Random(1).octets(FRAMES * FRAME_OCTETS)
  for (let at = FRAME_OCTETS - 1; at < octets.length; at += FRAME_OCTETS) octets[at] = 0
  return octets
}

/** So strong that nothing stays wrong. */
function symbolsAt(rate: Rate): Int8Array {
  const ebN0Db = { '1/2': 6, '2/3': 6.5, '3/4': 7, '5/6': 7.5, '7/8': 8 }[rate]
  return noisySymbols({ octets: frames, rate, ebN0Db, random: new Random(2) })
}

/** Of the octets of all frames, but the last of each. */
function digestOf(octets: Uint8Array): number {
  let digest = 2166136261
  for (const [i, octet] of octets.entries())
    if (i % FRAME_OCTETS !== FRAME_OCTETS - 1) digest = Math.imul(digest ^ octet, 16777619)
  return digest >>> 0
}
