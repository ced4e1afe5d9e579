/**
 * The downlink policy that flies: one lane for each kind of work, each in the order of its ranks, so that the
 * answer stands at the front of one of them however many files there are.
 *
 *     directive | again  \ by priority, then | waiting, while only
 *               | new    / by who hears      | secondary stations hear
 */
import type { Role } from '../../protocol/plan/plan.ts'
import { Lane } from '../buffer/lane.ts'
import { compareRanks } from '../buffer/rank.ts'
import { Roll } from '../buffer/roll.ts'
import type { DownlinkPolicy, Due, Work } from './policy.ts'

export class Scheduler implements DownlinkPolicy {
  readonly #works = new Roll<Work>(({ rank }) => rank.sequence)
  readonly #lanes: Readonly<Record<Due, Lane<Work>>> = {
    directive: new Lane(byRank),
    again: new Lane(byRank),
    new: new Lane(byRank),
    waiting: new Lane(byMiss),
  }
  #role: Role = 'main'

  put(work: Work): void {
    const before = this.#works.find(work.rank.sequence)
    if (before !== undefined && isAlike(before, work)) return
    if (before !== undefined) this.#lanes[before.due].delete(before)
    this.#works.put(work)
    this.#lanes[work.due].add(work)
  }

  drop(sequence: number): void {
    const work = this.#works.delete(sequence)
    if (work !== undefined) this.#lanes[work.due].delete(work)
  }

  work(sequence: number): Work | undefined {
    return this.#works.find(sequence)
  }

  works(): IterableIterator<Work> {
    return this.#works.values()
  }

  hear(role: Role): void {
    this.#role = role
  }

  candidate(nth: number, aside = false): number | undefined {
    const { directive } = this.#lanes
    if (aside) return this.#octetsOf(nth, true)?.rank.sequence
    const work = nth < directive.length ? directive.at(nth) : this.#octetsOf(nth - directive.length)
    return work?.rank.sequence
  }

  /** The one whose octets go out after those of `left` others. */
  #octetsOf(left: number, aside = false): Work | undefined {
    const { again, new: fresh, waiting } = this.#lanes
    const isMain = this.#role === 'main'
    if (left < again.length + fresh.length)
      return isMain && !aside ? merged(again, fresh, left) : merged(fresh, again, left)
    return isMain ? undefined : waiting.at(left - again.length - fresh.length)
  }
}

function isAlike(one: Work, other: Work): boolean {
  return one.due === other.due && one.miss === other.miss && one.rank === other.rank
}

/** By priority, and within one all of the first lane before the second. */
function merged(first: Lane<Work>, second: Lane<Work>, nth: number): Work | undefined {
  let [i, j] = [0, 0]
  for (;;) {
    const one = first.at(i)
    const other = second.at(j)
    const isFirst =
      other === undefined || (one !== undefined && one.rank.priority <= other.rank.priority)
    if (i + j === nth) return isFirst ? one : other
    if (isFirst) i += 1
    else j += 1
  }
}

function byRank(one: Work, other: Work): number {
  return compareRanks(one.rank, other.rank)
}

function byMiss(one: Work, other: Work): number {
  return other.miss - one.miss || byRank(one, other)
}
