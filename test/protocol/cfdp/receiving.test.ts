/** The receiving end, procedure by procedure; what goes wrong with a file is in receiving-faults.test.ts. */
import t from 'tap'
import { CHECKSUM } from '../../../protocol/cfdp/checksum.ts'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import { requestOption } from '../../../protocol/cfdp/filestore/requests.ts'
import { FILESTORE_ACTION } from '../../../protocol/cfdp/pdu/filestore.ts'
import type { Body } from '../../../protocol/cfdp/pdu/pdu.ts'
import { ReceivingTransaction } from '../../../protocol/cfdp/receiving.ts'
import { headerOf } from '../../../protocol/cfdp/transmission.ts'
import { hex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'
import { Destination, eofOf, metadataOf, RECEIVING, transmissionOf } from './ends.ts'
import { ackOfEof, ackOfFinished, dataOf, saidBy, segmentsOf } from './words.ts'

const FILE = Uint8Array.from({ length: 100 }, (_, i) => i)
const SENT = transmissionOf(FILE)
const METADATA = metadataOf(SENT)
const EOF = eofOf(SENT)

t.test('a file arrives in any order, with overlaps and doubles, in pieces of any length', t => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = new Random(seed)
    const file = random.octets(1 + random.below(300))
    const sent = transmissionOf(file, { checksumType: random.below(2) * CHECKSUM.crc32 })
    const destination = new Destination(sent)
    const words: Body[] = [metadataOf(sent), eofOf(sent), ...segmentsOf(file, 1 + random.below(50))]
    for (let extra = random.below(20); extra > 0; extra--) {
      const start = random.below(file.length)
      words.push(dataOf(file, start, start + 1 + random.below(file.length - start)))
      words.push(words[random.below(words.length)] as Body)
    }
    for (const at of random.places(words.length, words.length))
      destination.receive(words[at] as Body, 0)
    const delivered = toHex(destination.delivered ?? new Uint8Array(0))
    if (delivered !== toHex(file)) t.fail(`seed ${seed}`)
    const written = destination.effects.reduce(
      (sum, effect) => sum + (effect.kind === 'write' ? effect.octets.length : 0),
      0,
    )
    if (written !== file.length) t.fail(`seed ${seed}: ${written} octets written`)
  }
  t.pass('400 orders')
  t.end()
})

t.test('the short last segment first, then EOF, Metadata and the rest', t => {
  const destination = new Destination(SENT)
  for (const body of [dataOf(FILE, 96, 100), EOF, METADATA, dataOf(FILE, 0, 96)])
    destination.receive(body, 0)
  t.strictSame(destination.delivered, FILE)
  t.strictSame(saidBy(destination, 0), [
    ackOfEof(),
    {
      kind: 'finished',
      condition: 0,
      complete: true,
      fileStatus: 2,
      filestoreResponses: [],
      faultLocation: undefined,
    },
  ])
  destination.receive(ackOfFinished(), 1)
  t.equal(destination.condition, CONDITION.noError)
  t.equal(destination.transaction.deadline, undefined)
  t.end()
})

t.test('stages go their way, each effect in its order', t => {
  const transaction = new ReceivingTransaction(headerOf(SENT), RECEIVING)
  const drained = () => transaction.drain().map(({ kind }) => kind)
  t.equal(transaction.fileOctets, undefined)
  t.equal(transaction.eof, undefined)
  transaction.receive(METADATA, 0)
  t.equal(transaction.fileOctets, 100)
  t.equal(transaction.stage, 'receiving')
  t.strictSame(transaction.metadata, METADATA)
  transaction.receive(dataOf(FILE, 0, 60), 0)
  transaction.receive(EOF, 0)
  t.equal(transaction.stage, 'repairing')
  t.strictSame(transaction.eof, EOF)
  t.strictSame(drained(), ['metadata', 'write', 'eof'])
  t.strictSame(drained(), [])
  transaction.delivered()
  transaction.verified(0, 0)
  t.equal(transaction.stage, 'repairing', 'an answer to no question')
  transaction.receive(dataOf(FILE, 50, 100), 0)
  t.equal(transaction.stage, 'verifying')
  t.strictSame(drained(), ['write', 'verify'])
  t.equal(transaction.deadline, undefined)
  transaction.receive(METADATA, 1)
  transaction.receive(EOF, 1)
  transaction.receive(dataOf(FILE, 0, 100), 1)
  t.equal(transaction.counters.duplicates, 1)
  transaction.verified(EOF.checksum, 1)
  t.equal(transaction.stage, 'delivering')
  transaction.receive(EOF, 1)
  t.strictSame(transaction.drain(), [
    { kind: 'deliver', octets: 100, name: METADATA.destinationName },
  ])
  transaction.delivered()
  t.strictSame(drained(), ['finished'])
  t.equal(transaction.stage, 'finishing')
  transaction.receive(ackOfFinished(), 2)
  t.strictSame(drained(), ['closed'])
  t.equal(transaction.stage, 'closed')
  t.equal(transaction.held.octets, 100)
  t.end()
})

t.test('what Metadata and EOF lend is kept as a copy', t => {
  const lent = transmissionOf(FILE, { options: [{ type: 2, value: Uint8Array.of(1, 2) }] })
  const metadata = metadataOf({ ...lent, destinationName: Uint8Array.of(1) })
  const eof = eofOf(lent, { faultLocation: Uint8Array.of(7), fileSize: 99 })
  const destination = new Destination(lent)
  destination.receive(metadata, 0)
  destination.receive(eof, 0)
  metadata.destinationName.fill(0)
  metadata.sourceName.fill(0)
  metadata.options[0]?.value.fill(0)
  eof.faultLocation?.fill(0)
  t.strictSame(destination.transaction.metadata?.destinationName, Uint8Array.of(1))
  t.strictSame(destination.transaction.metadata?.sourceName, METADATA.sourceName)
  t.strictSame(destination.transaction.metadata?.options[0]?.value, Uint8Array.of(1, 2))
  t.strictSame(destination.transaction.eof?.faultLocation, Uint8Array.of(7))
  t.end()
})

t.test('deferred: what is missing is asked for after the EOF, again and again', t => {
  const destination = new Destination(SENT)
  destination.receive(dataOf(FILE, 0, 10), 0)
  destination.receive(dataOf(FILE, 20, 30), 0)
  t.strictSame(saidBy(destination, 0), [])
  t.equal(destination.transaction.deadline, undefined)
  destination.receive(EOF, 0)
  const asks = { kind: 'nak', wantsMetadata: true, scope: { start: 0, end: 100 } }
  const [ack, nak] = saidBy(destination, 10)
  t.strictSame(ack, ackOfEof())
  t.match(nak, asks)
  t.equal(destination.transaction.deadline, 3_010)
  destination.receive(dataOf(FILE, 10, 20), 500)
  t.equal(destination.transaction.deadline, 3_500, 'something comes: more may')
  destination.receive(METADATA, 1_000)
  t.equal(destination.transaction.deadline, 4_000)
  destination.tick(3_999)
  t.strictSame(saidBy(destination, 3_999), [])
  destination.tick(4_000)
  t.match(saidBy(destination, 4_000), [
    { kind: 'nak', wantsMetadata: false, gaps: [{ start: 30, end: 100 }] },
  ])
  t.equal(destination.transaction.deadline, 4_000 + 6_000)
  destination.transaction.contactBegins(5_000)
  t.match(saidBy(destination, 5_000), [{ kind: 'nak', gaps: [{ start: 30, end: 100 }] }])
  t.end()
})

t.test('immediate: each gap is asked for once, and has its time to close', t => {
  const destination = new Destination(SENT, { nakMode: 'immediate' })
  destination.receive(METADATA, 0)
  destination.receive(dataOf(FILE, 0, 10), 0)
  t.equal(destination.transaction.deadline, undefined, 'no gap')
  destination.receive(dataOf(FILE, 20, 30), 10)
  t.equal(destination.transaction.deadline, 110)
  destination.receive(dataOf(FILE, 40, 50), 60)
  t.equal(destination.transaction.deadline, 110)
  destination.tick(109)
  t.strictSame(saidBy(destination, 109), [])
  destination.tick(110)
  t.match(saidBy(destination, 110), [
    { kind: 'nak', scope: { start: 0, end: 30 }, gaps: [{ start: 10, end: 20 }] },
  ])
  t.equal(destination.transaction.deadline, 210, 'the second gap was seen later')
  destination.tick(210)
  t.match(saidBy(destination, 210), [
    { kind: 'nak', scope: { start: 20, end: 50 }, gaps: [{ start: 30, end: 40 }] },
  ])
  destination.receive(dataOf(FILE, 50, 60), 300)
  t.equal(destination.transaction.deadline, undefined)
  destination.receive(dataOf(FILE, 70, 80), 400)
  destination.receive(EOF, 420)
  t.match(saidBy(destination, 420), [
    { kind: 'ack' },
    {
      kind: 'nak',
      gaps: [
        { start: 60, end: 70 },
        { start: 80, end: 100 },
      ],
    },
  ])
  t.equal(destination.transaction.deadline, 3_420)
  destination.receive(dataOf(FILE, 85, 90), 430)
  t.equal(destination.transaction.deadline, 3_430, 'after the EOF no gap is news')
  destination.tick(3_430)
  const gaps = [
    [10, 20],
    [30, 40],
    [60, 70],
    [80, 85],
    [90, 100],
  ]
  t.match(saidBy(destination, 3_430), [
    { kind: 'nak', gaps: gaps.map(([start, end]) => ({ start, end })) },
  ])
  t.end()
})

t.test('immediate: Metadata that is missing shows with the first octets', t => {
  const destination = new Destination(SENT, { nakMode: 'immediate' })
  destination.receive(dataOf(FILE, 0, 10), 0)
  destination.tick(100)
  t.match(saidBy(destination, 100), [
    { kind: 'nak', wantsMetadata: true, scope: { start: 0, end: 0 }, gaps: [] },
  ])
  destination.receive(dataOf(FILE, 10, 20), 110)
  destination.tick(210)
  t.strictSame(saidBy(destination, 210), [], 'once')
  t.end()
})

t.test('a prompt is answered with what is missing; other PDUs of a sender mean nothing here', t => {
  const destination = new Destination(SENT)
  destination.receive(METADATA, 0)
  destination.receive(dataOf(FILE, 5, 10), 0)
  destination.receive({ kind: 'keep alive', progress: 5 }, 0)
  destination.receive(ackOfEof(), 0)
  destination.receive(ackOfFinished(), 0)
  t.strictSame(saidBy(destination, 0), [])
  destination.receive({ kind: 'prompt', wants: 'nak' }, 0)
  t.match(saidBy(destination, 0), [{ kind: 'nak', gaps: [{ start: 0, end: 5 }] }])
  t.equal(destination.transaction.deadline, undefined, 'no timer runs before the EOF')
  t.end()
})

t.test('Finished waits for its own ACK, whatever else the sender says', t => {
  const destination = new Destination(SENT)
  for (const body of [METADATA, dataOf(FILE, 0, 100), EOF]) destination.receive(body, 0)
  saidBy(destination, 0)
  for (const body of [
    ackOfEof(),
    { kind: 'prompt', wants: 'nak' },
    { kind: 'prompt', wants: 'keep alive' },
    { kind: 'keep alive', progress: 100 },
  ] as const)
    destination.receive(body, 10)
  t.equal(destination.transaction.stage, 'finishing')
  t.strictSame(saidBy(destination, 10), [])
  t.equal(destination.transaction.deadline, 5_000)
  t.end()
})

t.test('answers go the other way, and speak of no records', t => {
  const { transaction } = new Destination(SENT, {}, { eof: EOF })
  t.match(transaction.next(1_000, 0)?.header, { towardSender: true, recordBoundaries: false })
  const ofRecords = { ...headerOf(SENT), recordBoundaries: true }
  const received = new ReceivingTransaction(ofRecords, RECEIVING, { eof: EOF })
  t.match(received.next(1_000, 0)?.header, { towardSender: true, recordBoundaries: false })
  t.end()
})

t.test('hold-off: what is missing at the EOF has its time to come, and is then asked for', t => {
  const destination = new Destination(SENT, { holdOffMs: 400 })
  for (const body of [METADATA, dataOf(FILE, 0, 50), EOF]) destination.receive(body, 1_000)
  t.strictSame(saidBy(destination, 1_000), [ackOfEof()])
  t.equal(destination.transaction.deadline, 1_400)
  destination.receive(dataOf(FILE, 60, 100), 1_100)
  destination.tick(1_399)
  t.strictSame(saidBy(destination, 1_399), [])
  destination.tick(1_400)
  t.match(saidBy(destination, 1_400), [{ kind: 'nak', gaps: [{ start: 50, end: 60 }] }])
  t.equal(destination.transaction.deadline, 4_400, 'the NAK timer')
  t.end()
})

t.test('new gaps join a round of NAKs that is under way', t => {
  const destination = new Destination(SENT)
  destination.receive(METADATA, 0)
  for (const start of [10, 30, 50, 70, 90]) destination.receive(dataOf(FILE, start, start + 10), 0)
  destination.receive(EOF, 0)
  const room = 12 + 1 + 8 + 2 * 8
  destination.next(room, 0)
  t.match(destination.next(room, 0)?.body, {
    scope: { start: 0, end: 40 },
    gaps: [
      { start: 0, end: 10 },
      { start: 20, end: 30 },
    ],
  })
  destination.transaction.lost([
    { start: 70, end: 75 },
    { start: 10, end: 12 },
  ])
  t.match(saidBy(destination, 0, room), [
    {
      gaps: [
        { start: 40, end: 50 },
        { start: 60, end: 75 },
      ],
    },
    { gaps: [{ start: 80, end: 90 }] },
  ])
  t.end()
})

t.test('an empty file, a file of unknown size, and no file at all', t => {
  const empty = new Destination(transmissionOf(new Uint8Array(0)))
  empty.receive(metadataOf(transmissionOf(new Uint8Array(0))), 0)
  t.equal(empty.transaction.fileOctets, 0)
  empty.receive(eofOf(transmissionOf(new Uint8Array(0))), 0)
  t.strictSame(empty.delivered, new Uint8Array(0))

  const unbounded = new Destination(SENT)
  unbounded.receive({ ...METADATA, fileSize: 0 }, 0)
  unbounded.receive(dataOf(FILE, 0, 100), 0)
  unbounded.receive(EOF, 0)
  t.strictSame(unbounded.delivered, FILE)

  const nothing = new Destination(SENT)
  const none = { fileSize: 0, destinationName: new Uint8Array(0), checksumType: CHECKSUM.null }
  nothing.receive({ ...METADATA, ...none }, 0)
  nothing.receive({ ...EOF, checksum: 0, fileSize: 0 }, 0)
  t.match(nothing.finished, { condition: 0, complete: true, fileStatus: 3 })
  t.equal(nothing.delivered, undefined)

  const backward = new Destination(SENT)
  backward.receive({ ...EOF, checksum: 0, fileSize: 0 }, 0)
  backward.receive({ ...METADATA, ...none }, 0)
  t.equal(backward.transaction.stage, 'finishing')
  t.equal(backward.transaction.deadline, undefined, 'nothing of it is waited for')
  t.end()
})

t.test('filestore requests are passed over where nothing is said of them', t => {
  const action = FILESTORE_ACTION.createFile
  const option = requestOption({ action, firstName: hex`61`, secondName: undefined })
  const destination = new Destination(SENT)
  for (const body of [{ ...METADATA, options: [option] }, dataOf(FILE, 0, 100), EOF])
    destination.receive(body, 0)
  t.match(saidBy(destination, 0), [{ kind: 'ack' }, { kind: 'finished', complete: true }])
  t.strictSame(destination.finished?.filestoreResponses, [])
  t.end()
})

t.test('an EOF that comes again is acknowledged again, and Finished repeated', t => {
  const destination = new Destination(SENT)
  for (const body of [METADATA, dataOf(FILE, 0, 100), EOF]) destination.receive(body, 0)
  t.match(saidBy(destination, 0), [{ kind: 'ack' }, { kind: 'finished' }])
  destination.receive(EOF, 100)
  destination.receive(METADATA, 100)
  t.match(saidBy(destination, 100), [{ kind: 'ack' }, { kind: 'finished' }])
  destination.tick(5_100)
  t.match(saidBy(destination, 5_100), [{ kind: 'finished' }])
  destination.transaction.contactBegins(5_200)
  t.match(saidBy(destination, 5_200), [{ kind: 'finished' }])
  destination.receive(ackOfFinished(), 5_300)
  destination.receive(EOF, 5_400)
  destination.receive(METADATA, 5_400)
  t.strictSame(saidBy(destination, 5_400), [ackOfEof(0, 2)], 'terminated')
  t.equal(destination.effects.filter(({ kind }) => kind === 'deliver').length, 1)
  t.end()
})
