/**
 * Two ends joined by two channels, moved along by the time.
 *
 *     onboard end --> down channel --> station end
 *     onboard end <--  up channel  <-- station end
 *
 * It reads from an end what the rate allows and no more: what the sender writes beyond that stays in its
 * device, and so the sender feels the line.
 */
import type { Instant } from '../../protocol/machine.ts'
import type { Channel, ChannelCounters } from '../sim/channel.ts'
import type { LineEnd } from './end.ts'

export interface LineParts {
  readonly onboard: LineEnd
  readonly station: LineEnd
  readonly down: Channel
  readonly up: Channel
  /** Gets all that leaves the onboard end, before the channel. Borrowed until it returns. */
  readonly tap?: ((octets: Uint8Array) => void) | undefined
}

export class Line {
  readonly #down: Direction
  readonly #up: Direction

  constructor({ onboard, station, down, up, tap }: LineParts) {
    this.#down = new Direction({ from: onboard, channel: down, to: station, tap })
    this.#up = new Direction({ from: station, channel: up, to: onboard, tap: undefined })
  }

  /** Moves what is due. @returns whether anything moved or is on its way */
  step(now: Instant): boolean {
    const down = this.#down.step(now)
    const up = this.#up.step(now)
    return down || up
  }

  set pulled(pulled: boolean) {
    this.#down.channel.pulled = pulled
    this.#up.channel.pulled = pulled
  }

  get counters(): { readonly down: ChannelCounters; readonly up: ChannelCounters } {
    return { down: this.#down.counters, up: this.#up.counters }
  }
}

interface DirectionParts {
  readonly from: LineEnd
  readonly channel: Channel
  readonly to: LineEnd
  readonly tap: ((octets: Uint8Array) => void) | undefined
}

class Direction {
  readonly channel: Channel
  readonly #parts: DirectionParts
  /** Arrived, but the reader has no room yet. */
  #waiting: Uint8Array[] = []
  #waitingOctets = 0
  #overrun = 0

  constructor(parts: DirectionParts) {
    this.channel = parts.channel
    this.#parts = parts
  }

  step(now: Instant): boolean {
    const took = this.#take(now)
    const arrived = this.channel.pull(now)
    for (const octets of arrived) this.#arrive(octets)
    const wrote = this.#deliver()
    return took || wrote || arrived.length > 0 || this.channel.deadline !== undefined
  }

  get counters(): ChannelCounters {
    const counters = this.channel.counters
    return {
      ...counters,
      octetsOut: counters.octetsOut - this.#overrun,
      dropped: counters.dropped + this.#overrun,
    }
  }

  #take(now: Instant): boolean {
    let room = this.channel.roomOctets(now)
    if (room === 0) return true
    let took = false
    while (room > 0) {
      const octets = this.#parts.from.read(Math.min(room, READ_OCTETS))
      if (octets === undefined) break
      this.#parts.tap?.(octets)
      this.channel.push(octets, now)
      room -= octets.length
      took = true
    }
    // Nothing at all: the sender rests. Something: it may be as late as this process, and may catch up.
    if (!took) this.channel.rest(now)
    return took
  }

  /** A receiver that does not read loses what comes, as a UART does. */
  #arrive(octets: Uint8Array): void {
    if (this.#waitingOctets + octets.length > WAITING_OCTETS) {
      this.#overrun += octets.length
      return
    }
    this.#waiting.push(octets)
    this.#waitingOctets += octets.length
  }

  #deliver(): boolean {
    let wrote = false
    for (;;) {
      const first = this.#waiting[0]
      if (first === undefined) return wrote
      const taken = this.#parts.to.write(first)
      this.#waitingOctets -= taken
      wrote ||= taken > 0
      if (taken < first.length) {
        this.#waiting[0] = first.subarray(taken)
        return wrote
      }
      this.#waiting.shift()
    }
  }
}

const READ_OCTETS = 8_192
const WAITING_OCTETS = 1_048_576
