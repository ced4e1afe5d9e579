/** What a sender does about faults, how it is suspended, and what it says of a file broken off. */
import t from 'tap'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import type { SendingLimits } from '../../../protocol/cfdp/emission.ts'
import { type FaultHandler, overrideOption } from '../../../protocol/cfdp/fault-handlers.ts'
import type { Finished, Nak } from '../../../protocol/cfdp/pdu/pdu.ts'
import { SendingTransaction } from '../../../protocol/cfdp/sending.ts'
import type { Transmission } from '../../../protocol/cfdp/transmission.ts'
import { checksumOf, SENDING, Source, transmissionOf } from './ends.ts'
import { ackOfEof } from './words.ts'

const FILE = Uint8Array.from({ length: 10 }, (_, i) => i)
const CLOSURE = { acknowledged: false, closureRequested: true }
const TWICE = { timeoutMs: 1_000, triesMax: 2 }
const { positiveAckLimitReached, checkLimitReached, inactivityDetected } = CONDITION
const FINISHED: Finished = {
  kind: 'finished',
  condition: 0,
  complete: true,
  fileStatus: 2,
  filestoreResponses: [],
  faultLocation: undefined,
}
const NAK: Nak = {
  kind: 'nak',
  scope: { start: 0, end: 10 },
  wantsMetadata: false,
  gaps: [{ start: 2, end: 4 }],
}

t.test('ACK limit: cancel, suspend, ignore, abandon; by the limits, or by its own options', t => {
  for (const isOverride of [false, true])
    for (const handler of ['cancel', 'suspend', 'ignore', 'abandon'] as const) {
      const options = isOverride ? [overrideOption(positiveAckLimitReached, handler)] : []
      const handlers = isOverride ? {} : handled(positiveAckLimitReached, handler)
      const source = sent({ options }, { ack: TWICE, ...handlers })
      source.tick(1_000)
      saidBy(source, 1_000)
      source.tick(3_000)
      t.strictSame(source.effects, [
        { kind: 'fault', condition: 1, handler },
        ...(handler === 'suspend' ? [{ kind: 'suspended', condition: 1 }] : []),
        ...(handler === 'abandon'
          ? [
              { kind: 'abandoned', condition: 1 },
              { kind: 'closed', condition: 1 },
            ]
          : []),
      ] as Source['effects'])
      const said = saidBy(source, 3_000)
      if (handler === 'abandon') source.transaction.abandon(1)
      if (handler === 'abandon') t.strictSame(source.transaction.drain(), [], 'once')
      if (handler === 'suspend' || handler === 'abandon') t.strictSame(said, [])
      else t.match(said, [{ kind: 'eof', condition: handler === 'cancel' ? 1 : 0 }])
      if (handler === 'ignore') t.equal(source.transaction.deadline, 4_000, 'as at first')
      if (handler !== 'suspend') continue
      source.transaction.resume(9_000)
      t.match(saidBy(source, 9_000), [{ kind: 'eof', condition: 0 }])
    }
  t.end()
})

t.test('class 1 with closure: the check limit is abandoned, or as its handler has it', t => {
  for (const handler of [undefined, 'abandon', 'cancel', 'ignore', 'suspend'] as const) {
    const handlers = handler === undefined ? {} : handled(checkLimitReached, handler)
    const source = sent(CLOSURE, { check: TWICE, ...handlers })
    t.equal(source.transaction.deadline, 1_000)
    source.tick(1_000)
    source.tick(3_000)
    t.match(source.effects[0], { condition: 10, handler: handler ?? 'abandon' })
    const said = saidBy(source, 3_000)
    if (handler === 'cancel') t.match(said, [{ kind: 'eof', condition: 10 }])
    else t.strictSame(said, [])
    if (handler === 'ignore') t.equal(source.transaction.deadline, 4_000)
    else if (handler === 'suspend') t.ok(source.transaction.isSuspended)
    else t.strictSame([source.condition, source.transaction.deadline], [10, undefined])
  }
  t.end()
})

t.test('inactivity: of a receiver that says nothing when all was sent; never in class 1', t => {
  const source = sent({}, { inactivityMs: 10_000 })
  t.equal(source.transaction.deadline, 5_000)
  source.receive(ackOfEof(), 1_000)
  t.equal(source.transaction.deadline, 11_000)
  source.receive(NAK, 6_000)
  source.next(100, 7_000)
  t.equal(source.transaction.deadline, 17_000, 'it answers, and the receiver has time to')
  source.tick(17_000)
  t.match(saidBy(source, 17_000), [{ kind: 'eof', condition: inactivityDetected }])
  t.equal(source.transaction.deadline, 22_000)
  source.receive({ kind: 'keep alive', progress: 1 }, 20_000)
  source.tick(22_000)
  saidBy(source, 22_000)
  source.tick(29_999)
  t.equal(source.condition, undefined, 'it was heard')
  source.tick(30_000)
  const handlers = source.effects.map(effect => (effect.kind === 'fault' ? effect.handler : ''))
  t.strictSame(
    handlers,
    ['', 'cancel', 'abandon', '', ''],
    'what is cancelled already is abandoned',
  )
  t.equal(source.condition, inactivityDetected)

  const patient = sent({}, { inactivityMs: 10_000, ...handled(inactivityDetected, 'ignore') })
  patient.receive(ackOfEof(), 0)
  patient.tick(10_000)
  t.equal(patient.transaction.deadline, 20_000)
  t.equal(sent(CLOSURE, { inactivityMs: 10 }).transaction.deadline, 5_000)
  const sending = new Source(FILE, transmissionOf(FILE), { ...SENDING, inactivityMs: 10 })
  sending.next(4, 0)
  sending.next(4, 0)
  sending.receive({ ...NAK, gaps: [] }, 1)
  t.equal(sending.transaction.deadline, undefined, 'nobody need say anything yet')

  const hasty = sent({}, { inactivityMs: 10_000, ...handled(inactivityDetected, 'abandon') })
  hasty.receive(ackOfEof(), 0)
  hasty.tick(10_000)
  t.strictSame([hasty.condition, hasty.transaction.deadline], [inactivityDetected, undefined])
  t.end()
})

t.test('suspend() puts off a limit that was reached unseen', t => {
  const source = sent({}, { ack: TWICE })
  source.tick(1_000)
  saidBy(source, 1_000)
  t.equal(source.transaction.deadline, 3_000)
  source.transaction.suspend(3_500)
  source.tick(4_000)
  t.strictSame(source.effects, [{ kind: 'suspended', condition: 14 }])
  source.transaction.resume(5_000)
  source.tick(5_001)
  t.match(source.effects.at(-1), { kind: 'fault', condition: positiveAckLimitReached })
  t.end()
})

t.test('suspend(): nothing is handed out but acknowledgements, and time stands still', t => {
  const source = new Source(FILE)
  const { transaction } = source
  source.next(4, 0)
  source.next(4, 0)
  transaction.suspend(10)
  transaction.suspend(11)
  transaction.prompt('nak')
  t.equal(transaction.due, undefined)
  t.equal(transaction.wanted, undefined)
  source.receive({ ...NAK, scope: { start: 0, end: 4 } }, 12)
  t.strictSame(saidBy(source, 13), [])
  transaction.resume(100)
  transaction.resume(101)
  t.strictSame(
    saidBy(source, 102).map(({ kind }) => kind),
    ['prompt', 'file data', 'file data', 'eof'],
  )
  t.ok((transaction.deadline as number) >= 5_102)
  transaction.suspend(1_102)
  t.equal(transaction.deadline, undefined)
  source.tick(1e6)
  transaction.resume(1e6)
  t.equal(Math.floor(transaction.deadline as number), 1e6 + 4_000, 'what was left is left')
  transaction.suspend(1e6)
  source.receive(FINISHED, 1e6)
  t.match(saidBy(source, 1e6), [{ kind: 'ack', of: 'finished' }])
  t.notOk(transaction.isSuspended)
  transaction.suspend(2e6)
  t.notOk(transaction.isSuspended, 'there is nothing left to suspend')
  const suspended = { kind: 'suspended', condition: 14 } as const
  t.strictSame(source.effects.slice(0, 2), [suspended, { kind: 'resumed' }])
  t.end()
})

t.test('a suspended transaction can be cancelled, and is suspended after a restart', t => {
  const transaction = new SendingTransaction(transmissionOf(FILE), SENDING, {
    mark: 4,
    suspended: true,
  })
  t.equal(transaction.due, undefined)
  transaction.cancel(CONDITION.cancelRequestReceived)
  t.match(transaction.next(4, 0), { body: { kind: 'eof', condition: 15, fileSize: 4 } })
  t.end()
})

t.test('EOF (cancel) has the checksum of what was sent, if its owner knows it', t => {
  const transmission = transmissionOf(FILE)
  const transaction = new SendingTransaction(transmission, SENDING, undefined, octets =>
    checksumOf(FILE.subarray(0, octets), transmission.checksumType),
  )
  transaction.next(4, 0)
  transaction.next(4, 0)
  transaction.cancel(CONDITION.cancelRequestReceived)
  const checksum = checksumOf(FILE.subarray(0, 4), transmission.checksumType)
  t.match(transaction.next(4, 0), { body: { kind: 'eof', fileSize: 4, checksum } })
  t.end()
})

/** A source that has said all it has to say. */
function sent(differs: Partial<Transmission>, limits: Partial<SendingLimits>): Source {
  const source = new Source(FILE, transmissionOf(FILE, differs), { ...SENDING, ...limits })
  saidBy(source, 0)
  return source
}

function saidBy(source: Source, now: number) {
  const said = []
  for (let one = source.next(100, now); one !== undefined; one = source.next(100, now))
    said.push(one.body)
  return said
}

function handled(condition: number, handler: FaultHandler): Partial<SendingLimits> {
  return { faultHandlers: { [condition]: handler } }
}
