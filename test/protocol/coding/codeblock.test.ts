/** The kernel codes as the plain functions do, whatever the format; by seed. */
import t, { type Test } from 'tap'
import {
  BEYOND_CORRECTION,
  type CodeblockFormat,
  codeblockCodec,
  FECF_WRONG,
} from '../../../protocol/coding/codeblock.ts'
import { crc16 } from '../../../protocol/coding/crc16.ts'
import type { ReedSolomonCode } from '../../../protocol/coding/reed-solomon.ts'
import { Random } from '../../kit/random.ts'

const RANDOMIZERS = ['short', 'long', undefined] as const

t.test('codeblockCodec() by the kernel answers as by the plain functions', async t => {
  const random = new Random(10)
  for (const parity of [32, 16] as const)
    for (const interleave of [1, 2, 3, 4, 5, 8] as const)
      for (const randomizer of RANDOMIZERS)
        for (const fecf of [true, false]) {
          const fill = random.below(220 - parity)
          compare(
            t,
            random,
            formatOf({ basis: 'dual', parity, interleave, fill }, randomizer, fecf),
          )
        }
})

t.test('every length of frame has the CRC of crc16()', async t => {
  const random = new Random(11)
  for (let fill = 0; fill < 220; fill++) {
    const format = formatOf({ basis: 'conventional', parity: 32, interleave: 1, fill }, undefined)
    const { frameOctets } = format
    const frame = random.octets(frameOctets)
    const expected = crc16(frame, 0, frameOctets - 2)
    const codeblock = new Uint8Array(frameOctets + 32)
    codeblockCodec(format).encode(frame, codeblock, 0)
    t.equal(crc16(codeblock, 0, frameOctets), 0, `${frameOctets} octets`)
    t.equal(
      ((codeblock[frameOctets - 2] as number) << 8) | (codeblock[frameOctets - 1] as number),
      expected,
    )
  }
})

t.test('decode() tells a codeword that is no frame by its FECF', async t => {
  for (const hasSimd of [true, false]) {
    const format = formatOf({ basis: 'dual', parity: 32, interleave: 5 }, 'short')
    const [other, codec] = [{ ...format, fecf: false }, format].map(one =>
      codeblockCodec(one, hasSimd),
    )
    const codeblock = new Uint8Array(1275)
    other?.encode(new Random(12).octets(1115), codeblock, 0)
    t.equal(codec?.decode(codeblock), FECF_WRONG)
  }
})

t.test('a frame without Reed-Solomon is its codeblock', async t => {
  const codec = codeblockCodec({ ...formatOf(undefined, 'long'), frameOctets: 100 })
  const frame = new Random(13).octets(100)
  const codeblock = new Uint8Array(100)
  codec.encode(frame, codeblock, 0)
  t.not(codeblock[0], frame[0])
  t.equal(codec.decode(codeblock), 0)
  t.strictSame(codeblock.subarray(0, 98), frame.subarray(0, 98))
  codec.encode(frame, codeblock, 0)
  codeblock[9] = 1 ^ (codeblock[9] as number)
  t.equal(codec.decode(codeblock), FECF_WRONG)
})

t.test('codeblocks have their length, and no other', async t => {
  const codec = codeblockCodec(formatOf({ basis: 'dual', parity: 32, interleave: 5 }, 'short'))
  t.throws(() => codec.decode(new Uint8Array(1276)), { message: /a codeblock has 1275/ })
})

function formatOf(
  reedSolomon: ReedSolomonCode | undefined,
  randomizer: 'short' | 'long' | undefined,
  fecf = true,
): CodeblockFormat {
  const { parity = 0, interleave = 1, fill = 0 } = reedSolomon ?? {}
  return { frameOctets: (255 - parity - fill) * interleave, reedSolomon, randomizer, fecf }
}

/** Encodes once with each, and decodes with 0 to too many errors. */
function compare(t: Test, random: Random, format: CodeblockFormat): void {
  const { parity = 0, interleave = 1 } = format.reedSolomon ?? {}
  const label = JSON.stringify(format)
  const [kernel, plain] = [codeblockCodec(format, true), codeblockCodec(format, false)]
  const frame = random.octets(format.frameOctets)
  const octets = format.frameOctets + parity * interleave
  const [one, other] = [new Uint8Array(octets), new Uint8Array(octets + 3)]
  kernel.encode(frame, one, 0)
  plain.encode(frame, other, 3)
  t.strictSame(one, other.slice(3), `${label} encoded`)
  for (const errors of [0, 1, 3, 40 * interleave]) {
    const received = one.slice()
    for (let i = 0; i < errors; i++) received[random.below(received.length)] = random.below(256)
    const [mine, theirs] = [received.slice(), received.slice()]
    const answer = kernel.decode(mine)
    t.equal(answer, plain.decode(theirs), `${label}, ${errors} errors`)
    if (answer >= 0) t.strictSame(mine, theirs, `${label}, ${errors} errors corrected`)
    else t.equal(answer, BEYOND_CORRECTION, label)
  }
}
