/** Series F2 of the CCSDS interoperability tests: what is lost first, and the limits. */
import t from 'tap'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import { ARRIVES, fly, type Harm, LOST, losingFirst } from './pdu-link.ts'
import { arrived, ended, LARGE, pairOf, SMALL, THRICE, timesSaid } from './series.ts'

const FIRST_LOSSES = [
  ['F2.1 the first Metadata', 'source metadata', 2],
  ['F2.2 the first EOF', 'source eof', 2],
  ['F2.3 the first Finished', 'destination finished', 2],
  // The Finished that follows says more than it.
  ['F2.4 the first ACK(EOF)', 'destination ack of eof', 1],
  ['F2.5 the first ACK(Finished)', 'source ack of finished', 2],
] as const

for (const [name, kind, times] of FIRST_LOSSES)
  t.test(`${name} is lost`, t => {
    const [by, ...words] = kind.split(' ')
    const pair = pairOf(LARGE)
    const flight = fly([pair], losingFirst(kind))
    arrived(t, pair)
    t.equal(timesSaid(flight, by as 'source', words.join(' ')), times)
    t.equal(pair.destination.transaction.counters.duplicates, 0)
    t.end()
  })

t.test('F2.6 the first of each PDU but the EOF is lost, both ways', t => {
  const pair = pairOf(LARGE)
  const kinds = [
    'source metadata',
    'source file data',
    'source ack of finished',
    'destination ack of eof',
    'destination nak',
    'destination finished',
  ]
  fly([pair], losingFirst(...kinds))
  arrived(t, pair)
  t.end()
})

t.test('F2.7 the ACK limit is reached at the sender', t => {
  const pair = pairOf(SMALL, {}, { sending: { ack: THRICE }, receiving: { ack: THRICE } })
  const flight = fly([pair], ({ by }) => (by === 'destination' ? LOST : ARRIVES))
  t.equal(pair.source.condition, CONDITION.positiveAckLimitReached)
  t.equal(pair.source.transaction.state, 'closed')
  t.equal(timesSaid(flight, 'source', 'eof'), 2 * THRICE.triesMax, 'as often to cancel')
  t.match(
    pair.source.effects.filter(({ kind }) => kind === 'fault'),
    [{ handler: 'cancel' }, { handler: 'abandon' }],
  )
  t.end()
})

t.test('F2.8 the NAK limit is reached at the receiver', t => {
  const pair = pairOf(LARGE, {}, { receiving: { nak: THRICE } })
  const flight = fly([pair], losingFirstSegmentAlways)
  ended(t, pair, CONDITION.nakLimitReached)
  t.equal(timesSaid(flight, 'destination', 'nak'), THRICE.triesMax)
  t.equal(pair.destination.delivered, undefined)
  t.end()
})

t.test('F2.9 nothing is heard at the sender', t => {
  const pair = pairOf(SMALL, {}, { sending: { inactivityMs: 60_000, ack: THRICE } })
  const flight = fly([pair], ({ by, kind, at }) =>
    by === 'destination' && (kind !== 'ack of eof' || at > 10_000) ? LOST : ARRIVES,
  )
  t.equal(pair.source.condition, CONDITION.inactivityDetected)
  t.match(flight.spoken.filter(({ kind }) => kind === 'eof').at(-1), {
    body: { condition: CONDITION.inactivityDetected },
  })
  t.end()
})

t.test('F2.10 nothing is heard at the receiver', t => {
  const limits = { inactivityMs: 60_000, ack: THRICE }
  const pair = pairOf(LARGE, {}, { receiving: limits })
  fly([pair], ({ by, at }) => (by === 'source' && at > 20 ? LOST : ARRIVES))
  t.match(pair.destination.finished, { condition: CONDITION.inactivityDetected, complete: false })
  t.equal(pair.destination.transaction.stage, 'closed')
  t.equal(pair.source.condition, CONDITION.inactivityDetected, 'the way back is open')
  t.end()
})

function losingFirstSegmentAlways(...[{ body }]: Parameters<Harm>): ReturnType<Harm> {
  return body.kind === 'file data' && body.offset === 0 ? LOST : ARRIVES
}
