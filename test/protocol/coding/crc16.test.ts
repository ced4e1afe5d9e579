import crc16ccitt from 'crc/calculators/crc16ccitt'
import t from 'tap'
import { crc16 } from '../../../protocol/coding/crc16.ts'
import { framingVectors } from '../../kit/framing.ts'
import { fromHex, hex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'
import { checksumVectors } from './checksum-vectors.ts'

t.test('crc16() gives the frame error control field that others computed', async t => {
  for (const { name, input, output } of framingVectors('fecf_'))
    t.equal(crc16(fromHex(input)), Number.parseInt(output, 16), name)
})

t.test('crc16() gives the PDU checksum that others computed', async t => {
  for (const vector of checksumVectors())
    t.equal(crc16(vector.octets), Number.parseInt(vector.pdu_crc16, 16), vector.name)
})

t.test('crc16() over octets that end in their own checksum is zero', async t => {
  t.equal(crc16(hex`313233343536373839 29b1`), 0)
})

t.test('crc16() looks at nothing outside start and end, whatever their alignment', async t => {
  const random = new Random(16)
  for (let length = 0; length < 40; length++) {
    const octets = random.octets(length + 20)
    const start = random.below(20)
    const part = octets.slice(start, start + length)
    t.equal(crc16(octets, start, start + length), crc16ccitt(part), `${length}`)
    t.equal(crc16(octets, start), crc16(octets.slice(start)), `${length}, to the end`)
  }
})
