/** How many files wait, and for what, in the words of operators. */
import type { Queues } from '../protocol/cfdp/entity/counters.ts'
import type { AckBuffer } from './buffer/ack-buffer.ts'
import type { Downlink } from './downlink/downlink.ts'
import type { Transfers } from './downlink/transfers.ts'

export interface Line {
  readonly buffer: AckBuffer
  readonly downlink: Downlink
  readonly transfers: Transfers
}

/** Parked files wait, as those that are open and were sent as a whole. */
export function queuesOf({ buffer, downlink, transfers }: Line): Queues {
  let txa = 0
  for (const { state } of downlink.transactions()) if (state === 'sending') txa += 1
  let pend = 0
  for (const { sequence, ended } of buffer.entries())
    if (ended === undefined && downlink.transaction(sequence) === undefined) pend += 1
  const parked = transfers.parkedCount
  return { pend: pend - parked, txa, txw: downlink.openCount - txa + parked, rx: 0 }
}
