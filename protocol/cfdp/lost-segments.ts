/**
 * The lost segment procedures of a receiver: what is held, what is missing, what was asked for.
 * CCSDS 727.0-B-5, 4.6.4. The set has no cap, and a NAK is made when the link has room for it, so that it
 * speaks of the gaps of that moment and fits the PDU it goes in.
 */
import type { Span } from '../octets/span.ts'
import { Spans } from '../octets/spans.ts'
import type { Nak } from './pdu/pdu.ts'

export class LostSegments {
  readonly held: Spans
  /** Asked for and not come since; never overlaps `held`. */
  readonly #asked = new Spans()
  #wantsMetadata = false
  #askedMetadata = false
  /** The stretch that the NAKs of this round have yet to speak for. */
  #cursor = 0
  #horizon = 0

  constructor(held = new Spans()) {
    this.held = held
  }

  /** Whether a round is under way that still has something to say. */
  get isAsking(): boolean {
    return this.#wantsMetadata || this.#unasked(this.#cursor, this.#horizon).next().done === false
  }

  /** What of [0, end) is missing and was not asked for. */
  isMissingUnasked(end: number): boolean {
    return this.#unasked(0, end).next().done === false
  }

  /** Octets have come. Answers how many of them are new. */
  add(start: number, end: number): number {
    this.#asked.remove(start, end)
    return this.held.add(start, end)
  }

  /** Octets that came are gone again: the disk did not take them. */
  lose(start: number, end: number): void {
    this.held.remove(start, end)
  }

  /** Begins a round of NAKs for what of [0, horizon) is missing and not asked for yet. */
  ask(horizon: number, wantsMetadata: boolean): void {
    this.#cursor = 0
    this.#horizon = horizon
    this.#wantsMetadata = wantsMetadata && !this.#askedMetadata
  }

  /** What was asked for did not come: it may be asked for again. */
  forgetAsked(): void {
    this.#asked.clear()
    this.#askedMetadata = false
  }

  /** The next NAK of the round, with at most `gapsMax` gaps; undefined when the round is over. */
  next(gapsMax: number): Nak | undefined {
    const gaps: Span[] = []
    // The request for metadata takes the place of one gap.
    const room = this.#wantsMetadata ? gapsMax - 1 : Math.max(1, gapsMax)
    let scopeEnd = this.#horizon
    for (const gap of this.#unasked(this.#cursor, this.#horizon)) {
      const before = gaps.at(-1)
      const fence = before && this.#asked.firstAfter(before.end)
      if (gaps.length === room || (fence !== undefined && fence.start < gap.start)) {
        scopeEnd = gap.start
        break
      }
      gaps.push(gap)
    }
    if (gaps.length === 0 && !this.#wantsMetadata) return undefined
    return this.#nak(gaps, scopeEnd)
  }

  #nak(gaps: readonly Span[], end: number): Nak {
    const wantsMetadata = this.#wantsMetadata
    this.#wantsMetadata = false
    if (wantsMetadata) this.#askedMetadata = true
    const [first] = gaps
    if (first === undefined) return { kind: 'nak', scope: NOTHING, wantsMetadata, gaps }
    // The scope must not run over what was asked for before: this NAK does not name it, yet it is missing.
    const start = Math.max(this.#cursor, this.#asked.lastBefore(first.start)?.end ?? 0)
    const last = gaps.at(-1) as Span
    const fence = this.#asked.firstAfter(last.end)
    const scope = { start, end: Math.min(end, fence?.start ?? end) }
    this.#cursor = end
    for (const gap of gaps) this.#asked.add(gap.start, gap.end)
    return { kind: 'nak', scope, wantsMetadata, gaps }
  }

  *#unasked(start: number, end: number): Generator<Span, undefined> {
    for (const gap of this.held.gaps(start, end)) yield* this.#asked.gaps(gap.start, gap.end)
    return undefined
  }
}

const NOTHING: Span = { start: 0, end: 0 }
