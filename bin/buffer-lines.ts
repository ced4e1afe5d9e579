/** Files that wait aboard, for a reader: a line each, or one of them contact by contact. */
import type { FilePassages } from '../onboard/buffer/listed-passages.ts'
import type { ListedFile } from '../onboard/buffer/listing.ts'
import type { Span } from '../protocol/octets/span.ts'
import { lasting } from './figures.ts'

export function lineOf(file: ListedFile): string {
  const { sequence, priority, pinned, state, octets, sentOctets, groundOctets, name } = file
  const release =
    file.releaseInMs === undefined ? 'not in the plan' : `in ${lasting(file.releaseInMs)}`
  const heard = sentTo(file.passages)
  return [
    `${sequence}`.padStart(8),
    `p${priority}${pinned ? ' pinned' : ''}`,
    state,
    `${sentOctets}/${octets} sent`,
    `${groundOctets} on the ground`,
    `${lasting(file.ageMs)} old`,
    ...(file.deadlineMs === undefined ? [] : [`due ${new Date(file.deadlineMs).toISOString()}`]),
    `let go ${release}`,
    name,
    ...(heard === '' ? [] : [`sent to ${heard}`]),
  ].join('  ')
}

/** What went out in each contact, and what came of it. */
export function fileLines({ sequence, name, octets, passages, ground }: FilePassages): string[] {
  const lines = passages.map(passage => {
    const { stations, loss, spans, again, metadata, eof } = passage
    const sent = [
      ...spans.map(spanText),
      ...(metadata ? ['Metadata'] : []),
      ...(eof ? ['EOF'] : []),
    ]
    const asked = again.length === 0 ? [] : [`asked for again: ${listed(again.map(spanText))}`]
    const who = `${heardName(stations)}, loss ${loss}`
    return `  ${[contactText(passage), who, listed(sent), ...asked].join('  ')}`
  })
  const held = listed(ground.map(spanText))
  return [`${sequence}  ${name}  ${octets} octets`, ...lines, `  on the ground: ${held}`]
}

/** Octets by those who were to hear them, in whatever contact. */
function sentTo(passages: ListedFile['passages']): string {
  const sums = new Map<string, { octets: number; again: number }>()
  for (const { stations, octets, againOctets } of passages) {
    const sum = sums.get(stations) ?? { octets: 0, again: 0 }
    sums.set(stations, { octets: sum.octets + octets, again: sum.again + againOctets })
  }
  const texts = [...sums].map(([stations, { octets, again }]) => {
    const asked = again === 0 ? '' : ` (${again} asked for again)`
    return `${heardName(stations)} ${octets}${asked}`
  })
  return texts.join(', ')
}

function heardName(stations: string): string {
  return stations === '' ? 'the ground' : stations
}

function contactText({ contactMs, lastContactMs }: FilePassages['passages'][number]): string {
  const first = new Date(contactMs).toISOString()
  return contactMs === lastContactMs
    ? first
    : `${first} to ${new Date(lastContactMs).toISOString()}`
}

function spanText({ start, end }: Span): string {
  return `${start}-${end}`
}

function listed(texts: readonly string[]): string {
  return texts.length === 0 ? 'nothing' : texts.join(' ')
}
