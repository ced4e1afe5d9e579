import { readFileSync } from 'node:fs'
import t from 'tap'
import { decodePayload, encodePayload } from '../../../hal/journal/payload.ts'
import {
  PAYLOAD_OCTETS_MAX,
  readRecord,
  sealRecord,
  wholeRecords,
} from '../../../hal/journal/record.ts'

const PAYLOADS = [0, 1, 23, 24, 30, 255, 256, 300].map(n => new Uint8Array(n).fill(n | 1))
const JOURNAL = joined(PAYLOADS.map(sealRecord))
const ENDS = PAYLOADS.map((_, i) => joined(PAYLOADS.slice(0, i + 1).map(sealRecord)).length)

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(chunks.flatMap(chunk => [...chunk]))
}

t.test(
  'wholeRecords() after a power cut at any octet: the torn record is lost, no other',
  async t => {
    for (let cut = 0; cut <= JOURNAL.length; cut++) {
      const survivors = ENDS.filter(end => end <= cut).length
      const padded = new Uint8Array(JOURNAL.length + 9)
      padded.set(JOURNAL.subarray(0, cut))
      for (const octets of [JOURNAL.subarray(0, cut), padded])
        if ([...wholeRecords(octets)].length !== survivors) t.fail(`cut at ${cut}`)
    }
    t.strictSame([...wholeRecords(JOURNAL)], PAYLOADS)
  },
)

t.test('wholeRecords() with any one bit turned loses that record and those after it', async t => {
  for (let bit = 0; bit < JOURNAL.length * 8; bit++) {
    const octets = JOURNAL.slice()
    octets[bit >>> 3] = (octets[bit >>> 3] as number) ^ (1 << (bit & 7))
    const good = ENDS.filter(end => end <= bit >>> 3).length
    const found = [...wholeRecords(octets)]
    if (found.length !== good) t.fail(`bit ${bit}: ${found.length} records, ${good} were good`)
  }
})

t.test('sealRecord() writes a CBOR item that any decoder reads', async t => {
  for (const n of [0, 23, 24, 256, 65_536, PAYLOAD_OCTETS_MAX]) {
    const payload = new Uint8Array(n).fill(n)
    const record = sealRecord(payload)
    const item = decodePayload(record)?.value
    t.match(item, [Number, Uint8Array])
    t.strictSame((item as [number, Uint8Array])[1].length, n)
    t.strictSame(readRecord(record, 0), { payload, end: record.length })
  }
  t.throws(() => sealRecord(new Uint8Array(PAYLOAD_OCTETS_MAX + 1)), RangeError)
})

t.test('readRecord() refuses a length that no journal writes', async t => {
  const record = Uint8Array.of(0x82, 0x1a, 0, 0, 0, 0, 0x5a, 0xff, 0xff, 0xff, 0xff)
  t.equal(readRecord(record, 0), undefined)
  record[6] = 0x5b
  t.equal(readRecord(record, 0), undefined)
  record[6] = 0x60
  t.equal(readRecord(record, 0), undefined)
})

t.test('decodePayload() gives values that are views of nothing', async t => {
  const payload = encodePayload({ octets: Uint8Array.of(1, 2) })
  const value = decodePayload(payload)?.value as { octets: Uint8Array }
  payload.fill(0)
  t.strictSame(value, { octets: Uint8Array.of(1, 2) })
  t.equal(value.octets.constructor, Uint8Array)
  t.equal(decodePayload(Uint8Array.of(0xff, 0x01)), undefined)
})

t.test('the journal that version 1 wrote is read', async t => {
  const octets = new Uint8Array(
    readFileSync(new URL('../../../fixtures/journal/v1/journal.cborseq', import.meta.url)),
  )
  const values = [...wholeRecords(octets)].map(payload => decodePayload(payload)?.value)
  t.strictSame(values, [
    { format: 'downpour journal', version: 1, kind: 'fixture' },
    { kind: 'held', source: 1, sequence: 2n ** 63n + 1n, spans: [[0, 1_024]] },
    { name: Uint8Array.of(0x61, 0x2f, 0x62), octets: 8_589_934_592, why: undefined },
    'café',
  ])
})
