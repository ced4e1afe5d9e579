/** A station's status as metrics, with the names that operators know. */
import { counterMetrics } from '../protocol/cfdp/entity/counter-metrics.ts'
import type { Metric } from '../protocol/metric.ts'
import type { EdgeStatus } from './status.ts'

export function edgeMetrics(status: EdgeStatus): readonly Metric[] {
  const { frames, contact, locked, diskReady, counters, queues } = status
  const figures: readonly (readonly [name: string, value: number, help: string])[] = [
    ['contact_open', contact.open ? 1 : 0, '1 while the spacecraft can be heard'],
    ['locked', locked ? 1 : 0, '1 while frames come where they are expected'],
    ['disk_ready', diskReady ? 1 : 0, '0 while the archive cannot be written'],
    ['frames_good_total', frames.good, 'TM frames received'],
    ['frames_corrected_total', frames.corrected, 'TM frames that Reed-Solomon corrected'],
    ['frames_lost_total', frames.lost, 'TM frames missing in the master channel count'],
    ['frames_bad_total', frames.bad, 'Codeblocks that were no frame'],
  ]
  return [
    ...figures.map(([name, value, help]) => ({ name, help, value })),
    ...counterMetrics(counters, queues),
  ]
}
