/** A PDU with all that it says, and how it is had: a transaction names octets, and the disk has brought them. */

import type { Outgoing } from '../../protocol/cfdp/emission.ts'
import type { Header } from '../../protocol/cfdp/pdu/pdu.ts'
import type { SendingTransaction } from '../../protocol/cfdp/sending.ts'
import { eofOf, headerOf, metadataOf, type Transmission } from '../../protocol/cfdp/transmission.ts'
import type { Instant } from '../../protocol/machine.ts'
import type { Span } from '../../protocol/octets/span.ts'
import { metadataPlace } from '../buffer/passages.ts'
import type { ReadAhead } from './read-ahead.ts'

/** Of a segment, the octets of the file (borrowed). */
export interface Chosen {
  readonly outgoing: Outgoing
  readonly octets: Uint8Array
  /** Nobody asked for it: it is said once more. */
  readonly isRepeat?: true
}

/** What is said once more of a file that waits: its place counts as passages.ts has it. */
export interface Repeat {
  readonly transmission: Transmission
  readonly span: Span
}

/** How many file octets a segment with this header may have now, sent for the first time or again. */
export type SegmentRoom = (header: Header, again: boolean) => number

/** The next PDU of a transaction; undefined while the disk has not brought its octets, or there is no room. */
export function take(
  transaction: SendingTransaction,
  readAhead: ReadAhead,
  segmentRoom: SegmentRoom,
  now: Instant,
): Chosen | undefined {
  const { transmission, due } = transaction
  if (due === 'directive')
    return {
      outgoing: transaction.next(1, now) as Outgoing,
      octets: NO_OCTETS,
    }
  const wanted = transaction.wanted as Span
  const segmentOctets = segmentRoom(headerOf(transmission), due === 'again')
  const span = { start: wanted.start, end: Math.min(wanted.end, wanted.start + segmentOctets) }
  const file = { sequence: Number(transmission.sequence), octets: transmission.fileSize }
  const octets = readAhead.take(file, span, wanted.end)
  if (octets === undefined) return undefined
  return { outgoing: transaction.next(segmentOctets, now) as Outgoing, octets }
}

/** The same of a file that waits: Metadata, EOF, or a segment. */
export function takeAgain(
  { transmission, span }: Repeat,
  readAhead: ReadAhead,
  segmentRoom: SegmentRoom,
): Chosen | undefined {
  const header = headerOf(transmission)
  const { fileSize } = transmission
  if (span.start >= fileSize) {
    const body =
      span.start === metadataPlace(fileSize) ? metadataOf(transmission) : eofOf(transmission)
    return { outgoing: { kind: 'directive', header, body }, octets: NO_OCTETS, isRepeat: true }
  }
  const segmentOctets = segmentRoom(header, false)
  const end = Math.min(fileSize, span.end)
  const wanted = { start: span.start, end: Math.min(end, span.start + segmentOctets) }
  const file = { sequence: Number(transmission.sequence), octets: fileSize }
  const octets = readAhead.take(file, wanted, end)
  if (octets === undefined) return undefined
  const { start: offset } = wanted
  const outgoing = { kind: 'segment', header, offset, length: octets.length, isNew: false } as const
  return { outgoing, octets, isRepeat: true }
}

export const NO_OCTETS = new Uint8Array(0)
