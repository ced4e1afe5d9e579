import t from 'tap'
import { SegmentReader, segmentsOf } from '../../../protocol/frame/segment.ts'
import { hex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'

const LIMITS = { unitOctetsMax: 1_000 }

t.test('segmentsOf() cuts a unit into fields, and says in each which part it is', async t => {
  const unit = hex`0102030405`
  t.strictSame([...segmentsOf(unit, 5, 6)].map(toHex), ['c50102030405'])
  t.strictSame([...segmentsOf(unit, 63, 5)].map(toHex), ['7f01020304', 'bf05'])
  t.strictSame([...segmentsOf(unit, 0, 3)].map(toHex), ['400102', '000304', '8005'])
  t.strictSame([...segmentsOf(unit.subarray(0, 4), 0, 3)].map(toHex), ['400102', '800304'])
})

t.test('SegmentReader gives back what was cut, from several MAPs by turns', async t => {
  const random = new Random(232)
  const reader = new SegmentReader(LIMITS)
  for (let round = 0; round < 200; round++) {
    const units = [0, 17, 63].map(map => ({ map, unit: random.octets(1 + random.below(1_000)) }))
    const waiting = units.map(({ map, unit }) => [...segmentsOf(unit, map, 2 + random.below(99))])
    const heard: string[] = []
    while (waiting.some(fields => fields.length > 0)) {
      const whole = reader.push(waiting[random.below(3)]?.shift() ?? new Uint8Array(0))
      if (whole !== undefined) heard.push(toHex(whole))
    }
    t.strictSame(heard.toSorted(), units.map(({ unit }) => toHex(unit)).toSorted())
  }
  t.equal(reader.counters.units, 600)
})

t.test('SegmentReader drops what was begun and not ended, and parts of nothing', async t => {
  const reader = new SegmentReader(LIMITS)
  for (const field of [hex``, hex`c0`, hex`0001`, hex`8001`]) t.equal(reader.push(field), undefined)
  t.equal(reader.counters.dropped, 4)
  reader.push(hex`4001`)
  reader.push(hex`4002`)
  t.equal(reader.counters.dropped, 5, 'a first part begins anew')
  t.strictSame(reader.push(hex`8003`), hex`0203`)
  reader.push(hex`4001`)
  t.strictSame(reader.push(hex`c009`), hex`09`, 'so does a whole unit')
  t.strictSame(reader.push(hex`8002`), undefined)
  t.strictSame(reader.counters, { units: 2, dropped: 7 })
})

t.test('SegmentReader keeps to its limits, whatever comes', async t => {
  const reader = new SegmentReader({ unitOctetsMax: 4, mapsMax: 2 })
  t.equal(reader.push(hex`400102030405`), undefined)
  t.equal(reader.counters.dropped, 1, 'a first part too long')
  reader.push(hex`40010203`)
  reader.push(hex`000405`)
  t.equal(reader.counters.dropped, 2, 'a further part too long')
  t.equal(reader.push(hex`8004`), undefined)
  for (const map of [0, 1, 2]) reader.push(Uint8Array.of(0x40 | map, 9))
  t.equal(reader.push(hex`8004`), undefined, 'the MAP begun first made way')
  t.strictSame(reader.push(hex`8104`), hex`0904`)
  t.strictSame(reader.push(hex`8204`), hex`0904`)
})
