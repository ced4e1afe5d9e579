/**
 * The most likely bits behind noisy symbols of the convolutional code, by the algorithm of Viterbi: block after block,
 * with nothing between blocks lost. CCSDS 131.0-B-6, 4; how to decode is the receiver's business.
 *
 * Of each of 64 states the decoder knows how far the best path to it is from what was received. Where all paths began,
 * DEPTH_STEPS before the end, they are one path but for rare cases, and there bits are decided.
 *
 *     oldest undecided                                    newest
 *     | decided by this block              | undecided, DEPTH |
 *     | DEPTH of the block before | BLOCK_STEPS of this block |
 *
 * This is the plain decoder, for engines without SIMD and as the measure of the kernel: viterbi-kernel.ts.
 */
import {
  type ConvolutionalCode,
  formOf,
  OUTPUTS,
  PATTERNS,
  periodSymbols,
} from './convolutional.ts'

export interface ViterbiDecoder {
  /** Symbols of one block; a whole number of periods of the pattern. */
  readonly blockSymbols: number
  /** By how much the best path's distance grew in the last block: the strength of the symbols that contradict it. */
  readonly growth: number
  /** Of the symbols behind the bits last decided, those with the wrong sign; what is zero has none. */
  readonly corrected: number
  /**
   * Takes a block of symbols, -128 (surely 0) to 127 (surely 1), and answers the bits it decides, packed. Those of the
   * last steps come with the next block. Borrowed until the next call.
   * @throws RangeError if it is no block
   */
  decode(symbols: Int8Array): Uint8Array
  /** The bits still undecided. The decoder is as new. */
  flush(): Uint8Array
  /** Forgets what was received. */
  reset(): void
}

/** A multiple of sixteen and of the period of each pattern. */
export const BLOCK_STEPS = 1_680
/** 27 constraint lengths: at rate 7/8 paths part for long, and more would not be seen in the errors. */
export const DEPTH_STEPS = 192
/** What the mean magnitude of a block's symbols is made, and the most that one counts. */
export const STRENGTH = 6
const STRENGTH_MAX = 12

export class Viterbi implements ViterbiDecoder {
  readonly blockSymbols: number
  growth = 0
  corrected = 0

  readonly #pattern: readonly number[]
  readonly #swapped: boolean
  readonly #inverted: boolean
  /** By step from the oldest undecided: what was received of C1 and C2, 0 for nothing. */
  readonly #received = new Int8Array(2 * STEPS)
  /** Two words a step: bit s is set where state s was reached from the upper of its two. */
  readonly #decisions = new Uint32Array(2 * STEPS)
  readonly #octets = new Uint8Array(STEPS / 8)
  #metrics = new Int32Array(STATES)
  #nextMetrics = new Int32Array(STATES)
  readonly #costs = new Int32Array(4)
  /** The six bits before the oldest undecided. */
  #register = 0
  #undecided = 0

  constructor({ rate, branches }: ConvolutionalCode) {
    this.#pattern = PATTERNS[rate]
    const { swapped, inverted } = formOf(branches)
    this.#swapped = swapped
    this.#inverted = inverted
    this.blockSymbols = blockSymbols({ rate })
  }

  decode(symbols: Int8Array): Uint8Array {
    requireBlock(symbols, this.blockSymbols)
    this.#spread(symbols)
    for (let step = this.#undecided; step < this.#undecided + BLOCK_STEPS; step++)
      this.#advance(step)
    this.growth = this.#levelMetrics()
    this.#undecided += BLOCK_STEPS
    return this.#decide(this.#undecided - DEPTH_STEPS)
  }

  flush(): Uint8Array {
    const octets = this.#decide(this.#undecided)
    this.reset()
    return octets
  }

  reset(): void {
    this.#undecided = 0
    this.#register = 0
    this.#metrics.fill(0)
  }

  /** Scales the symbols and puts them where their branches and steps are. */
  #spread(symbols: Int8Array): void {
    let sum = 0
    for (const symbol of symbols) sum += Math.abs(symbol)
    const gain = Math.floor((GAIN_MAX * symbols.length) / Math.max(sum, symbols.length))
    const received = this.#received
    const swap = this.#swapped ? 1 : 0
    let next = 0
    for (let i = 0; i < BLOCK_STEPS; i++) {
      const sent = this.#pattern[i % this.#pattern.length] as number
      const at = 2 * (this.#undecided + i)
      received[at | swap] = (sent & 1) === 0 ? 0 : scaled(symbols[next++] as number, gain)
      received[at | (1 - swap)] = (sent & 2) === 0 ? 0 : scaled(symbols[next++] as number, gain)
      if (this.#inverted) received[at + 1] = -(received[at + 1] as number)
    }
  }

  /** From each state to the two that may follow it, and at each of those the better of the two ways there. */
  #advance(step: number): void {
    const first = this.#received[2 * step] as number
    const second = this.#received[2 * step + 1] as number
    const costs = this.#costs
    for (let expected = 0; expected < 4; expected++)
      costs[expected] = costOf(first, second, expected)
    for (let half = 0; half < 2; half++)
      this.#decisions[2 * step + half] = advance(half, costs, this.#metrics, this.#nextMetrics)
    const metrics = this.#metrics
    this.#metrics = this.#nextMetrics
    this.#nextMetrics = metrics
  }

  /** Makes the best metric zero; answers what it was. */
  #levelMetrics(): number {
    const least = this.#metrics.reduce((one, other) => Math.min(one, other))
    for (let state = 0; state < STATES; state++)
      this.#metrics[state] = (this.#metrics[state] as number) - least
    return least
  }

  #decide(count: number): Uint8Array {
    let state = this.#metrics.indexOf(0)
    const octets = this.#octets
    octets.fill(0)
    for (let step = this.#undecided - 1; step >= 0; step--) {
      octets[step >>> 3] = (octets[step >>> 3] as number) | ((state & 1) << (7 - (step & 7)))
      const upper = (this.#decisions[2 * step + (state >>> 5)] as number) >>> (state & 31)
      state = (state >>> 1) | ((upper & 1) << 5)
    }
    this.#countCorrected(count)
    this.#undecided -= count
    this.#received.copyWithin(0, 2 * count, 2 * (count + this.#undecided))
    this.#decisions.copyWithin(0, 2 * count, 2 * (count + this.#undecided))
    return octets.subarray(0, count / 8)
  }

  /** Codes the bits again. */
  #countCorrected(count: number): void {
    this.corrected = 0
    let register = this.#register
    for (let step = 0; step < count; step++) {
      const bit = ((this.#octets[step >>> 3] as number) >>> (7 - (step & 7))) & 1
      register = ((register << 1) | bit) & 127
      const output = OUTPUTS[register] as number
      if (costOf(this.#received[2 * step] as number, 0, output) > 0) this.corrected += 1
      if (costOf(0, this.#received[2 * step + 1] as number, output) > 0) this.corrected += 1
    }
    this.#register = register & 63
  }
}

/** Symbols of a block at this rate. */
export function blockSymbols({ rate }: Pick<ConvolutionalCode, 'rate'>): number {
  return (BLOCK_STEPS / PATTERNS[rate].length) * periodSymbols(rate)
}

/** @throws RangeError if these are no block */
export function requireBlock(symbols: Int8Array, count: number): void {
  if (symbols.length !== count)
    throw new RangeError(`Cannot decode ${symbols.length} symbols: a block has ${count}`)
}

/** Goes to 32 states of `next`; bit s of the answer: state s of them was reached from the upper of its two. */
function advance(half: number, costs: Int32Array, metrics: Int32Array, next: Int32Array): number {
  let decisions = 0
  for (let s = 0; s < 16; s++) {
    const from = 16 * half + s
    // Both generators tap the oldest bit and the newest: of the four ways two cost the same, and two the complement.
    const expected = OUTPUTS[2 * from] as number
    const same = costs[expected] as number
    const other = costs[3 - expected] as number
    const lower = metrics[from] as number
    const upper = metrics[from + 32] as number
    // How much better the upper way is, each; branches would be foretold wrongly every other time.
    const even = lower + same - upper - other
    const odd = lower + other - upper - same
    const isEvenLower = even >> 31
    const isOddLower = odd >> 31
    decisions |= ((~isEvenLower & 1) | (~isOddLower & 2)) << (2 * s)
    next[2 * from] = lower + same - (even & ~isEvenLower)
    next[2 * from + 1] = lower + other - (odd & ~isOddLower)
  }
  return decisions
}

function scaled(symbol: number, gain: number): number {
  const rounded = (Math.imul(symbol, gain) + 0x8000) >> 16
  if (rounded === 0) return Math.sign(symbol)
  return Math.max(-STRENGTH_MAX, Math.min(STRENGTH_MAX, rounded))
}

/** What it costs to expect twice C1 plus C2 where these were received: the magnitude of what is otherwise. */
function costOf(first: number, second: number, expected: number): number {
  return (
    Math.max(0, expected >= 2 ? -first : first) +
    Math.max(0, (expected & 1) === 1 ? -second : second)
  )
}

const STATES = 64
const STEPS = BLOCK_STEPS + DEPTH_STEPS
/** In 65536ths. */
const GAIN_MAX = STRENGTH * 0x1_0000
