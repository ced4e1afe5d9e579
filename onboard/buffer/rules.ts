/** What the configuration says of the files of the outbox, by their names: how urgent they are, and how many may be. */
import type { Offer } from './ack-buffer.ts'

export interface OutboxRule {
  /** A name with * for a part of it up to a slash, and ** for any. The first rule that matches counts. */
  readonly match: string
  readonly priority?: number
  /** Seconds after which it should be on the ground. */
  readonly deadlineS?: number
  readonly pinned?: boolean
  /** How many files that match may be in the buffer, and how many octets. */
  readonly filesMax?: number
  readonly octetsMax?: number
}

/** An offer with what the rules say of it; what it says itself counts more. Only files of the outbox are ruled. */
export function ruled(offer: Offer, rules: readonly OutboxRule[], utcMs: number): Offer {
  const rule = offer.remove ? rules.find(({ match }) => isMatch(match, offer.name)) : undefined
  if (rule === undefined) return offer
  const { match: quota, priority, deadlineS, pinned } = rule
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(deadlineS === undefined || offer.deadlineMs !== undefined
      ? {}
      : { deadlineMs: utcMs + 1_000 * deadlineS, isCounted: true }),
    ...(pinned === undefined ? {} : { pinned }),
    quota,
    ...offer,
  }
}

export function isMatch(pattern: string, name: string): boolean {
  const parts = pattern.split(/(\*\*|\*)/).map(part => {
    if (part === '**') return '.*'
    return part === '*' ? '[^/]*' : part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`, 's').test(name)
}
