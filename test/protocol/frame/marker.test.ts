import t from 'tap'
import { markerErrors, markerSearch } from '../../../protocol/frame/marker.ts'
import { hex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'
import { BitStream } from './bit-stream.ts'

t.test('markerErrors() counts wrong bits', async t => {
  t.equal(markerErrors(0x1acffc1d), 0)
  t.equal(markerErrors(0x1acffc1c), 1)
  t.equal(markerErrors(~0x1acffc1d), 32)
  t.equal(markerErrors(0), 19)
})

t.test('markerSearch() finds the marker at every bit with up to two of any bits wrong', async t => {
  const search = markerSearch(2)
  for (let offset = 0; offset < 16; offset++) {
    for (let one = 0; one < 32; one++) {
      for (let other = one; other < 32; other++) {
        const inverted = (one + other) % 2 === 0
        const stream = new BitStream().add(new Uint8Array(2)).lose(0, 16 - offset)
        stream.add(MARKER, inverted).flip(offset + one)
        if (other !== one) stream.flip(offset + other)
        const octets = stream.octets()
        if (search(octets, 0, offset + 1) !== offset) t.fail(`bit ${offset}: ${one}, ${other}`)
      }
    }
  }
  t.pass('all found')
})

t.test('markerSearch() allows as many wrong bits as it is told', async t => {
  for (const errorsMax of [0, 1, 2]) {
    for (let wrong = 0; wrong <= 4; wrong++) {
      const stream = new BitStream().add(new Uint8Array(1)).add(MARKER)
      for (let i = 0; i < wrong; i++) stream.flip(8 + 7 * i)
      const found = markerSearch(errorsMax)(stream.octets(), 0, 9)
      t.equal(found, wrong <= errorsMax ? 8 : -1, `${wrong} wrong, ${errorsMax} allowed`)
    }
  }
  t.throws(() => markerSearch(3), RangeError)
  t.throws(() => markerSearch(-1), RangeError)
  t.throws(() => markerSearch(Number.NaN), RangeError)
})

t.test('markerSearch() finds what a look at every bit finds', async t => {
  const random = new Random(131)
  const search = markerSearch(2)
  for (let i = 0; i < 100; i++) {
    const stream = new BitStream().noise(random, random.below(200))
    stream.add(MARKER, random.below(2) === 0).flip(stream.length - 1 - random.below(32))
    stream.noise(random, 40 + random.below(200))
    const octets = stream.octets()
    const from = random.below(stream.length - 32)
    const to = from + random.below(stream.length - 31 - from)
    t.equal(search(octets, from, to), plainSearch(octets, from, to), `${i}`)
  }
})

function plainSearch(octets: Uint8Array, from: number, to: number): number {
  for (let bit = from; bit < to; bit++) {
    let word = 0
    for (let i = bit; i < bit + 32; i++)
      word = (word << 1) | ((octets[i >>> 3]! >>> (7 - (i & 7))) & 1)
    const errors = markerErrors(word)
    if (errors <= 2 || errors >= 30) return bit
  }
  return -1
}

const MARKER = hex`1acffc1d`
