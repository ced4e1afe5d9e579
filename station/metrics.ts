/** A station's status as metrics, with the names that operators know. */
import { counterMetrics } from '../protocol/cfdp/entity/counter-metrics.ts'
import type { Metric } from '../protocol/metric.ts'
import { clockMetrics } from '../protocol/utc-clock.ts'
import type { EdgeStatus, UplinkStatus } from './status.ts'

export function edgeMetrics(status: EdgeStatus): readonly Metric[] {
  const { frames, contact, locked, diskReady, counters, queues, uploads } = status
  const figures: readonly Figure[] = [
    ['contact_open', contact.open ? 1 : 0, '1 while the spacecraft can be heard'],
    ['locked', locked ? 1 : 0, '1 while frames come where they are expected'],
    ['disk_ready', diskReady ? 1 : 0, '0 while the archive cannot be written'],
    ['frames_good_total', frames.good, 'TM frames received'],
    ['frames_corrected_total', frames.corrected, 'TM frames that Reed-Solomon corrected'],
    ['frames_lost_total', frames.lost, 'TM frames missing in the master channel count'],
    ['frames_bad_total', frames.bad, 'Codeblocks that were no frame'],
    ['upload_octets_waiting', waitingOctets(uploads), 'Octets for the spacecraft that it has not'],
  ]
  return [
    ...[...figures, ...uplinkFigures(status.uplink)].map(([name, value, help]) => ({
      name,
      help,
      value,
    })),
    ...clockMetrics(status.clock),
    ...counterMetrics(counters, queues),
  ]
}

function waitingOctets(uploads: EdgeStatus['uploads']): number {
  let waiting = 0
  for (const { state, octets, acknowledgedOctets } of uploads)
    if (state !== 'failed') waiting += octets - acknowledgedOctets
  return waiting
}

type Figure = readonly [name: string, value: number, help: string]

function uplinkFigures({ frames, commands, cop1, sdls }: UplinkStatus): readonly Figure[] {
  const always: readonly Figure[] = [
    ['uplink_frames_total', frames, 'TC frames sent'],
    ['cop1_commands_total', commands, 'Control commands of COP-1 among them'],
  ]
  const ofCop1: readonly Figure[] =
    cop1 === undefined
      ? []
      : [
          ['cop1_active', cop1.state < 'S4' ? 1 : 0, '1 while the AD service carries'],
          ['cop1_under_way', cop1.underWay, 'AD frames not acknowledged'],
          ['cop1_lost_total', cop1.lost, 'AD frames given up'],
          ['cop1_alerts_total', cop1.alerts, 'Times the AD service ended'],
          ['cop1_lockout', cop1.lockout ? 1 : 0, '1 while the spacecraft takes no AD frame'],
        ]
  const ofSdls: readonly Figure[] =
    sdls === undefined
      ? []
      : [['sdls_reserved', sdls.reserved, 'Numbers of SDLS below it may have been used']]
  return [...always, ...ofCop1, ...ofSdls]
}
