/**
 * What became of the octets of one file: in which contact they went out and who heard, which of them the ground asked for
 * again, and what it said that it holds. From it follows what most likely was not heard by anybody.
 *
 *     octets         0          a              b              size
 *     10:00 Malindi  |==========|                             |M|        loss 0.01
 *     11:30 Kourou              |==============|==============| |E|      loss 0.1
 *           again                   |--|                                 so 1, until it goes out again
 *     12:10 Malindi                            |==============| |E|      loss 0.01, so 0.001 of both
 *     ground         |=====|
 *
 * One octet beyond the file stands for its Metadata, and the next for its EOF.
 */
import type { Span } from '../../protocol/octets/span.ts'
import { Spans } from '../../protocol/octets/spans.ts'

/** Octets of a file that went out in one contact while the same stations heard. */
export interface Passage {
  /** The contact, as the log names it: by its beginning, UTC in milliseconds. */
  readonly contactMs: number
  /** Several became one, beyond the bounds: the last of their contacts. Else the same contact. */
  readonly lastContactMs: number
  /** Names of the stations, joined by +. */
  readonly stations: string
  /** The share of frames that none of them is expected to hear. */
  readonly loss: number
  readonly spans: Spans
  /** What of it the ground asked for again later: none of them has heard it. */
  readonly again: Spans
}

/** Who hears, and how well. */
export type Heard = Pick<Passage, 'stations' | 'loss'>

/** A stretch to be sent once more, and how likely nobody has heard it. */
export interface Unheard extends Span {
  readonly miss: number
}

/** Bounds of what is remembered of one file; beyond them it is remembered as one that was heard less well. */
export const PASSAGES = {
  passagesMax: 8,
  spansMax: 32,
} as const

export function metadataPlace(fileOctets: number): number {
  return fileOctets
}

export function eofPlace(fileOctets: number): number {
  return fileOctets + 1
}

export class Passages {
  readonly sequence: number
  readonly #octets: number
  /** Of just so many: ten thousand files wait. Oldest first. */
  #passages: readonly Passage[] = NO_PASSAGES
  /** What the ground said that it holds. */
  #ground = NO_SPANS
  #isChanged = false
  #unheard: Unheard | undefined

  /** @param octets of the file */
  constructor(sequence: number, octets: number, known?: Pick<Passages, 'passages' | 'ground'>) {
    this.sequence = sequence
    this.#octets = octets
    if (known === undefined) return
    this.#passages = known.passages
    this.#ground = known.ground
  }

  get passages(): readonly Passage[] {
    return this.#passages
  }

  get ground(): Spans {
    return this.#ground
  }

  /** [start, end) went out in a contact while these heard. */
  sent(contactMs: number, { stations, loss }: Heard, { start, end }: Span): void {
    let last = this.#passages.at(-1)
    this.#unheard = this.#unheardBut(start, end, loss)
    const isSame =
      last?.lastContactMs === contactMs && last.stations === stations && last.loss === loss
    // What goes out twice is missed less than what goes out once, whoever hears.
    if (last === undefined || !isSame || isAnyOf(last.spans, start, end)) {
      const spans = new Spans()
      last = { contactMs, lastContactMs: contactMs, stations, loss, spans, again: NO_SPANS }
      this.#passages = this.#passages.concat(last)
      if (this.#passages.length > PASSAGES.passagesMax) this.#mergeTwo()
    }
    last.spans.add(start, end)
    if (bound(last.spans, 'widen')) this.#unheard = undefined
    this.#isChanged = true
  }

  /** Whether anything is other than at the last call. */
  takeChange(): boolean {
    const isChanged = this.#isChanged
    this.#isChanged = false
    return isChanged
  }

  /** The ground holds these octets. */
  held(spans: Iterable<Span>): void {
    const ground = new Spans(this.#ground)
    for (const { start, end } of spans) ground.add(start, end)
    this.#hold(ground)
  }

  /** The ground asks for these octets: nobody has heard them. */
  asked(spans: Iterable<Span>): void {
    const ground = new Spans(this.#ground)
    const again = this.#passages.map(passage => new Spans(passage.again))
    for (const span of spans) {
      ground.remove(span.start, span.end)
      for (const [i, passage] of this.#passages.entries())
        addShared(passage.spans, span, again[i] as Spans)
    }
    this.#passages = this.#passages.map((passage, i) => askedAgain(passage, again[i] as Spans))
    this.#hold(ground)
  }

  /** What most likely nobody has heard; of stretches alike the first. Undefined: the ground holds it all. */
  get unheard(): Unheard | undefined {
    this.#unheard ??= this.#find()
    return this.#unheard
  }

  /** It is asked for what nobody heard no more, for a while. */
  rest(): void {
    this.#unheard = undefined
  }

  #hold(ground: Spans): void {
    bound(ground, 'forget')
    this.#ground = ground.count > 0 ? ground : NO_SPANS
    this.#isChanged = true
    this.#unheard = undefined
  }

  /** What is left of it when [start, end) goes out: it stays what it was, but for what was sent from its front. */
  #unheardBut(start: number, end: number, loss: number): Unheard | undefined {
    const unheard = this.#unheard
    const isFront = unheard !== undefined && unheard.start === start && end < unheard.end
    return isFront && loss < 1 ? { start: end, end: unheard.end, miss: unheard.miss } : undefined
  }

  #find(): Unheard | undefined {
    let best: Unheard | undefined
    for (const gap of this.#ground.gaps(0, eofPlace(this.#octets) + 1))
      for (let start = gap.start; start < gap.end; ) {
        const end = Math.min(gap.end, this.#nextEdge(start))
        const miss = this.#miss(start, end)
        if (best !== undefined && best.end === start && best.miss === miss)
          best = { start: best.start, end, miss }
        else if (best === undefined || miss > best.miss) best = { start, end, miss }
        start = end
      }
    return best
  }

  /** Where the answer to "who heard it" is next another one. */
  #nextEdge(at: number): number {
    let next = Infinity
    for (const { spans, again } of this.#passages)
      next = Math.min(next, spans.nextEdge(at), again.nextEdge(at))
    return next
  }

  #miss(start: number, end: number): number {
    let miss = 1
    for (const { loss, spans, again } of this.#passages)
      if (spans.has(start, end) && !again.has(start, end)) miss *= loss
    return miss
  }

  /** Two passages become one: where nothing but the contact is lost by it, or else the oldest. */
  #mergeTwo(): void {
    const all = this.#passages
    // The newest is still to grow.
    const alike = all.slice(0, -2).findIndex((one, i) => isAlike(one, all[i + 1] as Passage))
    const at = Math.max(0, alike)
    const both = merged(all[at] as Passage, all[at + 1] as Passage)
    this.#passages = [...all.slice(0, at), both, ...all.slice(at + 2)]
    this.#unheard = undefined
  }
}

function isAlike(one: Passage, other: Passage): boolean {
  if (one.stations !== other.stations || one.loss !== other.loss) return false
  for (const { start, end } of other.spans) if (isAnyOf(one.spans, start, end)) return false
  return true
}

/** What went out in either, heard as well as the worse of them. What went out again is heard again. */
function merged(one: Passage, other: Passage): Passage {
  const spans = new Spans(one.spans)
  const again = new Spans(one.again)
  for (const { start, end } of other.spans) {
    spans.add(start, end)
    again.remove(start, end)
  }
  for (const { start, end } of other.again) again.add(start, end)
  bound(spans, 'widen')
  bound(again, 'widen')
  return {
    contactMs: one.contactMs,
    lastContactMs: other.lastContactMs,
    stations: one.stations === other.stations ? one.stations : 'several',
    loss: Math.max(one.loss, other.loss),
    spans,
    again: again.count > 0 ? again : NO_SPANS,
  }
}

function askedAgain(passage: Passage, again: Spans): Passage {
  if (again.octets === passage.again.octets) return passage
  bound(again, 'widen')
  return { ...passage, again }
}

/** Adds to `to` what [start, end) has of `spans`. */
function addShared(spans: Spans, { start, end }: Span, to: Spans): void {
  let next = spans.firstAfter(start)
  while (next !== undefined && next.start < end) {
    to.add(next.start, Math.min(next.end, end))
    next = spans.firstAfter(next.end)
  }
}

function isAnyOf(spans: Spans, start: number, end: number): boolean {
  const next = spans.firstAfter(start)
  return next !== undefined && next.start < end
}

/** Keeps a set small: what is between its last spans is put in, or its last spans are taken out. Answers if it did. */
function bound(spans: Spans, how: 'widen' | 'forget'): boolean {
  if (spans.count <= PASSAGES.spansMax) return false
  while (spans.count > PASSAGES.spansMax) {
    const last = spans.lastBefore(Infinity) as Span
    if (how === 'forget') spans.remove(last.start, last.end)
    else spans.add((spans.lastBefore(last.start) as Span).end, last.start)
  }
  return true
}

/** Shared by all that have none, and never changed. */
const NO_PASSAGES: readonly Passage[] = []
const NO_SPANS = new Spans()
