/** A station's status as metrics, with the names that operators know. */
import type { EdgeStatus } from './status.ts'

export interface Metric {
  readonly name: string
  readonly help: string
  readonly value: number
}

export function edgeMetrics(status: EdgeStatus): readonly Metric[] {
  const { frames, pdus, contact, locked, open, diskReady } = status
  return [
    metric('contact_open', '1 while the spacecraft can be heard', contact.open ? 1 : 0),
    metric('locked', '1 while frames come where they are expected', locked ? 1 : 0),
    metric('disk_ready', '0 while the archive cannot be written', diskReady ? 1 : 0),
    metric('transactions_open', 'Transactions under way', open),
    metric('frames_good_total', 'TM frames received', frames.good),
    metric('frames_corrected_total', 'TM frames that Reed-Solomon corrected', frames.corrected),
    metric('frames_lost_total', 'TM frames missing in the master channel count', frames.lost),
    metric('frames_bad_total', 'Codeblocks that were no frame', frames.bad),
    metric('recv_pdu_total', 'PDUs received', pdus.received),
    metric('recv_error_total', 'PDUs that were malformed', pdus.malformed),
    metric(
      'recv_dropped_total',
      'PDUs of no use: late, of others, too many, no disk',
      pdus.dropped,
    ),
    metric('sent_pdu_total', 'PDUs sent', pdus.sent),
  ]
}

function metric(name: string, help: string, value: number): Metric {
  return { name, help, value }
}
