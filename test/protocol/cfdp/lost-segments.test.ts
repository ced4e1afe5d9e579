import t from 'tap'
import { LostSegments } from '../../../protocol/cfdp/lost-segments.ts'
import type { Nak } from '../../../protocol/cfdp/pdu/pdu.ts'
import { Spans } from '../../../protocol/octets/spans.ts'
import { Random } from '../../kit/random.ts'
import { nakFaults } from './exchange.ts'

t.test(
  'next() asks for what is missing, in as many NAKs as it takes, each with its own scope',
  t => {
    const segments = new LostSegments(
      new Spans([
        { start: 0, end: 10 },
        { start: 20, end: 30 },
        { start: 40, end: 50 },
      ]),
    )
    segments.ask(60, true)
    t.ok(segments.isAsking)
    t.strictSame(allOf(segments, 2), [
      nak([0, 30], [[10, 20]], true),
      nak(
        [30, 60],
        [
          [30, 40],
          [50, 60],
        ],
      ),
    ])
    t.notOk(segments.isAsking)
    t.end()
  },
)

t.test(
  'next() asks for the Metadata alone when it fills the PDU, or nothing else is missing',
  t => {
    const segments = new LostSegments()
    segments.ask(10, true)
    t.strictSame(allOf(segments, 1), [nak([0, 0], [], true), nak([0, 10], [[0, 10]])])
    segments.ask(10, true)
    t.notOk(segments.isAsking, 'it was asked for')
    segments.add(0, 10)
    segments.forgetAsked()
    segments.ask(10, true)
    t.strictSame(allOf(segments, 0), [nak([0, 0], [], true)], 'one request, however little room')
    t.end()
  },
)

t.test('next() leaves out of its scope what an earlier NAK asked for', t => {
  const segments = new LostSegments()
  segments.add(10, 20)
  segments.ask(20, false)
  t.strictSame(allOf(segments, 9), [nak([0, 20], [[0, 10]])])
  segments.add(30, 40)
  segments.ask(40, false)
  t.strictSame(allOf(segments, 9), [nak([10, 40], [[20, 30]])])
  segments.add(0, 5)
  segments.lose(12, 14)
  segments.ask(50, false)
  t.strictSame(allOf(segments, 9), [nak([10, 20], [[12, 14]]), nak([30, 50], [[40, 50]])])
  t.notOk(segments.isMissingUnaskedFrom(0))
  segments.lose(30, 31)
  t.ok(segments.isMissingUnaskedFrom(30))
  t.notOk(segments.isMissingUnaskedFrom(31))
  t.end()
})

t.test('next() claims nothing that was lost while its round was under way', t => {
  const segments = new LostSegments()
  segments.add(0, 50)
  segments.add(60, 100)
  segments.ask(100, false)
  t.ok(segments.isAsking)
  segments.lose(10, 20)
  t.strictSame(allOf(segments, 9), [
    nak(
      [0, 100],
      [
        [10, 20],
        [50, 60],
      ],
    ),
  ])
  t.end()
})

t.test('next() names gaps before one that was asked for in one NAK', t => {
  const segments = new LostSegments(new Spans([{ start: 0, end: 20 }]))
  segments.ask(30, false)
  t.strictSame(allOf(segments, 9), [nak([0, 30], [[20, 30]])])
  segments.lose(2, 4)
  segments.lose(6, 8)
  segments.ask(30, false)
  const gaps: [number, number][] = [
    [2, 4],
    [6, 8],
  ]
  t.strictSame(allOf(segments, 9), [nak([0, 20], gaps)])
  t.end()
})

t.test(
  'ask() asks for the Metadata when it turns out missing, whatever was asked for before',
  t => {
    const segments = new LostSegments()
    segments.ask(10, false)
    t.strictSame(allOf(segments, 1), [nak([0, 10], [[0, 10]])])
    segments.ask(10, true)
    t.strictSame(allOf(segments, 1), [nak([0, 0], [], true)])
    t.end()
  },
)

t.test('isAsking looks at a gap that filled itself once, not at each PDU', t => {
  const segments = new LostSegments()
  segments.add(5, 10)
  segments.ask(10, false)
  segments.add(0, 5)
  t.notOk(segments.isAsking)
  t.equal(segments.next(5), undefined)
  t.end()
})

t.test('every NAK of any history is true, and a round leaves nothing unasked', t => {
  for (let seed = 1; seed <= 400; seed++) {
    const faults = liveThrough(new Random(seed))
    if (faults.length > 0) t.fail(`seed ${seed}`, { faults })
  }
  t.pass('400 histories')
  t.end()
})

/** A history by seed, with a naive model beside it: two flags an octet. */
function liveThrough(random: Random): readonly string[] {
  const size = 1 + random.below(64)
  const segments = new LostSegments()
  const held = Array.from({ length: size }, () => false)
  const asked = Array.from({ length: size }, () => false)
  const faults: string[] = []
  let horizon = 0
  const say = (gapsMax: number): boolean => {
    const { isAsking } = segments
    const nak = segments.next(gapsMax)
    if (isAsking !== (nak !== undefined)) faults.push(`isAsking is ${isAsking}`)
    if (nak === undefined) return false
    faults.push(...nakFaults(nak, gapsMax, segments.held))
    for (const { start, end } of nak.gaps as { start: number; end: number }[])
      for (let at = start; at < end; at++) {
        if (asked[at] === true) faults.push(`octet ${at} was asked for before`)
        if (at >= horizon) faults.push(`octet ${at} is beyond ${horizon}`)
        asked[at] = true
      }
    return true
  }
  for (let step = 0; step < 60; step++) {
    const start = random.below(size)
    const end = start + 1 + random.below(Math.min(9, size - start))
    const kind = random.below(8)
    if (kind < 3) {
      const fresh = held.slice(start, end).filter(is => !is).length
      if (segments.add(start, end) !== fresh) faults.push(`add() miscounts [${start}, ${end})`)
      held.fill(true, start, end)
      asked.fill(false, start, end)
    } else if (kind === 3) {
      segments.lose(start, end)
      held.fill(false, start, end)
    } else if (kind === 4) {
      horizon = end
      segments.ask(horizon, random.below(3) === 0)
    } else if (kind === 5) {
      segments.forgetAsked()
      asked.fill(false)
    } else say(random.below(4))
  }
  segments.ask(size, false)
  horizon = size
  const gapsMax = 1 + random.below(3)
  while (say(gapsMax));
  for (const [at, is] of held.entries())
    if (!is && asked[at] !== true) faults.push(`octet ${at} was never asked for`)
  return faults
}

function allOf(segments: LostSegments, gapsMax: number): readonly Nak[] {
  const naks: Nak[] = []
  for (let one = segments.next(gapsMax); one !== undefined; one = segments.next(gapsMax))
    naks.push(one)
  return naks
}

function nak(
  scope: readonly [number, number],
  gaps: readonly (readonly [number, number])[],
  wantsMetadata = false,
): Nak {
  return {
    kind: 'nak',
    scope: { start: scope[0], end: scope[1] },
    wantsMetadata,
    gaps: gaps.map(([start, end]) => ({ start, end })),
  }
}
