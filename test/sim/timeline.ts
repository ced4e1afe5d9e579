/** What will happen, by time; of things at one time the first that was said goes first. */
import type { Instant } from '../../protocol/machine.ts'

interface Event {
  readonly at: Instant
  readonly run: () => void
}

export class Timeline {
  /** Latest first, so that the next is taken off the end. */
  readonly #events: Event[] = []

  get next(): Instant | undefined {
    return this.#events.at(-1)?.at
  }

  at(time: Instant, run: () => void): void {
    let place = this.#events.length
    while (place > 0 && (this.#events[place - 1] as Event).at <= time) place -= 1
    this.#events.splice(place, 0, { at: time, run })
  }

  /** Lets all happen up to `now`, and what follows from it at once. */
  run(now: Instant): void {
    for (let event = this.#events.at(-1); event !== undefined && event.at <= now; ) {
      this.#events.pop()
      event.run()
      event = this.#events.at(-1)
    }
  }
}
