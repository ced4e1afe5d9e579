/** What every Reed-Solomon codec promises: the octets of others, and what it does with too many errors. */
import type { Test } from 'tap'
import { randomize } from '../../../protocol/coding/randomizer.ts'
import type { ReedSolomonCode, ReedSolomonCodec } from '../../../protocol/coding/reed-solomon.ts'
import { type FramingVector, framingVectors } from '../../kit/framing.ts'
import { fromHex, toHex } from '../../kit/hex.ts'

export function reedSolomonPromise(t: Test, open: (code: ReedSolomonCode) => ReedSolomonCodec) {
  t.test('encode() writes the parity that others wrote', async t => {
    const vectors = framingVectors('rs255_', 'rs_short_', 'rs_frame_')
    for (const vector of vectors.filter(({ name }) => !name.startsWith('rs_short_fill_error'))) {
      const code = open(codeOf(vector))
      const codeblock = new Uint8Array(code.codeblockOctets)
      codeblock.set(fromHex(vector.input))
      code.encode(codeblock)
      t.equal(code.frameOctets, vector.input.length / 2, `${vector.name}, frame`)
      t.equal(toHex(codeblock), vector.output, vector.name)
      t.equal(code.decode(codeblock), 0, `${vector.name} is clean`)
    }
  })

  t.test('encode() and randomize() make the CADUs that others made', async t => {
    for (const vector of framingVectors('cadu_')) {
      const code = open(codeOf(vector))
      const codeblock = new Uint8Array(code.codeblockOctets)
      codeblock.set(fromHex(vector.input))
      code.encode(codeblock)
      randomize(codeblock)
      t.equal(`1acffc1d${toHex(codeblock)}`, vector.output, vector.name)
    }
  })

  t.test('decode() corrects, and miscorrects, what others do', async t => {
    for (const vector of framingVectors('rs_err', 'rs_erasures', 'rs_misc', 'rs239_')) {
      const codeblock = fromHex(vector.input)
      const code = open(codeOf(vector))
      const erasures = vector.params['erasures'] as number[] | undefined
      t.equal(code.decode(codeblock, erasures), distance(vector), `${vector.name}, symbols`)
      t.equal(toHex(codeblock), vector.output, vector.name)
    }
  })

  t.test('decode() leaves what is beyond correction as it was received', async t => {
    // With rs_short_fill_error: the nearest codeword differs in the virtual fill.
    for (const vector of framingVectors('rs_uncorrectable', 'rs_short_fill_error')) {
      const codeblock = fromHex(vector.input)
      const code = open(codeOf(vector))
      t.equal(code.decode(codeblock), -1, vector.name)
      t.strictSame([...code.correctedPerCodeword], [-1], `${vector.name}, per codeword`)
      t.equal(toHex(codeblock), vector.input, `${vector.name}, octets`)
    }
  })

  t.test(
    'decode() finds nothing wrong with a constant word, so the frame must be checked too',
    async t => {
      for (const { name, input } of framingVectors('rs_constant_'))
        for (const basis of ['dual', 'conventional'] as const)
          t.equal(
            open({ basis, parity: 32, interleave: 1 }).decode(fromHex(input)),
            0,
            `${name}, ${basis}`,
          )
    },
  )

  t.test(
    'decode() with one codeword of five beyond correction corrects none and says which',
    async t => {
      const code = open({ basis: 'dual', parity: 32, interleave: 5 })
      const codeblock = new Uint8Array(code.codeblockOctets)
      code.encode(codeblock)
      // Symbol s of codeword c is octet 5 s + c.
      codeblock[5 * 7] = 1
      for (let symbol = 100; symbol < 117; symbol++) codeblock[5 * symbol + 3] = symbol
      const received = codeblock.slice()
      t.equal(code.decode(codeblock), -1)
      t.strictSame([...code.correctedPerCodeword], [1, 0, 0, -1, 0])
      t.strictSame(codeblock, received)
      // One of the seventeen corrected by hand, the rest is not too much.
      codeblock[5 * 110 + 3] = 0
      t.equal(code.decode(codeblock), 17)
      t.strictSame([...code.correctedPerCodeword], [1, 0, 0, 16, 0])
      t.strictSame(codeblock, new Uint8Array(code.codeblockOctets))
    },
  )

  t.test('decode() takes an erasure given twice as one, and a needless one as none', async t => {
    const code = open({ basis: 'conventional', parity: 16, interleave: 2 })
    const codeblock = new Uint8Array(code.codeblockOctets)
    const erasures = Array.from({ length: 16 }, (_, i) => 2 * i)
    for (const at of erasures.slice(1)) codeblock[at] = 0x5a
    t.equal(code.decode(codeblock, [...erasures, ...erasures]), 15)
    t.strictSame(codeblock, new Uint8Array(code.codeblockOctets))
  })

  t.test(
    'decode() gives up at more erasures than parity octets, unless nothing is wrong',
    async t => {
      const code = open({ basis: 'dual', parity: 16, interleave: 1 })
      const codeblock = new Uint8Array(255)
      const erasures = Array.from({ length: 17 }, (_, i) => i)
      t.equal(code.decode(codeblock, erasures), 0)
      codeblock[3] = 1
      t.equal(code.decode(codeblock, erasures), -1)
      t.equal(code.decode(codeblock, erasures.slice(1)), 1)
    },
  )

  t.test(
    'a codec refuses what is not in the standard, and codeblocks of another length',
    async t => {
      const code: ReedSolomonCode = { basis: 'dual', parity: 32, interleave: 1 }
      t.throws(() => open({ ...code, interleave: 6 as 5 }), /interleave 6: no such code/)
      t.throws(() => open({ ...code, parity: 20 as 16 }), /20 parity octets/)
      t.throws(() => open({ ...code, fill: -1 }), /0 to 222/)
      t.throws(() => open({ ...code, fill: 223 }), /0 to 222/)
      t.throws(() => open({ ...code, fill: 0.5 }), /0 to 222/)
      const dirty = new Uint8Array(255).fill(1, 9, 11)
      t.throws(() => open(code).encode(dirty.subarray(1)), /a codeblock has 255/)
      t.throws(() => open(code).decode(dirty.subarray(1)), /a codeblock has 255/)
      for (const at of [-1, 255, 0.5])
        t.throws(() => open(code).decode(dirty, [at]), /Cannot erase octet/)
    },
  )
}

function codeOf({ name, params, input, output }: FramingVector): ReedSolomonCode {
  const interleave = (params['interleave'] ?? 1) as 1 | 2 | 3 | 4 | 5 | 8
  const parity = name.startsWith('rs239') || name.startsWith('rs255_239') ? 16 : 32
  const codeblockOctets = name.startsWith('cadu_')
    ? output.length / 2 - 4
    : Math.max(input.length, output.length) / 2
  return {
    basis: params['basis'] === 'dual' ? 'dual' : 'conventional',
    parity,
    interleave,
    fill: 255 - codeblockOctets / interleave,
  }
}

/** In how many octets the output differs from the input. */
function distance({ input, output }: FramingVector): number {
  const corrected = fromHex(output)
  return fromHex(input).filter((octet, i) => octet !== corrected[i]).length
}
