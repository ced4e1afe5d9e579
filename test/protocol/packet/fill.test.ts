import t from 'tap'
import { NO_FIRST_HEADER, ONLY_IDLE_DATA } from '../../../protocol/frame/tm.ts'
import { FieldFiller, type FilledField, idleField } from '../../../protocol/packet/fill.ts'
import {
  decodeSpacePacket,
  encodeSpacePacket,
  IDLE_APID,
} from '../../../protocol/packet/space-packet.ts'
import { framingVectors } from '../../kit/framing.ts'
import { fromHex, toHex } from '../../kit/hex.ts'

t.test('FieldFiller fills the fields that others filled', async t => {
  const frames = framingVectors('tm_spanning_3006B_packet_frame')
  const filler = new FieldFiller(434)
  filler.put(fromHex(frames[0]!.input))
  t.equal(filler.pending, 3006 - 434)
  filler.close()
  for (const { name, output } of frames.slice(0, -1)) {
    const { field, firstHeader } = whole(filler)
    t.equal(toHex(field), output.slice(12, -12), name)
    t.equal(firstHeader, Number.parseInt(output.slice(8, 12), 16) & 0x7ff, name)
  }
  // The last field: the same packet's end, then another idle packet than ours.
  const end = 3006 % 434
  const { field, firstHeader } = whole(filler)
  t.equal(firstHeader, end)
  t.equal(toHex(field.subarray(0, end)), frames.at(-1)!.output.slice(12, 12 + 2 * end))
  t.equal(filler.take(), undefined)
})

t.test('FieldFiller points at the first packet that starts in a field', async t => {
  const filler = new FieldFiller(20)
  for (const octets of [12, 30, 18, 20]) filler.put(packet(octets))
  const pointers = [whole(filler), whole(filler), whole(filler), whole(filler)]
  t.strictSame(
    pointers.map(({ firstHeader }) => firstHeader),
    [0, NO_FIRST_HEADER, 2, 0],
  )
})

t.test('FieldFiller says how much room there is and how much waits', async t => {
  const filler = new FieldFiller(20)
  t.strictSame([filler.room, filler.pending], [20, 0])
  filler.put(packet(12))
  t.strictSame([filler.room, filler.pending], [8, 0])
  t.equal(filler.take(), undefined)
  filler.put(packet(33))
  t.strictSame([filler.room, filler.pending], [0, 25])
  whole(filler)
  t.strictSame([filler.room, filler.pending], [0, 5])
  whole(filler)
  t.strictSame([filler.room, filler.pending], [15, 0])
  filler.put(packet(15))
  whole(filler)
  t.strictSame([filler.room, filler.pending], [20, 0])
  t.equal(filler.take(), undefined)
})

t.test('FieldFiller.close() handles every number of octets left', async t => {
  for (let left = 0; left <= 13; left++) {
    const filler = new FieldFiller(20)
    filler.put(packet(20 - left))
    filler.close()
    const { field } = whole(filler)
    const spans = left > 0 && left < 7
    t.equal(filler.room, spans ? 13 + left : 20, `${left} left`)
    filler.put(packet(13 + left))
    const next = filler.take()
    const stream = new Uint8Array(40)
    stream.set(field)
    if (next !== undefined) stream.set(next.field, 20)
    if (spans) t.equal(next?.firstHeader, 7 - left, `${left} left, pointer`)
    if (left > 0) {
      const idle = decodeSpacePacket(stream, 20 - left)
      t.match(idle, { packet: { apid: IDLE_APID } }, `${left} left`)
      t.match(idle, { length: Math.max(7, left) }, `${left} left`)
    }
  }
})

t.test('FieldFiller.close() leaves alone what is not begun', async t => {
  const filler = new FieldFiller(20)
  filler.close()
  t.equal(filler.take(), undefined)
  t.equal(filler.room, 20)
})

t.test('FieldFiller.put() refuses what is no packet', async t => {
  const filler = new FieldFiller(20)
  t.throws(() => filler.put(new Uint8Array(0)), RangeError)
  t.throws(() => filler.put(new Uint8Array(6)), RangeError)
  t.throws(() => filler.put(packet(12).subarray(0, 11)), RangeError)
})

t.test('FieldFiller.release() lets a field be filled again, and nothing of it stays', async t => {
  const filler = new FieldFiller(20)
  filler.put(packet(20))
  const first = whole(filler)
  t.equal(first.firstHeader, 0)
  filler.release(first.field)
  filler.put(packet(45))
  const fields = [whole(filler), whole(filler)]
  filler.close()
  fields.push(whole(filler))
  t.equal(fields[0]?.field, first.field)
  t.strictSame(
    fields.map(({ firstHeader }) => firstHeader),
    [0, NO_FIRST_HEADER, 5],
  )
  t.ok(
    fields
      .map(({ field }) => toHex(field))
      .join('')
      .startsWith(toHex(packet(45))),
  )
})

t.test('idleField() holds idle data and says so', async t => {
  const { field, firstHeader } = idleField(20)
  t.equal(firstHeader, ONLY_IDLE_DATA)
  t.equal(toHex(field), '55'.repeat(20))
})

function whole(filler: FieldFiller): FilledField {
  const filled = filler.take()
  if (filled === undefined) throw new Error('no field is full')
  return filled
}

function packet(octets: number): Uint8Array {
  const data = new Uint8Array(octets - 6).fill(octets)
  const header = { telecommand: false, secondaryHeader: false, apid: 1, flags: 3, count: 0 }
  return encodeSpacePacket({ ...header, data })
}
