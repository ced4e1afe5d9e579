/** What a receiver does about faults, by its handlers or by those the Metadata has instead. */
import t from 'tap'
import { CHECKSUM } from '../../../protocol/cfdp/checksum.ts'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import { type FaultHandler, overrideOption } from '../../../protocol/cfdp/fault-handlers.ts'
import { ReceivingTransaction } from '../../../protocol/cfdp/receiving.ts'
import type { Received, ReceivingLimits } from '../../../protocol/cfdp/reception.ts'
import { headerOf } from '../../../protocol/cfdp/transmission.ts'
import { Spans } from '../../../protocol/octets/spans.ts'
import { hex } from '../../kit/hex.ts'
import { Destination, eofOf, metadataOf, RECEIVING, transmissionOf } from './ends.ts'
import { ackOfEof, ackOfFinished, dataOf, saidBy } from './words.ts'

const FILE = Uint8Array.from({ length: 100 }, (_, i) => i)
const WRONG = FILE.map(octet => octet ^ 1)
const SENT = transmissionOf(FILE)
const METADATA = metadataOf(SENT)
const EOF = eofOf(SENT)
const TWICE = { timeoutMs: 1_000, triesMax: 2 }
const { nakLimitReached, fileChecksumFailure, fileSizeError, filestoreRejection } = CONDITION

t.test('NAK limit: cancel, suspend, ignore, abandon; by the limits, or by the Metadata', t => {
  for (const isOverride of [false, true])
    for (const handler of ['cancel', 'suspend', 'ignore', 'abandon'] as const) {
      const limits = { nak: TWICE, ...(isOverride ? {} : handled(nakLimitReached, handler)) }
      const destination = new Destination(SENT, limits)
      const options = isOverride ? [overrideOption(nakLimitReached, handler)] : []
      destination.receive({ ...METADATA, options }, 0)
      destination.receive(EOF, 0)
      saidBy(destination, 0)
      destination.tick(1_000)
      saidBy(destination, 1_000)
      destination.tick(3_000)
      t.strictSame(faultsOf(destination), [{ kind: 'fault', condition: 7, handler }])
      const said = saidBy(destination, 3_000).map(({ kind }) => kind)
      const { transaction } = destination
      if (handler === 'cancel') t.strictSame([said, transaction.stage], [['finished'], 'finishing'])
      if (handler === 'suspend') t.strictSame([said, transaction.isSuspended], [[], true])
      if (handler === 'abandon') t.strictSame([said, transaction.stage], [[], 'closed'])
      if (handler !== 'ignore') continue
      t.strictSame([said, transaction.deadline], [['nak'], 4_000], 'as for the first time')
      destination.tick(4_000)
      saidBy(destination, 4_000)
      destination.tick(6_000)
      t.equal(faultsOf(destination).length, 2)
    }
  t.end()
})

t.test('suspended by the NAK limit, it asks again when it is resumed', t => {
  const destination = new Destination(SENT, { nak: TWICE, ...handled(7, 'suspend') })
  destination.receive(METADATA, 0)
  destination.receive(EOF, 0)
  saidBy(destination, 0)
  destination.tick(1_000)
  saidBy(destination, 1_000)
  destination.tick(3_000)
  t.equal(destination.transaction.deadline, undefined)
  destination.transaction.resume(50_000)
  t.match(saidBy(destination, 50_000), [{ kind: 'nak', gaps: [{ start: 0, end: 100 }] }])
  t.ok((destination.transaction.deadline as number) >= 51_000)
  t.end()
})

t.test('what abandons throws the file away and says nothing more by itself', t => {
  const destination = new Destination(SENT, handled(fileSizeError, 'abandon'))
  destination.receive(dataOf(FILE, 0, 100), 0)
  destination.receive({ ...EOF, fileSize: 50 }, 0)
  t.equal(destination.condition, fileSizeError)
  t.match(destination.effects.slice(-3), [
    { kind: 'discard' },
    { kind: 'abandoned', condition: fileSizeError },
    { kind: 'closed' },
  ])
  destination.transaction.abandon(fileSizeError)
  t.strictSame(destination.transaction.drain(), [], 'once')
  t.strictSame(saidBy(destination, 0), [])
  t.equal(destination.transaction.deadline, undefined)
  destination.receive(EOF, 1)
  t.strictSame(saidBy(destination, 1), [ackOfEof(0, 2)], 'an EOF is always acknowledged, 4.7.2')
  t.end()
})

t.test('a size error that is ignored is declared once; the EOF counts', t => {
  for (const handler of ['ignore', 'suspend'] as const) {
    const destination = new Destination(SENT, handled(fileSizeError, handler))
    destination.receive({ ...METADATA, fileSize: 120 }, 0)
    destination.receive(dataOf(FILE, 0, 100), 0)
    destination.receive(EOF, 0)
    t.strictSame(faultsOf(destination), [{ kind: 'fault', condition: 6, handler }])
    t.strictSame(destination.delivered, FILE)
    destination.transaction.resume(10)
    t.match(saidBy(destination, 10).at(-1), { kind: 'finished', condition: 0 })
  }
  t.end()
})

t.test('a class 1 receiver cannot be suspended: it cancels', t => {
  const sent = transmissionOf(FILE, { acknowledged: false })
  const limits = handled(CONDITION.checkLimitReached, 'suspend')
  const destination = new Destination(sent, { check: TWICE, ...limits })
  destination.receive(METADATA, 0)
  destination.receive(EOF, 0)
  destination.transaction.suspend(1)
  t.notOk(destination.transaction.isSuspended)
  destination.tick(1_000)
  destination.tick(3_000)
  t.equal(destination.condition, CONDITION.checkLimitReached)
  t.strictSame(faultsOf(destination), [{ kind: 'fault', condition: 10, handler: 'cancel' }])
  t.end()
})

t.test('the check limit is counted by its own timer, and can be ignored', t => {
  const sent = transmissionOf(FILE, { acknowledged: false })
  const limits = handled(CONDITION.checkLimitReached, 'ignore')
  const destination = new Destination(sent, { check: TWICE, ...limits })
  destination.receive(METADATA, 0)
  destination.receive(EOF, 0)
  t.equal(destination.transaction.deadline, 1_000)
  destination.tick(1_000)
  destination.tick(3_000)
  t.equal(destination.transaction.deadline, 4_000)
  destination.receive(dataOf(FILE, 0, 100), 3_500)
  t.strictSame(destination.delivered, FILE)
  t.end()
})

t.test(
  'an unknown checksum that is ignored: the file is delivered unchecked, and that is said',
  t => {
    const limits = handled(CONDITION.unsupportedChecksumType, 'ignore')
    const destination = new Destination(SENT, limits)
    destination.receive({ ...METADATA, checksumType: 9 }, 0)
    destination.receive(dataOf(FILE, 0, 100), 0)
    destination.receive({ ...EOF, checksum: 1 }, 0)
    t.match(destination.effects, { 3: { kind: 'eof' }, 4: { checksumType: CHECKSUM.null } })
    t.strictSame(destination.delivered, FILE)
    t.strictSame(destination.finished, {
      kind: 'finished',
      condition: 11,
      complete: true,
      fileStatus: 2,
      filestoreResponses: [],
      faultLocation: undefined,
    })
    t.end()
  },
)

t.test('a wrong checksum that is ignored: the file is delivered, and never called complete', t => {
  const destination = new Destination(SENT, {
    checksumRetriesMax: 0,
    ...handled(fileChecksumFailure, 'ignore'),
  })
  for (const body of [METADATA, dataOf(WRONG, 0, 100), EOF]) destination.receive(body, 0)
  t.strictSame(destination.delivered, WRONG)
  const finished = { condition: 5, complete: false, fileStatus: 2, faultLocation: hex`0002` }
  t.match(destination.finished, finished)
  t.notOk(destination.effects.some(({ kind }) => kind === 'discard'))
  destination.transaction.suspend(1)
  t.notOk(destination.transaction.isSuspended, 'there is nothing left to suspend')
  t.end()
})

t.test('after a restart, a delivery that was begun claims no more than is known', t => {
  const held = new Spans([{ start: 0, end: 100 }])
  const known: Received = { metadata: METADATA, eof: EOF, held, delivering: true }
  const cases = [
    [known, {}, 0],
    [known, handled(fileChecksumFailure, 'ignore'), 5],
    [{ ...known, metadata: { ...METADATA, checksumType: 9 } }, {}, 11],
  ] as const
  for (const [received, limits, condition] of cases)
    t.equal(new Destination(SENT, limits, received).finished?.condition, condition)
  t.end()
})

t.test('suspended by a wrong checksum, the file is read back again when it is resumed', t => {
  const transaction = begun(handled(fileChecksumFailure, 'suspend'))
  for (const body of [METADATA, dataOf(FILE, 0, 100), EOF]) transaction.receive(body, 0)
  transaction.drain()
  transaction.verified(0, 1)
  t.strictSame(kindsOf(transaction), ['fault', 'suspended'])
  transaction.resume(2)
  t.strictSame(kindsOf(transaction), ['resumed', 'verify'])
  transaction.verified(0, 3)
  transaction.lost([{ start: 0, end: 1 }])
  transaction.drain()
  transaction.resume(4)
  t.strictSame(kindsOf(transaction), ['resumed'], 'it is not whole any more')
  transaction.retry(5)
  transaction.receive(dataOf(FILE, 0, 1), 6)
  transaction.suspend(7)
  transaction.drain()
  transaction.resume(8)
  t.strictSame(kindsOf(transaction), ['resumed'], 'a reading that is under way goes on')

  const asked = begun({})
  for (const body of [METADATA, dataOf(FILE, 0, 100), EOF]) asked.receive(body, 0)
  asked.drain()
  asked.suspend(1)
  asked.resume(2)
  t.strictSame(kindsOf(asked), ['suspended', 'resumed'], 'nothing was held up')
  t.end()
})

t.test('a filestore that refuses: the name may be free later, but no file is no file', t => {
  const waiting = begun(handled(filestoreRejection, 'suspend'))
  for (const body of [METADATA, dataOf(FILE, 0, 100), EOF]) waiting.receive(body, 0)
  waiting.verified(EOF.checksum, 0)
  waiting.drain()
  waiting.refused()
  t.strictSame(kindsOf(waiting), ['fault', 'suspended'])
  waiting.resume(5)
  t.strictSame(kindsOf(waiting), ['resumed', 'deliver'])
  waiting.delivered()
  t.match(waiting.drain(), [{ kind: 'finished', finished: { complete: true } }])

  for (const handler of ['ignore', 'suspend'] as const) {
    const early = begun(handled(filestoreRejection, handler))
    early.refused()
    t.match(early.drain()[0], { kind: 'fault', condition: 4, handler: 'cancel' })
    const large = new Destination(SENT, { fileOctetsMax: 99, ...handled(4, handler) })
    large.receive(METADATA, 0)
    t.match(large.finished, { condition: 4, complete: false })
  }
  const ignoring = begun(handled(filestoreRejection, 'ignore'))
  for (const body of [METADATA, dataOf(FILE, 0, 100), EOF]) ignoring.receive(body, 0)
  ignoring.verified(EOF.checksum, 0)
  ignoring.refused()
  t.match(ignoring.drain().at(-1), { finished: { condition: 4, complete: false } })
  t.end()
})

t.test(
  'the ACK limit of a Finished is abandoned, ignored or waits; nothing is cancelled twice',
  t => {
    const limits = (handler: FaultHandler) => ({ ack: TWICE, ...handled(1, handler) })
    for (const handler of ['cancel', 'abandon', 'ignore', 'suspend'] as const) {
      const destination = new Destination(SENT, limits(handler))
      for (const body of [METADATA, dataOf(FILE, 0, 100), EOF]) destination.receive(body, 0)
      saidBy(destination, 0)
      destination.tick(1_000)
      saidBy(destination, 1_000)
      destination.tick(3_000)
      const taken = handler === 'cancel' ? 'abandon' : handler
      t.match(faultsOf(destination), [{ condition: 1, handler: taken }])
      t.strictSame(destination.delivered, FILE)
      if (taken === 'abandon') t.equal(destination.condition, 1)
      if (handler === 'suspend') destination.transaction.resume(9_000)
      const said = saidBy(destination, 9_000).map(({ kind }) => kind)
      t.strictSame(said, taken === 'abandon' ? [] : ['finished'])
    }
    const cancelled = new Destination(SENT, limits('ignore'))
    cancelled.cancel(CONDITION.cancelRequestReceived, 0)
    saidBy(cancelled, 0)
    cancelled.tick(1_000)
    saidBy(cancelled, 1_000)
    cancelled.tick(3_000)
    t.match(faultsOf(cancelled), [{ condition: 1, handler: 'abandon' }])
    t.equal(cancelled.transaction.stage, 'closed')
    t.end()
  },
)

t.test('inactivity: of a sender that says nothing while something is missing', t => {
  const fresh = new Destination(SENT, { inactivityMs: 10_000 })
  t.equal(fresh.transaction.deadline, undefined, 'nothing was heard yet')
  fresh.receive(METADATA, 5)
  t.equal(fresh.transaction.deadline, 10_005)
  fresh.receive(dataOf(FILE, 0, 10), 1_000)
  fresh.tick(10_999)
  t.strictSame(faultsOf(fresh), [])
  fresh.tick(11_000)
  t.match(saidBy(fresh, 11_000), [{ kind: 'finished', condition: 8, complete: false }])
  t.equal(fresh.transaction.deadline, 16_000, 'no more than the ACK is waited for')

  const patient = new Destination(SENT, { inactivityMs: 10_000, ...handled(8, 'ignore') })
  patient.receive(METADATA, 0)
  patient.tick(10_000)
  t.equal(patient.transaction.deadline, 20_000)
  patient.receive(dataOf(FILE, 0, 100), 10_001)
  patient.receive(EOF, 10_002)
  saidBy(patient, 10_003)
  patient.receive(ackOfFinished(), 10_004)
  t.equal(patient.transaction.deadline, undefined)

  const known = new Destination(SENT, { inactivityMs: 10_000 }, { metadata: METADATA })
  t.equal(known.transaction.deadline, 10_000, 'after a restart, from its start')

  const cancelled = new Destination(SENT, { inactivityMs: 10_000 })
  cancelled.receive(METADATA, 0)
  cancelled.cancel(15, 1)
  t.equal(cancelled.transaction.deadline, undefined, 'what the sender has yet to say is moot')
  t.end()
})

t.test('inactivity: nobody is waited for between a failure of the disk and its end', t => {
  const held = new Spans([{ start: 0, end: 100 }])
  const limits = { ...RECEIVING, inactivityMs: 10_000 }
  const known = { metadata: METADATA, eof: EOF, held }
  const restarted = new ReceivingTransaction(headerOf(SENT), limits, known)
  const heard = begun({ inactivityMs: 10_000 })
  for (const body of [METADATA, dataOf(FILE, 0, 100), EOF, EOF]) heard.receive(body, 0)
  for (const transaction of [restarted, heard]) {
    t.equal(transaction.stage, 'verifying')
    transaction.lost([{ start: 10, end: 20 }])
    t.equal(transaction.deadline, undefined)
    transaction.retry(50)
    t.equal(transaction.deadline, 3_050)
  }
  t.end()
})

function handled(condition: number, handler: FaultHandler): Partial<ReceivingLimits> {
  return { faultHandlers: { [condition]: handler } }
}

function begun(limits: Partial<ReceivingLimits>): ReceivingTransaction {
  return new ReceivingTransaction(headerOf(SENT), {
    ...RECEIVING,
    checksumRetriesMax: 0,
    ...limits,
  })
}

function kindsOf(transaction: ReceivingTransaction): readonly string[] {
  return transaction.drain().map(({ kind }) => kind)
}

function faultsOf({ effects }: Destination): Destination['effects'] {
  return effects.filter(({ kind }) => kind === 'fault')
}
