/** Both ends of CFDP against each other, thousands of times, over links that do what they can. */
import t, { type Test } from 'tap'
import { toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'
import { type Exchange, hold, type LinkHarm } from './exchange.ts'

const RUNS = Math.min(1_500, Number(process.env['HISTORIES'] ?? 1_500))

t.test('every file arrives whole over links that lose, double and reorder', t => {
  repeat(t, random => ({
    loss: random.below(2) === 0 ? 0 : 0.5 * random.next(),
    doubling: random.below(2) === 0 ? 0 : 0.3 * random.next(),
    delayMs: random.below(300),
    jitterMs: random.below(2) === 0 ? 0 : random.below(500),
  }))
})

t.test('over a link that keeps the order, nothing comes twice, however much it loses', t => {
  repeat(
    t,
    random => ({ loss: 0.5 * random.next(), doubling: 0, delayMs: random.below(300), jitterMs: 0 }),
    ({ destination }) => {
      const { duplicates } = destination.transaction.counters
      return duplicates === 0 ? [] : [`${duplicates} segments came twice`]
    },
  )
})

function repeat(
  t: Test,
  harmOf: (random: Random) => LinkHarm,
  faultsOf: (exchange: Exchange) => readonly string[] = () => [],
): void {
  for (let seed = 1; seed <= RUNS; seed++) {
    const random = new Random(seed)
    const exchange = hold(random, harmOf(random))
    const { file, source, destination, broken } = exchange
    const faults = [...broken, ...faultsOf(exchange)]
    if (toHex(destination.delivered ?? new Uint8Array(0)) !== toHex(file)) faults.push('it differs')
    if (destination.delivered === undefined) faults.push('it is not delivered')
    if (source.condition !== 0 || destination.condition !== 0)
      faults.push(`it ends with ${source.condition} and ${destination.condition}`)
    if (faults.length > 0) t.fail(`seed ${seed}`, { faults: faults.slice(0, 5) })
  }
  t.pass(`${RUNS} transactions`)
  t.end()
}
