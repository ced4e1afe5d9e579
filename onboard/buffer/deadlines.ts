/** The deadlines of the files that are still to come down, earliest first. */
import type { Entry } from './ack-buffer.ts'
import { Lane } from './lane.ts'
import { compareRanks, type Rank } from './rank.ts'

export class Deadlines {
  readonly #lane = new Lane<Rank>(byDeadline)
  readonly #ranks = new Map<number, Rank>()

  /** UTC in milliseconds of the earliest. */
  get next(): number | undefined {
    return this.#lane.at(0)?.deadlineMs
  }

  add({ rank }: Entry): void {
    if (rank.deadlineMs === Infinity) return
    this.#lane.add(rank)
    this.#ranks.set(rank.sequence, rank)
  }

  drop(sequence: number): void {
    const rank = this.#ranks.get(sequence)
    if (rank === undefined) return
    this.#ranks.delete(sequence)
    this.#lane.delete(rank)
  }

  /** The sequence number of a file whose deadline has passed: each is named once. */
  takeLate(utcMs: number): number | undefined {
    const rank = this.#lane.at(0)
    if (rank === undefined || rank.deadlineMs > utcMs) return undefined
    this.drop(rank.sequence)
    return rank.sequence
  }
}

function byDeadline(one: Rank, other: Rank): number {
  return one.deadlineMs - other.deadlineMs || compareRanks(one, other)
}
