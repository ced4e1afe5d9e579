/** How many frames a channel of random bit errors loses: by trying, by seed, and by computing. */
import { BEYOND_CORRECTION, codeblockCodec } from '../../protocol/coding/codeblock.ts'
import type { Random } from './random.ts'

export interface CodedFrames {
  /** Codewords of RS(255,223) in a codeblock; 0: frames of 1,115 octets without. */
  readonly interleave: 0 | 1 | 5
  /** Of a bit, to be turned. */
  readonly ber: number
}

/** Frames out of so many that do not come back as they were. Real codeblocks, through the decoder. */
export function lostFrames(
  { interleave, ber }: CodedFrames,
  frames: number,
  random: Random,
): number {
  const frameOctets = interleave === 0 ? UNCODED_OCTETS : INFORMATION * interleave
  const reedSolomon =
    interleave === 0 ? undefined : ({ basis: 'dual', parity: 32, interleave } as const)
  const codec = codeblockCodec({ frameOctets, reedSolomon, randomizer: 'short', fecf: false })
  const sent = new Uint8Array(frameOctets + 32 * interleave)
  const frame = random.octets(frameOctets)
  codec.encode(frame, sent, 0)
  const work = new Uint8Array(sent.length)
  let lost = 0
  for (let i = 0; i < frames; i++) {
    work.set(sent)
    const turned = turnBits(work, ber, random)
    if (turned === 0) continue
    const isLost =
      codec.decode(work) === BEYOND_CORRECTION ||
      Buffer.compare(work.subarray(0, frameOctets), frame) !== 0
    if (isLost) lost += 1
  }
  return lost
}

/** The probability that a frame is lost: more than 16 of the 255 symbols of any of its codewords have a turned bit. */
export function computedLoss({ interleave, ber }: CodedFrames): number {
  if (interleave === 0) return -Math.expm1(8 * UNCODED_OCTETS * Math.log1p(-ber))
  const symbol = -Math.expm1(8 * Math.log1p(-ber))
  return -Math.expm1(interleave * Math.log1p(-tail(CORRECTABLE + 1, LENGTH, symbol)))
}

/** The probability of `least` or more out of `n` that each happen with probability `p`. */
export function tail(least: number, n: number, p: number): number {
  let sum = 0
  for (let k = least; k <= n; k++) {
    const term = Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p))
    sum += term
    // Behind the peak each is less than the one before.
    if (k > n * p && term < sum * 1e-12) break
  }
  return Math.min(1, sum)
}

/**
 * The interval of Clopper and Pearson: outside of it a probability would give as many losses, or as few, less than
 * once in `2 / doubt` tries.
 */
export function bounds(lost: number, frames: number, doubt: number): readonly [number, number] {
  const low = lost === 0 ? 0 : solve(p => tail(lost, frames, p) - doubt / 2)
  const high = lost === frames ? 1 : solve(p => doubt / 2 - 1 + tail(lost + 1, frames, p))
  return [low, high]
}

/** Where an increasing function of a probability is zero. */
function solve(increasing: (p: number) => number): number {
  let [low, high] = [-14, 0]
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    if (increasing(10 ** middle) < 0) low = middle
    else high = middle
  }
  return 10 ** low
}

/** By the length of the gaps between errors. */
function turnBits(octets: Uint8Array, ber: number, random: Random): number {
  const scale = 1 / Math.log1p(-ber)
  let turned = 0
  const end = 8 * octets.length
  for (let bit = gap(scale, random); bit < end; bit += 1 + gap(scale, random)) {
    octets[bit >>> 3] = (octets[bit >>> 3] as number) ^ (0x80 >>> (bit & 7))
    turned += 1
  }
  return turned
}

function gap(scale: number, random: Random): number {
  return Math.floor(Math.log(1 - random.next()) * scale)
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}

/** By Stirling's series, and from a table where that is not exact. */
function logFactorial(n: number): number {
  if (n < SMALL.length) return SMALL[n] as number
  return (
    (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * n) - 1 / (360 * n ** 3)
  )
}

const LENGTH = 255
const INFORMATION = 223
const CORRECTABLE = 16
const UNCODED_OCTETS = 1_115
const SMALL = Array.from({ length: 30 }, (_, n) =>
  Array.from({ length: n }, (_none, i) => Math.log(i + 1)).reduce((sum, log) => sum + log, 0),
)
