/** The UTC of a spacecraft in a mission, where UTC is the time of the mission: how wrong it is, as it is set and drifts. */
import type { Instant } from '../../../protocol/machine.ts'
import type { ClockSetting } from './orders.ts'

export class WrongClock {
  readonly #driftPpm: number
  #last: ClockSetting = { at: 0, wrongMs: 0 }

  constructor(driftPpm: number) {
    this.#driftPpm = driftPpm
  }

  set(setting: ClockSetting): void {
    this.#last = setting
  }

  /** Milliseconds by which it is ahead: UTC when the spacecraft's own clock showed 0. */
  at(now: Instant): number {
    const { at, wrongMs } = this.#last
    return wrongMs + ((now - at) * this.#driftPpm) / 1e6
  }
}
