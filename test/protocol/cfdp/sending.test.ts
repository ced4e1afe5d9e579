import t from 'tap'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import type { Finished } from '../../../protocol/cfdp/pdu/pdu.ts'
import type { Transmission } from '../../../protocol/cfdp/transmission.ts'
import { hex } from '../../kit/hex.ts'
import { eofOf, metadataOf, Source, transmissionOf } from './ends.ts'
import { ackOfEof, ackOfFinished, kindsOf, nakOf, spansOf } from './words.ts'

const FILE = Uint8Array.from({ length: 10 }, (_, i) => i)
const WHOLE: Finished = {
  kind: 'finished',
  condition: CONDITION.noError,
  complete: true,
  fileStatus: 2,
  filestoreResponses: [],
  faultLocation: undefined,
}
const CANCELLED: Finished = {
  ...WHOLE,
  condition: CONDITION.cancelRequestReceived,
  complete: false,
  fileStatus: 0,
}
const CLASS_1 = { acknowledged: false }
const CLOSURE = { acknowledged: false, closureRequested: true }

t.test('next() is Metadata, each octet once, EOF, and then waits', t => {
  const source = new Source(FILE)
  const transmission = transmissionOf(FILE)
  t.equal(source.transaction.due, 'directive')
  t.strictSame(source.next(4, 0)?.body, metadataOf(transmission))
  t.equal(source.transaction.due, 'new')
  t.strictSame(source.transaction.wanted, { start: 0, end: 10 })
  t.strictSame(spansOf(source, 0), [
    [0, 4],
    [4, 8],
    [8, 10],
  ])
  t.equal(source.transaction.mark, 10)
  t.equal(source.transaction.wanted, undefined)
  t.equal(source.transaction.state, 'sending')
  t.strictSame(source.next(4, 7)?.body, eofOf(transmission))
  t.equal(source.transaction.state, 'awaiting')
  t.equal(source.transaction.deadline, 5_007)
  t.equal(source.next(4, 8), undefined)
  t.equal(source.transaction.due, undefined)
  t.end()
})

t.test('an EOF without an answer is repeated; its ACK ends that', t => {
  const source = sent()
  source.tick(4_999)
  t.equal(source.transaction.due, undefined)
  source.tick(5_000)
  t.equal(source.next(9, 5_000)?.body.kind, 'eof')
  source.receive(ackOfEof(), 5_100)
  source.receive(ackOfEof(), 5_200)
  t.equal(source.transaction.deadline, undefined)
  t.strictSame(source.effects, [{ kind: 'eof acknowledged' }], 'said once')
  t.end()
})

t.test('an ACK that answers another PDU than ours silences nothing', t => {
  const early = new Source(FILE)
  early.receive(ackOfEof(), 0)
  t.strictSame(kindsOf(early), ['metadata', 'file data', 'eof'], 'none was sent before')
  const source = sent()
  source.receive(ackOfEof(CONDITION.cancelRequestReceived), 1)
  source.receive({ kind: 'ack', of: 'finished', condition: 0, transactionStatus: 1 }, 1)
  source.receive({ kind: 'keep alive', progress: 3 }, 1)
  t.equal(source.transaction.deadline, 5_000)
  source.transaction.cancel(CONDITION.cancelRequestReceived)
  source.next(9, 10)
  source.receive(ackOfEof(), 11)
  t.equal(source.transaction.state, 'cancelled', 'the ACK of the first EOF is no ACK of the second')
  t.strictSame(source.effects, [])
  t.end()
})

t.test('a Finished ends the transaction, and is acknowledged as often as it comes', t => {
  const source = sent()
  source.receive(WHOLE, 1)
  t.equal(source.transaction.state, 'closed')
  t.ok(source.transaction.acknowledged.has(0, 10))
  t.strictSame(source.effects, [
    { kind: 'finished', finished: WHOLE },
    { kind: 'closed', condition: 0 },
  ])
  t.equal(source.transaction.due, 'directive')
  t.strictSame(source.next(9, 1)?.body, ackOfFinished(0, 1))
  t.equal(source.next(9, 1), undefined)
  source.receive(WHOLE, 2)
  source.receive(ackOfEof(), 2)
  t.strictSame(source.next(9, 2)?.body, ackOfFinished(0, 2), 'terminated by now')
  t.equal(source.effects.length, 2)
  source.receive(nakOf([0, 10], [[0, 10]]), 3)
  source.transaction.cancel(CONDITION.cancelRequestReceived)
  source.tick(1e9)
  t.equal(source.next(9, 1e9), undefined, 'nothing opens it again')
  t.end()
})

t.test('a Finished that cannot be about this file frees nothing', t => {
  const source = new Source(FILE)
  source.next(4, 0)
  source.next(4, 0)
  source.receive(WHOLE, 1)
  t.equal(source.transaction.state, 'sending')
  t.strictSame(source.effects, [])
  t.equal(source.transaction.due, 'new', 'nor is it acknowledged')
  source.receive({ ...WHOLE, complete: false }, 2)
  t.equal(source.transaction.state, 'closed', 'the other end may well give up early')
  t.equal(source.transaction.acknowledged.octets, 0)
  t.end()
})

t.test(
  'a Finished of a file that could not be checked ends the transaction and frees nothing',
  t => {
    const source = sent()
    source.receive({ ...WHOLE, condition: CONDITION.unsupportedChecksumType }, 1)
    t.equal(source.condition, CONDITION.unsupportedChecksumType)
    t.equal(source.transaction.acknowledged.octets, 0)
    t.end()
  },
)

t.test('a Finished from an end that cancelled stops the octets', t => {
  const source = new Source(FILE)
  source.next(4, 0)
  source.next(4, 0)
  source.receive(CANCELLED, 1)
  t.equal(source.condition, CONDITION.cancelRequestReceived)
  t.strictSame(source.next(4, 1)?.body, ackOfFinished(CONDITION.cancelRequestReceived, 1))
  t.equal(source.next(4, 1), undefined)
  t.equal(source.transaction.wanted, undefined)
  t.end()
})

t.test('a NAK brings back what it names and nothing else', t => {
  const source = sent()
  source.receive(
    nakOf(
      [0, 10],
      [
        [2, 4],
        [6, 9],
      ],
    ),
    1,
  )
  t.equal(source.transaction.due, 'again')
  t.equal(source.transaction.againOctets, 5)
  t.strictSame(
    [...source.transaction.acknowledged],
    [
      { start: 0, end: 2 },
      { start: 4, end: 6 },
      { start: 9, end: 10 },
    ],
  )
  t.strictSame(source.transaction.wanted, { start: 2, end: 4 })
  t.strictSame(spansOf(source, 1, 2), [
    [2, 4],
    [6, 8],
    [8, 9],
  ])
  t.equal(source.transaction.againOctets, 0)
  source.receive(nakOf([0, 10], [[2, 4]]), 2)
  source.receive(nakOf([0, 10], []), 3)
  t.equal(source.transaction.due, undefined, 'what has come meanwhile is not sent')
  source.receive(nakOf([0, 5], [[0, 5]]), 4)
  t.notOk(source.transaction.acknowledged.has(0, 5), 'the other end lost it again')
  t.end()
})

t.test('a NAK is heard while octets are new, and only about what was sent', t => {
  const source = new Source(FILE)
  source.next(4, 0)
  source.next(4, 0)
  source.receive(nakOf([0, 4], [[2, 8]], true), 1)
  t.strictSame(source.next(4, 1)?.body.kind, 'metadata')
  t.strictSame(spansOf(source, 1), [
    [2, 4],
    [4, 8],
    [8, 10],
  ])
  t.end()
})

t.test('a NAK of offsets without end harms nothing', t => {
  const source = sent()
  source.receive(
    {
      kind: 'nak',
      scope: { start: 0, end: 2n ** 64n - 1n },
      wantsMetadata: false,
      gaps: [
        { start: 5, end: 2n ** 60n },
        { start: 2n ** 60n, end: 2n ** 61n },
      ],
    },
    1,
  )
  t.strictSame(spansOf(source, 1), [
    [5, 9],
    [9, 10],
  ])
  t.end()
})

t.test('a NAK shows that the other end lives: the EOF waits anew', t => {
  const source = sent()
  source.receive(nakOf([0, 10], []), 4_000)
  t.equal(source.transaction.deadline, 9_000)
  t.end()
})

t.test('cancel() says EOF with the reason and how far it got, until that is acknowledged', t => {
  const source = new Source(FILE)
  source.next(4, 0)
  source.next(4, 0)
  source.transaction.cancel(CONDITION.cancelRequestReceived)
  source.transaction.cancel(CONDITION.inactivityDetected)
  t.equal(source.transaction.state, 'cancelled')
  const eof = {
    kind: 'eof',
    condition: CONDITION.cancelRequestReceived,
    checksum: 0,
    fileSize: 4,
    faultLocation: hex`0001`,
  }
  t.strictSame(source.next(4, 0)?.body, eof)
  t.equal(source.transaction.due, undefined)
  source.receive(nakOf([0, 4], [[0, 4]], true), 10)
  t.equal(source.transaction.due, undefined, 'no octet follows')
  source.tick(5_000)
  t.strictSame(source.next(4, 5_000)?.body, eof)
  source.receive(ackOfEof(CONDITION.cancelRequestReceived), 5_001)
  t.equal(source.condition, CONDITION.cancelRequestReceived)
  t.end()
})

t.test('cancel() before the first word, and after the EOF was acknowledged', t => {
  const silent = new Source(FILE)
  silent.transaction.cancel(CONDITION.cancelRequestReceived)
  t.strictSame(kindsOf(silent), ['eof'])
  const source = sent()
  source.receive(ackOfEof(), 1)
  source.transaction.cancel(CONDITION.cancelRequestReceived)
  t.strictSame(kindsOf(source), ['eof'])
  source.receive(ackOfEof(CONDITION.cancelRequestReceived), 2)
  t.equal(source.transaction.state, 'closed')
  t.end()
})

t.test('the ACK limit cancels, and the same limit then abandons', t => {
  const source = sent({}, 2)
  source.tick(5_000)
  t.equal(source.next(9, 5_000)?.body.kind, 'eof')
  source.tick(15_000)
  const eof = source.next(9, 15_000)?.body
  t.match(eof, { kind: 'eof', condition: CONDITION.positiveAckLimitReached, fileSize: 10 })
  source.tick(20_000)
  source.next(9, 20_000)
  source.tick(30_000)
  t.equal(source.condition, CONDITION.positiveAckLimitReached)
  t.equal(source.transaction.deadline, undefined)
  t.end()
})

t.test('class 1 is over with its EOF, and hears nothing of class 2', t => {
  const source = new Source(FILE, transmissionOf(FILE, CLASS_1))
  source.next(9, 0)
  source.next(9, 0)
  source.receive(nakOf([0, 9], [[0, 9]], true), 0)
  source.receive(ackOfEof(), 0)
  t.strictSame(kindsOf(source), ['file data', 'eof'])
  t.equal(source.condition, CONDITION.noError)
  source.receive(WHOLE, 1)
  t.equal(source.next(9, 1), undefined, 'no ACK in class 1')
  t.end()
})

t.test('class 1 with closure waits for Finished, up to the limit', t => {
  const heard = sent(CLOSURE)
  t.equal(heard.transaction.state, 'awaiting')
  heard.receive(WHOLE, 1)
  t.equal(heard.condition, CONDITION.noError)
  t.equal(heard.next(9, 1), undefined)
  const unheard = sent(CLOSURE, 2)
  unheard.tick(5_000)
  t.equal(unheard.transaction.due, undefined, 'its EOF is not repeated')
  t.equal(unheard.transaction.deadline, 15_000)
  unheard.tick(15_000)
  t.equal(unheard.condition, CONDITION.checkLimitReached)
  const cancelled = sent(CLOSURE)
  cancelled.transaction.cancel(CONDITION.cancelRequestReceived)
  t.strictSame(kindsOf(cancelled), ['eof'])
  t.equal(cancelled.condition, CONDITION.cancelRequestReceived)
  t.end()
})

t.test('a contact that begins: the end is told again to whoever has not answered', t => {
  const source = sent({}, 1)
  source.transaction.contactBegins(3)
  source.tick(3)
  t.strictSame(kindsOf(source), ['eof'], 'and that is no try')
  source.receive(ackOfEof(), 4)
  t.strictSame(kindsOf(source), [])
  source.transaction.contactBegins(5)
  t.strictSame(kindsOf(source), ['eof'], 'it may have forgotten all, or have given up unheard')
  source.receive(WHOLE, 6)
  source.next(9, 6)
  source.transaction.contactBegins(7)
  t.strictSame(kindsOf(source), [])

  const sending = new Source(FILE)
  sending.next(4, 0)
  sending.transaction.contactBegins(1)
  t.strictSame(kindsOf(sending), ['file data', 'eof'])

  const once = sent(CLASS_1)
  once.transaction.contactBegins(1)
  t.strictSame(kindsOf(once), [])
  const begun = new Source(FILE, transmissionOf(FILE, CLASS_1))
  begun.next(4, 0)
  begun.transaction.contactBegins(1)
  t.equal(begun.transaction.deadline, undefined, 'no answer is waited for before the EOF')
  const closure = sent(CLOSURE, 1)
  closure.transaction.contactBegins(100)
  t.equal(closure.transaction.deadline, 5_100)
  t.strictSame(kindsOf(closure), [])
  t.end()
})

t.test('an empty file is Metadata and EOF', t => {
  const source = new Source(new Uint8Array(0))
  t.strictSame(kindsOf(source), ['metadata', 'eof'])
  t.end()
})

/** A source that has said all it has to say. */
function sent(differs: Partial<Transmission> = {}, triesMax = 0): Source {
  const limits = { ack: { timeoutMs: 5_000, triesMax } }
  const source = new Source(FILE, transmissionOf(FILE, differs), limits)
  kindsOf(source)
  return source
}
