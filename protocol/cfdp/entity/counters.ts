/**
 * What an entity counts, under the names that operators of the CF application of cFS know. `spurious` are PDUs
 * of transactions that are over or never were, `dropped` those that a limit kept out, `error` those that are
 * no PDU or come from nobody known.
 */
import { CONDITION } from '../condition.ts'

export interface EntityCounters {
  readonly sent: { file_data_bytes: number; pdu: number; nak_segment_requests: number }
  readonly recv: {
    file_data_bytes: number
    pdu: number
    error: number
    spurious: number
    dropped: number
    nak_segment_requests: number
  }
  readonly fault: Record<FaultName, number>
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

/** The counter of a fault, if it has one. */
export function faultName(condition: number): FaultName | undefined {
  return NAMES[condition]
}

const NAMES: Readonly<Record<number, FaultName>> = {
  [CONDITION.positiveAckLimitReached]: 'ack_limit',
  [CONDITION.fileChecksumFailure]: 'crc_mismatch',
  [CONDITION.fileSizeError]: 'file_size_mismatch',
  [CONDITION.nakLimitReached]: 'nak_limit',
  [CONDITION.inactivityDetected]: 'inactivity_timer',
  [CONDITION.checkLimitReached]: 'check_limit',
}
