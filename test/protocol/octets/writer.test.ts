import t from 'tap'
import { OctetReader } from '../../../protocol/octets/reader.ts'
import { OctetWriter } from '../../../protocol/octets/writer.ts'
import { hex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'

t.test('OctetWriter writes fields one after the other, big-endian, and grows', t => {
  const out = new OctetWriter(1)
  out.octet(0x1ff)
  out.uint(0x0203, 2)
  out.uint(2 ** 48 - 1, 6)
  out.uint(7, 8)
  out.uint(2n ** 64n - 1n, 8)
  out.octets(hex`aabb`)
  t.strictSame(out.written(), hex`ff 0203 ffffffffffff 0000000000000007 ffffffffffffffff aabb`)
  t.equal(out.length, 27)
  out.patch16(1, 0xbeef)
  t.strictSame(out.written().subarray(0, 4), hex`ff beef ff`)
  out.clear()
  t.equal(out.length, 0)
  t.strictSame(out.written(), hex``)
  t.end()
})

t.test('uint() refuses what does not fit', t => {
  const out = new OctetWriter()
  const wrong: [number | bigint, number][] = [
    [256, 1],
    [-1, 2],
    [Number.NaN, 2],
    [2 ** 48, 6],
    [256n, 1],
    [-1n, 8],
    [2n ** 64n, 8],
    [-1, 7],
  ]
  for (const [value, width] of wrong)
    t.throws(() => out.uint(value, width), {
      name: 'RangeError',
      message: /^Cannot write -?\w+ in/,
    })
  t.equal(out.length, 0, 'nothing of it was written')
  t.end()
})

t.test('what OctetWriter writes OctetReader reads', t => {
  const random = new Random(1)
  for (let i = 0; i < 500; i++) {
    const width = 1 + random.below(8)
    const octets = random.octets(width)
    const value = new OctetReader(octets).unsigned(width)
    const out = new OctetWriter(random.below(4))
    out.uint(value, width)
    t.strictSame(out.written(), octets, `${value}`)
  }
  t.end()
})
