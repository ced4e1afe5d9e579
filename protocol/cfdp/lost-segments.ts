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
  /** A NAK is wanted even if it has nothing to ask for. */
  #mustAnswer = false
  /** The stretch that the NAKs of this round have yet to speak for. */
  #scopeStart = 0
  #horizon = 0
  /** Nothing before it is left to ask for in this round: so gaps are looked for once, not for each PDU. */
  #cursor = 0

  constructor(held = new Spans()) {
    this.held = held
  }

  /** Whether a round is under way that still has something to say. */
  get isAsking(): boolean {
    if (this.#wantsMetadata || this.#mustAnswer) return true
    // Asked with every PDU, and nearly always with nothing left to say.
    if (this.#cursor >= this.#horizon) return false
    const gap = this.#unasked(this.#cursor, this.#horizon).next().value
    this.#cursor = gap?.start ?? this.#horizon
    return gap !== undefined
  }

  /** Whether something between `start` and the last octet held is missing and was not asked for. */
  isMissingUnaskedFrom(start: number): boolean {
    return this.#unasked(start, this.held.end).next().done === false
  }

  /** Octets have come. Answers how many of them are new. */
  add(start: number, end: number): number {
    this.#asked.remove(start, end)
    return this.held.add(start, end)
  }

  /** Octets that came are gone again: the disk did not take them. */
  lose(start: number, end: number): void {
    this.held.remove(start, end)
    this.#cursor = Math.max(this.#scopeStart, Math.min(this.#cursor, start))
  }

  /** Begins a round of NAKs for what of [0, horizon) is missing and not asked for yet. */
  ask(horizon: number, wantsMetadata: boolean): void {
    this.#scopeStart = 0
    this.#cursor = 0
    this.#horizon = horizon
    this.#wantsMetadata = wantsMetadata && !this.#askedMetadata
  }

  /** Begins a round that speaks of all of [0, horizon), and says so even if nothing of it is missing. */
  answer(horizon: number, wantsMetadata: boolean): void {
    this.forgetAsked()
    this.ask(horizon, wantsMetadata)
    this.#mustAnswer = true
  }

  /** What was asked for did not come: it may be asked for again. */
  forgetAsked(): void {
    this.#asked.clear()
    this.#cursor = this.#scopeStart
    this.#askedMetadata = false
  }

  /** The next NAK of the round, with at most `gapsMax` gaps (at least 1); undefined when the round is over. */
  next(gapsMax: number): Nak | undefined {
    const gaps: Span[] = []
    // The request for metadata takes the place of one gap.
    const room = Math.max(1, gapsMax) - (this.#wantsMetadata ? 1 : 0)
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
    if (gaps.length === 0 && !this.#wantsMetadata) return this.#nothingMissing()
    return this.#nak(gaps, scopeEnd)
  }

  #nothingMissing(): Nak | undefined {
    if (!this.#mustAnswer) return undefined
    this.#mustAnswer = false
    const scope = { start: 0, end: this.#horizon }
    return { kind: 'nak', scope, wantsMetadata: false, gaps: [] }
  }

  #nak(gaps: readonly Span[], end: number): Nak {
    this.#mustAnswer = false
    const wantsMetadata = this.#wantsMetadata
    this.#wantsMetadata = false
    if (wantsMetadata) this.#askedMetadata = true
    const [first] = gaps
    if (first === undefined) return { kind: 'nak', scope: NOTHING, wantsMetadata, gaps }
    // The scope must not run over what was asked for before: this NAK does not name it, yet it is missing.
    const start = Math.max(this.#scopeStart, this.#asked.lastBefore(first.start)?.end ?? 0)
    const last = gaps.at(-1) as Span
    const fence = this.#asked.firstAfter(last.end)
    const scope = { start, end: Math.min(end, fence?.start ?? end) }
    this.#scopeStart = scope.end
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
