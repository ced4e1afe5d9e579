/**
 * What went wrong in other implementations of CFDP, done to ours. The ids of the advisories begin the name of each
 * test; docs/security.md lists them.
 */
import t from 'tap'
import { CONDITION } from '../../protocol/cfdp/condition.ts'
import { parsePdu } from '../../protocol/cfdp/pdu/codec.ts'
import type { Body, Metadata } from '../../protocol/cfdp/pdu/pdu.ts'
import { remoteEntity } from '../../protocol/cfdp/remote.ts'
import { toHex } from '../kit/hex.ts'
import { Random } from '../kit/random.ts'
import { EntityBench, fly } from '../protocol/cfdp/entity/bench.ts'
import { encoded, HEADER } from '../protocol/cfdp/pdu/samples.ts'

const MARK = 0xee
const FROM_PEER = { ...HEADER, source: 1, destination: 2, sequence: 1, sequenceOctets: 4 }
const LARGE = { ...FROM_PEER, largeFile: true }
const FILE = new Random(4).octets(5_000)
const HEADER_OCTETS = 4 + 2 * HEADER.entityOctets + HEADER.sequenceOctets
/** Counted from the highest of the first octet. */
const CRC_FLAG_BIT = 6
const NAME = new TextEncoder().encode('a')
const METADATA: Metadata = {
  kind: 'metadata',
  closureRequested: false,
  checksumType: 0,
  fileSize: 100,
  sourceName: NAME,
  destinationName: NAME,
  options: [],
}
const EOF = {
  kind: 'eof',
  condition: CONDITION.noError,
  checksum: 0,
  fileSize: 100,
  faultLocation: undefined,
} as const
const NAK = {
  kind: 'nak',
  scope: { start: 0, end: 5_000 },
  wantsMetadata: false,
  gaps: [],
} as const

t.test('CF#491: no length in a PDU reaches past its end, whatever it says', async t => {
  let taken = 0
  for (const body of withLengths()) {
    const octets = encoded(body)
    for (const at of lengthsIn(octets))
      for (let length = 0; length < 256; length++)
        for (let end = 0; end <= octets.length; end++) {
          // What stands behind the cut is what a reader without bounds would take.
          const all = octets.with(at, length)
          all[2] = Math.max(0, end - HEADER_OCTETS)
          const pdu = parsePdu(all.subarray(0, end))
          if (pdu.kind === 'malformed') continue
          taken += 1
          if (fieldsEnd(pdu.body) > end) t.fail(`${body.kind} ${toHex(all)} cut at ${end}`)
        }
  }
  t.ok(taken > 9, `${taken} are PDUs`)
})

t.test('CVE-2025-64096: a PDU full of options is read, and no option past its end', async t => {
  const count = 30_000
  const options = Array.from({ length: count }, () => ({ type: 5, value: new Uint8Array(0) }))
  const octets = encoded({ ...METADATA, options })
  t.match(parsePdu(octets), { kind: 'pdu', body: { options: { length: count } } })
  const cut = octets.subarray(0, -1)
  const data = cut.length - HEADER_OCTETS
  cut.set([data >>> 8, data], 1)
  t.match(parsePdu(cut), { kind: 'malformed' })
})

t.test(
  'CF#116, CF#277, CF#499: ids of all widths come whole, and no header is read past its end',
  t => {
    for (let entityOctets = 1; entityOctets <= 8; entityOctets++)
      for (let sequenceOctets = 1; sequenceOctets <= 8; sequenceOctets++)
        for (const crc of [false, true]) {
          const [id, sequence] = [greatest(entityOctets), greatest(sequenceOctets)]
          const widths = {
            entityOctets,
            sequenceOctets,
            source: id,
            destination: id,
            sequence,
            crc,
          }
          const octets = encoded(METADATA, { ...HEADER, ...widths })
          t.match(parsePdu(octets), { kind: 'pdu', header: widths })
          for (let end = 0; end < octets.length; end++)
            if (parsePdu(octets.subarray(0, end)).kind !== 'malformed')
              t.fail(`${entityOctets} and ${sequenceOctets} octets, cut at ${end}`)
        }
    t.end()
  },
)

t.test(
  'CF#499: gaps of a NAK that go backward, past the file or past 2^53 call for nothing',
  async t => {
    const backward = { start: 4_000, end: 3_000 }
    const pdu = parsePdu(encoded({ ...NAK, gaps: [backward] }))
    t.match(pdu, { kind: 'pdu', body: { gaps: { length: 0 } } })
    const one = new EntityBench()
    one.files.set('a', FILE)
    one.put(1, 'a')
    one.all()
    const end = 2n ** 64n - 1n
    const gaps = [
      backward,
      { start: 4_900, end },
      { start: 5_000, end: 9_000 },
      { start: end - 1n, end },
    ]
    one.hear({ ...LARGE, towardSender: true }, { ...NAK, gaps })
    t.match(
      one.all().map(({ body }) => body.kind === 'file data' && [body.offset, body.octets.length]),
      [[4_900, 100]],
    )
  },
)

t.test('CF#343: a CRC is no part of the data, and no bit under it turns unseen', async t => {
  for (const length of [0, 1, 2, 3, 40]) {
    const body = segment(7, length)
    const octets = encoded(body, { ...HEADER, crc: true })
    t.match(parsePdu(octets), { kind: 'pdu', body: { octets: { length } } })
    for (let bit = 0; bit < 8 * octets.length; bit++) {
      const turned = octets.slice()
      turned[bit >>> 3]! ^= 0x80 >>> (bit & 7)
      // The flag that says that there is a CRC is the one bit that no CRC can guard.
      if (bit !== CRC_FLAG_BIT && parsePdu(turned).kind !== 'malformed') t.fail(`bit ${bit}`)
    }
  }
})

t.test(
  'CF#520, fprime#5585: a segment beyond its file, or far beyond what came, is not written',
  async t => {
    const far = [2 ** 32 - 1, 2 ** 53 - 1, 2n ** 63n, 2n ** 64n - 1n]
    const early = new EntityBench({}, { entity: 2 })
    for (const offset of far) early.hear(LARGE, segment(offset, 40))
    t.strictSame(early.asked('write'), [], 'no size is known, and the reach is bounded')
    const two = new EntityBench({}, { entity: 2 })
    two.hear(FROM_PEER, METADATA)
    for (const offset of [...far, 61, 100]) two.hear(LARGE, segment(offset, 40))
    t.strictSame(two.asked('write'), [], 'the file has 100 octets')
    two.hear(FROM_PEER, segment(60, 40))
    t.equal(two.asked('write').length, 1)
    two.hear(FROM_PEER, EOF)
    t.strictSame(two.asked('deliver'), [], 'and it is not complete')
    const liar = new EntityBench({}, { entity: 2 })
    liar.hear(FROM_PEER, segment(0, 101))
    liar.hear(FROM_PEER, METADATA)
    liar.hear(FROM_PEER, EOF)
    t.match(liar.told('fault'), [{ condition: CONDITION.fileSizeError }])
    t.strictSame(liar.asked('deliver'), [])
  },
)

t.test('fprime#5801: numbers whose sums would wrap end nothing but their transaction', async t => {
  for (const size of [2 ** 32 - 1, 2 ** 53 - 1, 2n ** 53n, 2n ** 64n - 1n])
    for (const bodies of [
      [
        { ...METADATA, fileSize: size },
        { ...EOF, fileSize: size },
      ],
      [segment(size, 0), segment(size, 65), { ...EOF, fileSize: size }],
    ]) {
      const two = new EntityBench({}, { entity: 2 })
      for (const body of bodies) two.hear(LARGE, body)
      two.all()
      while (two.wait()) two.all()
      t.strictSame(two.asked('write'), [])
      t.not(two.told('transaction-finished')[0]?.condition, CONDITION.noError, `${size}`)
      t.equal(two.machine.load.receiving, 0)
      const one = new EntityBench()
      one.files.set('a', FILE)
      one.put(1, 'a')
      one.all()
      one.hear({ ...LARGE, towardSender: true }, { kind: 'keep alive', progress: size })
      t.equal(one.machine.load.sending, 1)
    }
})

t.test(
  'fprime#5897: empty files arrive, and empty segments, of any flags, change nothing',
  async t => {
    for (const acknowledged of [true, false]) {
      const [one, two] = [new EntityBench(), new EntityBench({}, { entity: 2 })]
      one.files.set('empty', new Uint8Array(0))
      one.put(1, 'empty', { acknowledged })
      for (const recordBoundaries of [true, false])
        for (const octets of [undefined, new Uint8Array(0), new Uint8Array(63)]) {
          const segmentMetadata = octets && { continuation: 3, octets }
          const header = { ...FROM_PEER, acknowledged, recordBoundaries, segmentMetadata: true }
          two.hear(header, { ...segment(0, 0), segmentMetadata })
        }
      fly(one, two)
      t.strictSame(two.files.get('empty'), new Uint8Array(0))
      t.match(two.told('transaction-finished'), [{ condition: CONDITION.noError }])
    }
  },
)

t.test('EUVD-2024-52304: one peer that lies, floods and stalls stops no other', async t => {
  const random = new Random(9)
  const remotes = [1, 3].map(entity => remoteEntity({ entity }))
  const two = new EntityBench({}, { entity: 2, remotes })
  const honest = new EntityBench({}, { entity: 3, remotes: [remoteEntity({ entity: 2 })] })
  honest.files.set('a', FILE)
  honest.put(1, 'a')
  let lies = 0
  fly(honest, two, () => {
    for (let n = 0; n < 50; n++) {
      lies += 1
      const header = { ...LARGE, sequence: random.below(200) }
      const kind = random.below(3)
      if (kind === 0) two.tell({ kind: 'pdu', octets: random.octets(random.below(60)) })
      else if (kind === 1) two.hear(header, segment(random.word(), 10))
      else two.hear(header, { ...METADATA, fileSize: 2n ** 63n })
    }
    return 1
  })
  t.ok(lies > 300)
  t.strictSame(two.files.get('a'), FILE)
  t.ok(two.machine.load.receiving <= 64)
})

/** PDUs of every kind that has lengths inside, what they measure filled with MARK. */
function withLengths(): readonly Body[] {
  const marks = (count: number) => new Uint8Array(count).fill(MARK)
  const [sourceName, destinationName] = [marks(9), marks(5)]
  const options = [
    { type: 2, value: marks(3) },
    { type: 5, value: marks(6) },
  ]
  const segmentMetadata = { continuation: 3, octets: marks(11) }
  return [
    { ...METADATA, sourceName, destinationName, options },
    { ...EOF, condition: CONDITION.fileSizeError, faultLocation: marks(4) },
    {
      kind: 'finished',
      condition: CONDITION.fileSizeError,
      complete: false,
      fileStatus: 1,
      filestoreResponses: [marks(8), marks(7)],
      faultLocation: marks(2),
    },
    { ...segment(0, 0), octets: marks(0), segmentMetadata },
  ]
}

/** Where an octet stands that says how many marks follow; of segment metadata it has two more bits. */
function lengthsIn(octets: Uint8Array): readonly number[] {
  const places: number[] = []
  for (let at = HEADER_OCTETS; at < octets.length; at++) {
    let run = 0
    while (octets[at + 1 + run] === MARK) run += 1
    if (run > 0 && octets[at] !== MARK) places.push(at)
  }
  return places
}

/** Where the last of the octets ends that the body borrows, counted from the first one of its PDU. */
function fieldsEnd(body: Body): number {
  let end = 0
  const look = (value: unknown): void => {
    if (value instanceof Uint8Array) {
      if (value.length > 0) end = Math.max(end, value.byteOffset + value.length)
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look)
  }
  look(body)
  return end
}

function greatest(octets: number): number | bigint {
  const value = 2n ** BigInt(8 * octets) - 1n
  return octets <= 6 ? Number(value) : value
}

function segment(offset: number | bigint, length: number): Body & { kind: 'file data' } {
  const octets = new Uint8Array(length)
  return { kind: 'file data', offset, octets, segmentMetadata: undefined }
}
