/** A clock that stands still until it is told to go on. */
import type { Instant } from '../../protocol/machine.ts'
import type { Clock } from '../ports.ts'

interface Waiter {
  readonly deadline: Instant
  readonly wake: () => void
}

export class SimClock implements Clock {
  #now: Instant
  #utcOffsetMs: number
  /** By deadline, then by age. */
  readonly #waiters: Waiter[] = []

  constructor(now: Instant = 0, utcMs = 0) {
    this.#now = now
    this.#utcOffsetMs = utcMs - now
  }

  now(): Instant {
    return this.#now
  }

  utcMs(): number {
    return this.#now + this.#utcOffsetMs
  }

  /** Moves UTC alone, as a time server or a reset of a real-time clock does. */
  stepUtc(byMs: number): void {
    this.#utcOffsetMs += byMs
  }

  /** When the next waiter is to be woken; undefined if nobody waits for a time that comes. */
  get deadline(): Instant | undefined {
    const first = this.#waiters[0]?.deadline
    return first === Infinity ? undefined : first
  }

  until(deadline: Instant, signal: AbortSignal): Promise<void> {
    if (signal.aborted || deadline <= this.#now) return Promise.resolve()
    return new Promise(resolve => {
      const wake = () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const waiter: Waiter = { deadline, wake }
      const later = this.#waiters.findIndex(other => other.deadline > deadline)
      this.#waiters.splice(later < 0 ? this.#waiters.length : later, 0, waiter)
      signal.addEventListener('abort', wake)
    })
  }

  /**
   * Goes on to `instant`, stopping at every deadline on the way. At each, what was woken runs until it
   * waits again, so that deadlines it sets are kept in their turn.
   */
  async advanceTo(instant: Instant): Promise<void> {
    await settled()
    for (;;) {
      const first = this.#waiters[0]
      if (first === undefined || first.deadline > instant || first.deadline === Infinity) break
      this.#now = first.deadline
      first.wake()
      await settled()
    }
    this.#now = Math.max(this.#now, instant)
  }

  advance(byMs: number): Promise<void> {
    return this.advanceTo(this.#now + byMs)
  }
}

/** Resolves when every promise that could go on without the world has gone on. */
export function settled(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}
