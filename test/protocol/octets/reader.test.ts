import t from 'tap'
import { DecodeFault, OctetReader, unsigned } from '../../../protocol/octets/reader.ts'
import { hex } from '../../kit/hex.ts'

t.test('OctetReader reads fields one after the other, big-endian', t => {
  const reader = new OctetReader(hex`01 0203 ff0000000000 04050607 08`)
  t.equal(reader.remaining, 14)
  t.equal(reader.octet(), 1)
  t.equal(reader.uint(2), 0x0203)
  t.equal(reader.uint(6), 0xff0000000000, 'beyond 32 bits')
  t.equal(reader.at, 9)
  t.strictSame(reader.octets(4), hex`04050607`)
  t.strictSame(reader.rest(), hex`08`)
  t.strictSame(reader.rest(), hex``)
  t.end()
})

t.test('OctetReader stays between start and end, and lends what it reads', t => {
  const octets = hex`00 0102 03`
  const reader = new OctetReader(octets, 1, 3)
  t.equal(reader.at, 1)
  const lent = reader.octets(2)
  octets[1] = 9
  t.strictSame(lent, hex`0902`)
  t.throws(() => reader.octet(), { name: 'DecodeFault', at: 3 })
  t.end()
})

t.test('unsigned() reads up to 64 bits in one form', t => {
  const read = (octets: Uint8Array) => new OctetReader(octets).unsigned(octets.length)
  t.equal(read(hex`05`), 5)
  t.equal(read(hex`ffffffffffff`), 2 ** 48 - 1)
  t.equal(read(hex`00000000000007`), 7)
  t.equal(read(hex`001fffffffffffff`), Number.MAX_SAFE_INTEGER)
  t.equal(read(hex`0020000000000000`), 2n ** 53n)
  t.equal(read(hex`ffffffffffffffff`), 2n ** 64n - 1n)
  t.equal(unsigned(3n), 3)
  t.end()
})

t.test('OctetReader refuses what is not there, says where, and stays', t => {
  const reader = new OctetReader(hex`0102`)
  reader.octet()
  for (const read of [
    () => reader.octets(2),
    () => reader.uint(2),
    () => reader.unsigned(8),
    () => reader.unsigned(5),
  ])
    t.throws(read, { name: 'DecodeFault', at: 1, message: / 1 are left$/ })
  t.equal(reader.octet(), 2)
  t.ok(new DecodeFault('', 0) instanceof Error)
  t.end()
})
