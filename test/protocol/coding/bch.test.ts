import t from 'tap'
import { bchDecode, bchParity } from '../../../protocol/coding/bch.ts'
import { framingVectors } from '../../kit/framing.ts'
import { fromHex, hex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'

t.test('bchParity() gives the last octet of every block of a CLTU', async t => {
  for (const { name, output } of framingVectors('cltu_bch_')) {
    const cltu = fromHex(output)
    for (let at = 2; at < cltu.length - 8; at += 8) {
      t.equal(bchParity(cltu, at), cltu[at + 7], `${name}, block at ${at}`)
      t.equal(bchDecode(cltu, at), 0, `${name}, block at ${at} is clean`)
    }
    t.equal(bchDecode(cltu, cltu.length - 8), -1, `${name}, tail`)
    t.equal(toHex(cltu), output, `${name} is untouched`)
  }
})

t.test('bchDecode() corrects what others corrected and rejects what they rejected', async t => {
  for (const { name, input, output } of framingVectors('bch63_56_')) {
    const block = fromHex(input)
    // Three errors may pass for one in this mode: the vector says so.
    if (name === 'bch63_56_multi_error_20_21_50') continue
    t.equal(bchDecode(block, 0), output === '' ? -1 : 1, name)
    t.equal(toHex(block), output === '' ? input : output, `${name}, octets`)
  }
})

t.test('bchDecode() corrects each of the 63 bits and rejects every two', async t => {
  const clean = randomBlock(63)
  for (let one = 0; one < 63; one++) {
    const single = clean.slice()
    flip(single, one)
    t.equal(bchDecode(single, 0), 1, `bit ${one}`)
    t.strictSame(single, clean, `bit ${one}, octets`)
    const answers = new Set<number>()
    for (let other = 0; other < one; other++) {
      const double = clean.slice()
      flip(double, one)
      flip(double, other)
      answers.add(bchDecode(double, 0))
    }
    t.strictSame([...answers], one === 0 ? [] : [-1], `bit ${one} and any before it`)
  }
})

t.test('bchDecode() does not look at the filler bit', async t => {
  const block = randomBlock(64)
  flip(block, 63)
  const received = block.slice()
  t.equal(bchDecode(block, 0), 0)
  t.strictSame(block, received)
  flip(block, 11)
  t.equal(bchDecode(block, 0), 1)
  t.strictSame(block, received)
})

t.test('bchDecode() rejects the tail sequence', async t => {
  t.equal(bchDecode(hex`00 c5c5c5c5c5c5c579`, 1), -1)
})

function randomBlock(seed: number): Uint8Array {
  const block = new Random(seed).octets(8)
  block[7] = bchParity(block, 0)
  return block
}

function flip(block: Uint8Array, bit: number): void {
  block[bit >>> 3] = (block[bit >>> 3] as number) ^ (0x80 >>> (bit & 7))
}
