/** Which of the files that are being sent goes first. */
import type { SendingFile } from './sending-file.ts'

/** The one of `files` and `other` that goes first: the kind of what is due, then the priority, then the age. */
export function mostUrgent(
  files: Iterable<SendingFile>,
  other: SendingFile | undefined,
): SendingFile | undefined {
  let first = other
  for (const file of files)
    if (file.due !== undefined && (first === undefined || isBefore(file, first))) first = file
  return first
}

function isBefore(one: SendingFile, other: SendingFile): boolean {
  const ranks = RANK[one.due as Due] - RANK[other.due as Due]
  if (ranks !== 0) return ranks < 0
  const priorities = one.priority - other.priority
  return priorities === 0 ? one.id.sequence < other.id.sequence : priorities < 0
}

type Due = NonNullable<SendingFile['due']>

const RANK = { directive: 0, again: 1, new: 2 } as const satisfies Record<Due, number>
