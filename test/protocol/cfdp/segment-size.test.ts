import t from 'tap'
import { chooseSegment } from '../../../protocol/cfdp/segment-size.ts'

t.test('chooseSegment() goes from the largest packet down to one frame', async t => {
  t.strictSame(chooseSegment(1103, 22, 0), { octets: 65_498, aligned: false })
  t.strictSame(chooseSegment(1103, 22, 1e-9), { octets: 65_498, aligned: false })
  t.strictSame(chooseSegment(1103, 22, 0.01), { octets: 1081, aligned: true })
  t.strictSame(
    chooseSegment(10, 22, 0.5),
    { octets: 20, aligned: false },
    'a frame too small for one packet',
  )
  for (const [field, octets] of [
    [10, 19],
    [38, 38],
    [39, 1],
  ] as const)
    t.strictSame(chooseSegment(field, 38, 1), { octets, aligned: field > 38 })
})

t.test('chooseSegment() costs no more than its neighbours', async t => {
  for (const loss of [1e-5, 1e-4, 1e-3]) {
    const { octets } = chooseSegment(1103, 22, loss)
    const cost = (s: number): number => 22 / s + (loss * s) / 1103
    t.ok(cost(octets) <= Math.min(cost(octets * 0.9), cost(octets * 1.1)), `loss ${loss}`)
  }
})
