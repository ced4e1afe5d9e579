/** What became of the octets of a file, as an operator sees it: contact by contact. */
import type { Span } from '../../protocol/octets/span.ts'
import { Spans } from '../../protocol/octets/spans.ts'
import type { AckBuffer } from './ack-buffer.ts'
import { eofPlace, metadataPlace, type Passage } from './passages.ts'

export interface ListedPassage {
  /** The contact as the log names it, and the last of several that became one: beginnings, UTC in milliseconds. */
  readonly contactMs: number
  readonly lastContactMs: number
  readonly stations: string
  /** The share of frames that none of them was expected to hear. */
  readonly loss: number
  /** Octets that went out, and how many of them the ground asked for again. */
  readonly octets: number
  readonly againOctets: number
}

/** What is known of one file, to the octet. */
export interface FilePassages {
  readonly sequence: number
  readonly name: string
  readonly octets: number
  readonly passages: readonly (ListedPassage & {
    readonly spans: readonly Span[]
    readonly again: readonly Span[]
    /** Whether these went out, too. */
    readonly metadata: boolean
    readonly eof: boolean
  })[]
  /** What the ground said that it holds. */
  readonly ground: readonly Span[]
}

/** Undefined: there is no such file. */
export function filePassages(buffer: AckBuffer, sequence: number): FilePassages | undefined {
  const entry = buffer.entry(sequence)
  if (entry === undefined) return undefined
  const { name, identity } = entry
  const { octets } = identity
  const known = buffer.passages(sequence)
  const passages = (known?.passages ?? []).map(passage => ({
    ...listedPassage(passage, octets),
    spans: [...withinFile(passage.spans, octets)],
    again: [...withinFile(passage.again, octets)],
    metadata: hasPlace(passage.spans, metadataPlace(octets)),
    eof: hasPlace(passage.spans, eofPlace(octets)),
  }))
  return { sequence, name, octets, passages, ground: [...withinFile(known?.ground, octets)] }
}

export function listedPassage(passage: Passage, fileOctets: number): ListedPassage {
  const { contactMs, lastContactMs, stations, loss, spans, again } = passage
  return {
    ...{ contactMs, lastContactMs, stations, loss },
    octets: withinFile(spans, fileOctets).octets,
    againOctets: withinFile(again, fileOctets).octets,
  }
}

/** Of the file alone: the places behind it stand for its Metadata and EOF. */
export function withinFile(spans: Spans = new Spans(), fileOctets: number): Spans {
  const within = new Spans(spans)
  within.remove(fileOctets, eofPlace(fileOctets) + 1)
  return within
}

function hasPlace(spans: Spans, place: number): boolean {
  return spans.has(place, place + 1)
}
