import t from 'tap'
import { viewOf } from '../../../protocol/octets/view.ts'

t.test('viewOf() answers the view that is held if it is that one, and no other', async t => {
  const octets = Uint8Array.of(1, 2, 3, 4)
  const view = octets.subarray(1, 3)
  t.equal(viewOf(view, octets, 1, 3), view)
  for (const [other, start, end] of [
    [octets, 1, 4],
    [octets, 0, 2],
    [octets.slice(), 1, 3],
  ] as const) {
    const made = viewOf(view, other, start, end)
    t.not(made, view)
    t.strictSame(made, other.subarray(start, end))
  }
})
