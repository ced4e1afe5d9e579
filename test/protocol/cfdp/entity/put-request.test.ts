/** What a put request may ask for beyond a file and its name. */
import t from 'tap'
import { CHECKSUM, FileChecksum } from '../../../../protocol/cfdp/checksum.ts'
import { CONDITION } from '../../../../protocol/cfdp/condition.ts'
import type { FileData, Pdu } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { QUIRKS } from '../../../../protocol/cfdp/remote.ts'
import { Random } from '../../../kit/random.ts'
import { EntityBench, fly } from './bench.ts'

const FILE = new Random(4).octets(5_000)
const ID = { source: 1, sequence: 1 }

t.test('records: no segment crosses the end of one, and the user hears where they are', async t => {
  const one = new EntityBench()
  const two = new EntityBench({}, { entity: 2, tellSegments: true })
  one.files.set('a', FILE)
  one.put(1, 'a', { records: 1_500, segmentMetadata: Uint8Array.of(1, 2, 3) })
  fly(one, two)
  t.strictSame(two.files.get('a'), FILE)
  const octets = Uint8Array.of(1, 2, 3)
  t.strictSame(
    two
      .told('file-segment-recv')
      .map(({ offset, length, segmentMetadata }) => [
        offset,
        length,
        segmentMetadata?.continuation,
        segmentMetadata?.octets,
      ]),
    [
      [0, 1_024, 1, octets],
      [1_024, 476, 2, octets],
      [1_500, 1_024, 1, octets],
      [2_524, 476, 2, octets],
      [3_000, 1_024, 1, octets],
      [4_024, 476, 2, octets],
      [4_500, 500, 3, octets],
    ],
  )
})

t.test('segmentMetadata: it has its room in the PDU, and without records no state', async t => {
  const one = new EntityBench()
  one.files.set('a', FILE)
  one.put(1, 'a', { segmentMetadata: new Uint8Array(63) })
  one.next()
  const out = one.next(200) as NonNullable<ReturnType<EntityBench['next']>>
  t.equal(out.octets.length, 200)
  const { segmentMetadata, octets } = out.pdu.body as FileData
  t.match(segmentMetadata, { continuation: 0, octets: new Uint8Array(63) })
  t.equal(octets.length, 200 - 12 - 4 - 64)
  t.equal(out.pdu.header.recordBoundaries, false)
})

t.test('file-segment-recv: once for each segment, and none for what is held or beyond', async t => {
  const one = new EntityBench()
  const two = new EntityBench({}, { entity: 2, tellSegments: true })
  one.files.set('a', FILE)
  one.put(1, 'a')
  fly(one, two, () => 2)
  t.equal(two.told('file-segment-recv').length, 5)
  t.match(two.told('file-segment-recv')[4], { offset: 4_096, segmentMetadata: undefined })
  t.equal(two.machine.counters.recv.file_data_bytes, 5_000, 'each octet once')

  one.put(2, 'a')
  const [metadata, segment] = one.all() as [Pdu, Pdu]
  two.hear(metadata.header, metadata.body)
  two.hear(segment.header, { ...segment.body, offset: 2 ** 30 } as FileData)
  t.equal(two.told('file-segment-recv').length, 5, 'it is of no such file')
})

t.test('file-segment-recv keeps a copy of the segment metadata', async t => {
  const [one, two] = [new EntityBench(), new EntityBench({}, { entity: 2, tellSegments: true })]
  one.files.set('a', FILE)
  one.put(1, 'a', { segmentMetadata: Uint8Array.of(1, 2, 3) })
  one.next()
  const { octets } = one.next() as NonNullable<ReturnType<EntityBench['next']>>
  two.tell({ kind: 'pdu', octets })
  octets.fill(0)
  t.match(two.told('file-segment-recv'), [
    { segmentMetadata: { continuation: 0, octets: Uint8Array.of(1, 2, 3) } },
  ])
})

t.test('unbounded: what is there is sent, and the EOF when that was all', async t => {
  for (const acknowledged of [true, false]) {
    const patient = { receiving: { inactivityMs: 0 } }
    const [one, two] = [new EntityBench(), new EntityBench(patient, { entity: 2 })]
    one.withheld.add('follow')
    one.files.set('log', FILE)
    one.put(1, 'log', { unbounded: true, acknowledged })
    t.match(one.asked('follow'), [{ file: 'log', checksumType: CHECKSUM.crc32c }])
    const [metadata] = one.all()
    t.match(metadata, { header: { largeFile: true }, body: { kind: 'metadata', fileSize: 0 } })
    one.tell({ kind: 'report', id: ID })
    t.match(one.told('report').at(-1)?.status, { fileOctets: undefined, progress: 0 })
    two.hear(metadata?.header as never, metadata?.body as never)
    one.tell({ kind: 'grown', id: ID, octets: 1_500 })
    one.tell({ kind: 'grown', id: ID, octets: 1_400 })
    fly(one, two)
    t.equal(two.machine.load.receiving, 1)
    t.strictSame(two.told('eof-recv'), [])
    one.tell({ kind: 'digested', id: ID, octets: 5_000, checksum: checksumOf(FILE) })
    one.tell({ kind: 'digested', id: ID, octets: 9_999, checksum: 1 })
    fly(one, two)
    t.strictSame(two.files.get('log'), FILE)
    t.match(one.told('transaction-finished'), [{ id: ID, condition: 0 }])
  }
})

t.test('unbounded: where it cannot go on it is cancelled', async t => {
  const cases = [
    [{ kind: 'grown', id: ID, octets: 2 ** 32 }, /it knows files up to 4 GiB/],
    [{ kind: 'digested', id: ID, octets: 10, checksum: 0 }, /10 octets: 1024 were sent/],
    [{ kind: 'source failed', id: ID, why: 'the disk is gone' }, /the disk is gone/],
  ] as const
  for (const [input, why] of cases) {
    const one = new EntityBench({ quirks: QUIRKS.yamcs })
    one.withheld.add('follow')
    one.files.set('log', FILE)
    one.put(1, 'log', { unbounded: true })
    one.tell({ kind: 'grown', id: ID, octets: 2_000 })
    t.equal(one.next()?.pdu.header.largeFile, false, 'it does not know large files')
    t.equal(one.next()?.pdu.body.kind, 'file data')
    one.tell(input)
    t.match(one.told('fault'), [{ condition: CONDITION.filestoreRejection, why }])
    const [eof] = one.all()
    const checksum = checksumOf(FILE.subarray(0, 1_024), CHECKSUM.modular)
    t.match(eof?.body, { condition: CONDITION.filestoreRejection, fileSize: 1_024, checksum })
  }
})

t.test('cancel: the EOF has the checksum of what was sent', async t => {
  for (const [pdus, octets] of [
    [1, 0],
    [3, 2_048],
    [6, 5_000],
  ] as const) {
    const one = new EntityBench()
    one.files.set('a', FILE)
    one.put(1, 'a')
    for (let n = 0; n < pdus; n++) one.next()
    one.tell({ kind: 'cancel', id: ID })
    t.match(one.all().at(-1)?.body, {
      condition: CONDITION.cancelRequestReceived,
      fileSize: octets,
      checksum: checksumOf(FILE.subarray(0, octets)),
    })
    t.equal(one.asked('digest first').length, octets === 2_048 ? 1 : 0)
  }
})

t.test(
  'cancel: the EOF waits for the checksum, and does without one that nobody can know',
  async t => {
    const one = new EntityBench()
    one.withheld.add('digest first')
    one.files.set('a', FILE)
    one.put(1, 'a')
    one.put(2, 'a', { checksumType: CHECKSUM.null })
    for (let n = 0; n < 4; n++) one.next()
    one.tell({ kind: 'cancel', id: ID })
    t.notOk(one.all().some(({ header }) => header.sequence === 1))
    one.tell({ kind: 'source failed', id: ID, why: 'the disk is gone' })
    t.match(one.told('fault'), [], 'it is broken off as it is')
    t.match(one.all(), [{ header: { sequence: 1 }, body: { kind: 'eof', checksum: 0 } }])
    one.tell({ kind: 'digested first', id: ID, checksum: 7 })
    one.tell({ kind: 'digested first', id: { source: 1, sequence: 9 }, checksum: 7 })
    t.strictSame(one.all(), [])

    const none = new EntityBench()
    none.files.set('a', FILE)
    none.put(1, 'a', { checksumType: CHECKSUM.null })
    for (let n = 0; n < 3; n++) none.next()
    none.tell({ kind: 'cancel', id: ID })
    t.match(none.all(), [{ body: { kind: 'eof', checksum: 0, fileSize: 2_048 } }])
    t.strictSame(none.asked('digest first'), [])
  },
)

t.test('faultHandlers, messages and flowLabel go into the options of the Metadata', async t => {
  const [one, two] = [new EntityBench(), new EntityBench({}, { entity: 2 })]
  one.files.set('a', FILE)
  one.put(1, 'a', {
    faultHandlers: { [CONDITION.inactivityDetected]: 'abandon', 5: 'ignore' },
    messages: [Uint8Array.of(1), Uint8Array.of(2)],
    flowLabel: Uint8Array.of(3),
    options: [{ type: 9, value: Uint8Array.of(4) }],
  })
  fly(one, two)
  t.strictSame(two.told('metadata-recv')[0]?.metadata.options, [
    { type: 4, value: Uint8Array.of(0x53) },
    { type: 4, value: Uint8Array.of(0x84) },
    { type: 2, value: Uint8Array.of(1) },
    { type: 2, value: Uint8Array.of(2) },
    { type: 5, value: Uint8Array.of(3) },
    { type: 9, value: Uint8Array.of(4) },
  ])
})

t.test(
  'a name may fill the octets that there are for it, and none goes without a file',
  async t => {
    const one = new EntityBench()
    const [longest, longer] = ['a'.repeat(255), 'a'.repeat(256)]
    one.files.set('a', FILE)
    one.put(1, 'a', { sourceName: longest, destinationName: longest })
    one.put(2, 'a', { destinationName: longer })
    one.put(3, 'a', { sourceName: longer, destinationName: 'a' })
    const names = { sourceName: 'a', destinationName: 'a' }
    one.tell({ kind: 'put', token: 4, request: { destination: 2, ...names } })
    t.strictSame(
      one.told('put refused').map(({ token }) => token),
      [2, 3],
    )
    const lengths = one.all().flatMap(({ body }) => {
      if (body.kind !== 'metadata') return []
      return [[body.sourceName.length, body.destinationName.length]]
    })
    t.strictSame(lengths, [
      [255, 255],
      [0, 0],
    ])
  },
)

t.test('reserve: numbers are asked for whenever they run out, and once', async t => {
  const one = new EntityBench({}, { limits: { reserve: 2 } })
  one.files.set('a', FILE)
  for (const token of [1, 2, 3, 4, 5]) one.put(token, 'a')
  t.strictSame(
    one.asked('reserve').map(({ end }) => end),
    [3, 5, 7],
  )
  const unheard = new EntityBench()
  unheard.withheld.add('reserve')
  for (const token of [1, 2]) unheard.put(token, 'a')
  t.equal(unheard.asked('reserve').length, 1)
})

t.test('withdraw: a request that waits goes without a trace, and no other', async t => {
  const one = new EntityBench({}, { limits: { sendingMax: 0 } })
  one.put(1, 'a')
  one.tell({ kind: 'withdraw', token: 9 })
  one.tell({ kind: 'withdraw', token: 1 })
  one.tell({ kind: 'withdraw', token: 1 })
  t.strictSame(one.indications, [{ kind: 'put refused', token: 1, why: 'it was withdrawn' }])
  t.equal(one.machine.load.queued, 0)
})

t.test('a put request that no PDU can say is refused', async t => {
  const one = new EntityBench()
  one.put(1, 'a', { segmentMetadata: new Uint8Array(64) })
  one.put(2, 'a', { records: [4, 3] })
  one.put(3, 'a', { messages: [new Uint8Array(256)] })
  one.tell({ kind: 'put', token: 4, request: { destination: 2, unbounded: true } })
  t.match(one.told('put refused'), [
    { token: 1, why: /64 octets of segment metadata: 63/ },
    { token: 2, why: /end a record at 3/ },
    { token: 3, why: /option longer than 255/ },
    { token: 4, why: /unbounded file without a file/ },
  ])
})

function checksumOf(octets: Uint8Array, type: number = CHECKSUM.crc32c): number {
  const checksum = new FileChecksum(type)
  checksum.update(octets)
  return checksum.value
}
