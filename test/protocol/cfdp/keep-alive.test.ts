/** The Keep Alive and Prompt procedures, and NAKs that nobody has to wait for. */
import t from 'tap'
import { isTooFarBehind, KeepAliveTimer } from '../../../protocol/cfdp/keep-alive.ts'
import { Destination, eofOf, metadataOf, SENDING, Source, transmissionOf } from './ends.ts'
import { dataOf, saidBy } from './words.ts'

const FILE = Uint8Array.from({ length: 100 }, (_, i) => i)
const SENT = transmissionOf(FILE)
const CLASS_1 = transmissionOf(FILE, { acknowledged: false })
const METADATA = metadataOf(SENT)

t.test('KeepAliveTimer is due every so often, or when it is prompted', t => {
  const timer = new KeepAliveTimer(100)
  timer.begin(10)
  timer.begin(50)
  t.equal(timer.deadline, 110)
  timer.tick(109)
  t.notOk(timer.isDue)
  timer.tick(115)
  t.ok(timer.isDue)
  t.equal(timer.deadline, 215)
  t.strictSame(timer.take(7), { kind: 'keep alive', progress: 7 })
  t.notOk(timer.isDue)
  const prompted = new KeepAliveTimer()
  prompted.begin(10)
  prompted.tick(1e9)
  t.equal(prompted.deadline, undefined)
  t.notOk(prompted.isDue)
  prompted.prompt()
  t.ok(prompted.isDue)
  t.end()
})

t.test('isTooFarBehind() compares with what was sent', t => {
  t.ok(isTooFarBehind({ kind: 'keep alive', progress: 9 }, 20, 10))
  t.notOk(isTooFarBehind({ kind: 'keep alive', progress: 10 }, 20, 10))
  t.notOk(isTooFarBehind({ kind: 'keep alive', progress: 2n ** 63n }, 20, 10))
  t.notOk(isTooFarBehind({ kind: 'keep alive', progress: 0 }, 2 ** 40))
  t.end()
})

t.test('a receiver says every so often how far it has got, until the EOF', t => {
  const destination = new Destination(SENT, { keepAliveMs: 1_000 })
  t.equal(destination.transaction.deadline, undefined)
  destination.receive(METADATA, 0)
  t.equal(destination.transaction.deadline, 1_000)
  destination.receive(dataOf(FILE, 20, 30), 10)
  destination.tick(1_000)
  t.strictSame(saidBy(destination, 1_000), [{ kind: 'keep alive', progress: 30 }])
  destination.tick(2_000)
  destination.receive(eofOf(SENT), 2_000)
  t.match(saidBy(destination, 2_000), [{ kind: 'ack' }, { kind: 'nak' }])
  t.equal(destination.transaction.deadline, 5_000)
  destination.receive({ kind: 'prompt', wants: 'keep alive' }, 2_100)
  t.strictSame(saidBy(destination, 2_100), [])
  t.end()
})

t.test('a Prompt (Keep Alive) is answered in class 2', t => {
  const destination = new Destination(SENT)
  destination.receive({ kind: 'prompt', wants: 'keep alive' }, 0)
  t.strictSame(saidBy(destination, 0), [{ kind: 'keep alive', progress: 0 }])
  const once = new Destination(CLASS_1, { keepAliveMs: 100 })
  once.receive({ kind: 'prompt', wants: 'keep alive' }, 0)
  once.tick(100)
  t.strictSame(saidBy(once, 100), [])
  t.equal(once.transaction.deadline, undefined)
  t.end()
})

t.test('a Prompt (NAK) is answered even if nothing is missing, and so is askNow()', t => {
  const destination = new Destination(SENT)
  destination.receive(METADATA, 0)
  destination.receive(dataOf(FILE, 0, 50), 0)
  destination.receive({ kind: 'prompt', wants: 'nak' }, 0)
  const nothing = { kind: 'nak', scope: { start: 0, end: 50 }, wantsMetadata: false, gaps: [] }
  t.strictSame(saidBy(destination, 0), [nothing])
  destination.receive(dataOf(FILE, 60, 100), 1)
  destination.transaction.askNow()
  const [nak, ...more] = saidBy(destination, 1)
  t.match(nak, { scope: { start: 0, end: 100 }, gaps: [{ start: 50, end: 60 }] })
  t.strictSame(more, [], 'once')
  destination.transaction.askNow()
  t.match(saidBy(destination, 2), [{ gaps: [{ start: 50, end: 60 }] }], 'again, though asked for')
  destination.receive(dataOf(FILE, 50, 60), 3)
  destination.receive(eofOf(SENT), 3)
  destination.transaction.askNow()
  t.match(saidBy(destination, 3), [{ kind: 'ack' }, { kind: 'finished' }], 'too late')
  t.end()
})

t.test('a sender asks by prompt(), after its Metadata and before its octets', t => {
  const { transaction } = new Source(FILE)
  transaction.prompt('nak')
  transaction.prompt('keep alive')
  transaction.prompt('nak')
  const kinds = [1, 2, 3].map(now => transaction.next(100, now))
  t.match(kinds, [
    { body: { kind: 'metadata' } },
    { body: { kind: 'prompt', wants: 'nak' } },
    { body: { kind: 'prompt', wants: 'keep alive' } },
  ])
  t.equal(transaction.due, 'new')
  const once = new Source(FILE, CLASS_1)
  once.transaction.prompt('nak')
  once.transaction.next(100, 0)
  t.equal(once.transaction.due, 'new', 'nobody would answer')
  transaction.prompt('nak')
  transaction.cancel(15)
  transaction.prompt('nak')
  t.match(transaction.next(100, 4), { body: { kind: 'eof' } })
  t.equal(transaction.due, undefined)
  t.end()
})

t.test('a sender judges a Keep Alive by its limit, as long as it sends', t => {
  const limits = { ...SENDING, keepAliveOctetsMax: 10 }
  const source = new Source(FILE, SENT, limits)
  for (const now of [0, 1, 2]) source.next(20, now)
  source.receive({ kind: 'keep alive', progress: 30 }, 3)
  t.strictSame(source.effects, [])
  source.receive({ kind: 'keep alive', progress: 29 }, 4)
  t.strictSame(source.effects, [{ kind: 'fault', condition: 2, handler: 'cancel' }])
  source.receive({ kind: 'keep alive', progress: 0 }, 5)
  t.equal(source.effects.length, 1)
  t.match(source.next(20, 6)?.body, { kind: 'eof', condition: 2 })
  const once = new Source(FILE, CLASS_1, limits)
  for (const now of [0, 1, 2]) once.next(20, now)
  once.receive({ kind: 'keep alive', progress: 0 }, 3)
  t.strictSame(once.effects, [])
  t.end()
})
