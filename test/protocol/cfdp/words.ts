/** What ends of CFDP say to each other in tests. */
import type { Ack, Body, Directive, FileData, Nak } from '../../../protocol/cfdp/pdu/pdu.ts'
import type { Instant } from '../../../protocol/machine.ts'
import type { Destination, Message, Source } from './ends.ts'

export function dataOf(file: Uint8Array, start: number, end: number): FileData {
  const octets = file.subarray(start, end)
  return { kind: 'file data', offset: start, octets, segmentMetadata: undefined }
}

export function segmentsOf(file: Uint8Array, segmentOctets: number): readonly Body[] {
  const segments: Body[] = []
  for (let start = 0; start < file.length; start += segmentOctets)
    segments.push(dataOf(file, start, Math.min(file.length, start + segmentOctets)))
  return segments
}

export function ackOfEof(condition = 0, transactionStatus = 1): Ack {
  return { kind: 'ack', of: 'eof', condition, transactionStatus }
}

export function ackOfFinished(condition = 0, transactionStatus = 1): Ack {
  return { kind: 'ack', of: 'finished', condition, transactionStatus }
}

/** All that it says now, as far as it says it in PDUs of `roomOctets`. */
export function saidBy(destination: Destination, now: Instant, roomOctets = 1_000): Directive[] {
  const said: Directive[] = []
  while (destination.transaction.isUrgent) {
    const answer = destination.next(roomOctets, now)
    if (answer === undefined) throw new Error('It was urgent, and nothing was said')
    said.push(answer.body)
  }
  if (destination.next(roomOctets, now) !== undefined) throw new Error('It was not urgent')
  return said
}

/** The kinds of all that it says now. */
export function kindsOf(source: Source): readonly string[] {
  const said: string[] = []
  for (let message = source.next(100, 0); message !== undefined; message = source.next(100, 0))
    said.push(message.body.kind)
  return said
}

/** The file octets that come next, up to what is none. */
export function spansOf(
  source: Source,
  now: number,
  segmentOctets = 4,
): readonly [number, number][] {
  const spans: [number, number][] = []
  while (source.transaction.due === 'new' || source.transaction.due === 'again') {
    const { body } = source.next(segmentOctets, now) as Message
    if (body.kind !== 'file data') break
    spans.push([Number(body.offset), Number(body.offset) + body.octets.length])
  }
  return spans
}

/** Scope and gaps as pairs. */
export function nakOf(
  scope: readonly [number, number],
  gaps: readonly (readonly [number, number])[],
  wantsMetadata = false,
): Nak {
  return {
    kind: 'nak',
    scope: { start: scope[0], end: scope[1] },
    wantsMetadata,
    gaps: gaps.map(([start, end]) => ({ start, end })),
  }
}
