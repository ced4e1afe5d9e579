/** The downlink policy as it is described, and no faster: all works are sorted for each question. */
import { compareRanks } from '../../onboard/buffer/rank.ts'
import type { DownlinkPolicy, Due, Work } from '../../onboard/downlink/policy.ts'
import type { Role } from '../../protocol/plan/plan.ts'

export class PlainPolicy implements DownlinkPolicy {
  readonly #works = new Map<number, Work>()
  #role: Role = 'main'

  put(work: Work): void {
    this.#works.set(work.rank.sequence, work)
  }

  drop(sequence: number): void {
    this.#works.delete(sequence)
  }

  work(sequence: number): Work | undefined {
    return this.#works.get(sequence)
  }

  works(): IterableIterator<Work> {
    return this.#works.values()
  }

  hear(role: Role): void {
    this.#role = role
  }

  candidate(nth: number, aside = false): number | undefined {
    const works = [...this.#works.values()].filter(
      ({ due }) => (this.#role !== 'main' || due !== 'waiting') && !(aside && due === 'directive'),
    )
    return works.toSorted((one, other) => this.#compare(one, other, aside))[nth]?.rank.sequence
  }

  #compare(one: Work, other: Work, aside: boolean): number {
    const [place, otherPlace] = [PLACES[one.due], PLACES[other.due]]
    if (place !== otherPlace) return place - otherPlace
    if (one.due === 'waiting') return other.miss - one.miss || compareRanks(one.rank, other.rank)
    if (one.due === 'directive') return compareRanks(one.rank, other.rank)
    const urgency = one.rank.priority - other.rank.priority
    if (urgency !== 0 || one.due === other.due) return urgency || compareRanks(one.rank, other.rank)
    return (one.due === 'again') === (this.#role === 'main' && !aside) ? -1 : 1
  }
}

const PLACES: Readonly<Record<Due, number>> = { directive: 0, again: 1, new: 1, waiting: 2 }
