/** What every Viterbi decoder keeps: what was sent comes out, and how much was wrong is counted. */
import type { Test } from 'tap'
import {
  type ConvolutionalCode,
  codesOf,
  RATES,
  standardBranches,
} from '../../../protocol/coding/convolutional.ts'
import type { ViterbiDecoder } from '../../../protocol/coding/viterbi.ts'
import { Random } from '../../kit/random.ts'
import { noisySymbols } from '../../kit/symbols.ts'

const BLOCK_OCTETS = 210
const DEPTH_OCTETS = 24

export function viterbiPromise(t: Test, decoderOf: (code: ConvolutionalCode) => ViterbiDecoder) {
  for (const rate of RATES)
    for (const { branches } of codesOf(rate))
      t.test(`rate ${rate}, ${branches}: decode() gives what was sent`, async t => {
        const random = new Random(3)
        const octets = random.octets(3 * BLOCK_OCTETS)
        const symbols = noisySymbols({ octets, rate, branches, ebN0Db: Infinity, random })
        const decoder = decoderOf({ rate, branches })
        const { blockSymbols } = decoder
        t.equal(symbols.length, 3 * blockSymbols)
        // Far from each other, each as strong as the right ones.
        const wrong = [200, 700, 1_200]
        for (const at of wrong) symbols[at] = -(symbols[at] as number)
        const decoded = [0, 1, 2].map(block => {
          const some = decoder.decode(
            symbols.subarray(block * blockSymbols, (block + 1) * blockSymbols),
          )
          t.equal(some.length, block === 0 ? BLOCK_OCTETS - DEPTH_OCTETS : BLOCK_OCTETS)
          t.equal(decoder.growth, block === 0 ? 6 * wrong.length : 0, 'of strength 6')
          t.equal(decoder.corrected, block === 0 ? wrong.length : 0)
          return [...some]
        })
        decoded.push([...decoder.flush()])
        t.strictSame(decoded.flat(), [...octets])
        const again = decoder.decode(symbols.subarray(0, blockSymbols))
        t.equal(again.length, BLOCK_OCTETS - DEPTH_OCTETS, 'after flush() it is as new')
        decoder.reset()
        t.strictSame([...decoder.decode(symbols.subarray(0, blockSymbols))], decoded[0])
      })

  t.test('decode() takes inverted symbols for the code of inverted bits', async t => {
    const random = new Random(4)
    const code = { rate: '1/2', branches: standardBranches('1/2') } as const
    const octets = random.octets(BLOCK_OCTETS)
    const symbols = noisySymbols({ ...code, octets, ebN0Db: Infinity, random })
    const decoder = decoderOf(code)
    const decoded = [...decoder.decode(symbols.map(symbol => -symbol)), ...decoder.flush()]
    // Before the first bit there were zeros, and their inverse is not: the first six bits may be anything.
    t.strictSame(
      decoded.slice(1),
      [...octets].slice(1).map(octet => octet ^ 0xff),
    )
  })

  t.test('decode() makes nothing of silence, and stands the strongest symbols', async t => {
    const decoder = decoderOf({ rate: '7/8', branches: 'g1-g2' })
    const symbols = new Int8Array(decoder.blockSymbols)
    t.equal(decoder.decode(symbols).length, BLOCK_OCTETS - DEPTH_OCTETS)
    t.equal(decoder.growth, 0)
    t.equal(decoder.corrected, 0)
    const random = new Random(5)
    decoder.decode(symbols.map(() => (random.below(2) === 0 ? 127 : -128)))
    t.ok(decoder.growth > 0)
  })

  t.test('decode() refuses what is no block', async t => {
    const decoder = decoderOf({ rate: '2/3', branches: 'g1-g2' })
    t.throws(() => decoder.decode(new Int8Array(2_519)), RangeError)
  })
}
