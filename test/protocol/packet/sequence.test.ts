import t from 'tap'
import { packetsOf, UnitReader } from '../../../protocol/packet/sequence.ts'
import type { SpacePacket } from '../../../protocol/packet/space-packet.ts'
import { Random } from '../../kit/random.ts'

const ABOUT = { telecommand: false, secondaryHeader: false, apid: 7, flags: 3, count: 16_382 }

function parts(data: Uint8Array, octetsMax: number, count = 16_382): SpacePacket[] {
  return [...packetsOf({ ...ABOUT, count, data }, octetsMax)]
}

t.test('packetsOf() flags and counts the parts of a unit', async t => {
  const unit = Uint8Array.of(1, 2, 3, 4, 5)
  t.match(parts(unit, 2), [
    { flags: 1, count: 16_382, data: Uint8Array.of(1, 2) },
    { flags: 0, count: 16_383, data: Uint8Array.of(3, 4) },
    { flags: 2, count: 0, data: Uint8Array.of(5) },
  ])
  t.match(parts(unit, 5), [{ flags: 3, count: 16_382, data: unit }])
  t.equal([...packetsOf({ ...ABOUT, data: new Uint8Array(65_537) })].length, 2)
})

t.test('UnitReader gives back what packetsOf() cut', async t => {
  const random = new Random(133)
  const reader = new UnitReader(100_000)
  for (let round = 0; round < 100; round++) {
    const unit = random.octets(1 + random.below(500))
    const heard = parts(unit, 1 + random.below(60), random.below(16_384)).map(one =>
      reader.push(one),
    )
    t.strictSame(
      heard.filter(one => one !== undefined),
      [unit],
    )
  }
  t.equal(reader.dropped, 0)
})

t.test(
  'UnitReader drops a unit of which a part is missing, twice there, or out of place',
  async t => {
    const [one, two, three, four] = parts(new Uint8Array(8), 2) as [
      SpacePacket,
      SpacePacket,
      SpacePacket,
      SpacePacket,
    ]
    for (const sequence of [
      [one, three, four],
      [one, two, two, three, four],
      [one, three, two, four],
      [two, three, four],
      [one, two, three],
    ]) {
      const reader = new UnitReader(100)
      for (const packet of sequence) t.equal(reader.push(packet), undefined)
      t.strictSame(reader.push({ ...ABOUT, data: Uint8Array.of(9) }), Uint8Array.of(9))
      t.ok(reader.dropped > 0)
      reader.push(one)
      reader.push(one)
      for (const packet of [two, three]) t.equal(reader.push(packet), undefined)
      t.strictSame(reader.push(four), new Uint8Array(8))
    }
  },
)

t.test('UnitReader holds no more than it may', async t => {
  const reader = new UnitReader(5)
  t.equal(reader.push(parts(new Uint8Array(8), 6)[0] as SpacePacket), undefined)
  t.equal(reader.dropped, 1)
  for (const packet of parts(new Uint8Array(6), 2)) t.equal(reader.push(packet), undefined)
  t.equal(reader.dropped, 2)
})
