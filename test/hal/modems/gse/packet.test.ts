import t from 'tap'
import {
  BASEBAND_HEADER_OCTETS,
  basebandField,
  basebandOctets,
  CODE_RATES,
  crc8,
  writeBasebandHeader,
} from '../../../../hal/modems/gse/baseband.ts'
import { crc32Mpeg, GseEncapsulator, GseReassembler } from '../../../../hal/modems/gse/packet.ts'
import { hex } from '../../../kit/hex.ts'
import { vector, vectorText } from '../../../kit/modem-vectors.ts'
import { Random } from '../../../kit/random.ts'

const CHECK = new TextEncoder().encode('123456789')
const PROTOCOL = 0x88b5

t.test('crc8() and crc32Mpeg() are those of DVB', async t => {
  t.equal(crc8(CHECK), Number.parseInt(vectorText('checks.crc8_dvbs2'), 16))
  t.equal(crc32Mpeg(CHECK), 0x0376e6e7, 'CRC-32/MPEG-2 of the catalogues')
  t.equal(crc32Mpeg(CHECK.subarray(4), crc32Mpeg(CHECK.subarray(0, 4))), 0x0376e6e7)
})

t.test('writeBasebandHeader() and basebandField() know the header of QPSK 3/5', async t => {
  const octets = basebandOctets({ rate: '3/5', size: 'normal' }) as number
  const frame = new Uint8Array(octets)
  writeBasebandHeader(frame, octets - BASEBAND_HEADER_OCTETS, 0x7200)
  t.strictSame(frame.subarray(0, 9), vector('bbheader_gse_qpsk35.hdr9'))
  t.equal(frame[9], Number.parseInt(vectorText('bbheader_gse_qpsk35.crc8_D5'), 16))
  t.equal(basebandField(frame)?.length, octets - BASEBAND_HEADER_OCTETS)
  t.equal(basebandField(frame.subarray(0, octets - 1)), undefined, 'cut')
  t.equal(basebandField(frame.subarray(0, 9)), undefined, 'no header')
  t.equal(basebandField(frame.with(4, 0)), undefined, 'changed')
  const transport = frame.slice()
  writeBasebandHeader(transport, 8, 0xf200)
  t.equal(basebandField(transport), undefined, 'a transport stream')
})

t.test('basebandOctets() are whole octets, more with every rate', async t => {
  for (const size of ['normal', 'short'] as const) {
    const octets = CODE_RATES.map(rate => basebandOctets({ rate, size })).filter(
      n => n !== undefined,
    )
    t.ok(octets.every((n, i) => Number.isInteger(n) && n > (octets[i - 1] ?? 0)))
    t.equal(octets.length, size === 'normal' ? 11 : 10)
  }
  t.equal(basebandOctets({ rate: '9/10', size: 'short' }), undefined)
})

/** All PDUs through data fields of `fieldOctets`. */
function through(pdus: readonly Uint8Array[], fieldOctets: number): Uint8Array[] {
  const encapsulator = new GseEncapsulator(PROTOCOL)
  const fields: Uint8Array[] = []
  let field = new Uint8Array(fieldOctets)
  let at = 0
  for (const pdu of pdus) {
    encapsulator.put(pdu)
    while (!encapsulator.isEmpty) {
      at += encapsulator.fill(field.subarray(at))
      if (encapsulator.isEmpty) break
      fields.push(field)
      field = new Uint8Array(fieldOctets)
      at = 0
    }
  }
  return [...fields, field]
}

t.test('GseEncapsulator writes the figures of TS 102 606', async t => {
  const [field] = through([hex`0102`], 16)
  t.strictSame(field, hex`e004 88b5 0102 00000000000000000000`)
  const pdu = Uint8Array.from({ length: 30 }, (_, i) => i)
  const [first, second, third] = through([pdu], 20)
  t.strictSame(first?.subarray(0, 8), hex`a012 01 0020 88b5 00`)
  t.strictSame(second?.subarray(0, 4), hex`3011 01 0d`)
  const crc = crc32Mpeg(Uint8Array.from([...hex`0020 88b5`, ...pdu]))
    .toString(16)
    .padStart(8, '0')
  t.strictSame(third, Uint8Array.from([...hex`7006 01 1d`, ...hex`${crc}`, ...new Uint8Array(12)]))
})

t.test('GseReassembler brings every PDU whole, whatever the fields', async t => {
  const seed = Number(process.env['SEED'] ?? 1)
  const random = new Random(seed)
  for (const fieldOctets of [20, 21, 22, 23, 24, 25, 26, 27, 100, 374, 5_000]) {
    const pdus = Array.from({ length: 40 }, () => random.octets(1 + random.below(600)))
    const reassembler = new GseReassembler(PROTOCOL)
    const found = through(pdus, fieldOctets).flatMap(field => [...reassembler.push(field)])
    t.strictSame(found, pdus, `SEED=${seed}, fields of ${fieldOctets}`)
    t.strictSame(reassembler.counters, { malformed: 0, broken: 0, foreign: 0 })
  }
  const long = random.octets(20_000)
  const reassembler = new GseReassembler(PROTOCOL)
  const found = through([long], 7_000).flatMap(field => [...reassembler.push(field)])
  t.strictSame(found, [long], 'no packet is longer than 4,096 octets')
})

t.test('GseReassembler refuses what is lost, changed or of others', async t => {
  const pdu = new Uint8Array(60).fill(7)
  const fields = through([pdu, pdu, pdu], 30)
  for (let lost = 0; lost < fields.length; lost++) {
    const reassembler = new GseReassembler(PROTOCOL)
    const kept = fields.filter((_, i) => i !== lost)
    for (const found of kept.flatMap(field => [...reassembler.push(field)]))
      t.strictSame(found, pdu, `without field ${lost}`)
  }
  const spoilt = new GseReassembler(PROTOCOL)
  const changed = through([pdu], 30).map(field => field.with(9, 0x99))
  t.strictSame(
    changed.flatMap(field => [...spoilt.push(field)]),
    [],
  )
  t.equal(spoilt.counters.broken, 1)
  const other = new GseReassembler(0x0800)
  t.strictSame(
    through([pdu], 90).flatMap(field => [...other.push(field)]),
    [],
  )
  t.equal(other.counters.foreign, 1)
  t.strictSame([...other.push(hex`efff 88b5`)], [])
  t.equal(other.counters.malformed, 1)
  t.strictSame(
    [...new GseReassembler(PROTOCOL).push(hex`c00a 88b5 010203040506 0708`)],
    [hex`0708`],
    'behind a label',
  )
  t.strictSame(
    labelled.flatMap(field => [...new GseReassembler(PROTOCOL).push(field)]),
    [],
    'fragments whose first is not here',
  )
  const labels = new GseReassembler(PROTOCOL)
  t.strictSame(
    labelled.flatMap(field => [...labels.push(field)]),
    [hex`0708`],
    'in fragments, too: the first one says which',
  )
  const endless = new GseReassembler(PROTOCOL)
  const [first] = through([new Uint8Array(9_000)], 4_096)
  endless.push(first as Uint8Array).next()
  const next = new Uint8Array(4_096)
  next.set(hex`3ffe 01`)
  for (let i = 0; i < 20; i++) t.strictSame([...endless.push(next)], [])
  t.equal(endless.counters.broken, 1, 'memory does not grow')
  const many = new GseReassembler(PROTOCOL)
  for (let number = 0; number < 256; number++) {
    const field = (first as Uint8Array).with(2, number)
    t.strictSame([...many.push(field)], [])
  }
  t.equal(many.counters.broken, 256 - 64, 'nor with fragments of all numbers')
  t.strictSame([...many.push(hex`3005 00 01020304`)], [], 'the oldest are given up')
})

t.test('GseReassembler brings PDUs whose fragments come among those of others', async t => {
  const pdus = [1, 2].map(fill => new Uint8Array(60).fill(fill))
  const [one = [], two = []] = pdus.map((pdu, i) =>
    through([pdu], 30).map(field => (i === 0 ? field : renumbered(field))),
  )
  const reassembler = new GseReassembler(PROTOCOL)
  const fields = one.flatMap((field, i) => [field, two[i] as Uint8Array])
  const found = fields.flatMap(field => [...reassembler.push(field)])
  t.strictSame(found, pdus)
  t.strictSame(reassembler.counters, { malformed: 0, broken: 0, foreign: 0 })
})

/** The fragment in this field by another number. */
function renumbered(field: Uint8Array): Uint8Array {
  return field.with(2, 0x77)
}

/** Two octets behind a label of six, in two fragments. */
const labelled = (() => {
  const total = hex`000a 88b5 010203040506 0708`
  const crc = new Uint8Array(4)
  new DataView(crc.buffer).setUint32(0, crc32Mpeg(total))
  return [
    Uint8Array.from([...hex`800c 05`, ...total.subarray(0, 11)]),
    Uint8Array.from([...hex`7006 05`, ...total.subarray(11), ...crc]),
  ]
})()
