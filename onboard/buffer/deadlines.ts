/**
 * The deadlines of the files that are still to come down, earliest first. One that passes while the clock runs is
 * missed. One that had passed when the clock began to run, or that a step of the clock skipped, is only missed when
 * the clock has run on for a while: most clocks that are wrong are set soon after a start.
 */
import type { Entry } from './ack-buffer.ts'
import { Lane } from './lane.ts'

export class Deadlines {
  /** To come, as the clock runs. */
  readonly #ahead = new Lane(byDeadline)
  /** Skipped. */
  readonly #skipped = new Lane(byDeadline)
  readonly #known = new Map<number, Due>()
  /** UTC up to which deadlines were skipped, and when that counts. */
  #skippedMs: number
  #settledMs: number

  /** `utcMs`: when the clock begins to run. */
  constructor(utcMs: number) {
    this.#skippedMs = utcMs
    this.#settledMs = utcMs + SETTLE_MS
  }

  /** UTC in milliseconds when takeLate() may have one next. */
  get next(): number | undefined {
    const ahead = this.#ahead.at(0)?.deadlineMs
    if (this.#skipped.length === 0) return ahead
    return Math.min(ahead ?? Infinity, this.#settledMs)
  }

  add({ sequence, deadlineMs }: Entry): void {
    if (deadlineMs === undefined) return
    const due = { sequence, deadlineMs }
    this.#known.set(sequence, due)
    this.#laneOf(due).add(due)
  }

  drop(sequence: number): void {
    const due = this.#known.get(sequence)
    if (due === undefined) return
    this.#known.delete(sequence)
    this.#laneOf(due).delete(due)
  }

  /** The clock has stepped, and shows `utcMs`; `entries` are all that are still to come down. */
  stepped(utcMs: number, entries: Iterable<Entry>): void {
    const known = new Set(this.#known.keys())
    for (const sequence of known) this.drop(sequence)
    this.#skippedMs = utcMs
    this.#settledMs = utcMs + SETTLE_MS
    // What was missed by the clock of before may not be.
    for (const entry of entries)
      if (known.has(entry.sequence) || (entry.deadlineMs ?? 0) > utcMs) this.add(entry)
  }

  /** The sequence number of a file whose deadline has passed: each is named once. */
  takeLate(utcMs: number): number | undefined {
    const first = this.#ahead.at(0)
    const isAhead = first !== undefined && first.deadlineMs <= utcMs
    const late = isAhead || utcMs < this.#settledMs ? first : this.#skipped.at(0)
    if (late === undefined || late.deadlineMs > utcMs) return undefined
    this.drop(late.sequence)
    return late.sequence
  }

  #laneOf({ deadlineMs }: Due): Lane<Due> {
    return deadlineMs <= this.#skippedMs ? this.#skipped : this.#ahead
  }
}

interface Due {
  readonly sequence: number
  /** UTC in milliseconds. */
  readonly deadlineMs: number
}

function byDeadline(one: Due, other: Due): number {
  return one.deadlineMs - other.deadlineMs || one.sequence - other.sequence
}

/** A receiver that sets the clock has found the time by then. */
const SETTLE_MS = 10 * 60_000
