/** What became of the octets of a file, as its record in the journal says it, and back. */
import type { Span } from '../../protocol/octets/span.ts'
import { Spans } from '../../protocol/octets/spans.ts'
import { Passages } from './passages.ts'
import type { BufferRecord, SpanList } from './records.ts'

export type PassagesRecord = BufferRecord & { readonly kind: 'passages' }

export function passagesRecord({ sequence, passages, ground }: Passages): PassagesRecord {
  return {
    kind: 'passages',
    sequence,
    passages: passages.map(passage => ({
      ...passage,
      spans: listOf(passage.spans),
      again: listOf(passage.again),
    })),
    ground: listOf(ground),
  }
}

/** @param octets of the file */
export function restoredPassages(
  { sequence, passages, ground }: PassagesRecord,
  octets: number,
): Passages {
  const before = passages.map(({ contactMs, lastContactMs, stations, loss, spans, again }) => ({
    ...{ contactMs, lastContactMs, stations, loss },
    ...{ spans: new Spans(spansIn(spans)), again: setOf(again) },
  }))
  return new Passages(sequence, octets, { passages: before, ground: setOf(ground) })
}

/** To be read, not changed: ten thousand files have none, and share it. */
function setOf(list: SpanList): Spans {
  return list.length === 0 ? NONE : new Spans(spansIn(list))
}

function listOf(spans: Iterable<Span>): SpanList {
  const list: number[] = []
  for (const { start, end } of spans) list.push(start, end)
  return list
}

function* spansIn(list: SpanList): IterableIterator<Span> {
  for (let i = 0; i < list.length; i += 2)
    yield { start: list[i] as number, end: list[i + 1] as number }
}

/** Shared, and never changed. */
const NONE = new Spans()
