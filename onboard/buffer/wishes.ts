/** What an operator wishes for a file, as a request says it. */
import type { Offer } from './ack-buffer.ts'
import { PRIORITY } from './rank.ts'

export type Wishes = Pick<Offer, 'priority' | 'deadlineMs' | 'pinned'>

/** The wishes in a request; a text: why they cannot be had. */
export function wishesIn(request: Readonly<Record<string, unknown>>): Wishes | string {
  const { priority, deadlineMs, pinned } = request
  if (priority !== undefined && !isPriority(priority))
    return `Cannot use priority ${JSON.stringify(priority)}: ${PRIORITY.most} to ${PRIORITY.least} are known`
  if (deadlineMs !== undefined && !Number.isFinite(deadlineMs))
    return `Cannot use deadline ${JSON.stringify(deadlineMs)}: milliseconds of UTC since 1970 are needed`
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(deadlineMs === undefined ? {} : { deadlineMs: deadlineMs as number }),
    ...(pinned === true ? { pinned } : {}),
  }
}

function isPriority(value: unknown): value is number {
  return (
    Number.isInteger(value) && Number(value) >= PRIORITY.most && Number(value) <= PRIORITY.least
  )
}
