/**
 * Decides whose PDU goes out next. First what a partner waits for (acknowledgements, metadata, EOF), then
 * octets that were asked for again, then new ones, the oldest file first. A transaction whose octets the disk
 * has not brought yet is passed over, not waited for.
 */
import type { Outgoing, SendingTransaction } from '../../protocol/cfdp/sending.ts'
import type { Instant } from '../../protocol/machine.ts'
import type { ReadAhead } from './read-ahead.ts'

/** A PDU with all that it says: of a segment, the octets of the file (borrowed). */
export interface Chosen {
  readonly outgoing: Outgoing
  readonly octets: Uint8Array
}

/** How many file octets a segment may have. */
export interface SegmentOctets {
  readonly fresh: number
  /** Asked for again: something was lost, so these are kept short and lose less. */
  readonly again: number
}

/** The next PDU of `open`; undefined if none can go now. */
export function choose(
  open: Iterable<SendingTransaction>,
  readAhead: ReadAhead,
  segments: SegmentOctets,
  now: Instant,
): Chosen | undefined {
  const order = { directive: 0, again: 1, new: 2 } as const
  const due: SendingTransaction[][] = [[], [], []]
  for (const transaction of open) {
    const kind = transaction.due
    if (kind !== undefined) due[order[kind]]?.push(transaction)
  }
  for (const transaction of due.flat()) {
    const octets = transaction.due === 'again' ? segments.again : segments.fresh
    const chosen = take(transaction, readAhead, octets, now)
    if (chosen !== undefined) return chosen
  }
  return undefined
}

function take(
  transaction: SendingTransaction,
  readAhead: ReadAhead,
  segmentOctets: number,
  now: Instant,
): Chosen | undefined {
  let octets: Uint8Array = NONE
  const wanted = transaction.due === 'directive' ? undefined : transaction.wanted
  if (wanted !== undefined) {
    const span = { start: wanted.start, end: Math.min(wanted.end, wanted.start + segmentOctets) }
    const { sequence, fileSize } = transaction.transmission
    const read = readAhead.take(Number(sequence), span, wanted.end, fileSize)
    if (read === undefined) return undefined
    octets = read
  }
  const outgoing = transaction.next(segmentOctets, now)
  return outgoing && { outgoing, octets }
}

const NONE = new Uint8Array(0)
