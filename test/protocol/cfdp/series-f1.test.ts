/** Series F1 of the CCSDS interoperability tests: the core procedures over links of every kind. */
import t from 'tap'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import { Random } from '../../kit/random.ts'
import { fly, percent } from './pdu-link.ts'
import { arrived, CLASS_1, ended, LARGE, pairOf, SMALL, timesSaid } from './series.ts'
import { fly as flyParties, Party } from './user/parties.ts'

const CANCELLED = CONDITION.cancelRequestReceived
const SEGMENTS = LARGE.length / 100
const SEEDS = [1, 2, 3, 4, 5]

t.test('F1.1 a small file, one way, unacknowledged', t => {
  const pair = pairOf(SMALL, CLASS_1)
  const { spoken } = fly([pair])
  arrived(t, pair)
  t.strictSame(
    spoken.map(({ kind }) => kind),
    ['metadata', 'file data', 'eof'],
  )
  t.end()
})

t.test('F1.2 a file of many segments, unacknowledged', t => {
  const pair = pairOf(LARGE, CLASS_1)
  const flight = fly([pair])
  arrived(t, pair)
  t.equal(timesSaid(flight, 'source', 'file data'), SEGMENTS)
  t.end()
})

t.test('F1.3 two ways, acknowledged', t => {
  const pair = pairOf(LARGE)
  const flight = fly([pair])
  arrived(t, pair)
  for (const kind of ['ack of eof', 'finished']) t.equal(timesSaid(flight, 'destination', kind), 1)
  t.equal(timesSaid(flight, 'source', 'ack of finished'), 1)
  t.equal(timesSaid(flight, 'destination', 'nak'), 0)
  t.end()
})

t.test('F1.4 one of a hundred PDUs is lost', t => {
  for (const seed of SEEDS) {
    const pair = pairOf(LARGE)
    fly([pair], percent(new Random(seed), { lost: 1 }))
    arrived(t, pair)
    t.equal(pair.destination.transaction.counters.duplicates, 0)
  }
  t.end()
})

t.test('F1.5 one of a hundred PDUs comes twice', t => {
  for (const seed of SEEDS) {
    const pair = pairOf(LARGE)
    const flight = fly([pair], percent(new Random(seed), { doubled: 1 }))
    arrived(t, pair)
    t.equal(timesSaid(flight, 'source', 'file data'), SEGMENTS)
  }
  t.end()
})

t.test('F1.6 one of a hundred PDUs comes out of order', t => {
  for (const seed of SEEDS) {
    const pair = pairOf(LARGE)
    fly([pair], percent(new Random(seed), { late: 1 }))
    arrived(t, pair)
  }
  t.end()
})

t.test('F1.7 messages to the user: proxy put, and its cancellation', t => {
  const [one, two] = [new Party(1), new Party(2)]
  two.files.set('file', LARGE)
  const put = { destination: 1, sourceName: 'file', messages: [Uint8Array.of(1, 2)] }
  one.tell({ kind: 'proxy put', token: 1, to: 2, put })
  flyParties([one, two])
  t.strictSame(one.files.get('file'), LARGE)
  t.match(one.operations, [{ kind: 'answered', token: 1, answer: { condition: 0 } }])
  t.match(one.told('metadata-recv')[0]?.metadata.options[1], { value: Uint8Array.of(1, 2) })

  const again = { ...put, destinationName: 'again' }
  one.tell({ kind: 'proxy put', token: 2, to: 2, put: again })
  let segments = 0
  flyParties([one, two], ({ body }) => {
    if (body.kind === 'file data') segments += 1
    if (segments === 3) one.tell({ kind: 'cancel proxy put', token: 2 })
    return 1
  })
  t.match(one.operations[1], { kind: 'answered', token: 2, answer: { condition: CANCELLED } })
  t.notOk(one.files.has('again'))
  t.end()
})

t.test('F1.8 the sender cancels', t => {
  const pair = pairOf(LARGE)
  const act = () => pair.source.transaction.cancel(CANCELLED)
  const flight = fly([pair], undefined, [{ at: 100, act }])
  ended(t, pair, CANCELLED)
  t.equal(pair.destination.delivered, undefined)
  t.ok(timesSaid(flight, 'source', 'file data') < SEGMENTS)
  t.match(flight.spoken.at(-1), { by: 'destination', body: { of: 'eof', condition: CANCELLED } })
  t.end()
})

t.test('F1.9 the receiver cancels', t => {
  const pair = pairOf(LARGE)
  const act = (now: number) => pair.destination.cancel(CANCELLED, now)
  const flight = fly([pair], undefined, [{ at: 100, act }])
  ended(t, pair, CANCELLED)
  t.equal(pair.destination.delivered, undefined)
  t.ok(timesSaid(flight, 'source', 'file data') < SEGMENTS)
  t.match(flight.spoken.at(-1), { by: 'source', body: { of: 'finished', condition: CANCELLED } })
  t.end()
})

t.test('F1.10 the sender cancels, unacknowledged', t => {
  const pair = pairOf(LARGE, CLASS_1)
  const act = () => pair.source.transaction.cancel(CANCELLED)
  const flight = fly([pair], undefined, [{ at: 100, act }])
  ended(t, pair, CANCELLED)
  t.equal(pair.destination.delivered, undefined)
  t.match(flight.spoken.at(-1), { by: 'source', kind: 'eof' })
  t.end()
})
