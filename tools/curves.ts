/**
 * `make curves`: what Reed-Solomon and the convolutional code lose on a noisy channel, by trying and by computing, as
 * docs/curves.svg. The channel is seeded, so that the drawing is the same every time.
 */
import { writeFileSync } from 'node:fs'
import { type Rate, standardBranches } from '../protocol/coding/convolutional.ts'
import { KernelViterbi } from '../protocol/coding/viterbi-kernel.ts'
import { weight } from '../protocol/frame/bits.ts'
import { bounds, computedLoss, lostFrames } from '../test/kit/frame-loss.ts'
import { Random } from '../test/kit/random.ts'
import { noisySymbols } from '../test/kit/symbols.ts'
import { type Curve, type Plot, type Point, svgOf } from './curves/plot.ts'

const SEED = 1
const DOUBT = 0.05
const FRAMES_MAX = 2_000_000
const EVENTS = 1_000
const BLOCKS = 3_000
const BLOCK_OCTETS = 210

type CodedRate = '1/2' | '3/4' | '7/8'

/** Bits wrong on the paths of each distance, per bit; found by following all paths that leave the right one. */
const SPECTRA = {
  '1/2': {
    share: 1 / 2,
    distance: 10,
    step: 2,
    weights: [36, 211, 1_404, 11_633, 77_433, 502_690],
  },
  '3/4': {
    share: 3 / 4,
    distance: 5,
    step: 1,
    weights: [14, 67, 497.33, 3_489.7, 20_978, 126_515],
  },
  '7/8': { share: 7 / 8, distance: 3, step: 1, weights: [1.2857, 71.43, 1_062.4, 15_101, 200_298] },
} satisfies Record<CodedRate & Rate, object>

const frames: Plot = {
  title: 'Frames lost',
  x: { ...decades(-5, -2), label: 'bit error rate of the channel' },
  y: { ...decades(-6, 0), label: 'share of frames lost' },
  curves: [
    frameCurve('no Reed-Solomon, 1,115 octets', 0, [1e-5, 1e-4, 1e-3]),
    frameCurve('RS(255,223), I=1', 1, [3e-3, 4e-3, 5e-3, 6e-3, 8e-3]),
    frameCurve('RS(255,223), I=5', 5, [2e-3, 2.5e-3, 3e-3, 4e-3, 5e-3, 6e-3, 8e-3]),
  ],
}

const bits: Plot = {
  title: 'Bits wrong behind the Viterbi decoder',
  x: { label: 'Eb/N0 in dB', from: 0, to: 9, ticks: [0, 2, 4, 6, 8], logarithmic: false },
  y: { ...decades(-6, 0), label: 'bit error rate' },
  curves: [
    { name: 'no code', line: overDb(db => upperTail(Math.sqrt(2 * ratio(db)))), points: [] },
    bitCurve('1/2', [2, 2.5, 3, 3.5, 4, 4.5]),
    bitCurve('3/4', [3.5, 4, 4.5, 5, 5.5]),
    bitCurve('7/8', [4.5, 5, 5.5, 6, 6.5]),
  ],
}

const NOTE = [
  'Lines are computed (behind the decoder: the union bound, which holds where it is small), points are tried,',
  `bars are 95 % sure; seed ${SEED}.`,
]
writeFileSync('docs/curves.svg', svgOf([frames, bits], NOTE.join(' ')))
console.log('written to docs/curves.svg')

function frameCurve(name: string, interleave: 0 | 1 | 5, tried: readonly number[]): Curve {
  const line = Array.from({ length: 301 }, (_, i) => 10 ** (-5 + i / 100)).map(
    ber => [ber, computedLoss({ interleave, ber })] as const,
  )
  const points = tried.map(ber => {
    const computed = computedLoss({ interleave, ber })
    const count = Math.min(FRAMES_MAX, Math.ceil(EVENTS / computed))
    const lost = lostFrames({ interleave, ber }, count, new Random(SEED))
    const [low, high] = bounds(lost, count, DOUBT)
    tell(`${name}, bit error rate ${ber}: ${lost} of ${count} frames`, lost / count, computed)
    return { x: ber, y: lost / count, low, high }
  })
  return { name, line, points }
}

function bitCurve(rate: CodedRate, tried: readonly number[]): Curve {
  const points = tried.map(db => wrongBits(rate, db))
  return { name: `rate ${rate}`, line: overDb(db => unionBound(rate, db)), points }
}

/** Errors come in bursts: how sure the figure is comes from how much blocks differ. */
function wrongBits(rate: CodedRate, ebN0Db: number): Point {
  const code = { rate, branches: standardBranches(rate) }
  const decoder = new KernelViterbi(code)
  // Another one at each point: the same noise, weaker, would bring the same errors.
  const random = new Random(SEED + 100 * ebN0Db)
  const perBlock: number[] = []
  const sent = random.octets(BLOCK_OCTETS * BLOCKS)
  const symbols = noisySymbols({ ...code, octets: sent, ebN0Db, random })
  let at = 0
  for (let block = 0; block < BLOCKS; block++) {
    const from = block * decoder.blockSymbols
    const octets = decoder.decode(symbols.subarray(from, from + decoder.blockSymbols))
    let wrong = 0
    for (const octet of octets) wrong += weight(octet ^ (sent[at++] as number))
    perBlock.push(wrong)
  }
  const mean = perBlock.reduce((sum, wrong) => sum + wrong, 0) / BLOCKS
  const spread = perBlock.reduce((sum, wrong) => sum + (wrong - mean) ** 2, 0) / (BLOCKS - 1)
  const doubt = 1.96 * Math.sqrt(spread / BLOCKS)
  const [y, low, high] = [mean, mean - doubt, mean + doubt].map(
    wrong => wrong / (8 * BLOCK_OCTETS),
  ) as [number, number, number]
  tell(`rate ${rate} at ${ebN0Db} dB: ${mean * BLOCKS} bits`, y, unionBound(rate, ebN0Db))
  return { x: ebN0Db, y, low, high }
}

/** At least as many bits are wrong on average as paths of each distance win over the right one, all together. */
function unionBound(rate: CodedRate, db: number): number {
  const { share, distance, step, weights } = SPECTRA[rate]
  return weights.reduce(
    (sum, wrong, i) =>
      sum + wrong * upperTail(Math.sqrt(2 * (distance + i * step) * share * ratio(db))),
    0,
  )
}

function tell(what: string, found: number, computed: number): void {
  console.log(`${what}, ${found.toExponential(2)}; computed ${computed.toExponential(2)}`)
}

function overDb(rateAt: (db: number) => number): readonly (readonly [number, number])[] {
  return Array.from({ length: 181 }, (_, i) => [i / 20, rateAt(i / 20)] as const)
}

function decades(from: number, to: number) {
  const ticks = Array.from({ length: to - from + 1 }, (_, i) => Number(`1e${from + i}`))
  return { from: 10 ** from, to: 10 ** to, ticks, logarithmic: true }
}

function ratio(db: number): number {
  return 10 ** (db / 10)
}

/** The probability that a normal variable exceeds `x`, to 10^-7 of itself: the continued fraction, from its end. */
function upperTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  if (x < 2) {
    let term = x
    let sum = x
    for (let n = 1; n < 60; n++) {
      term *= (x * x) / (2 * n + 1)
      sum += term
    }
    return 0.5 - density * sum
  }
  let fraction = x
  for (let n = 80; n > 0; n--) fraction = x + n / fraction
  return density / fraction
}
