import t from 'tap'
import { decodeUnsigned, encodeUnsigned } from '../../../../protocol/cfdp/pdu/unsigned.ts'
import { OctetReader, type Unsigned } from '../../../../protocol/octets/reader.ts'
import { OctetWriter } from '../../../../protocol/octets/writer.ts'
import { toHex } from '../../../kit/hex.ts'

const VALUES: readonly (readonly [value: Unsigned, width: number, digits: string])[] = [
  [0, 1, '00'],
  [255, 1, 'ff'],
  [2 ** 48 - 1, 6, 'ffffffffffff'],
  [0, 7, '00000000000000'],
  [2 ** 32, 7, '00000100000000'],
  [2 ** 53 - 1, 7, '1fffffffffffff'],
  [2n ** 53n, 7, '20000000000000'],
  [2n ** 56n - 1n, 7, 'ffffffffffffff'],
  [0, 8, '0000000000000000'],
  [2 ** 32 - 1, 8, '00000000ffffffff'],
  [2 ** 53 - 1, 8, '001fffffffffffff'],
  [2n ** 53n, 8, '0020000000000000'],
  [2n ** 53n + 1n, 8, '0020000000000001'],
  [2n ** 64n - 1n, 8, 'ffffffffffffffff'],
]

for (const [value, width, digits] of VALUES)
  t.test(`${value} in ${width} octets: a bigint only past 2^53 - 1`, async t => {
    const out = new OctetWriter()
    encodeUnsigned(value, width, out)
    t.equal(toHex(out.written()), digits)
    t.equal(decodeUnsigned(new OctetReader(out.written()), width), value)
  })

t.test('encodeUnsigned() takes a small bigint for the number that it is', async t => {
  const out = new OctetWriter()
  encodeUnsigned(5n, 8, out)
  t.equal(toHex(out.written()), '0000000000000005')
})

t.test('encodeUnsigned() throws on what does not fit', async t => {
  const out = new OctetWriter()
  for (const value of [-1, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])
    t.throws(() => encodeUnsigned(value, 6, out), RangeError, `${value}`)
  for (const value of [-1, 2 ** 56, Number.NaN, Number.POSITIVE_INFINITY])
    t.throws(() => encodeUnsigned(value, 7, out), RangeError, `${value}`)
})
