/**
 * The face of every state machine of the house: octets, events and the time go in, effects come out.
 * A machine does no I/O and reads no clock, so the same code flies, runs at a station, and runs a year of
 * passes in a test.
 */

/** Milliseconds on a clock that never steps. Only differences mean something. */
export type Instant = number

export interface Machine<Input, Effect> {
  /** When to call tick() if nothing arrives before. */
  readonly deadline: Instant | undefined
  receive(input: Input, now: Instant): void
  tick(now: Instant): void
  /** Hands over, oldest first, and forgets. Call it after every receive() and every tick(). */
  drain(): readonly Effect[]
}

/** The earlier of two deadlines, where undefined is never. */
export function sooner(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  if (one === undefined) return other
  if (other === undefined) return one
  return Math.min(one, other)
}
