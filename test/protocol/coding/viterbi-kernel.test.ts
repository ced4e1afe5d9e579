/** The kernel keeps the promise of a decoder, answers everything as the plain one does, and is as good as theory says. */
import t from 'tap'
import { RATES, type Rate, standardBranches } from '../../../protocol/coding/convolutional.ts'
import { Viterbi } from '../../../protocol/coding/viterbi.ts'
import { KernelViterbi, viterbiDecoder } from '../../../protocol/coding/viterbi-kernel.ts'
import { Random } from '../../kit/random.ts'
import { bitsOf, noisySymbols } from '../../kit/symbols.ts'
import { viterbiPromise } from './viterbi.promise.ts'

const SEED = Number(process.env['SEED'] ?? 1)
const CODE = { rate: '1/2', branches: 'g1-ng2' } as const

viterbiPromise(t, code => new KernelViterbi(code))

for (const rate of RATES)
  t.test(`rate ${rate}: answers as the plain decoder, make sim SEED=${SEED}`, async t => {
    const random = new Random(SEED)
    for (const ebN0Db of [-100, 0, 2, 4, 8])
      for (const amplitude of [1, 9, 40, 127]) {
        const code = { rate, branches: standardBranches(rate) }
        const decoders = [new KernelViterbi(code), new Viterbi(code)] as const
        const octets = random.octets(2 * 210)
        const symbols = noisySymbols({ ...code, octets, ebN0Db, random, amplitude })
        const count = decoders[0].blockSymbols
        const [ours, theirs] = decoders.map(decoder =>
          [0, count].map(at => {
            const decoded = [...decoder.decode(symbols.subarray(at, at + count))]
            return [decoded, decoder.growth, decoder.corrected]
          }),
        )
        t.strictSame(ours, theirs, `${ebN0Db} dB, ${amplitude}`)
        t.strictSame(decoders[0].flush(), decoders[1].flush())
        t.equal(decoders[0].corrected, decoders[1].corrected)
      }
  })

t.test('decode() answers to the hardest symbols as the plain decoder', async t => {
  const decoders = [new KernelViterbi(CODE), new Viterbi(CODE)] as const
  const random = new Random(SEED)
  for (let run = 0; run < 20; run++) {
    const stretch = 1 + random.below(9)
    const symbols = Int8Array.from({ length: 3_360 }, (_, i) =>
      random.below(stretch) === 0 || i % stretch === 0 ? 127 : -128,
    )
    t.strictSame([...decoders[0].decode(symbols)], [...decoders[1].decode(symbols)])
    t.equal(decoders[0].growth, decoders[1].growth)
  }
})

// The union bound on the bit error rate with soft decisions, from the weights of the code's paths: the sum over
// distances d of B(d) Q(sqrt(2 d R Eb/N0)), B = 36, 211, 1404, 11633, ... from d = 10 at rate 1/2. Beside it five standard
// deviations of what is counted are granted, where bursts of about five bits are one event, and a tenth of a decibel,
// which here is a quarter, for octets as metrics. At half of the bound something would be wrong with the noise.
for (const [rate, ebN0Db, bound, blocks] of [
  ['1/2', 3, 6.81e-4, 200],
  ['1/2', 4, 1.87e-5, 800],
  ['2/3', 4, 9.78e-5, 400],
  ['3/4', 4.5, 9.02e-5, 400],
  ['5/6', 5, 9.68e-5, 400],
  ['7/8', 5.5, 6.16e-5, 400],
] as const)
  t.test(`rate ${rate} at ${ebN0Db} dB: as few bit errors as theory allows`, async t => {
    const { errors, bits } = errorsAt(rate, ebN0Db, blocks)
    const expected = bound * bits
    const most = 1.25 * expected + 5 * Math.sqrt(5 * expected)
    t.ok(errors <= most, `${errors} of ${bits} bits, ${(errors / bits).toExponential(2)}`)
    const least = 0.5 * expected - 5 * Math.sqrt(5 * expected)
    t.ok(errors > Math.max(0, least), `${errors}: no fewer than there can be`)
  })

t.test('viterbiDecoder() takes the kernel where it runs, else the plain decoder', async t => {
  t.ok(viterbiDecoder(CODE) instanceof KernelViterbi)
  t.ok(viterbiDecoder(CODE, true) instanceof KernelViterbi)
  t.ok(viterbiDecoder(CODE, false) instanceof Viterbi)
})

function errorsAt(rate: Rate, ebN0Db: number, blocks: number) {
  const random = new Random(SEED)
  const code = { rate, branches: standardBranches(rate) }
  const octets = random.octets(210 * blocks)
  const decoder = new KernelViterbi(code)
  const count = decoder.blockSymbols
  const symbols = noisySymbols({ ...code, octets, ebN0Db, random })
  const decoded: number[] = []
  for (let at = 0; at < symbols.length; at += count)
    decoded.push(...decoder.decode(symbols.subarray(at, at + count)))
  decoded.push(...decoder.flush())
  const wrong = bitsOf(octets.map((octet, i) => octet ^ (decoded[i] as number)))
  return { errors: wrong.reduce((sum, bit) => sum + bit, 0), bits: wrong.length }
}
