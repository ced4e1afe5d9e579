/**
 * A set of octets, kept as half-open spans in ascending order that neither touch nor overlap.
 * It says what is held, what is missing, what was acknowledged. Adding at the end, the usual case, costs
 * the same whatever the set holds; elsewhere the place is found by halving.
 */
import type { Span } from './span.ts'

export class Spans implements Iterable<Span> {
  /** No object a span: start, end, start, end, ..., ascending. Sets of no or one span are kept by the ten thousand. */
  #edges: number[] = EMPTY
  #octets = 0

  constructor(spans: Iterable<Span> = []) {
    for (const span of spans) this.add(span.start, span.end)
  }

  /** How many spans there are. */
  get count(): number {
    return this.#edges.length / 2
  }

  /** How many octets are in the set. */
  get octets(): number {
    return this.#octets
  }

  /** One past the last octet of the set; 0 if it is empty. */
  get end(): number {
    return this.#edges.at(-1) ?? 0
  }

  *[Symbol.iterator](): Iterator<Span> {
    for (let i = 0; i < this.#edges.length; i += 2)
      yield { start: this.#edges[i] as number, end: this.#edges[i + 1] as number }
  }

  /** The first place above `at` where something begins to be in the set, or not to be in it; Infinity: none. */
  nextEdge(at: number): number {
    const edges = this.#edges
    const i = this.#firstEndingFrom(at + 1)
    if (i >= edges.length) return Infinity
    const start = edges[i] as number
    return start > at ? start : (edges[i + 1] as number)
  }

  /** Adds [start, end). Answers how many octets of it were new. */
  add(start: number, end: number): number {
    if (start >= end) return 0
    const edges = this.#edges
    const first = this.#firstEndingFrom(start)
    let from = start
    let to = end
    let covered = 0
    let last = first
    for (; last < edges.length && (edges[last] as number) <= end; last += 2) {
      from = Math.min(from, edges[last] as number)
      to = Math.max(to, edges[last + 1] as number)
      covered += (edges[last + 1] as number) - (edges[last] as number)
    }
    this.#put(first, last, from, to)
    const added = to - from - covered
    this.#octets += added
    return added
  }

  /** Takes [start, end) out. Answers how many octets of it had been in. */
  remove(start: number, end: number): number {
    if (start >= end) return 0
    const edges = this.#edges
    const first = this.#firstEndingFrom(start + 1)
    const left: number[] = []
    let removed = 0
    let last = first
    for (; last < edges.length && (edges[last] as number) < end; last += 2) {
      const from = edges[last] as number
      const to = edges[last + 1] as number
      removed += Math.min(to, end) - Math.max(from, start)
      if (from < start) left.push(from, start)
      if (to > end) left.push(end, to)
    }
    this.#edges.splice(first, last - first, ...left)
    this.#octets -= removed
    return removed
  }

  /** Adds several, in any order. Many are merged: the set is read once, and not moved for each of them. */
  addAll(spans: readonly Span[]): void {
    if (spans.length <= FEW) {
      for (const { start, end } of spans) this.add(start, end)
      return
    }
    const before = this.#edges
    const all = new Spans()
    let at = 0
    for (const { start, end } of spans.toSorted(byStart)) {
      for (; at < before.length && (before[at] as number) <= start; at += 2)
        all.add(before[at] as number, before[at + 1] as number)
      all.add(start, end)
    }
    for (; at < before.length; at += 2) all.add(before[at] as number, before[at + 1] as number)
    this.#become(all)
  }

  /** Takes several out, in the same way. */
  removeAll(spans: readonly Span[]): void {
    if (spans.length <= FEW) {
      for (const { start, end } of spans) this.remove(start, end)
      return
    }
    const gone = new Spans(spans.toSorted(byStart))
    const kept = new Spans()
    for (const { start, end } of this)
      for (const rest of gone.gaps(start, end)) kept.add(rest.start, rest.end)
    this.#become(kept)
  }

  /** Whether every octet of [start, end) is in the set. */
  has(start: number, end: number): boolean {
    if (start >= end) return true
    const edges = this.#edges
    const i = this.#firstEndingFrom(start + 1)
    return i < edges.length && (edges[i] as number) <= start && (edges[i + 1] as number) >= end
  }

  /** What [start, end) has that the set has not, ascending. */
  *gaps(start: number, end: number): IterableIterator<Span> {
    let from = start
    for (let i = this.#firstEndingFrom(start + 1); i < this.#edges.length && from < end; i += 2) {
      const next = this.#edges[i] as number
      if (next >= end) break
      if (next > from) yield { start: from, end: next }
      from = this.#edges[i + 1] as number
    }
    if (from < end) yield { start: from, end }
  }

  /** The first span that ends after `from`, cut to begin there or later. */
  firstAfter(from: number): Span | undefined {
    const i = this.#firstEndingFrom(from + 1)
    if (i >= this.#edges.length) return undefined
    return { start: Math.max(from, this.#edges[i] as number), end: this.#edges[i + 1] as number }
  }

  /** The last span that begins before `at`, cut to end there or sooner. */
  lastBefore(at: number): Span | undefined {
    const edges = this.#edges
    const i = this.#firstEndingFrom(at)
    const reaches = i < edges.length && (edges[i] as number) < at
    const last = reaches ? i : i - 2
    if (last < 0) return undefined
    return { start: edges[last] as number, end: Math.min(at, edges[last + 1] as number) }
  }

  /** Forgets all spans but the first so many. */
  keepFirst(count: number): void {
    const edges = this.#edges
    if (edges.length <= 2 * count) return
    for (let i = 2 * count; i < edges.length; i += 2)
      this.#octets -= (edges[i + 1] as number) - (edges[i] as number)
    this.#edges = edges.slice(0, 2 * count)
  }

  clear(): void {
    this.#edges = EMPTY
    this.#octets = 0
  }

  /** Index of the start of the first span whose end is `at` or more. */
  #firstEndingFrom(at: number): number {
    const edges = this.#edges
    const last = edges.length / 2 - 1
    if (last < 0 || (edges[2 * last + 1] as number) < at) return edges.length
    let low = 0
    let high = last
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((edges[2 * middle + 1] as number) < at) low = middle + 1
      else high = middle
    }
    return 2 * low
  }

  /** Puts one span in the place of those from `first` up to `last`. */
  #put(first: number, last: number, start: number, end: number): void {
    const edges = this.#edges
    if (edges.length === 0) this.#edges = [start, end]
    else if (first === edges.length) edges.push(start, end)
    else if (last - first === 2) {
      edges[first] = start
      edges[first + 1] = end
    } else edges.splice(first, last - first, start, end)
  }

  #become(other: Spans): void {
    this.#edges = other.#edges
    this.#octets = other.#octets
  }
}

function byStart(one: Span, other: Span): number {
  return one.start - other.start
}

/** So many are put in place one by one sooner than the whole set is read. */
const FEW = 16
/** Shared by all that are empty, and never changed. */
const EMPTY: number[] = []
