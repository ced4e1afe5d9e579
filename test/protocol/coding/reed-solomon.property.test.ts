/** Random codewords, errors and erasures in every code of the standard, checked the long way; by seed. */
import t, { type Test } from 'tap'
import { EXP, FROM_DUAL, times } from '../../../protocol/coding/galois.ts'
import { ReedSolomon, type ReedSolomonCode } from '../../../protocol/coding/reed-solomon.ts'
import { Random } from '../../kit/random.ts'

const INTERLEAVES = [1, 2, 3, 4, 5, 8] as const

for (const basis of ['dual', 'conventional'] as const)
  for (const parity of [32, 16] as const) {
    t.test(`RS(255,${255 - parity}), ${basis}: errors up to the limit and beyond`, async t => {
      const random = new Random(parity)
      for (const interleave of INTERLEAVES)
        for (const fill of [0, random.below(255 - parity), 254 - parity])
          for (let excess = 0; excess <= 1; excess++)
            flyErrors(t, random, { basis, parity, interleave, fill }, excess)
    })

    t.test(`RS(255,${255 - parity}), ${basis}: errors with erasures`, async t => {
      const random = new Random(parity + 1)
      for (let erased = 0; erased <= parity; erased++)
        flyErasures(t, random, { basis, parity, interleave: 1, fill: random.below(100) }, erased)
    })

    t.test(`RS(255,${255 - parity}), ${basis}: noise is refused and left alone`, async t => {
      const random = new Random(parity + 2)
      const code = new ReedSolomon({ basis, parity, interleave: 8 })
      let accepted = 0
      for (let i = 0; i < 60; i++) {
        const noise = random.octets(code.codeblockOctets)
        const received = noise.slice()
        if (code.decode(noise) >= 0) accepted++
        else t.strictSame(noise, received)
      }
      t.equal(accepted, 0)
    })
  }

t.test('encode() and decode() work on a part of a larger buffer', async t => {
  const code = new ReedSolomon({ basis: 'dual', parity: 32, interleave: 3 })
  const buffer = new Random(3).octets(code.codeblockOctets + 10)
  const around = [...buffer.subarray(0, 5), ...buffer.subarray(-5)]
  const codeblock = buffer.subarray(5, -5)
  code.encode(codeblock)
  codeblock[1] = (codeblock[1] as number) ^ 0xff
  t.equal(code.decode(codeblock), 1)
  t.strictSame([...buffer.subarray(0, 5), ...buffer.subarray(-5)], around)
})

/** Every codeword gets 0 to E errors; with an excess, one of them gets E + 1. */
function flyErrors(t: Test, random: Random, code: Required<ReedSolomonCode>, excess: number) {
  const { basis, parity, interleave, fill } = code
  const label = `interleave ${interleave}, fill ${fill}, excess ${excess}`
  const codec = new ReedSolomon(code)
  const sent = randomCodeblock(random, codec)
  for (let i = 0; i < interleave; i++)
    t.ok(isCodeword(wordOf(sent, i, code), parity, basis === 'dual'), `${label}: codeword ${i}`)

  const received = sent.slice()
  const symbols = 255 - fill
  const lost = excess === 0 ? -1 : random.below(interleave)
  const wrong = Array.from({ length: interleave }, (_, i) =>
    i === lost ? parity / 2 + 1 : random.below(parity / 2 + 1),
  )
  for (const [i, errors] of wrong.entries())
    for (const symbol of random.places(errors, symbols))
      spoil(random, received, symbol * interleave + i)

  const decoded = received.slice()
  const total = wrong.reduce((sum, errors) => sum + errors, 0)
  t.equal(codec.decode(decoded), excess === 0 ? total : -1, `${label}: symbols`)
  t.strictSame(decoded, excess === 0 ? sent : received, `${label}: octets`)
  t.strictSame(
    [...codec.correctedPerCodeword],
    wrong.map((errors, i) => (i === lost ? -1 : errors)),
    `${label}: per codeword`,
  )
}

/** So many erasures, half of them right, and as many errors besides as are still allowed; then one more. */
function flyErasures(t: Test, random: Random, code: Required<ReedSolomonCode>, erased: number) {
  const codec = new ReedSolomon(code)
  const errors = Math.floor((code.parity - erased) / 2)
  const sent = randomCodeblock(random, codec)
  const received = sent.slice()
  const places = random.places(erased + errors + 1, 255 - code.fill)
  const erasures = places.slice(0, erased)
  let wrong = 0
  for (const place of erasures)
    if (random.below(2) === 0) {
      spoil(random, received, place)
      wrong++
    }
  for (const place of places.slice(erased, -1)) spoil(random, received, place)
  const decoded = received.slice()
  t.equal(codec.decode(decoded, erasures), wrong + errors, `${erased} erased, ${errors} wrong`)
  t.strictSame(decoded, sent)

  spoil(random, received, places.at(-1) as number)
  const beyond = received.slice()
  if (codec.decode(beyond, erasures) < 0) t.strictSame(beyond, received, 'beyond correction')
  else t.ok(isCodeword(wordOf(beyond, 0, code), code.parity, code.basis === 'dual'), 'another one')
}

function randomCodeblock(random: Random, codec: ReedSolomon): Uint8Array {
  const codeblock = random.octets(codec.codeblockOctets)
  const frame = codeblock.slice(0, codec.frameOctets)
  codec.encode(codeblock)
  t.strictSame(codeblock.slice(0, codec.frameOctets), frame, 'the frame stays as it is')
  return codeblock
}

function spoil(random: Random, octets: Uint8Array, at: number): void {
  octets[at] = (octets[at] as number) ^ (1 + random.below(255))
}

/** One codeword out of the codeblock. */
function wordOf(codeblock: Uint8Array, codeword: number, code: ReedSolomonCode): Uint8Array {
  return codeblock.filter((_, at) => at % code.interleave === codeword)
}

/** By the definition: the value at every root of the generator is zero. */
function isCodeword(word: Uint8Array, parity: number, dual: boolean): boolean {
  for (let j = 128 - parity / 2; j < 128 + parity / 2; j++) {
    const root = EXP[(11 * j) % 255] as number
    let value = 0
    for (const octet of word)
      value = times(value, root) ^ (dual ? (FROM_DUAL[octet] as number) : octet)
    if (value !== 0) return false
  }
  return true
}
