/**
 * A set of octets, kept as half-open spans in ascending order that neither touch nor overlap.
 * It says what is held, what is missing, what was acknowledged. Adding at the end, the usual case, costs
 * the same whatever the set holds; elsewhere the place is found by halving.
 */
import type { Span } from './span.ts'

export class Spans implements Iterable<Span> {
  // Two flat arrays, no object a span: start[i] < end[i] < start[i + 1].
  readonly #start: number[] = []
  readonly #end: number[] = []
  #octets = 0

  constructor(spans: Iterable<Span> = []) {
    for (const span of spans) this.add(span.start, span.end)
  }

  /** How many spans there are. */
  get count(): number {
    return this.#start.length
  }

  /** How many octets are in the set. */
  get octets(): number {
    return this.#octets
  }

  /** One past the last octet of the set; 0 if it is empty. */
  get end(): number {
    return this.#end.at(-1) ?? 0
  }

  *[Symbol.iterator](): Iterator<Span> {
    for (let i = 0; i < this.#start.length; i++)
      yield { start: this.#start[i] as number, end: this.#end[i] as number }
  }

  /** Adds [start, end). Answers how many octets of it were new. */
  add(start: number, end: number): number {
    if (start >= end) return 0
    const first = this.#firstEndingFrom(start)
    let from = start
    let to = end
    let covered = 0
    let last = first
    for (; last < this.#start.length && (this.#start[last] as number) <= end; last++) {
      from = Math.min(from, this.#start[last] as number)
      to = Math.max(to, this.#end[last] as number)
      covered += (this.#end[last] as number) - (this.#start[last] as number)
    }
    this.#replace(first, last, [from], [to])
    const added = to - from - covered
    this.#octets += added
    return added
  }

  /** Takes [start, end) out. Answers how many octets of it had been in. */
  remove(start: number, end: number): number {
    if (start >= end) return 0
    const first = this.#firstEndingFrom(start + 1)
    const starts: number[] = []
    const ends: number[] = []
    let removed = 0
    let last = first
    for (; last < this.#start.length && (this.#start[last] as number) < end; last++) {
      const from = this.#start[last] as number
      const to = this.#end[last] as number
      removed += Math.min(to, end) - Math.max(from, start)
      if (from < start) {
        starts.push(from)
        ends.push(start)
      }
      if (to > end) {
        starts.push(end)
        ends.push(to)
      }
    }
    this.#replace(first, last, starts, ends)
    this.#octets -= removed
    return removed
  }

  /** Whether every octet of [start, end) is in the set. */
  has(start: number, end: number): boolean {
    if (start >= end) return true
    const i = this.#firstEndingFrom(start + 1)
    return (
      i < this.#start.length &&
      (this.#start[i] as number) <= start &&
      (this.#end[i] as number) >= end
    )
  }

  /** What [start, end) has that the set has not, ascending. */
  *gaps(start: number, end: number): IterableIterator<Span> {
    let from = start
    for (let i = this.#firstEndingFrom(start + 1); i < this.#start.length && from < end; i++) {
      const next = this.#start[i] as number
      if (next >= end) break
      if (next > from) yield { start: from, end: next }
      from = this.#end[i] as number
    }
    if (from < end) yield { start: from, end }
  }

  /** The first span that ends after `from`, cut to begin there or later. */
  firstAfter(from: number): Span | undefined {
    const i = this.#firstEndingFrom(from + 1)
    if (i >= this.#start.length) return undefined
    return { start: Math.max(from, this.#start[i] as number), end: this.#end[i] as number }
  }

  /** The last span that begins before `at`, cut to end there or sooner. */
  lastBefore(at: number): Span | undefined {
    const i = this.#firstEndingFrom(at)
    const reaches = i < this.#start.length && (this.#start[i] as number) < at
    const last = reaches ? i : i - 1
    if (last < 0) return undefined
    return { start: this.#start[last] as number, end: Math.min(at, this.#end[last] as number) }
  }

  /** Forgets all spans but the first so many. */
  keepFirst(count: number): void {
    for (let i = count; i < this.#start.length; i++)
      this.#octets -= (this.#end[i] as number) - (this.#start[i] as number)
    this.#start.length = Math.min(count, this.#start.length)
    this.#end.length = this.#start.length
  }

  clear(): void {
    this.#start.length = 0
    this.#end.length = 0
    this.#octets = 0
  }

  /** Index of the first span whose end is `at` or more. */
  #firstEndingFrom(at: number): number {
    const last = this.#end.length - 1
    if (last < 0 || (this.#end[last] as number) < at) return last + 1
    let low = 0
    let high = last
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#end[middle] as number) < at) low = middle + 1
      else high = middle
    }
    return low
  }

  #replace(first: number, last: number, starts: number[], ends: number[]): void {
    if (last - first === 1 && starts.length === 1) {
      this.#start[first] = starts[0] as number
      this.#end[first] = ends[0] as number
      return
    }
    this.#start.splice(first, last - first, ...starts)
    this.#end.splice(first, last - first, ...ends)
  }
}
