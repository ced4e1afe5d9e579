/**
 * What became of the octets of one file: in which contact they went out, who heard then, and what the ground
 * said that it holds. From it follows what most likely was not heard by anybody.
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
  readonly #octets: number
  #passages: Passage[] = []
  readonly #news = new Set<Passage>()
  /** What the ground said that it holds. */
  #ground = new Spans()
  #unheard: Unheard | undefined

  /** @param octets of the file */
  constructor(octets: number) {
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
    // What goes out twice is missed less than what goes out once, whoever hears.
    if (last === undefined || !isSame || isAnyOf(last.spans, start, end)) {
      last = { stations, loss, spans: new Spans() }
      this.#passages.push(last)
      if (this.#passages.length > PASSAGES.passagesMax) this.#mergeOldest()
    }
    last.spans.add(start, end)
    bound(last.spans, 'widen')
    this.#news.add(last)
    this.#unheard = undefined
  }

  /** The passages that are new or have grown since the last call. */
  takeNews(): readonly Passage[] {
    const news = this.#passages.filter(passage => this.#news.has(passage))
    this.#news.clear()
    return news
  }

  /** The ground holds these octets. */
  held(spans: Iterable<Span>): void {
    for (const { start, end } of spans) this.#ground.add(start, end)
    bound(this.#ground, 'forget')
    this.#unheard = undefined
  }

  /** The ground asks for these octets: nobody has heard them. */
  asked(spans: Iterable<Span>): void {
    for (const { start, end } of spans) this.#ground.remove(start, end)
    bound(this.#ground, 'forget')
    this.#unheard = undefined
  }

  /** What most likely nobody has heard; of stretches alike the first. Undefined: the ground holds it all. */
  get unheard(): Unheard | undefined {
    this.#unheard ??= this.#find()
    return this.#unheard
  }

  #find(): Unheard | undefined {
    let best: Unheard | undefined
    for (const { start, end } of this.#ground.gaps(0, eofPlace(this.#octets) + 1)) {
      const edges = this.#edges(start, end)
      for (let i = 0; i + 1 < edges.length; i++) {
        const stretch = { start: edges[i] as number, end: edges[i + 1] as number }
        const miss = this.#miss(stretch)
        if (best !== undefined && best.end === stretch.start && best.miss === miss)
          best = { ...stretch, start: best.start, miss }
        else if (best === undefined || miss > best.miss) best = { ...stretch, miss }
      }
    }
    return best
  }

  /** Where the answer to "who heard it" may change between start and end, both of them included. */
  #edges(start: number, end: number): number[] {
    const edges = new Set([start, end])
    for (const { spans } of this.#passages)
      for (const span of spans)
        for (const edge of [span.start, span.end]) if (edge > start && edge < end) edges.add(edge)
    return [...edges].toSorted((one, other) => one - other)
  }

  #miss({ start, end }: Span): number {
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
  }
}

function isAnyOf(spans: Spans, start: number, end: number): boolean {
  const next = spans.firstAfter(start)
  return next !== undefined && next.start < end
}

/** Keeps a set small: what is between its last spans is put in, or its last spans are taken out. */
function bound(spans: Spans, how: 'widen' | 'forget'): void {
  while (spans.count > PASSAGES.spansMax) {
    const last = spans.lastBefore(Infinity) as Span
    if (how === 'forget') spans.remove(last.start, last.end)
    else spans.add((spans.lastBefore(last.start) as Span).end, last.start)
  }
}
