/** What an end counts of CFDP as metrics: the names of the counters, as operators of the CF application know them. */
import type { Metric } from '../../metric.ts'
import type { EntityCounters, Queues } from './counters.ts'

export function counterMetrics({ recv, sent, fault }: EntityCounters, queues: Queues): Metric[] {
  return [
    ...group('recv', recv, RECV),
    ...group('sent', sent, SENT),
    ...group('fault', fault, FAULT),
    ...Object.entries(QUEUES).map(([name, help]) => ({
      name: `q_size_${name}`,
      help,
      value: queues[name as keyof Queues],
    })),
  ]
}

/** A metric for each counter that has a help. */
function group<Name extends string>(
  prefix: string,
  counters: Readonly<Record<Name, number>>,
  helps: Readonly<Record<Name, string>>,
): Metric[] {
  return Object.entries<string>(helps).map(([name, help]) => ({
    name: `${prefix}_${name}_total`,
    help,
    value: counters[name as Name],
  }))
}

const RECV: Readonly<Record<keyof EntityCounters['recv'], string>> = {
  file_data_bytes: 'Octets of files received, each once',
  pdu: 'PDUs received that were for this entity',
  error: 'PDUs received that were malformed or of nobody known',
  spurious: 'PDUs received of transactions that are over or never were',
  dropped: 'PDUs received that a limit or the disk kept out',
  nak_segment_requests: 'Stretches of files that were asked for by NAKs received',
  nak_ignored: 'NAKs not heeded, because they asked again for too much in one contact',
}

const SENT: Readonly<Record<keyof EntityCounters['sent'], string>> = {
  file_data_bytes: 'Octets of files sent, each time they were',
  pdu: 'PDUs sent',
  nak_segment_requests: 'Stretches of files that were asked for by NAKs sent',
}

const FAULT: Readonly<Record<keyof EntityCounters['fault'], string>> = {
  file_open: 'Files that could not be read before anything of them was sent',
  file_read: 'Files that could not be read, or changed, while they were sent',
  file_write: 'Files that could not be written while they were received',
  file_rename: 'Files received that could not be given their name',
  crc_mismatch: 'Files received with a wrong checksum',
  file_size_mismatch: 'Files received that were longer than was said',
  nak_limit: 'Transactions whose NAKs were not answered as often as is waited for',
  ack_limit: 'Transactions whose EOF or Finished was not acknowledged as often as is waited for',
  check_limit: 'Class 1 transactions that stayed incomplete as long as is waited for',
  inactivity_timer: 'Transactions whose other end fell silent',
}

const QUEUES: Readonly<Record<keyof Queues, string>> = {
  pend: 'Files that wait for their turn to be sent',
  txa: 'Files that are being sent',
  txw: 'Files that were sent and wait for the word of the other end',
  rx: 'Files that are being received',
}
