import t from 'tap'
import { CHECKSUM } from '../../../protocol/cfdp/checksum.ts'
import { gapsPerNak } from '../../../protocol/cfdp/pdu/nak.ts'
import { fits, nakOctets, QUIRKS, remoteEntity } from '../../../protocol/cfdp/remote.ts'
import { headerOf } from '../../../protocol/cfdp/transmission.ts'
import { someTransmission } from '../../kit/transmission.ts'

t.test('remoteEntity() fills in what is usual, and what the peer knows', async t => {
  t.match(remoteEntity({ entity: 2 }), { entityOctets: 2, checksumType: CHECKSUM.crc32c })
  t.match(remoteEntity({ entity: 2, quirks: QUIRKS.cfsCf }), { checksumType: CHECKSUM.modular })
  t.match(remoteEntity({ entity: 2, quirks: { ...QUIRKS.none, checksumTypes: [15] } }), {
    checksumType: CHECKSUM.null,
  })
})

t.test('remoteEntity() refuses what contradicts itself', async t => {
  t.throws(() => remoteEntity({ entity: 2, entityOctets: 0 }), /ids of 0 and 4 octets: 1 to 8/)
  t.throws(() => remoteEntity({ entity: 2, sequenceOctets: 9 }), /1 to 8/)
  t.throws(() => remoteEntity({ entity: 2, sequenceOctets: 1.5 }), /1 to 8/)
  t.throws(() => remoteEntity({ entity: 256, entityOctets: 1 }), /entity 256 in 1 octets/)
  t.throws(
    () => remoteEntity({ entity: 2, checksumType: 3, quirks: QUIRKS.yamcs }),
    /checksum type 3 to entity 2: it knows 0/,
  )
  t.throws(() => remoteEntity({ entity: 2, checksumType: 4 }), /it knows 0, 2, 3, 15$/)
  t.throws(() => remoteEntity({ entity: 2, pduCrc: true, quirks: QUIRKS.cfsCf }), /with a CRC/)
  const nothing = { ...QUIRKS.none, checksumTypes: [] }
  t.throws(() => remoteEntity({ entity: 2, quirks: nothing }), /checksum type 15 .* it knows $/)
})

t.test('fits() knows what so many octets can say', async t => {
  t.ok(fits(0, 1))
  t.ok(fits(255, 1))
  t.notOk(fits(256, 1))
  t.notOk(fits(-1, 8))
  t.ok(fits(2n ** 64n - 1n, 8))
})

t.test('nakOctets() is the room that gapsPerNak() fills', async t => {
  for (const header of [
    headerOf(someTransmission()),
    headerOf(someTransmission({ fileSize: 2 ** 33, pduCrc: true })),
  ]) {
    t.equal(gapsPerNak(nakOctets(58, header), header), 58)
    t.equal(gapsPerNak(nakOctets(58, header) - 1, header), 57)
  }
})
