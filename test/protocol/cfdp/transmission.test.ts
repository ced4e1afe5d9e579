import t from 'tap'
import { headerOf, idOctets } from '../../../protocol/cfdp/transmission.ts'
import { hex } from '../../kit/hex.ts'
import { transmissionOf } from './ends.ts'

t.test('headerOf() follows from the transmission', t => {
  const small = transmissionOf(new Uint8Array(0), { pduCrc: true, fileSize: 2 ** 32 - 1 })
  t.strictSame(headerOf(small), {
    towardSender: false,
    acknowledged: true,
    crc: true,
    largeFile: false,
    entityOctets: 2,
    sequenceOctets: 2,
    source: 1,
    sequence: 7,
    destination: 2,
    recordBoundaries: false,
  })
  t.ok(headerOf(small, true).towardSender)
  t.ok(headerOf({ ...small, records: 100 }).recordBoundaries)
  t.ok(headerOf({ ...small, fileSize: 2 ** 32 }).largeFile, '4 octets do not hold its size')
  t.end()
})

t.test('idOctets() writes an id as wide as the header does', t => {
  t.strictSame(idOctets(0x1234, 2), hex`1234`)
  t.strictSame(idOctets(1, 1), hex`01`)
  t.strictSame(idOctets(0xf123_4567_89ab_cdefn, 8), hex`f123456789abcdef`)
  t.end()
})
