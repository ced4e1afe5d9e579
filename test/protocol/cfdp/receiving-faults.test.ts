/** What goes wrong with a file that is received: sizes, checksums, limits, disks, attackers, cancellations, restarts. */
import t from 'tap'
import { CHECKSUM } from '../../../protocol/cfdp/checksum.ts'
import { finishedFor } from '../../../protocol/cfdp/completion.ts'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import type { Body, Eof } from '../../../protocol/cfdp/pdu/pdu.ts'
import { ReceivingTransaction } from '../../../protocol/cfdp/receiving.ts'
import { headerOf } from '../../../protocol/cfdp/transmission.ts'
import { Spans } from '../../../protocol/octets/spans.ts'
import { hex } from '../../kit/hex.ts'
import { Destination, eofOf, metadataOf, RECEIVING, transmissionOf } from './ends.ts'
import { ackOfEof, ackOfFinished, dataOf, saidBy } from './words.ts'

const FILE = Uint8Array.from({ length: 100 }, (_, i) => i)
const SENT = transmissionOf(FILE)
const METADATA = metadataOf(SENT)
const EOF = eofOf(SENT)
const CANCEL = eofOf(SENT, {
  condition: CONDITION.cancelRequestReceived,
  checksum: 0,
  fileSize: 60,
  faultLocation: hex`0001`,
})
const FOUR_GIB = 2 ** 32

t.test('what a sender says that cannot be ends the transaction with its condition', t => {
  const cases: [string, readonly Body[], number][] = [
    ['EOF smaller than what is held', [dataOf(FILE, 0, 99), { ...EOF, fileSize: 98 }], 6],
    ['EOF of another size than the Metadata', [METADATA, { ...EOF, fileSize: 101 }], 6],
    ['Metadata of another size than the EOF', [EOF, { ...METADATA, fileSize: 101 }], 6],
    ['a checksum nobody knows', [{ ...METADATA, checksumType: CHECKSUM.crc32Proximity1 }], 11],
    ['a file larger than the limit', [{ ...METADATA, fileSize: 2 ** 33 + 1 }], 4],
    ['a file larger than any number', [{ ...METADATA, fileSize: 2n ** 60n }], 4],
    ['an EOF larger than the limit', [{ ...EOF, fileSize: 2n ** 60n }], 4],
  ]
  for (const [name, words, condition] of cases) {
    const destination = new Destination(SENT)
    for (const word of words) destination.receive(word, 0)
    t.equal(destination.finished?.condition, condition, name)
    t.ok(typeof destination.transaction.fileOctets !== 'bigint', 'no number of octets says it')
    t.equal(destination.transaction.stage, 'finishing')
    t.ok(destination.effects.some(({ kind }) => kind === 'discard'))
    t.match(saidBy(destination, 0).at(-1), { kind: 'finished', condition, complete: false })
    const faultLocation = condition === 11 ? undefined : hex`0002`
    t.strictSame(destination.finished?.faultLocation, faultLocation)
    destination.receive(dataOf(FILE, 0, 10), 0)
    destination.receive(METADATA, 0)
    destination.receive(ackOfFinished(condition), 1)
    t.equal(destination.condition, condition)
    t.equal(destination.delivered, undefined)
  }
  t.end()
})

t.test('a file of as many octets as the limit is taken', t => {
  const fileSize = RECEIVING.fileOctetsMax
  const destination = new Destination(SENT)
  destination.receive({ ...METADATA, fileSize }, 0)
  destination.receive({ ...EOF, fileSize }, 0)
  t.equal(destination.transaction.stage, 'repairing')
  t.end()
})

t.test('octets beyond the declared size are counted and not taken', t => {
  const destination = new Destination(SENT, { reachOctets: 1_000 })
  const { counters } = destination.transaction
  const far = (offset: number | bigint): Body => ({ ...dataOf(FILE, 0, 1), offset })
  destination.receive(far(1_000), 0)
  t.equal(counters.beyond, 1, 'nothing is known: only so far')
  destination.receive(dataOf(FILE, 50, 60), 0)
  destination.receive(METADATA, 0)
  destination.receive(far(100), 0)
  destination.receive(far(99), 0)
  destination.receive(far(2n ** 63n), 0)
  destination.receive(far(Number.MAX_SAFE_INTEGER), 0)
  t.strictSame(counters, { segments: 2, duplicates: 0, beyond: 4 })
  destination.receive({ ...dataOf(FILE, 0, 0), offset: 10 }, 0)
  destination.receive(dataOf(FILE, 52, 58), 0)
  t.strictSame(counters, { segments: 4, duplicates: 1, beyond: 4 }, 'no octets are no double')
  t.equal(destination.transaction.held.octets, 11)

  const small = new Destination(SENT, { fileOctetsMax: 10, reachOctets: 1_000 })
  small.receive(dataOf(FILE, 5, 11), 0)
  t.equal(small.transaction.counters.beyond, 1, 'the limit counts before the Metadata')
  const empty = new Destination(SENT)
  empty.receive({ ...EOF, fileSize: 0 }, 0)
  empty.receive(dataOf(FILE, 0, 1), 0)
  t.equal(empty.transaction.counters.beyond, 1)
  t.end()
})

t.test('82 octets of an attacker never make a file', t => {
  const sent = transmissionOf(FILE, { fileSize: FOUR_GIB })
  const last: Body = { ...dataOf(FILE, 0, 1), offset: FOUR_GIB - 1 }
  for (const checksumType of [CHECKSUM.crc32, CHECKSUM.null])
    for (const words of [
      [metadataOf({ ...sent, checksumType }), last],
      [metadataOf({ ...sent, checksumType }), last, eofOf(sent)],
      [last],
      [last, eofOf(sent)],
    ] as const) {
      const destination = new Destination(sent, { nak: { timeoutMs: 3_000, triesMax: 3 } })
      for (const word of words) destination.receive(word, 0)
      for (let now = 0; now < 100_000; now += 1_000) {
        destination.tick(now)
        saidBy(destination, now)
      }
      const kinds = new Set(destination.effects.map(({ kind }) => kind))
      t.notOk(kinds.has('deliver') || kinds.has('verify'))
      t.ok(destination.transaction.held.count <= 1)
    }
  t.end()
})

t.test('a wrong checksum: the file is asked for once more as a whole, then given up', t => {
  const destination = new Destination(SENT)
  const wrong = FILE.map(octet => octet ^ 1)
  for (const body of [METADATA, dataOf(wrong, 0, 100), EOF]) destination.receive(body, 0)
  t.equal(destination.transaction.stage, 'repairing')
  t.equal(destination.transaction.held.octets, 0)
  t.match(saidBy(destination, 0), [
    { kind: 'ack' },
    { kind: 'nak', wantsMetadata: false, gaps: [{ start: 0, end: 100 }] },
  ])
  destination.receive(dataOf(FILE, 0, 100), 1)
  t.strictSame(destination.delivered, FILE)

  const hopeless = new Destination(SENT)
  for (const body of [METADATA, EOF, dataOf(wrong, 0, 100)]) hopeless.receive(body, 0)
  hopeless.receive(dataOf(wrong, 0, 100), 1)
  t.equal(hopeless.finished?.condition, CONDITION.fileChecksumFailure)
  t.equal(hopeless.delivered, undefined)

  const empty = new Destination(transmissionOf(new Uint8Array(0)))
  for (const body of [
    { ...METADATA, fileSize: 0 },
    { ...EOF, fileSize: 0 },
  ])
    empty.receive(body, 0)
  t.equal(empty.finished?.condition, CONDITION.fileChecksumFailure)
  t.end()
})

t.test('the null checksum is always right, but a file that cannot be read back is not', t => {
  for (const [checksum, stage] of [
    [123, 'delivering'],
    [undefined, 'finishing'],
  ] as const) {
    const transaction = new ReceivingTransaction(headerOf(SENT), {
      ...RECEIVING,
      checksumRetriesMax: 0,
    })
    for (const body of [{ ...METADATA, checksumType: CHECKSUM.null }, EOF, dataOf(FILE, 0, 100)])
      transaction.receive(body, 0)
    transaction.verified(checksum, 0)
    t.equal(transaction.stage, stage)
  }
  t.end()
})

t.test('the NAK limit and the ACK limit end what nobody answers', t => {
  const twice = { timeoutMs: 1_000, triesMax: 2 }
  const destination = new Destination(SENT, { nak: twice, ack: twice })
  destination.receive(METADATA, 0)
  destination.receive(EOF, 0)
  saidBy(destination, 0)
  destination.tick(1_000)
  t.match(saidBy(destination, 1_000), [{ kind: 'nak' }])
  destination.tick(3_000)
  t.match(saidBy(destination, 3_000), [
    { kind: 'finished', condition: CONDITION.nakLimitReached, complete: false },
  ])
  destination.tick(4_000)
  t.match(saidBy(destination, 4_000), [{ kind: 'finished' }])
  destination.tick(6_000)
  t.equal(destination.condition, CONDITION.positiveAckLimitReached, 'abandoned')
  t.strictSame(saidBy(destination, 6_000), [])

  const told = new Destination(SENT, { ack: twice })
  for (const body of [METADATA, dataOf(FILE, 0, 100), EOF]) told.receive(body, 0)
  saidBy(told, 0)
  told.tick(1_000)
  saidBy(told, 1_000)
  told.tick(3_000)
  const condition = CONDITION.positiveAckLimitReached
  t.strictSame(
    told.effects.slice(-3),
    [
      { kind: 'fault', condition, handler: 'abandon' },
      { kind: 'abandoned', condition },
      { kind: 'closed', condition },
    ],
    'the file stays',
  )
  t.strictSame(told.delivered, FILE)
  t.end()
})

t.test('cancel() ends a transaction at each stage, but for a file that gets its name', t => {
  const fresh = new Destination(SENT)
  fresh.cancel(CONDITION.cancelRequestReceived, 0)
  t.match(saidBy(fresh, 0), [{ kind: 'finished', condition: 15, complete: false, fileStatus: 0 }])
  const repairing = new Destination(SENT)
  repairing.receive(EOF, 0)
  repairing.cancel(CONDITION.cancelRequestReceived, 0)
  t.match(saidBy(repairing, 0), [{ kind: 'ack' }, { kind: 'finished', condition: 15 }])
  repairing.cancel(CONDITION.inactivityDetected, 0)
  t.equal(repairing.effects.filter(({ kind }) => kind === 'finished').length, 1)
  repairing.receive(ackOfFinished(15), 1)
  repairing.cancel(CONDITION.inactivityDetected, 1)
  t.equal(repairing.condition, 15)

  const verifying = whole()
  verifying.cancel(CONDITION.cancelRequestReceived)
  t.equal(verifying.stage, 'finishing')
  const delivering = whole()
  delivering.verified(EOF.checksum, 0)
  delivering.cancel(CONDITION.cancelRequestReceived)
  t.equal(delivering.stage, 'delivering')
  delivering.refused()
  t.match(delivering.next(1_000, 0)?.body, { kind: 'ack' })
  t.match(delivering.next(1_000, 0)?.body, { condition: CONDITION.filestoreRejection })
  delivering.refused()
  t.equal(delivering.stage, 'finishing')
  t.end()
})

t.test('EOF(cancel) is acknowledged and ends the transaction at each stage', t => {
  const { condition } = CANCEL
  const checks: [string, readonly Body[]][] = [
    ['at first', []],
    ['receiving', [METADATA, dataOf(FILE, 0, 60)]],
    ['repairing', [METADATA, dataOf(FILE, 0, 60), EOF]],
  ]
  for (const [stage, words] of checks) {
    const destination = new Destination(SENT)
    for (const word of words) destination.receive(word, 0)
    destination.receive(CANCEL, 0)
    t.equal(destination.condition, condition, stage)
    t.strictSame(saidBy(destination, 0), [ackOfEof(condition)])
    destination.receive(CANCEL, 1)
    destination.receive(EOF, 1)
    t.strictSame(saidBy(destination, 1), [ackOfEof(0, 2)])
    t.strictSame(destination.transaction.eof, CANCEL, 'late doubles are known by it')
    t.equal(destination.effects.at(-2)?.kind, 'discard')
    destination.receive(METADATA, 2)
    destination.cancel(CONDITION.inactivityDetected, 2)
    t.equal(destination.effects.at(-1)?.kind, 'closed', 'nothing comes after the end')
  }
  const verifying = whole()
  verifying.receive(CANCEL, 0)
  verifying.verified(EOF.checksum, 0)
  t.equal(verifying.stage, 'closed')
  t.end()
})

t.test('EOF(cancel) comes too late for a file that is right', t => {
  const delivering = whole()
  delivering.verified(EOF.checksum, 0)
  delivering.receive(CANCEL, 0)
  t.equal(delivering.stage, 'delivering')
  delivering.delivered()
  delivering.receive(CANCEL, 1)
  t.match(delivering.next(1_000, 1)?.body, { kind: 'ack', condition: 15 })
  t.match(delivering.next(1_000, 1)?.body, { kind: 'finished', condition: 0, complete: true })
  t.end()
})

t.test('octets that the disk did not take are missing again, and asked for when it works', t => {
  const transaction = whole()
  transaction.next(1_000, 0)
  transaction.lost([{ start: 10, end: 20 }])
  t.equal(transaction.stage, 'repairing')
  transaction.retry(5)
  t.match(transaction.next(1_000, 5)?.body, { kind: 'nak', gaps: [{ start: 10, end: 20 }] })
  transaction.receive(dataOf(FILE, 10, 20), 6)
  t.equal(transaction.stage, 'verifying')
  transaction.lost([])
  transaction.drain()
  transaction.retry(7)
  t.match(transaction.drain(), [{ kind: 'verify', octets: 100 }], 'it is read once more')
  transaction.verified(EOF.checksum, 8)
  transaction.lost([])
  transaction.drain()
  transaction.retry(9)
  t.match(transaction.drain(), [{ kind: 'deliver', octets: 100 }])

  const receiving = new ReceivingTransaction(headerOf(SENT), RECEIVING)
  receiving.receive(dataOf(FILE, 0, 50), 0)
  receiving.lost([{ start: 0, end: 50 }])
  receiving.retry(1)
  t.equal(receiving.deadline, undefined, 'before the EOF nothing is waited for')
  t.equal(receiving.stage, 'receiving')
  t.equal(receiving.held.octets, 0)

  const once = transmissionOf(FILE, { acknowledged: false })
  const classOne = new ReceivingTransaction(headerOf(once), RECEIVING)
  classOne.receive(EOF, 0)
  classOne.retry(10)
  t.equal(classOne.deadline, 3_010)
  t.equal(classOne.isUrgent, false)
  t.end()
})

t.test('a transaction that was written down goes on where it was', t => {
  const held = () => new Spans([{ start: 0, end: 60 }])
  const known = { metadata: METADATA, held: held() }
  const receiving = new Destination(SENT, {}, known)
  t.equal(receiving.transaction.stage, 'receiving')
  t.strictSame(saidBy(receiving, 0), [])

  const repairing = new Destination(SENT, {}, { ...known, eof: EOF })
  t.equal(repairing.transaction.deadline, undefined)
  t.match(saidBy(repairing, 50), [{ kind: 'nak', gaps: [{ start: 60, end: 100 }] }])
  t.equal(repairing.transaction.deadline, 3_050)

  const all = new Spans([{ start: 0, end: 100 }])
  const verifying = new ReceivingTransaction(headerOf(SENT), RECEIVING, {
    metadata: METADATA,
    eof: EOF,
    held: all,
  })
  t.match(verifying.drain(), [{ kind: 'verify', octets: 100 }])
  const delivering = new ReceivingTransaction(headerOf(SENT), RECEIVING, {
    metadata: METADATA,
    eof: EOF,
    held: all,
    delivering: true,
  })
  t.match(delivering.drain(), [{ kind: 'deliver', octets: 100 }])

  const finished = finishedFor(CONDITION.noError, true)
  const finishing = new Destination(SENT, {}, { metadata: METADATA, eof: EOF, finished })
  t.strictSame(saidBy(finishing, 0), [finished])
  t.strictSame(finishing.effects, [])
  finishing.receive(ackOfFinished(), 1)
  t.equal(finishing.condition, CONDITION.noError)
  t.end()
})

t.test('a restart between a word and its consequence comes to the same consequence', t => {
  const all = () => new Spans([{ start: 0, end: 60 }])
  const nullMetadata = { ...METADATA, checksumType: CHECKSUM.null }
  const cancelled = new Destination(SENT, {}, { metadata: nullMetadata, eof: CANCEL, held: all() })
  t.equal(cancelled.condition, CONDITION.cancelRequestReceived)
  t.equal(cancelled.delivered, undefined, 'a cut file is no file')
  const eof: Eof = { ...EOF, fileSize: 59 }
  const small = new Destination(SENT, {}, { metadata: METADATA, eof, held: all() })
  t.equal(small.finished?.condition, CONDITION.fileSizeError)
  const metadata = { ...METADATA, checksumType: 9 }
  const unknown = new Destination(SENT, {}, { metadata })
  t.equal(unknown.finished?.condition, CONDITION.unsupportedChecksumType)
  t.end()
})

t.test('class 1 after a restart still has its limit, and an end that needs no telling', t => {
  const once = transmissionOf(FILE, { acknowledged: false })
  const nak = { timeoutMs: 3_000, triesMax: 1 }
  const cut = new Destination(once, { nak }, { metadata: METADATA, eof: EOF })
  t.equal(cut.transaction.deadline, 3_000)
  cut.tick(3_000)
  t.equal(cut.condition, CONDITION.checkLimitReached)
  const finished = finishedFor(CONDITION.noError, true)
  const done = new Destination(once, {}, { metadata: METADATA, eof: EOF, finished })
  t.equal(done.condition, CONDITION.noError)
  t.end()
})

/** All its octets have come, and nobody has read them back yet. */
function whole(): ReceivingTransaction {
  const transaction = new ReceivingTransaction(headerOf(SENT), RECEIVING)
  for (const body of [METADATA, dataOf(FILE, 0, 100), EOF]) transaction.receive(body, 0)
  transaction.drain()
  return transaction
}
