/**
 * What an entity counts, under the names that operators of the CF application of cFS know. `spurious` are PDUs
 * of transactions that are over or never were, `dropped` those that a limit kept out, `error` those that are
 * no PDU or come from nobody known.
 */
import { CONDITION } from '../condition.ts'
import type { Body } from '../pdu/pdu.ts'

export interface EntityCounters {
  readonly sent: { file_data_bytes: number; pdu: number; nak_segment_requests: number }
  readonly recv: {
    file_data_bytes: number
    pdu: number
    error: number
    spurious: number
    dropped: number
    nak_segment_requests: number
    /** NAKs that were not heeded: too much was sent again already, or is to be, in too many pieces. */
    nak_ignored: number
  }
  readonly fault: Record<FaultName, number>
}

/** Transactions, and requests that wait, by what they do: the queues of a channel. */
export interface Queues {
  /** Put requests that wait for their turn. */
  readonly pend: number
  /** Files that are being sent, and files of which all was sent and something is waited for. */
  readonly txa: number
  readonly txw: number
  /** Files that are being received. */
  readonly rx: number
}

export type FaultName =
  | 'file_open'
  | 'file_read'
  | 'file_write'
  | 'file_rename'
  | 'crc_mismatch'
  | 'file_size_mismatch'
  | 'nak_limit'
  | 'ack_limit'
  | 'check_limit'
  | 'inactivity_timer'

export function newCounters(): EntityCounters {
  return {
    sent: { file_data_bytes: 0, pdu: 0, nak_segment_requests: 0 },
    recv: {
      file_data_bytes: 0,
      pdu: 0,
      error: 0,
      spurious: 0,
      dropped: 0,
      nak_segment_requests: 0,
      nak_ignored: 0,
    },
    fault: {
      file_open: 0,
      file_read: 0,
      file_write: 0,
      file_rename: 0,
      crc_mismatch: 0,
      file_size_mismatch: 0,
      nak_limit: 0,
      ack_limit: 0,
      check_limit: 0,
      inactivity_timer: 0,
    },
  }
}

/** Counts a fault that was declared, if it has a counter. */
export function countFault(counters: EntityCounters, condition: number): void {
  const name = NAMES[condition]
  if (name !== undefined) counters.fault[name] += 1
}

/** What a PDU asks for: stretches, and the Metadata. */
export function segmentRequests(body: Body): number {
  return body.kind === 'nak' ? body.gaps.length + (body.wantsMetadata ? 1 : 0) : 0
}

const NAMES: Readonly<Record<number, FaultName>> = {
  [CONDITION.positiveAckLimitReached]: 'ack_limit',
  [CONDITION.fileChecksumFailure]: 'crc_mismatch',
  [CONDITION.fileSizeError]: 'file_size_mismatch',
  [CONDITION.nakLimitReached]: 'nak_limit',
  [CONDITION.inactivityDetected]: 'inactivity_timer',
  [CONDITION.checkLimitReached]: 'check_limit',
}
