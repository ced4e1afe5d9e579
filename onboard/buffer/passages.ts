/**
 * What became of the octets of one file: who heard when they went out, and what the ground said that it holds.
 * Contacts with the same stations count as one. From it follows what most likely was not heard by anybody.
 *
 *     octets     0          a              b              size
 *     Malindi    |==========|                             |M|        loss 0.01
 *     Kourou                |==============|==============| |E|      loss 0.1
 *     Malindi                              |==============| |E|      loss 0.01, so 0.001 of both
 *     ground     |=====|
 *
 * One octet beyond the file stands for its Metadata, and the next for its EOF.
 */
import type { Span } from '../../protocol/octets/span.ts'
import { Spans } from '../../protocol/octets/spans.ts'

/** Octets of a file that went out while the same stations heard. */
export interface Passage {
  /** Names of the stations, joined by +. */
  readonly stations: string
  /** The share of frames that none of them is expected to hear. */
  readonly loss: number
  readonly spans: Spans
}

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
  /** Of just so many: ten thousand files wait. */
  #passages: readonly Passage[] = NO_PASSAGES
  /** Those from here on are new or have grown. */
  #newsFrom = 0
  /** What the ground said that it holds. */
  #ground = NO_SPANS
  #isChanged = false
  #unheard: Unheard | undefined

  /** @param octets of the file */
  constructor(sequence: number, octets: number) {
    this.sequence = sequence
    this.#octets = octets
  }

  get passages(): readonly Passage[] {
    return this.#passages
  }

  get ground(): Spans {
    return this.#ground
  }

  /** [start, end) went out while `stations` heard. */
  sent(stations: string, loss: number, { start, end }: Span): void {
    let last = this.#passages.at(-1)
    const isSame = last?.stations === stations && last.loss === loss
    this.#unheard = this.#unheardBut(start, end, loss)
    // What goes out twice is missed less than what goes out once, whoever hears.
    if (last === undefined || !isSame || isAnyOf(last.spans, start, end)) {
      last = { stations, loss, spans: new Spans() }
      this.#passages = this.#passages.concat(last)
      if (this.#passages.length > PASSAGES.passagesMax) this.#mergeOldest()
    }
    last.spans.add(start, end)
    if (bound(last.spans, 'widen')) this.#unheard = undefined
    this.#newsFrom = Math.min(this.#newsFrom, this.#passages.length - 1)
    this.#isChanged = true
  }

  /** The passages that are new or have grown since the last call; undefined: nothing else has changed either. */
  takeNews(): readonly Passage[] | undefined {
    if (!this.#isChanged) return undefined
    const news = this.#passages.slice(this.#newsFrom)
    this.#newsFrom = this.#passages.length
    this.#isChanged = false
    return news
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
    for (const { start, end } of spans) ground.remove(start, end)
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
    for (const { spans } of this.#passages) next = Math.min(next, spans.nextEdge(at))
    return next
  }

  #miss(start: number, end: number): number {
    let miss = 1
    for (const { loss, spans } of this.#passages) if (spans.has(start, end)) miss *= loss
    return miss
  }

  /** Two passages become one: what went out in either, heard as well as the worse of them. */
  #mergeOldest(): void {
    const [one, other, ...rest] = this.#passages as [Passage, Passage, ...Passage[]]
    const spans = new Spans(one.spans)
    for (const { start, end } of other.spans) spans.add(start, end)
    bound(spans, 'widen')
    const loss = Math.max(one.loss, other.loss)
    const stations = one.stations === other.stations ? one.stations : 'several'
    this.#passages = [{ stations, loss, spans }, ...rest]
    // What has become one is no news.
    this.#newsFrom = Math.max(1, this.#newsFrom - 1)
    this.#unheard = undefined
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
