/** A spacecraft's status as metrics, with the names that operators know. */
import { counterMetrics } from '../protocol/cfdp/entity/counter-metrics.ts'
import type { Metric } from '../protocol/metric.ts'
import { clockMetrics } from '../protocol/utc-clock.ts'
import type { SpacecraftStatus } from './status.ts'

export function spacecraftMetrics(status: SpacecraftStatus): readonly Metric[] {
  const { buffer, pdus, frames, carriage, uplink, contact, counters, queues } = status
  const { modes, commands } = status
  const figures: readonly (readonly [name: string, value: number, help: string])[] = [
    ['contact_open', contact.open ? 1 : 0, '1 while the main station can be heard'],
    ['safe_mode', modes.safe ? 1 : 0, '1 in safe mode: it listens and tells, and sends no file'],
    ['frozen', modes.frozen ? 1 : 0, '1 while no PDU of a file leaves'],
    ['suspended_files', modes.suspended, 'Files of which nothing is sent'],
    ['commands_accepted_total', commands.accepted, 'Commands that were executed'],
    ['commands_rejected_total', commands.rejected, 'Commands that were not'],
    ['commands_repeated_total', commands.repeated, 'Commands that came once more'],
    ['commands_malformed_total', commands.malformed, 'Packets of commands that held none'],
    ['buffer_files', buffer.files, 'Files that wait for their acknowledgement'],
    ['buffer_octets', buffer.octets, 'Octets that wait for their acknowledgement'],
    ['buffer_refused_total', buffer.refused, 'Files offered and not taken'],
    ['buffer_octets_most', buffer.octetsMost, 'The most octets that waited at once'],
    [
      'buffer_waiting_files',
      buffer.waiting,
      'Files sent as a whole, of which the ground has the word',
    ],
    ['buffer_pinned_files', buffer.pinned, 'Files that are never dropped'],
    ['buffer_late_total', buffer.late, 'Files whose deadline has passed'],
    [
      'buffer_dropped_total',
      buffer.dropped,
      'Files dropped to make room, or because they were late',
    ],
    ['buffer_oldest_seconds', buffer.oldestMs / 1_000, 'Age of the oldest file'],
    [
      'buffer_release_first_seconds',
      buffer.releaseFirstMs / 1_000,
      'Until the next file is let go',
    ],
    ['buffer_release_last_seconds', buffer.releaseLastMs / 1_000, 'Until the last file is let go'],
    ...Object.entries(buffer.classes).map(
      ([name, files]) =>
        [`buffer_${name}_files`, files, `Files of the size class ${name}`] as const,
    ),
    ['repeated_total', pdus.repeated, 'PDUs said once more, for most likely nobody had heard them'],
    ['sent_again_total', pdus.retransmitted, 'File segments sent because they were asked for'],
    ['frames_sent_total', frames.sent, 'TM frames sent'],
    ['frames_idle_total', frames.idle, 'TM frames sent that carried nothing'],
    ['carried_octets_total', carriage.frameOctets, 'Octets of TM frames that carried something'],
    ['uplink_frames_total', uplink.frames, 'TC frames accepted'],
    ['uplink_malformed_total', uplink.malformed, 'TC frames, packets and PDUs that were malformed'],
    ['uplink_foreign_total', uplink.foreign, 'TC frames, packets and PDUs for others'],
    ['cop1_lockout', uplink.cop1.state === 'lockout' ? 1 : 0, '1 while COP-1 takes no AD frame'],
    ['cop1_expected', uplink.cop1.expected, 'V(R), the number of the AD frame expected next'],
    ['cop1_duplicate_total', uplink.cop1.duplicate, 'AD frames heard again'],
    ['cop1_early_total', uplink.cop1.early, 'AD frames behind one that is missing'],
    ['cop1_refused_total', uplink.cop1.refused, 'TC frames that COP-1 had no use for'],
  ]
  return [
    ...figures.map(([name, value, help]) => ({ name, help, value })),
    ...buffer.releases.map(({ sequence, inMs }) => ({
      name: 'buffer_file_release_seconds',
      help: 'Until a file is let go, of the first in the line',
      labels: { sequence },
      value: inMs / 1_000,
    })),
    ...uploadMetrics(status.uploads),
    ...securityMetrics(uplink.sdls),
    ...clockMetrics(status.clock),
    ...counterMetrics(counters, queues),
  ]
}

function uploadMetrics(uploads: SpacecraftStatus['uploads']): readonly Metric[] {
  if (uploads === undefined) return []
  const { whole, failed, octets, diskReady, plan } = uploads
  return [
    { name: 'uploads_whole_total', help: 'Files from the ground that are whole', value: whole },
    { name: 'uploads_failed_total', help: 'Files from the ground that failed', value: failed },
    { name: 'uploads_octets', help: 'Octets held of files on their way up', value: octets },
    { name: 'plans_taken_total', help: 'Contact plans taken over', value: plan.taken },
    { name: 'plans_refused_total', help: 'Contact plans refused', value: plan.refused },
    { name: 'inbox_ready', help: '0 while the inbox cannot be written', value: diskReady ? 1 : 0 },
  ]
}

function securityMetrics(sdls: SpacecraftStatus['uplink']['sdls']): readonly Metric[] {
  return Object.entries(sdls ?? {}).map(([what, value]) => ({
    name: `sdls_${what.replace(' ', '_')}_total`,
    help: what === 'opened' ? 'Secured TC frames opened' : `Secured TC frames refused: ${what}`,
    value,
  }))
}
