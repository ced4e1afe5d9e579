/** Frames lost against the bit error rate, by trying: what `make curves` draws, in short. */
import t from 'tap'
import { bounds, computedLoss, lostFrames, tail } from '../../kit/frame-loss.ts'
import { Random } from '../../kit/random.ts'

const SEED = Number(process.env['SEED'] ?? 1)
/** A run in 10,000 falls outside of the bounds although everything is right. */
const DOUBT = 1e-4

t.test('computedLoss() is what others computed', async t => {
  for (const [ber, loss] of [
    [1e-3, 2.3e-10],
    [2e-3, 4.9e-6],
    [3e-3, 7.7e-4],
    [4e-3, 1.7e-2],
    [5e-3, 0.12],
    [6e-3, 0.39],
  ] as const)
    t.ok(Math.abs(computedLoss({ interleave: 5, ber }) / loss - 1) < 0.04, `${ber}`)
  t.ok(Math.abs(computedLoss({ interleave: 0, ber: 1e-4 }) - 0.59) < 0.005)
})

for (const [interleave, ber, frames] of [
  [5, 3e-3, 20_000],
  [5, 4e-3, 10_000],
  [5, 5e-3, 5_000],
  [5, 6e-3, 5_000],
  [1, 5e-3, 20_000],
  [1, 6e-3, 6_000],
  [0, 1e-4, 4_000],
] as const)
  t.test(
    `I=${interleave} at ${ber}: as many frames are lost as computed, make sim SEED=${SEED}`,
    async t => {
      const lost = lostFrames({ interleave, ber }, frames, new Random(SEED))
      const [low, high] = bounds(lost, frames, DOUBT)
      const computed = computedLoss({ interleave, ber })
      t.ok(
        low <= computed && computed <= high,
        `${lost} of ${frames}: ${low} to ${high}, ${computed}`,
      )
    },
  )

t.test('bounds() and tail() hold in cases that are known', async t => {
  t.ok(Math.abs(tail(1, 10, 0.1) - (1 - 0.9 ** 10)) < 1e-12)
  t.ok(Math.abs(tail(0, 40, 0.3) - 1) < 1e-9)
  // Nothing lost in n: at most 1 - (doubt / 2)^(1 / n), the rule of three.
  const [none, most] = bounds(0, 100, 0.05)
  t.equal(none, 0)
  t.ok(Math.abs(most - (1 - 0.025 ** 0.01)) < 1e-6, `${most}`)
  const [least, all] = bounds(100, 100, 0.05)
  t.equal(all, 1)
  t.ok(Math.abs(least - 0.025 ** 0.01) < 1e-6)
})
