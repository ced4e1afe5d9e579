/** A reception that is suspended: what it still takes and says, and what waits. CCSDS 727.0-B-5, 4.11.2.5 to 4.11.2.7. */
import t from 'tap'
import { Destination, eofOf, metadataOf, transmissionOf } from './ends.ts'
import { ackOfEof, ackOfFinished, dataOf, saidBy } from './words.ts'

const FILE = Uint8Array.from({ length: 100 }, (_, i) => i)
const SENT = transmissionOf(FILE)
const METADATA = metadataOf(SENT)
const EOF = eofOf(SENT)
const TWICE = { timeoutMs: 1_000, triesMax: 2 }

t.test('suspend(): time stands still, octets are taken, an EOF is acknowledged', t => {
  const destination = new Destination(SENT, { inactivityMs: 10_000 })
  const { transaction } = destination
  destination.receive(METADATA, 0)
  destination.receive(dataOf(FILE, 0, 60), 0)
  transaction.suspend(1_000)
  transaction.suspend(1_001)
  destination.tick(900_000)
  destination.receive(EOF, 900_000)
  t.strictSame(saidBy(destination, 900_000), [ackOfEof()])
  t.equal(transaction.deadline, undefined)
  transaction.contactBegins(900_001)
  t.strictSame(saidBy(destination, 900_001), [])
  transaction.resume(901_000)
  transaction.resume(901_001)
  t.equal(Math.floor(transaction.deadline as number), 904_000, 'the NAK timer has its time left')
  t.match(saidBy(destination, 901_002), [{ kind: 'nak', gaps: [{ start: 60, end: 100 }] }])
  transaction.suspend(901_003)
  destination.receive(dataOf(FILE, 60, 100), 901_004)
  t.strictSame(destination.delivered, FILE)
  destination.receive(EOF, 901_005)
  t.strictSame(saidBy(destination, 901_005), [ackOfEof()], 'Finished waits')
  transaction.resume(901_006)
  t.match(saidBy(destination, 901_006), [{ kind: 'finished', complete: true }])
  const told = destination.effects.filter(({ kind }) => kind === 'suspended' || kind === 'resumed')
  const suspended = { kind: 'suspended', condition: 14 } as const
  const resumed = { kind: 'resumed' } as const
  t.strictSame(told, [suspended, resumed, suspended, resumed])
  destination.receive(ackOfFinished(), 901_007)
  transaction.suspend(901_008)
  t.notOk(transaction.isSuspended)
  t.end()
})

t.test(
  'a suspended reception can be cancelled from either end, and is suspended after a restart',
  t => {
    for (const byWhom of ['us', 'them']) {
      const destination = new Destination(SENT, {}, { metadata: METADATA, suspended: true })
      t.ok(destination.transaction.isSuspended)
      if (byWhom === 'us') destination.cancel(15, 1)
      else destination.receive({ ...EOF, condition: 15 }, 1)
      t.notOk(destination.transaction.isSuspended)
      t.match(saidBy(destination, 1), [
        { kind: byWhom === 'us' ? 'finished' : 'ack', condition: 15 },
      ])
    }
    t.end()
  },
)

t.test('suspend() puts off a limit that was reached unseen', t => {
  const destination = new Destination(SENT, { nak: TWICE })
  for (const body of [METADATA, EOF]) destination.receive(body, 0)
  saidBy(destination, 0)
  destination.tick(1_000)
  saidBy(destination, 1_000)
  t.equal(destination.transaction.deadline, 3_000)
  destination.transaction.suspend(3_500)
  destination.tick(4_000)
  t.notOk(destination.effects.some(({ kind }) => kind === 'fault'))
  destination.transaction.resume(5_000)
  destination.tick(5_001)
  const faults = destination.effects.filter(({ kind }) => kind === 'fault')
  t.strictSame(faults, [{ kind: 'fault', condition: 7, handler: 'cancel' }])
  t.end()
})
