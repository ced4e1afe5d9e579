/**
 * Decides whose PDU goes out next. First what a partner waits for (acknowledgements, metadata, EOF), then
 * octets that were asked for again, then new ones, the oldest file first. A transaction whose octets the disk
 * has not brought yet is passed over, not waited for.
 */

import type { Outgoing } from '../../protocol/cfdp/emission.ts'
import type { Header } from '../../protocol/cfdp/pdu/pdu.ts'
import type { SendingTransaction } from '../../protocol/cfdp/sending.ts'
import { headerOf } from '../../protocol/cfdp/transmission.ts'
import type { Instant } from '../../protocol/machine.ts'
import type { ReadAhead } from './read-ahead.ts'

/** A PDU with all that it says: of a segment, the octets of the file (borrowed). */
export interface Chosen {
  readonly outgoing: Outgoing
  readonly octets: Uint8Array
}

/** How many file octets a segment with this header may have now, asked for again or not. */
export type SegmentRoom = (header: Header, again: boolean) => number

/** The next PDU of `open`; undefined if none can go now. */
export function choose(
  open: Iterable<SendingTransaction>,
  readAhead: ReadAhead,
  segmentRoom: SegmentRoom,
  now: Instant,
): Chosen | undefined {
  readAhead.beginChoice()
  const due = { directive: [], again: [], new: [] } as Record<Due, SendingTransaction[]>
  for (const transaction of open)
    if (transaction.due !== undefined) due[transaction.due].push(transaction)
  for (const transaction of [...due.directive, ...due.again, ...due.new]) {
    const chosen = take(transaction, readAhead, segmentRoom, now)
    if (chosen !== undefined) return chosen
  }
  return undefined
}

function take(
  transaction: SendingTransaction,
  readAhead: ReadAhead,
  segmentRoom: SegmentRoom,
  now: Instant,
): Chosen | undefined {
  const { transmission } = transaction
  const segmentOctets = segmentRoom(headerOf(transmission), transaction.due === 'again')
  let octets: Uint8Array = NONE
  const wanted = transaction.due === 'directive' ? undefined : transaction.wanted
  if (wanted !== undefined) {
    const span = { start: wanted.start, end: Math.min(wanted.end, wanted.start + segmentOctets) }
    const file = { sequence: Number(transmission.sequence), octets: transmission.fileSize }
    const read = readAhead.take(file, span, wanted.end)
    if (read === undefined) return undefined
    octets = read
  }
  return { outgoing: transaction.next(segmentOctets, now) as Outgoing, octets }
}

type Due = NonNullable<SendingTransaction['due']>

const NONE = new Uint8Array(0)
