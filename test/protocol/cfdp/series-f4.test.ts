/** Series F4 of the CCSDS interoperability tests: the ways to ask, to wait, and to hold many transactions. */
import t, { type Test } from 'tap'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import type { RemoteChoice } from '../../../protocol/cfdp/remote.ts'
import { Random } from '../../kit/random.ts'
import { transmissionOf } from './ends.ts'
import { EntityBench, fly as flyEntities } from './entity/bench.ts'
import { ARRIVES, type Flight, fly, type Harm, LOST, percent } from './pdu-link.ts'
import { arrived, LARGE, pairOf, SMALL, timesSaid } from './series.ts'

const SEEDS = [1, 2, 3]
/** Of the only transaction between two entities. */
const ID = { source: 1, sequence: 1 }

t.test('F4.1 deferred NAK, one of twenty PDUs lost', t => {
  for (const seed of SEEDS) {
    const pair = pairOf(LARGE)
    const flight = fly([pair], percent(new Random(seed), { lost: 5 }))
    arrived(t, pair)
    t.ok(firstNakAt(flight) > eofAt(flight), 'asked for after the EOF')
  }
  t.end()
})

t.test('F4.2 immediate NAK, one of twenty PDUs lost', t => {
  for (const seed of SEEDS) {
    const pair = pairOf(LARGE, {}, { receiving: { nakMode: 'immediate', reorderMs: 10 } })
    const flight = fly([pair], percent(new Random(seed), { lost: 5 }))
    arrived(t, pair)
    t.ok(firstNakAt(flight) < eofAt(flight), 'asked for on the way')
  }
  t.end()
})

t.test('F4.3 prompted NAK', t => {
  const pair = pairOf(LARGE)
  const act = () => pair.source.transaction.prompt('nak')
  const flight = fly([pair], losingSegment(300), [{ at: 100, act }])
  arrived(t, pair)
  t.equal(timesSaid(flight, 'source', 'prompt'), 1)
  t.ok(firstNakAt(flight) < eofAt(flight))
  t.equal(timesSaid(flight, 'destination', 'nak'), 1)
  t.end()
})

t.test('F4.3 prompted NAK, between entities', t => {
  const ends = entitiesOf({ receiving: { nakMode: 'prompted' } })
  const said = flown(ends, 5_120, ([source]) =>
    source.tell({ kind: 'prompt', id: ID, wants: 'nak' }),
  )
  t.strictSame(
    said.filter(kind => kind !== 'file data'),
    ['metadata', 'prompt', 'nak', 'eof', 'ack', 'finished', 'ack'],
    'the Prompt is what makes it ask',
  )
  arrivedAt(t, ends)
  t.end()
})

t.test('F4.4 asynchronous NAK', t => {
  const pair = pairOf(LARGE)
  const act = () => pair.destination.transaction.askNow()
  const flight = fly([pair], losingSegment(300), [{ at: 100, act }])
  arrived(t, pair)
  t.ok(firstNakAt(flight) < eofAt(flight))
  t.equal(timesSaid(flight, 'destination', 'nak'), 1)
  t.end()
})

t.test('F4.4 asynchronous NAK, between entities', t => {
  const ends = entitiesOf({ receiving: { nakMode: 'asynchronous' } })
  const said = flown(ends, 5_120, ([, destination]) => destination.tell({ kind: 'ask', id: ID }))
  t.strictSame(
    said.filter(kind => kind !== 'file data'),
    ['metadata', 'nak', 'eof', 'ack', 'finished', 'ack'],
    'its user is what makes it ask',
  )
  arrivedAt(t, ends)
  t.end()
})

t.test('F4.5 record boundaries observed', t => {
  const records = [70, 200, 201, 400, 19_000]
  const pair = pairOf(LARGE, { records })
  const flight = fly([pair], percent(new Random(1), { lost: 5, late: 5 }))
  arrived(t, pair)
  const ends = new Set([0, ...records, LARGE.length])
  for (const { body } of flight.spoken) {
    if (body.kind !== 'file data') continue
    const start = Number(body.offset)
    const end = start + body.octets.length
    const crossed = records.filter(at => start < at && at < end)
    const state = (ends.has(start) ? 1 : 0) | (ends.has(end) ? 2 : 0)
    t.match({ crossed, ...body.segmentMetadata }, { crossed: [], continuation: state })
  }
  t.end()
})

t.test('F4.6 record boundaries not observed', t => {
  const pair = pairOf(LARGE)
  const flight = fly([pair])
  arrived(t, pair)
  t.equal(timesSaid(flight, 'source', 'file data'), LARGE.length / 100)
  t.notOk(flight.spoken.some(({ body }) => 'segmentMetadata' in body && body.segmentMetadata))
  t.end()
})

t.test('F4.7 the sender is suspended and resumed', t => {
  const pair = pairOf(LARGE)
  const flight = fly([pair], undefined, [
    { at: 100, act: now => pair.source.transaction.suspend(now) },
    { at: 5_000, act: now => pair.source.transaction.resume(now) },
  ])
  arrived(t, pair)
  t.strictSame(
    flight.spoken.filter(({ at }) => at >= 100 && at < 5_000),
    [],
  )
  t.match(pair.source.effects.slice(0, 2), [{ kind: 'suspended' }, { kind: 'resumed' }])
  t.end()
})

t.test('F4.8 the receiver is suspended and resumed', t => {
  const pair = pairOf(LARGE, {}, { receiving: { nakMode: 'immediate', inactivityMs: 10_000 } })
  const flight = fly([pair], losingSegment(300), [
    { at: 20, act: now => pair.destination.transaction.suspend(now) },
    { at: 50_000, act: now => pair.destination.transaction.resume(now) },
  ])
  arrived(t, pair)
  const meanwhile = flight.spoken.filter(({ by, at }) => by === 'destination' && at < 50_000)
  t.ok(meanwhile.length > 0 && meanwhile.every(({ kind }) => kind === 'ack of eof'))
  t.ok(firstNakAt(flight) >= 50_000)
  t.end()
})

t.test('F4.9 an unbounded file', t => {
  for (const seed of SEEDS) {
    const sent = transmissionOf(LARGE)
    const pair = pairOf(LARGE, { unbounded: true, fileSize: 0, largeFile: true })
    const { extent } = pair.source.transaction
    const events = [4_000, 4_001, 12_000].map((octets, n) => ({
      at: 100 * n,
      act: () => extent.grow(octets),
    }))
    const end = { at: 1_000, act: () => extent.end(LARGE.length, sent.checksum) }
    const flight = fly([pair], percent(new Random(seed), { lost: 5 }), [...events, end])
    arrived(t, pair)
    t.match(flight.spoken[0], { kind: 'metadata', body: { fileSize: 0 } })
    t.match(
      flight.spoken.find(({ kind }) => kind === 'eof'),
      { body: { fileSize: LARGE.length } },
    )
    t.ok(eofAt(flight) >= 1_000)
  }
  t.end()
})

t.test('F4.10 the CRC of file data', t => {
  const pair = pairOf(LARGE, { pduCrc: true })
  const wrong = [{ delayMs: 50, wrongAt: 60 }]
  const flight = fly([pair], ({ kind, nth }) =>
    kind === 'file data' && nth % 50 === 7 ? wrong : ARRIVES,
  )
  arrived(t, pair)
  t.ok(timesSaid(flight, 'source', 'file data') > LARGE.length / 100)
  t.end()
})

t.test('F4.11 Keep Alive', t => {
  const limits = {
    receiving: { keepAliveMs: 50 },
    sending: { keepAliveOctetsMax: 11_000 },
  }
  const pair = pairOf(LARGE, {}, limits)
  const flight = fly([pair])
  arrived(t, pair)
  const said = flight.spoken.filter(({ kind }) => kind === 'keep alive')
  t.equal(said.length, 4)
  t.ok(
    said.every(({ at }) => at < eofAt(flight) + 100),
    'none after the EOF',
  )

  const deaf = pairOf(LARGE, {}, { ...limits, sending: { keepAliveOctetsMax: 9_000 } })
  fly([deaf])
  t.equal(deaf.source.condition, 2, 'the receiver is too far behind')
  t.equal(deaf.destination.condition, 2)
  t.end()
})

t.test('F4.11 Keep Alive, between entities', t => {
  const choice = { receiving: { keepAliveMs: 100 }, sending: { keepAliveOctetsMax: 9_000 } }
  const pass = (ends: Ends) => ends.forEach(end => end.tick(end.now + 50))
  const ends = entitiesOf(choice)
  const said = flown(ends, undefined, pass)
  t.ok(said.filter(kind => kind === 'keep alive').length >= 5)
  t.ok(said.lastIndexOf('keep alive') < said.lastIndexOf('finished'))
  arrivedAt(t, ends)

  const [source, destination] = entitiesOf(choice)
  flyEntities(source, destination, ({ body }) => {
    if (body.kind !== 'file data') return 1
    pass([source, destination])
    return Number(body.offset) < 3_000 ? 1 : 0
  })
  const tooFar = [{ condition: CONDITION.keepAliveLimitReached }]
  t.match(source.told('transaction-finished'), tooFar, 'the receiver is too far behind')
  t.match(destination.told('transaction-finished'), tooFar)
  t.end()
})

t.test('F4.12 Prompt (Keep Alive)', t => {
  const pair = pairOf(LARGE)
  const act = () => pair.source.transaction.prompt('keep alive')
  const flight = fly([pair], undefined, [{ at: 50, act }])
  arrived(t, pair)
  t.match(
    flight.spoken.filter(({ kind }) => kind === 'keep alive'),
    [{ by: 'destination', at: 100, body: { progress: 4_900 } }],
  )
  t.end()
})

t.test('F4.12 Prompt (Keep Alive), between entities', t => {
  const ends = entitiesOf({ receiving: { nakMode: 'deferred' } })
  const said = flown(ends, 5_120, ([source]) =>
    source.tell({ kind: 'prompt', id: ID, wants: 'keep alive' }),
  )
  t.strictSame(said.filter(kind => kind !== 'file data').slice(0, 4), [
    'metadata',
    'prompt',
    'keep alive',
    'eof',
  ])
  arrivedAt(t, ends)
  t.end()
})

t.test('F4.13 five transactions at a time', t => {
  const pairs = [1, 2, 3, 4, 5].map(sequence => pairOf(LARGE.subarray(sequence), { sequence }))
  fly(pairs)
  for (const pair of pairs) arrived(t, pair)
  t.end()
})

t.test('F4.14 five transactions at a time, one of twenty PDUs lost', t => {
  for (const seed of SEEDS) {
    const pairs = [1, 2, 3, 4, 5].map(sequence => pairOf(LARGE.subarray(sequence), { sequence }))
    const both = pairOf(SMALL, { sequence: 6, acknowledged: true })
    fly([...pairs, both], percent(new Random(seed), { lost: 5 }))
    for (const pair of [...pairs, both]) arrived(t, pair)
  }
  t.end()
})

type Ends = readonly [source: EntityBench, destination: EntityBench]

function entitiesOf(choice: Partial<RemoteChoice>): Ends {
  const [source, destination] = [new EntityBench(choice), new EntityBench(choice, { entity: 2 })]
  source.files.set('a', LARGE)
  source.put(1, 'a')
  return [source, destination]
}

/** Loses the second segment once, and acts at the one at `offset`, or at each. Answers the kinds of all PDUs. */
function flown(ends: Ends, offset: number | undefined, act: (ends: Ends) => void): string[] {
  const said: string[] = []
  let isLost = false
  flyEntities(...ends, ({ body }) => {
    said.push(body.kind)
    if (body.kind !== 'file data') return 1
    if (offset === undefined || body.offset === offset) act(ends)
    if (isLost || body.offset !== 1_024) return 1
    isLost = true
    return 0
  })
  return said
}

function arrivedAt(t: Test, [source, destination]: Ends): void {
  t.strictSame(destination.files.get('a'), LARGE)
  for (const end of [source, destination])
    t.match(end.told('transaction-finished'), [{ condition: CONDITION.noError }])
}

/** Loses the segment at this offset, once. */
function losingSegment(offset: number): Harm {
  let isLost = false
  return ({ body }) => {
    if (isLost || body.kind !== 'file data' || body.offset !== offset) return ARRIVES
    isLost = true
    return LOST
  }
}

function firstNakAt(flight: Flight): number {
  return flight.spoken.find(({ kind }) => kind === 'nak')?.at as number
}

function eofAt(flight: Flight): number {
  return flight.spoken.find(({ kind }) => kind === 'eof')?.at as number
}
