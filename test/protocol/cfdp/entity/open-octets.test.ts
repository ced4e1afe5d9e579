import t from 'tap'
import { OpenOctets } from '../../../../protocol/cfdp/entity/open-octets.ts'

t.test('OpenOctets has room for as many as it may hold, and again for those that went', async t => {
  const open = new OpenOctets(100)
  t.ok(open.hasRoomFor(100))
  t.notOk(open.hasRoomFor(101))
  open.take(60)
  t.ok(open.hasRoomFor(40))
  t.notOk(open.hasRoomFor(41))
  open.free(60)
  t.ok(open.hasRoomFor(100))
})
