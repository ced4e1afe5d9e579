import t from 'tap'
import { NO_FIRST_HEADER, ONLY_IDLE_DATA } from '../../../protocol/frame/tm.ts'
import { PacketExtractor } from '../../../protocol/packet/extract.ts'
import { FieldFiller, type FilledField } from '../../../protocol/packet/fill.ts'
import { encodeSpacePacket } from '../../../protocol/packet/space-packet.ts'
import { framingVectors } from '../../kit/framing.ts'
import { fromHex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'

t.test('PacketExtractor finds the packet that others spread over seven frames', async t => {
  const frames = framingVectors('tm_spanning_3006B_packet_frame')
  const extractor = new PacketExtractor()
  const packets = frames.flatMap(({ output }, i) => {
    const pointer = Number.parseInt(output.slice(8, 12), 16) & 0x7ff
    return copies(extractor.push(fromHex(output.slice(12, -12)), pointer, i))
  })
  t.equal(toHex(packets[0]!), frames[0]!.input)
  t.equal(extractor.counters.gaps, 0)
  t.equal(extractor.counters.dropped, 0)
})

t.test('PacketExtractor finds every packet begun in a frame built by others', async t => {
  for (const { name, params, output } of framingVectors('tm_frame_64', 'tm_frame_1115')) {
    const extractor = new PacketExtractor()
    const field = fromHex(output.slice(12, params['ocf'] === true ? -12 : -4))
    const { length } = extractor.push(field, 0, 0)
    t.ok(length + 1 >= Number(params['packets_started']), name)
    t.equal(toHex(extractor.push(field, 0, 0)[0] ?? field.subarray(0, 0)), '', `${name}, twice`)
    t.equal(extractor.counters.duplicates, 1)
  }
})

t.test('PacketExtractor hands out every packet, whatever the sizes and fields', async t => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = new Random(seed)
    const { packets, fields } = flight(random, { idle: true })
    const extractor = new PacketExtractor()
    const found = fields.flatMap(({ field, firstHeader }, i) =>
      copies(extractor.push(field, firstHeader, (i + 200) & 0xff)),
    )
    t.strictSame(found.map(toHex), packets.map(toHex), `seed ${seed}`)
    t.match(extractor.counters, { packets: packets.length, gaps: 0, dropped: 0, duplicates: 0 })
  }
})

t.test('PacketExtractor loses only packets that touch a lost frame', async t => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = new Random(seed)
    const { fields, ends } = flight(random, { idle: true })
    const fieldOctets = fields[0]!.field.length
    const lost = fields.map(() => random.next() < 0.15)
    const extractor = new PacketExtractor()
    const found = fields.flatMap(({ field, firstHeader }, i) =>
      lost[i] ? [] : copies(extractor.push(field, firstHeader, i & 0xff)),
    )
    const expected = ends.filter(({ start, end }) => {
      for (let i = Math.floor(start / fieldOctets); i * fieldOctets < end; i++)
        if (lost[i]) return false
      return true
    })
    t.strictSame(
      found.map(toHex),
      expected.map(({ packet }) => toHex(packet)),
      `seed ${seed}`,
    )
    const heard = lost.slice(lost.indexOf(false), lost.lastIndexOf(false))
    t.equal(extractor.counters.gaps, heard.filter(Boolean).length, `seed ${seed}, gaps`)
  }
})

t.test('PacketExtractor takes packets of 65,542 octets', async t => {
  const filler = new FieldFiller(1103)
  const large = [packet(65542, 1), packet(65542, 2), packet(65542, 3)]
  for (const one of large) filler.put(one)
  filler.close()
  const found = extractAll(new PacketExtractor(), takeAll(filler))
  t.strictSame(found.map(toHex), large.map(toHex))
})

t.test('PacketExtractor drops packets longer than it may hold, and no other', async t => {
  const filler = new FieldFiller(64)
  for (const octets of [30, 41, 12, 200, 25, 40, 41, 30]) filler.put(packet(octets, 1))
  filler.close()
  const extractor = new PacketExtractor({ octetsMax: 40 })
  const found = extractAll(extractor, takeAll(filler))
  t.strictSame(
    found.map(one => one.length),
    [30, 12, 25, 40, 30],
  )
  t.equal(extractor.counters.dropped, 3)
})

t.test('PacketExtractor counts frames across the wrap, and what is missing', async t => {
  const extractor = new PacketExtractor()
  const field = packet(20, 1)
  for (let i = 0; i < 1000; i++) extractor.push(field, 0, i & 0xff)
  t.match(extractor.counters, { packets: 1000, gaps: 0 })
  extractor.push(field, 0, (1000 + 10) & 0xff)
  t.equal(extractor.counters.gaps, 10)
  extractor.push(field, 0, 5)
  t.equal(extractor.counters.gaps, 10 + ((5 - 1010 - 1) & 0xff))
})

t.test('PacketExtractor knows a frame that came twice from one 256 later', async t => {
  const extractor = new PacketExtractor()
  const fields = [packet(20, 1), packet(20, 2), packet(14, 3)] as const
  extractor.push(fields[0], 0, 7)
  t.equal(extractor.push(fields[0], 0, 7).length, 0)
  t.match(extractor.counters, { packets: 1, duplicates: 1, gaps: 0 })
  t.equal(extractor.push(fields[1], 0, 7).length, 1)
  t.match(extractor.counters, { packets: 2, duplicates: 1, gaps: 255 })
  t.equal(extractor.push(fields[2], 0, 7).length, 1)
  t.match(extractor.counters, { packets: 3, duplicates: 1, gaps: 510 })
})

t.test('PacketExtractor does not join packets over 256 lost frames', async t => {
  const extractor = new PacketExtractor()
  const first = new FieldFiller(32)
  first.put(packet(50, 1))
  first.close()
  const second = new FieldFiller(32)
  second.put(packet(40, 2))
  second.put(packet(20, 3))
  second.close()
  const [begin] = takeAll(first)
  const [, end] = takeAll(second)
  extractor.push(begin!.field, begin!.firstHeader, 9)
  const found = extractor.push(end!.field, end!.firstHeader, 10)
  t.strictSame(found.map(toHex), [toHex(packet(20, 3))])
  t.match(extractor.counters, { dropped: 1, gaps: 0 })
})

t.test('PacketExtractor goes on over a frame of only idle data', async t => {
  const filler = new FieldFiller(32)
  filler.put(packet(50, 1))
  filler.close()
  const [one, two] = takeAll(filler)
  const extractor = new PacketExtractor()
  extractor.push(one!.field, one!.firstHeader, 0)
  t.strictSame(extractor.push(new Uint8Array(32), ONLY_IDLE_DATA, 1), [])
  t.equal(extractor.push(two!.field, two!.firstHeader, 2).length, 1)
  t.match(extractor.counters, { dropped: 0, gaps: 0, idle: 1 })
})

t.test('PacketExtractor.reset() joins nothing', async t => {
  const filler = new FieldFiller(32)
  filler.put(packet(50, 1))
  filler.close()
  const [one, two] = takeAll(filler)
  const extractor = new PacketExtractor()
  extractor.push(one!.field, one!.firstHeader, 0)
  extractor.reset()
  t.equal(extractor.push(two!.field, two!.firstHeader, 1).length, 0)
  t.match(extractor.counters, { dropped: 1, gaps: 0, idle: 1 })
})

t.test('PacketExtractor survives pointers and lengths that lie', async t => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = new Random(seed)
    const extractor = new PacketExtractor()
    for (let i = 0; i < 300; i++) {
      const field = random.octets(random.below(40))
      if (field.length > 0 && random.below(2) === 0) field[0]! &= 0x1f
      if (field.length > 5 && random.below(2) === 0) field[4] = 0
      const pointer = [0, random.below(40), random.below(2048), NO_FIRST_HEADER][random.below(4)]!
      const found = extractor.push(field, pointer, (i + (random.below(9) >>> 3)) & 0xff)
      for (const one of found)
        if (one.length !== 7 + ((one[4]! << 8) | one[5]!)) t.fail(`seed ${seed}, frame ${i}`)
    }
  }
  t.pass('no throw, and every packet as long as it says')
})

t.test('PacketExtractor lets go of a begun packet of another version', async t => {
  const extractor = new PacketExtractor()
  const field = packet(20, 1)
  // Two octets of a header, and four more that make it one of version 7 or one too long.
  const begun = Uint8Array.of(...field, 0xe0, 0x01)
  extractor.push(begun, 0, 0)
  t.equal(extractor.push(Uint8Array.of(0xc0, 0, 0, 1, 0, 0, ...field), 6, 1).length, 1)
  t.match(extractor.counters, { packets: 2, dropped: 1 })
  t.equal(extractor.push(Uint8Array.of(...field, 0xe0, 0, 0, 0, 0, 0, 0), 0, 2).length, 1)
  t.match(extractor.counters, { packets: 3, dropped: 2 })
})

t.test('PacketExtractor takes headers spread over fields of two octets', async t => {
  const filler = new FieldFiller(2)
  const small = [packet(7, 1), packet(8, 2), packet(23, 3)]
  for (const one of small) filler.put(one)
  const found = extractAll(new PacketExtractor(), takeAll(filler))
  t.strictSame(found.map(toHex), small.map(toHex))
})

interface Flight {
  readonly packets: Uint8Array[]
  readonly fields: FilledField[]
  /** Where each packet stands in the stream of fields. */
  readonly ends: { start: number; end: number; packet: Uint8Array }[]
}

function flight(random: Random, { idle }: { readonly idle: boolean }): Flight {
  const fieldOctets = 8 + random.below(200)
  const filler = new FieldFiller(fieldOctets)
  const fields: FilledField[] = []
  const packets: Uint8Array[] = []
  const ends: Flight['ends'] = []
  for (let i = 0; i < 120; i++) {
    const one = packet(7 + random.below(random.below(8) === 0 ? 900 : 60), i)
    const start = (fields.length + 1) * fieldOctets - filler.room + filler.pending
    filler.put(one)
    ends.push({ start, end: start + one.length, packet: one })
    packets.push(one)
    if (idle && random.below(4) === 0) filler.close()
    fields.push(...takeAll(filler))
  }
  filler.close()
  filler.close()
  fields.push(...takeAll(filler))
  return { packets, fields, ends }
}

function takeAll(filler: FieldFiller): FilledField[] {
  const fields: FilledField[] = []
  for (let filled = filler.take(); filled !== undefined; filled = filler.take()) fields.push(filled)
  return fields
}

function extractAll(extractor: PacketExtractor, fields: readonly FilledField[]): Uint8Array[] {
  return fields.flatMap(({ field, firstHeader }, i) =>
    copies(extractor.push(field, firstHeader, i & 0xff)),
  )
}

/** Packets are borrowed until the next push. */
function copies(packets: readonly Uint8Array[]): Uint8Array[] {
  return packets.map(one => Uint8Array.from(one))
}

function packet(octets: number, seed: number): Uint8Array {
  const data = new Random(seed).octets(Math.min(octets - 6, 64))
  const all = new Uint8Array(octets - 6).fill(seed)
  all.set(data)
  const header = { telecommand: false, secondaryHeader: false, apid: 1, flags: 3, count: seed }
  return encodeSpacePacket({ ...header, data: all })
}
