/**
 * When files will be let go, if all goes as planned: each is sent in its order while somebody hears, at the rate of
 * the line, and is let go in the first main contact after that. Nothing that is lost is counted.
 */
import type { Instant } from '../../protocol/machine.ts'
import type { ContactPlan } from '../../protocol/plan/plan.ts'
import { coverage } from '../../protocol/plan/plan.ts'

export interface Outlook {
  /** Undefined: contact always. */
  readonly plan: ContactPlan | undefined
  readonly octetsPerSecond: number
}

/**
 * When each of the files is let go, of which so many octets are still to be sent, in the order in which they go.
 * Undefined: not in this plan.
 */
export function releaseTimes(
  lefts: readonly number[],
  { plan, octetsPerSecond }: Outlook,
  now: Instant,
): readonly (Instant | undefined)[] {
  const [always, never] = [{ start: now, end: Infinity }, undefined]
  const open = plan === undefined ? [always] : coverage(plan)
  const mains = plan === undefined ? [always] : coverage(plan, 'main')
  let contact = open.findIndex(({ end }) => end > now)
  let at = now
  return lefts.map(octets => {
    let leftMs = (1_000 * octets) / octetsPerSecond
    for (; contact >= 0 && contact < open.length; contact++) {
      const { start, end } = open[contact] as (typeof open)[number]
      at = Math.max(at, start)
      if (at + leftMs <= end) {
        at += leftMs
        const main = mains.find(({ end: last }) => last > at)
        return main === undefined ? never : Math.max(main.start, at)
      }
      leftMs -= Math.max(0, end - at)
    }
    return never
  })
}
