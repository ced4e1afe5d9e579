/** A sender that goes on from where another one stopped: what its owner wrote down of it before a restart. */
import t from 'tap'
import { SendingTransaction } from '../../../protocol/cfdp/sending.ts'
import { SENDING, Source, transmissionOf } from './ends.ts'
import { ackOfEof, kindsOf, nakOf, spansOf } from './words.ts'

const FILE = Uint8Array.from({ length: 10 }, (_, i) => i)

t.test('a resumed transaction sends what was never sent, and the rest when asked', t => {
  const resumed = new SendingTransaction(transmissionOf(FILE), SENDING, { mark: 6 })
  t.match(resumed.next(9, 0), { kind: 'segment', offset: 6, length: 4, isNew: true })
  t.match(resumed.next(9, 0), { kind: 'directive', body: { kind: 'eof' } })
  resumed.receive(nakOf([0, 10], [[0, 6]], true), 1)
  t.match(resumed.next(9, 0), { kind: 'directive', body: { kind: 'metadata' } })
  t.match(resumed.next(9, 0), { kind: 'segment', offset: 0, length: 6, isNew: false })
  const begun = new SendingTransaction(transmissionOf(FILE), SENDING, { mark: 0 })
  t.match(begun.next(9, 0), { kind: 'directive', body: { kind: 'metadata' } })
  t.strictSame(begun.drain(), [])
  t.end()
})

t.test('progress: where one stops another goes on, whatever was said and heard', t => {
  const source = new Source(FILE)
  const { transaction } = source
  const other = () => new SendingTransaction(transmissionOf(FILE), SENDING, transaction.progress)
  const steps: [string, () => unknown][] = [
    ['at first', () => undefined],
    ['Metadata', () => source.next(4, 0)],
    ['four octets', () => source.next(4, 0)],
    ['a NAK', () => source.receive(nakOf([0, 4], [[1, 3]], true), 0)],
    ['all of it', () => spansOf(source, 0, 9)],
    ['Metadata again', () => source.next(4, 0)],
    ['EOF', () => kindsOf(source)],
    ['its ACK', () => source.receive(ackOfEof(), 1)],
    ['a NAK of the end', () => source.receive(nakOf([0, 10], [[4, 10]]), 2)],
  ]
  for (const [step, take] of steps) {
    take()
    const resumed = other()
    t.equal(resumed.state, transaction.state, step)
    t.equal(resumed.due, transaction.due, step)
    t.strictSame(resumed.wanted, transaction.wanted, step)
    t.strictSame([...resumed.acknowledged], [...transaction.acknowledged], step)
    const { acknowledged: _held, again, ...rest } = resumed.progress
    t.match(transaction.progress, rest, step)
    t.strictSame([...(again ?? [])], [...(transaction.progress.again ?? [])], step)
    const isNews = transaction.progress.eof === 'sent'
    resumed.receive(ackOfEof(), 3)
    t.strictSame(resumed.drain(), isNews ? [{ kind: 'eof acknowledged' }] : [], step)
  }
  t.end()
})
