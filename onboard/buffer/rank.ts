/**
 * A file's place in the line: by priority, then by deadline, then by its turn.
 *
 *     priority 0 | deadline 12:00 | deadline 13:00 | none, turn 1 | none, turn 2 | priority 1 | ...
 *
 * Its turn is when it was accepted, and for a larger file so much later: small ones that come meanwhile go
 * before it, for a while and not for ever. What has a deadline goes by that alone.
 */

export interface Rank {
  /** 0 is the most urgent. */
  readonly priority: number
  /** UTC in milliseconds; Infinity: none. */
  readonly deadlineMs: number
  /** UTC in milliseconds. */
  readonly turn: number
  /** Unlike any other's. */
  readonly sequence: number
}

export const PRIORITY = { most: 0, usual: 5, least: 9 } as const

export interface SizeClass {
  readonly name: string
  readonly octetsMax: number
  /** How much later its turn is. */
  readonly waitMs: number
}

export const SIZE_CLASSES: readonly SizeClass[] = [
  { name: 'small', octetsMax: 65_536, waitMs: 0 },
  { name: 'medium', octetsMax: 4 * 2 ** 20, waitMs: 10 * 60_000 },
  { name: 'large', octetsMax: 256 * 2 ** 20, waitMs: 60 * 60_000 },
  { name: 'huge', octetsMax: Infinity, waitMs: 6 * 3_600_000 },
]

export function sizeClassOf(octets: number): SizeClass {
  return SIZE_CLASSES.find(({ octetsMax }) => octets <= octetsMax) as SizeClass
}

/** Below 0: `one` goes before `other`. */
export function compareRanks(one: Rank, other: Rank): number {
  if (one.priority !== other.priority) return one.priority - other.priority
  if (one.deadlineMs !== other.deadlineMs) return one.deadlineMs < other.deadlineMs ? -1 : 1
  if (one.deadlineMs === Infinity && one.turn !== other.turn) return one.turn - other.turn
  return one.sequence - other.sequence
}
