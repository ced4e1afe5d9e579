/** What an end counts of CFDP, by the names that operators know, as rows for people. Pure. */
import type { EntityCounters, Queues } from '../protocol/cfdp/entity/counters.ts'
import { countText } from './figures.ts'

/** Names and values of rows; of what was counted only what is not nothing. */
export function counterRows(
  { recv, sent, fault }: EntityCounters,
  queues: Queues,
): readonly (readonly [name: string, value: string])[] {
  return [
    ['recv', countsText(recv)],
    ['sent', countsText(sent)],
    ['fault', countsText(fault)],
    ['q_size', countsText({ ...queues })],
  ]
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0)
  return some.map(([name, count]) => `${name} ${countText(count)}`).join(', ') || 'nothing'
}
