/**
 * UTC, for a machine whose own clock never steps: how far UTC is ahead of that. UTC does step: a receiver sets it
 * minutes after the start, from 1970 or from a clock of the board that was wrong; it is set back; it drifts.
 *
 *     own clock   0 ------------- 60 ------------- 120 -----------> s
 *     UTC         1970 00:00:00   2026 10:00:00    2026 10:01:00
 *     ahead by    0               56 years                          one step, of which the machine is told
 */
import type { Instant } from './machine.ts'
import type { Metric } from './metric.ts'

export class UtcClock {
  /** How often it stepped, and by how many milliseconds the last time. Drift is none. */
  readonly counters = { steps: 0, lastStepMs: 0 }
  #epochMs: number

  /** `epochMs`: UTC in milliseconds since 1970 when the machine's clock showed 0. */
  constructor(epochMs: number) {
    this.#epochMs = epochMs
  }

  /** UTC in milliseconds since 1970. */
  at(now: Instant): number {
    return this.#epochMs + now
  }

  /** When at() will answer `utcMs`, if nothing steps: never so early that rounding makes it answer less. */
  when(utcMs: number): Instant {
    return utcMs - this.#epochMs + ROUNDING * Math.max(utcMs, this.#epochMs)
  }

  /** Takes UTC as it was read just now. Answers by how much later it is than was thought; 0: nobody would notice. */
  follow(epochMs: number): number {
    const byMs = epochMs - this.#epochMs
    if (Math.abs(byMs) < NOTICED_MS) return 0
    this.#epochMs = epochMs
    if (isStep(byMs)) {
      this.counters.steps += 1
      this.counters.lastStepMs = Math.round(byMs)
    }
    return byMs
  }
}

/** Whether that is more than drift: what was stamped before is wrong by so much. */
export function isStep(byMs: number): boolean {
  return Math.abs(byMs) >= STEP_MS
}

/** What an operator is told. */
export interface ClockStatus {
  /** In milliseconds since 1970. */
  readonly utcMs: number
  readonly steps: number
  readonly lastStepMs: number
}

export function clockStatus(utc: UtcClock, now: Instant): ClockStatus {
  return { utcMs: Math.round(utc.at(now)), ...utc.counters }
}

export function clockMetrics({ steps, lastStepMs }: ClockStatus): readonly Metric[] {
  return [
    { name: 'clock_steps_total', help: 'Steps of UTC since the start', value: steps },
    {
      name: 'clock_last_step_seconds',
      help: 'By how much UTC stepped last',
      value: lastStepMs / 1_000,
    },
  ]
}

/** Times of contacts are good to so much; reading two clocks one after the other is. */
const NOTICED_MS = 50
const STEP_MS = 1_000
/** What a difference and a sum of such numbers lack at most, as a share of the larger: half a bit each. */
const ROUNDING = 2 * Number.EPSILON
