/**
 * The forward half: from each state to the two that may follow it, and at each of those the better of the two ways
 * that lead there.
 *
 *     s      --m-->  2s        s is a state: the six newest bits, the newest lowest.
 *     s + 32 --m'->  2s        m, m' cost the one pair of symbols and its complement: both generators tap the oldest
 *     s      --m'->  2s + 1    and the newest bit, so that four ways of a butterfly have two prices.
 *     s + 32 --m-->  2s + 1
 *
 * 64 metrics of an octet are four vectors. No two of them are ever further apart than 132: from where the best path was
 * six steps ago a way leads to every state, and differs from it in 11 symbols at most, of 12 each. A step costs 24 at
 * most. So they are exact, as long as the least is taken off in time.
 */
import { BLOCK_STEPS, COSTS, DECISIONS, METRICS } from './memory.ts'
import { lower8, upper8 } from './symbols.ts'

/** Decides the steps of a block from step `from` on; answers by how much the best metric grew. */
export function advance(from: usize): u32 {
  // By butterfly s, twice C1 plus C2 of the way from s to 2s, and its complement; then those of s + 16.
  const expected0 = i8x16(0, 2, 3, 1, 3, 1, 0, 2, 0, 2, 3, 1, 3, 1, 0, 2)
  const complement0 = i8x16(3, 1, 0, 2, 0, 2, 3, 1, 3, 1, 0, 2, 0, 2, 3, 1)
  const expected16 = i8x16(1, 3, 2, 0, 2, 0, 1, 3, 1, 3, 2, 0, 2, 0, 1, 3)
  const complement16 = i8x16(2, 0, 1, 3, 1, 3, 2, 0, 2, 0, 1, 3, 1, 3, 2, 0)
  let states0 = v128.load(METRICS)
  let states16 = v128.load(METRICS, 16)
  let states32 = v128.load(METRICS, 32)
  let states48 = v128.load(METRICS, 48)
  let grown: u32 = 0
  let decisions = DECISIONS + 8 * from
  const end = COSTS + 4 * <usize>BLOCK_STEPS
  for (let costs: usize = COSTS; costs < end; costs += 4, decisions += 8) {
    const prices = v128.load_splat<u32>(costs)
    const m0 = i8x16.swizzle(prices, expected0)
    const n0 = i8x16.swizzle(prices, complement0)
    const m16 = i8x16.swizzle(prices, expected16)
    const n16 = i8x16.swizzle(prices, complement16)

    const upperEven0 = i8x16.add(states32, n0)
    const upperOdd0 = i8x16.add(states32, m0)
    const even0 = i8x16.min_u(i8x16.add(states0, m0), upperEven0)
    const odd0 = i8x16.min_u(i8x16.add(states0, n0), upperOdd0)
    const evenDecisions0 = i8x16.eq(even0, upperEven0)
    const oddDecisions0 = i8x16.eq(odd0, upperOdd0)

    const upperEven16 = i8x16.add(states48, n16)
    const upperOdd16 = i8x16.add(states48, m16)
    const even16 = i8x16.min_u(i8x16.add(states16, m16), upperEven16)
    const odd16 = i8x16.min_u(i8x16.add(states16, n16), upperOdd16)
    const evenDecisions16 = i8x16.eq(even16, upperEven16)
    const oddDecisions16 = i8x16.eq(odd16, upperOdd16)

    states0 = lower8(even0, odd0)
    states16 = upper8(even0, odd0)
    states32 = lower8(even16, odd16)
    states48 = upper8(even16, odd16)
    store<u16>(decisions, i8x16.bitmask(lower8(evenDecisions0, oddDecisions0)))
    store<u16>(decisions, i8x16.bitmask(upper8(evenDecisions0, oddDecisions0)), 2)
    store<u16>(decisions, i8x16.bitmask(lower8(evenDecisions16, oddDecisions16)), 4)
    store<u16>(decisions, i8x16.bitmask(upper8(evenDecisions16, oddDecisions16)), 6)

    if (i8x16.extract_lane_u(states0, 0) <= LIMIT) continue
    const least = leastOf(
      i8x16.min_u(i8x16.min_u(states0, states16), i8x16.min_u(states32, states48)),
    )
    grown += least
    const leasts = i8x16.splat(<i8>least)
    states0 = i8x16.sub(states0, leasts)
    states16 = i8x16.sub(states16, leasts)
    states32 = i8x16.sub(states32, leasts)
    states48 = i8x16.sub(states48, leasts)
  }
  const least = leastOf(
    i8x16.min_u(i8x16.min_u(states0, states16), i8x16.min_u(states32, states48)),
  )
  const leasts = i8x16.splat(<i8>least)
  v128.store(METRICS, i8x16.sub(states0, leasts))
  v128.store(METRICS, i8x16.sub(states16, leasts), 16)
  v128.store(METRICS, i8x16.sub(states32, leasts), 32)
  v128.store(METRICS, i8x16.sub(states48, leasts), 48)
  return grown + least
}

/** The lowest state whose metric is the best: zero, after advance(). */
export function bestState(): u32 {
  let state: u32 = 0
  while (load<u8>(METRICS + <usize>state) !== 0) state++
  return state
}

function leastOf(metrics: v128): u32 {
  const halves = i8x16.min_u(metrics, v128.shuffle<u64>(metrics, metrics, 1, 0))
  const quarters = i8x16.min_u(halves, i64x2.shr_u(halves, 32))
  const eighths = i8x16.min_u(quarters, i64x2.shr_u(quarters, 16))
  return i8x16.extract_lane_u(i8x16.min_u(eighths, i64x2.shr_u(eighths, 8)), 0)
}

/** With the metric of state 0 up to here, all are 231 at most, and the next step does not carry one over 255. */
const LIMIT: u32 = 99
