import t from 'tap'
import { Retransmission } from '../../../protocol/cfdp/retransmission.ts'

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
