import t from 'tap'
import { Retransmission, STRETCHES_MAX } from '../../../protocol/cfdp/retransmission.ts'

const GAPS = 4_000
const GAP_OCTETS = 3
const FILE_OCTETS = 20 * GAPS

t.test('a NAK of thousands of gaps, after one of thousands between them, is read once', t => {
  const retransmission = new Retransmission()
  const { acknowledged } = retransmission
  const gaps = (from: number) =>
    Array.from({ length: GAPS }, (_, i) => {
      const start = from + 20 * i
      return { start, end: start + GAP_OCTETS }
    })
  const nak = { kind: 'nak', wantsMetadata: false } as const
  const scope = { start: 0, end: FILE_OCTETS }
  retransmission.hear({ ...nak, scope, gaps: gaps(0) }, FILE_OCTETS)
  const list: Pick<unknown[], 'splice'> = Array.prototype
  const moves = t.capture(list, 'splice', list.splice)
  const backward = { ...nak, scope: { start: 0, end: 0 }, gaps: gaps(10).toReversed() }
  retransmission.hear(backward, FILE_OCTETS)
  t.equal(moves().length, 0)
  t.equal(retransmission.octets, 2 * GAPS * GAP_OCTETS)
  t.equal(acknowledged.octets, FILE_OCTETS - retransmission.octets)
  t.end()
})

t.test('what is asked for is known by its stretches, until it is handed out or forgotten', t => {
  const retransmission = new Retransmission()
  const gaps = [
    { start: 2, end: 5 },
    { start: 7, end: 9 },
  ]
  const nak = { kind: 'nak', scope: { start: 0, end: 10 }, wantsMetadata: false, gaps } as const
  retransmission.hear(nak, 8)
  t.strictSame(
    [...retransmission.spans],
    [
      { start: 2, end: 5 },
      { start: 7, end: 8 },
    ],
    'of what was not sent yet nothing is lost',
  )
  retransmission.take(9)
  t.strictSame(retransmission.first, { start: 7, end: 8 })
  retransmission.clear()
  t.equal(retransmission.octets, 0)
  t.end()
})

t.test('isSpent(): so much was handed out again in one contact, and not in the next', t => {
  const retransmission = new Retransmission(2, [], [{ start: 0, end: 100 }])
  for (const [octets, isSpent] of [
    [19, false],
    [1, false],
    [1, true],
  ] as const) {
    retransmission.take(octets)
    t.equal(retransmission.isSpent(10), isSpent)
  }
  t.notOk(retransmission.isSpent(11), 'of more that was sent, more may be asked for')
  retransmission.renew()
  t.notOk(retransmission.isSpent(10))
  t.equal(retransmission.octets, 79)
  t.end()
})

t.test('isSpent(): a file in STRETCHES_MAX pieces is asked for no more', t => {
  const stretches = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ start: 2 * i, end: 2 * i + 1 }))
  t.ok(new Retransmission(Infinity, [], stretches(STRETCHES_MAX)).isSpent(1))
  t.notOk(new Retransmission(Infinity, [], stretches(STRETCHES_MAX - 1)).isSpent(1))
  t.end()
})
