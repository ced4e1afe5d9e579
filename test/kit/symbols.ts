/** Symbols as a demodulator would give them, by seed: the code's, with white Gaussian noise. */
import {
  type Branches,
  ConvolutionalEncoder,
  type Rate,
  standardBranches,
} from '../../protocol/coding/convolutional.ts'
import type { Random } from './random.ts'

export interface NoisySymbols {
  readonly octets: Uint8Array
  readonly rate: Rate
  readonly branches?: Branches
  /** Energy per bit to noise density; Infinity: no noise. */
  readonly ebN0Db: number
  readonly random: Random
  /** What a symbol without noise is, 32 unless told. */
  readonly amplitude?: number
}

/** The symbols of the octets, coded and with noise. */
export function noisySymbols(wanted: NoisySymbols): Int8Array {
  const { octets, rate, branches = standardBranches(rate), ebN0Db, random, amplitude = 32 } = wanted
  const [bits = 1, symbols = 1] = rate.split('/').map(Number)
  const sigma = Math.sqrt(1 / (2 * (bits / symbols) * 10 ** (ebN0Db / 10)))
  return softened(symbolsOf(octets, rate, branches), sigma, random, amplitude)
}

/** The coded symbols, 0 and 1. */
export function symbolsOf(octets: Uint8Array, rate: Rate, branches: Branches): Uint8Array {
  const encoder = new ConvolutionalEncoder({ rate, branches })
  const packed = [encoder.encode(octets), encoder.end()]
  const [bits = 1, symbols = 1] = rate.split('/').map(Number)
  return bitsOf(Uint8Array.from(packed.flatMap(part => [...part]))).subarray(
    0,
    Math.ceil((8 * octets.length * symbols) / bits),
  )
}

/** One octet a bit. */
export function bitsOf(octets: Uint8Array): Uint8Array {
  const bits = new Uint8Array(8 * octets.length)
  for (let i = 0; i < bits.length; i++)
    bits[i] = ((octets[i >>> 3] as number) >>> (7 - (i & 7))) & 1
  return bits
}

/** Bits to soft symbols, with noise of this deviation where a symbol without is 1. */
export function softened(
  bits: Uint8Array,
  sigma: number,
  random: Random,
  amplitude = 32,
): Int8Array {
  return Int8Array.from(bits, bit => {
    const symbol = (2 * bit - 1 + sigma * gaussian(random)) * amplitude
    return Math.max(-128, Math.min(127, Math.round(symbol)))
  })
}

/** Of mean 0 and deviation 1, by the method of Box and Muller. */
export function gaussian(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
  return radius * Math.cos(2 * Math.PI * random.next())
}
