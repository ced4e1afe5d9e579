import t from 'tap'
import { pdusSent } from '../../../bench/kit/lossy.ts'

const SEGMENTS = 1_024

t.test('what is lost is sent again, and little else', async t => {
  const clean = pdusSent(SEGMENTS, 0, 1)
  t.equal(clean, SEGMENTS + 2, 'with Metadata and EOF; only the ACK of Finished is still to come')
  for (const [loss, most] of [
    [0.01, 1.03],
    [0.3, 1.55],
  ] as const)
    for (const seed of [1, 2, 3]) {
      const ratio = pdusSent(SEGMENTS, loss, seed) / clean
      t.ok(ratio <= most, `${100 * loss} % lost, seed ${seed}: ${ratio.toFixed(3)} times`)
    }
})
