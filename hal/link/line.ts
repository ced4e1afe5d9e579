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
import { Chance } from '../sim/random.ts'
import type { LineEnd } from './end.ts'
import type { Trouble } from './trouble.ts'

export interface LineParts {
  readonly onboard: LineEnd
  readonly station: LineEnd
  readonly down: Channel
  readonly up: Channel
  /** Get all that leaves the onboard end, and the station end, before the channel. Borrowed until they return. */
  readonly tap?: ((octets: Uint8Array) => void) | undefined
  readonly tapUp?: ((octets: Uint8Array) => void) | undefined
}

export class Line {
  readonly #down: Direction
  readonly #up: Direction

  constructor({ onboard, station, down, up, tap, tapUp }: LineParts) {
    this.#down = new Direction({ from: onboard, channel: down, to: station, tap })
    this.#up = new Direction({ from: station, channel: up, to: onboard, tap: tapUp })
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

  /** What is wrong with it from now on, both ways. */
  set troubles(troubles: ReadonlySet<Trouble>) {
    this.#down.troubles = troubles
    this.#up.troubles = troubles
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
  troubles: ReadonlySet<Trouble> = new Set()
  readonly #parts: DirectionParts
  /** Arrived, but the reader has no room yet. */
  #waiting: Uint8Array[] = []
  #waitingOctets = 0
  #overrun = 0
  readonly #chance = new Chance(1)

  constructor(parts: DirectionParts) {
    this.channel = parts.channel
    this.#parts = parts
  }

  step(now: Instant): boolean {
    if (this.troubles.has('stall')) return true
    const took = this.#take(now)
    const arrived = this.channel.pull(now)
    for (const octets of arrived) this.#arrive(this.#spoilt(octets))
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
    const isNoisy = this.troubles.has('noise')
    // Noise is there also where nothing is sent.
    if (isNoisy)
      this.channel.push(
        Uint8Array.from({ length: room }, () => this.#chance.word()),
        now,
      )
    while (room > 0) {
      const octets = this.#parts.from.read(Math.min(room, READ_OCTETS))
      if (octets === undefined) break
      this.#parts.tap?.(octets)
      if (!isNoisy) this.channel.push(octets, now)
      room -= octets.length
      took = true
    }
    // Nothing at all: the sender rests. Something: it may be as late as this process, and may catch up.
    if (!took && !isNoisy) this.channel.rest(now)
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
      const offered = this.troubles.has('crumbs') ? first.subarray(0, 1) : first
      const taken = this.#parts.to.write(offered)
      this.#waitingOctets -= taken
      wrote ||= taken > 0
      if (taken === first.length) this.#waiting.shift()
      else this.#waiting[0] = first.subarray(taken)
      if (taken < offered.length) return wrote
    }
  }

  #spoilt(octets: Uint8Array): Uint8Array {
    return this.troubles.has('inverted') ? octets.map(octet => octet ^ 0xff) : octets
  }
}

const READ_OCTETS = 8_192
const WAITING_OCTETS = 1_048_576
