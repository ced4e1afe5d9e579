import t from 'tap'
import {
  codesOf,
  periodSymbols,
  RATES,
  type Rate,
  standardBranches,
} from '../../../protocol/coding/convolutional.ts'
import { ConvolutionalDecoder } from '../../../protocol/coding/convolutional-decoder.ts'
import { Random } from '../../kit/random.ts'
import { noisySymbols, softened } from '../../kit/symbols.ts'

const BLOCK_OCTETS = 210

t.test(
  'ConvolutionalDecoder finds the phase, of either polarity, in chunks of any size',
  async t => {
    const random = new Random(1)
    for (const rate of RATES)
      for (let lost = 0; lost < periodSymbols(rate); lost++) {
        const sent = random.octets(4 * BLOCK_OCTETS)
        const symbols = symbolsOf(rate, sent, random).subarray(lost)
        const polarity = lost % 2 === 0 ? 1 : -1
        const decoder = new ConvolutionalDecoder([standard(rate)])
        const found = decode(
          decoder,
          symbols.map(symbol => polarity * symbol),
          97 + 401 * lost,
        )
        const turned = polarity === 1 ? sent : sent.map(octet => octet ^ 0xff)
        t.ok(holds(found, turned.subarray(BLOCK_OCTETS, -2)), `${rate}, ${lost} symbols lost`)
        t.equal(decoder.counters.slips, 0)
      }
  },
)

t.test('ConvolutionalDecoder gives the same whatever the chunks', async t => {
  const random = new Random(2)
  const symbols = symbolsOf('3/4', random.octets(5 * BLOCK_OCTETS), random, 3)
  const whole = decode(new ConvolutionalDecoder([standard('3/4')]), symbols, symbols.length)
  for (const chunk of [1, 63, 2_240, 2_241])
    t.strictSame(decode(new ConvolutionalDecoder([standard('3/4')]), symbols, chunk), whole)
})

t.test('ConvolutionalDecoder decides every octet up to the end', async t => {
  const random = new Random(3)
  for (const octets of [1, 23, 210, 211, 1_000]) {
    const sent = random.octets(octets)
    const found = decode(
      new ConvolutionalDecoder([standard('1/2')]),
      symbolsOf('1/2', sent, random),
    )
    t.strictSame(found, sent, `${octets} octets`)
  }
  const decoder = new ConvolutionalDecoder([standard('1/2')])
  t.equal(decoder.code, undefined)
  t.equal(decode(decoder, new Int8Array(0)).length, 0)
})

t.test('ConvolutionalDecoder follows a slip of symbols, and loses little around it', async t => {
  const random = new Random(4)
  for (const [rate, at] of [
    ['1/2', 9_000],
    ['1/2', 9_900],
    ['2/3', 7_001],
    ['7/8', 7_900],
  ] as const) {
    const sent = random.octets(10 * BLOCK_OCTETS)
    const symbols = [...symbolsOf(rate, sent, random, 7)]
    symbols.splice(at, 1)
    const decoder = new ConvolutionalDecoder([standard(rate)])
    const found = decode(decoder, Int8Array.from(symbols))
    t.equal(decoder.counters.slips, 1)
    const [bits = 1, coded = 1] = rate.split('/').map(Number)
    const slip = Math.floor((at * bits) / coded / 8)
    t.ok(holds(found, sent.subarray(1, slip - 30)), `${rate}: all before`)
    t.ok(holds(found, sent.subarray(slip + 30, -2)), `${rate}: all behind`)
  }
})

t.test(
  'ConvolutionalDecoder finds a code that begins behind noise, and which one it is',
  async t => {
    const random = new Random(5)
    for (const rate of ['1/2', '2/3', '7/8'] as const)
      for (const code of codesOf(rate)) {
        const sent = random.octets(6 * BLOCK_OCTETS)
        const coded = noisySymbols({ ...code, octets: sent, ebN0Db: 7, random })
        const noise = softened(new Uint8Array(7_001), 3, random)
        const decoder = new ConvolutionalDecoder(codesOf(rate))
        const found = decode(decoder, Int8Array.from([...noise, ...coded]))
        t.ok(holds(found, sent.subarray(30, -2)), `${rate} ${code.branches}`)
        t.strictSame(decoder.code, code)
      }
  },
)

t.test('ConvolutionalDecoder estimates the symbol error rate', async t => {
  const random = new Random(6)
  const sent = random.octets(100 * BLOCK_OCTETS)
  const decoder = new ConvolutionalDecoder([standard('1/2')])
  const symbols = symbolsOf('1/2', sent, random, 4)
  const clean = symbolsOf('1/2', sent, random)
  decode(decoder, symbols)
  const wrong = symbols.filter((symbol, i) => symbol * (clean[i] as number) < 0).length
  const { corrected, symbols: count } = decoder.counters
  t.equal(count, symbols.length)
  t.ok(Math.abs(corrected - wrong) < 0.01 * wrong, `${corrected} found of ${wrong}`)
})

t.test('ConvolutionalDecoder does the same without the kernel', async t => {
  const random = new Random(7)
  const symbols = symbolsOf('5/6', random.octets(3 * BLOCK_OCTETS), random, 5).subarray(3)
  const [ours, plain] = [true, false].map(
    hasSimd => new ConvolutionalDecoder([standard('5/6')], hasSimd),
  )
  t.strictSame(decode(ours!, symbols), decode(plain!, symbols))
  t.strictSame(ours!.counters, plain!.counters)
})

t.test('ConvolutionalDecoder refuses to choose between rates, or none', async t => {
  t.throws(() => new ConvolutionalDecoder([]), RangeError)
  t.throws(() => new ConvolutionalDecoder([standard('1/2'), standard('2/3')]), RangeError)
})

function standard(rate: Rate) {
  return { rate, branches: standardBranches(rate) }
}

function symbolsOf(rate: Rate, octets: Uint8Array, random: Random, ebN0Db = Infinity): Int8Array {
  return noisySymbols({ octets, rate, ebN0Db, random })
}

function decode(decoder: ConvolutionalDecoder, symbols: Int8Array, chunk = 1_000): Uint8Array {
  const octets: number[] = []
  const keep = (more: Uint8Array) => octets.push(...more)
  for (let at = 0; at < symbols.length; at += chunk)
    decoder.take(symbols.subarray(at, at + chunk), keep)
  decoder.end(keep)
  return Uint8Array.from(octets)
}

/** Whether these octets stand somewhere in the others, at any bit. */
function holds(octets: Uint8Array, wanted: Uint8Array): boolean {
  const hex = Buffer.from(wanted).toString('hex')
  return [0, 1, 2, 3, 4, 5, 6, 7].some(shift =>
    Buffer.from(octets.map((octet, i) => (octet << shift) | ((octets[i + 1] ?? 0) >>> (8 - shift))))
      .toString('hex')
      .includes(hex),
  )
}
