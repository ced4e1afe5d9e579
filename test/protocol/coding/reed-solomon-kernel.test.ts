/** The kernel keeps the promise of a codec, and answers everything as the plain codec does; by seed. */
import t, { type Test } from 'tap'
import { ReedSolomon, type ReedSolomonCode } from '../../../protocol/coding/reed-solomon.ts'
import {
  KernelReedSolomon,
  reedSolomonCodec,
} from '../../../protocol/coding/reed-solomon-kernel.ts'
import { Random } from '../../kit/random.ts'
import { reedSolomonPromise } from './reed-solomon.promise.ts'

const INTERLEAVES = [1, 2, 3, 4, 5, 8] as const
const CODE: ReedSolomonCode = { basis: 'dual', parity: 32, interleave: 5 }

reedSolomonPromise(t, code => new KernelReedSolomon(code))

for (const basis of ['dual', 'conventional'] as const)
  for (const parity of [32, 16] as const)
    t.test(`RS(255,${255 - parity}), ${basis}: answers as the plain codec`, async t => {
      const random = new Random(parity)
      for (const interleave of INTERLEAVES)
        for (const fill of [0, 1, 2, 3, random.below(255 - parity), 254 - parity]) {
          const errorsMax = Math.min(parity / 2 + 4, 255 - fill)
          for (let errors = 0; errors <= errorsMax; errors++)
            compare(t, random, { basis, parity, interleave, fill }, errors)
        }
    })

t.test('decode() answers to noise as the plain codec', async t => {
  const codecs = both({ basis: 'dual', parity: 16, interleave: 8, fill: 100 })
  const random = new Random(4)
  for (let i = 0; i < 300; i++)
    same(t, codecs, random.octets(codecs[1].codeblockOctets), `noise ${i}`)
})

t.test('decode() refuses a correction in the virtual fill, the last octet of it too', async t => {
  const random = new Random(5)
  for (const parity of [32, 16] as const)
    for (const fill of [1, 60, 200]) {
      // A codeword that is not zero where the shortened one has its fill.
      const whole = new ReedSolomon({ basis: 'dual', parity, interleave: 2 })
      const sent = random.octets(whole.codeblockOctets).fill(0, 0, 2 * fill)
      sent[2 * fill - 1] = 5
      whole.encode(sent)
      const codecs = both({ basis: 'dual', parity, interleave: 2, fill })
      same(t, codecs, sent.slice(2 * fill), `fill ${fill}`)
      t.strictSame([...codecs[0].correctedPerCodeword], [0, -1], `RS(255,${255 - parity}), ${fill}`)
    }
})

t.test('codecs of one kernel do not disturb each other, and each has its own counts', async t => {
  const [one, other] = [new KernelReedSolomon(CODE), new KernelReedSolomon({ ...CODE, fill: 9 })]
  const codeblock = new Uint8Array(one.codeblockOctets)
  codeblock[7] = 1
  t.equal(one.decode(codeblock), 1)
  t.equal(other.decode(new Uint8Array(other.codeblockOctets)), 0)
  t.strictSame([...one.correctedPerCodeword], [0, 0, 1, 0, 0])
  t.strictSame([...other.correctedPerCodeword], [0, 0, 0, 0, 0])
})

t.test('reedSolomonCodec() takes the kernel where it runs, else the plain codec', async t => {
  t.ok(reedSolomonCodec(CODE) instanceof KernelReedSolomon)
  t.ok(reedSolomonCodec(CODE, true) instanceof KernelReedSolomon)
  t.ok(reedSolomonCodec(CODE, false) instanceof ReedSolomon)
})

type Both = readonly [kernel: KernelReedSolomon, plain: ReedSolomon]

function both(code: ReedSolomonCode): Both {
  return [new KernelReedSolomon(code), new ReedSolomon(code)]
}

/** A codeblock of which one codeword has so many errors and the others fewer, or as many. */
function compare(t: Test, random: Random, code: Required<ReedSolomonCode>, errors: number) {
  const { parity, interleave, fill } = code
  const label = `interleave ${interleave}, fill ${fill}, ${errors} errors`
  const codecs = both(code)
  const sent = random.octets(codecs[1].codeblockOctets)
  const encoded = sent.slice()
  codecs[1].encode(sent)
  codecs[0].encode(encoded)
  if (!equals(encoded, sent)) t.fail(`${label}: encoded differently`)

  const received = sent.slice()
  const most = random.below(interleave)
  for (let i = 0; i < interleave; i++)
    for (const place of random.places(i === most ? errors : random.below(errors + 1), 255 - fill)) {
      const at = place * interleave + i
      received[at] = (received[at] as number) ^ (1 + random.below(255))
    }
  const corrected = same(t, codecs, received, label)
  if (2 * errors <= parity) t.ok(equals(corrected, sent), label)
}

/** Both decode the same octets to the same octets, which are answered. */
function same(t: Test, [kernel, plain]: Both, received: Uint8Array, label: string): Uint8Array {
  const [ours, theirs] = [received.slice(), received.slice()]
  const answers = [kernel.decode(ours), plain.decode(theirs)]
  if (answers[0] !== answers[1]) t.fail(`${label}: answers ${answers.join(' and ')}`)
  if (!equals(ours, theirs)) t.fail(`${label}: corrected differently`)
  t.strictSame(kernel.correctedPerCodeword, plain.correctedPerCodeword, `${label}: per codeword`)
  return ours
}

function equals(one: Uint8Array, other: Uint8Array): boolean {
  return one.every((octet, i) => octet === other[i])
}
