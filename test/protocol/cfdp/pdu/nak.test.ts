import t from 'tap'
import { parsePdu } from '../../../../protocol/cfdp/pdu/codec.ts'
import { gapsPerNak } from '../../../../protocol/cfdp/pdu/nak.ts'
import type { Nak } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { hex } from '../../../kit/hex.ts'
import { encoded, HEADER } from './samples.ts'

t.test('decodeNak() leaves out gaps that ask for nothing', async t => {
  const scope = '00000000 00001000'
  const nak = parsePdu(
    hex`28 0029 11 0001 0007 0002  08 ${scope}  00000005 00000005  00000032 0000000a  00000000 00000000
        00000007 00000009`,
  )
  t.match(nak, {
    body: { scope: { start: 0, end: 4096 }, wantsMetadata: true, gaps: [{ start: 7, end: 9 }] },
  })
})

t.test('decodeNak() takes no empty gap but that at 0 for a request of Metadata', async t => {
  const scope = '00000000 00001000'
  const nak = parsePdu(
    hex`28 0019 11 0001 0007 0002  08 ${scope}  00000005 00000005  00000009 00000002`,
  )
  t.match(nak, { body: { wantsMetadata: false, gaps: [] } })
})

t.test('decodeNak() refuses a scope that ends before it starts', async t => {
  const backward = hex`28 0009 11 0001 0007 0002  08 00000002 00000001`
  t.match(parsePdu(backward), { kind: 'malformed', at: 11, why: '[2, 1)' })
})

t.test('gapsPerNak() is the most that fits', async t => {
  for (const header of [
    HEADER,
    { ...HEADER, crc: true },
    { ...HEADER, largeFile: true, entityOctets: 8, sequenceOctets: 8 },
  ])
    for (const room of [100, 101, 1024, 65_000]) {
      const most = gapsPerNak(room, header)
      t.ok(encoded(nakOf(most), header).length <= room, `${most} gaps fit ${room} octets`)
      t.ok(encoded(nakOf(most + 1), header).length > room, `${most + 1} gaps do not fit ${room}`)
    }
  t.equal(gapsPerNak(0, HEADER), 0)
})

t.test('gapsPerNak() is never more than a data field holds', async t => {
  const most = gapsPerNak(1_000_000, HEADER)
  t.equal(encoded(nakOf(most)).length, 10 + 1 + 8 + 8 * most)
  t.throws(() => encoded(nakOf(most + 1)), RangeError)
})

function nakOf(count: number): Nak {
  const gaps = Array.from({ length: count }, (_, i) => ({ start: 2 * i, end: 2 * i + 1 }))
  return { kind: 'nak', scope: { start: 0, end: 2 * count }, wantsMetadata: false, gaps }
}
