/** A spacecraft's status as metrics, with the names that operators know. */
import type { SpacecraftStatus } from './status.ts'

export interface Metric {
  readonly name: string
  readonly help: string
  readonly value: number
}

export function spacecraftMetrics(status: SpacecraftStatus): readonly Metric[] {
  const { buffer, pdus, frames, carriage, uplink, contact } = status
  return [
    metric('contact_open', '1 while the main station can be heard', contact.open ? 1 : 0),
    metric('buffer_files', 'Files that wait for their acknowledgement', buffer.files),
    metric('buffer_octets', 'Octets that wait for their acknowledgement', buffer.octets),
    metric('buffer_refused_total', 'Files offered and not taken', buffer.refused),
    metric('sent_pdu_total', 'PDUs sent', pdus.sent),
    metric(
      'sent_again_total',
      'File segments sent because they were asked for',
      pdus.retransmitted,
    ),
    metric('frames_sent_total', 'TM frames sent', frames.sent),
    metric('frames_idle_total', 'TM frames sent that carried nothing', frames.idle),
    metric(
      'carried_octets_total',
      'Octets of TM frames that carried something',
      carriage.frameOctets,
    ),
    metric('uplink_frames_total', 'TC frames accepted', uplink.frames),
    metric(
      'recv_error_total',
      'Uplink frames, packets and PDUs that were malformed',
      uplink.malformed,
    ),
    metric('recv_dropped_total', 'Uplink frames, packets and PDUs for others', uplink.foreign),
  ]
}

function metric(name: string, help: string, value: number): Metric {
  return { name, help, value }
}
