import t from 'tap'
import {
  type Branches,
  ConvolutionalEncoder,
  codesOf,
  PATTERNS,
  periodSymbols,
  RATES,
  type Rate,
  standardBranches,
} from '../../../protocol/coding/convolutional.ts'
import { hex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'

t.test('ConvolutionalEncoder answers to a single one with the generators, 4.3.1', async t => {
  for (const [branches, symbols] of [
    ['g1-g2', 'ef1c0000'],
    ['g1-ng2', 'ba495555'],
    ['g2-g1', 'df2c0000'],
    ['ng2-g1', '7586aaaa'],
  ] as const)
    t.equal(toHex(new ConvolutionalEncoder({ rate: '1/2', branches }).encode(hex`8000`)), symbols)
  t.equal(toHex(new ConvolutionalEncoder({ rate: '1/2' }).encode(hex`8000`)), 'ba495555')
})

t.test(
  'ConvolutionalEncoder codes the marker as receivers of LRPT look for it, turned over',
  async t => {
    const encoder = new ConvolutionalEncoder({ rate: '1/2', branches: 'g1-g2' })
    t.equal(toHex(encoder.encode(hex`1acffc1d`).map(octet => octet ^ 0xff)), MARKER_OF_LRPT)
  },
)

t.test('ConvolutionalEncoder leaves out what table 4-1 has as 0, 4.4', async t => {
  const octets = new Random(1).octets(105)
  for (const [rate, c1, c2] of TABLE) {
    const whole = bits(encodeAll('1/2', 'g1-g2', [octets]))
    const kept = whole.filter((_, i) => (i % 2 === 0 ? c1 : c2).at((i >> 1) % c1.length) === '1')
    t.strictSame(
      bits(encodeAll(rate, standardBranches(rate), [octets])).slice(0, kept.length),
      kept,
    )
    t.equal(kept.length, (840 / c1.length) * periodSymbols(rate), rate)
    t.equal(PATTERNS[rate].length, c1.length)
  }
})

t.test('ConvolutionalEncoder gives the same in pieces of any size', async t => {
  const octets = new Random(2).octets(50)
  for (const rate of RATES) {
    const whole = encodeAll(rate, standardBranches(rate), [octets])
    for (const size of [1, 2, 7]) {
      const pieces = Array.from({ length: Math.ceil(50 / size) }, (_, i) =>
        octets.subarray(i * size, (i + 1) * size),
      )
      t.strictSame(encodeAll(rate, standardBranches(rate), pieces), whole, `${rate} by ${size}`)
    }
  }
})

t.test('codesOf() names what a receiver can tell apart', async t => {
  const names = RATES.map(rate => codesOf(rate).map(({ branches }) => branches))
  t.strictSame(names, [
    ['g1-g2', 'g1-ng2', 'g2-g1', 'ng2-g1'],
    ['g1-g2', 'g1-ng2'],
    ['g1-g2'],
    ['g1-g2'],
    ['g1-g2', 'g1-ng2'],
  ])
})

function encodeAll(rate: Rate, branches: Branches, pieces: readonly Uint8Array[]): Uint8Array {
  const encoder = new ConvolutionalEncoder({ rate, branches })
  return Uint8Array.from([...pieces.flatMap(piece => [...encoder.encode(piece)]), ...encoder.end()])
}

function bits(octets: Uint8Array): string[] {
  return [...octets].flatMap(octet => octet.toString(2).padStart(8, '0').split(''))
}

/** 1ACFFC1D at rate 1/2 without inversion, inverted after the encoder: a constant of receivers of Meteor-M. */
const MARKER_OF_LRPT = 'fca2b63db00d9794'

const TABLE: readonly (readonly [Rate, string, string])[] = [
  ['2/3', '10', '11'],
  ['3/4', '101', '110'],
  ['5/6', '10101', '11010'],
  ['7/8', '1000101', '1111010'],
]
