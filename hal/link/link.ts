/**
 * The simulated line as it runs: two ends, two channels, and the loop that moves octets between them in real
 * time. Its cable can be pulled and plugged while it runs.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { peakMemoryOctets } from '../peak-memory.ts'
import type { Clock } from '../ports.ts'
import { Channel, type ChannelCounters, type ChannelPlan } from '../sim/channel.ts'
import type { Contact, Outages } from '../sim/sky.ts'
import type { LineEnd, Where } from './end.ts'
import { Line } from './line.ts'
import type { Trouble } from './trouble.ts'

export interface LinkPlan {
  readonly rateBps: number
  readonly uplinkRateBps: number
  readonly delayMs: number
  readonly ber: number
  readonly loss: number
  readonly lossUnitOctets: number
  readonly uplinkLoss: number
  readonly slipOctets: number
  readonly inverted: boolean
  readonly outages?: Outages | undefined
  /** In UTC, milliseconds since 1970. Absent: always. */
  readonly contacts?: readonly Contact[] | undefined
  readonly seed: number
  /** Files that all octets of the onboard end, and of the station end, are appended to. */
  readonly tap?: string | undefined
  readonly tapUp?: string | undefined
}

export type EndName = 'onboard' | 'station'

export interface LinkStatus {
  readonly role: 'link'
  readonly pid: number
  readonly rssPeakOctets: number
  readonly rateBps: number
  readonly contact: {
    readonly open: boolean
    readonly startsInMs?: number
    readonly endsInMs?: number
  }
  /** Ends whose cable is pulled. */
  readonly pulled: readonly EndName[]
  readonly troubles: readonly Trouble[]
  readonly down: ChannelCounters
  readonly up: ChannelCounters
}

export class Link {
  readonly #plan: LinkPlan
  readonly #ends: Ends
  readonly #clock: Clock
  readonly #line: Line
  readonly #down: Channel
  /** Pulled ends, and when they are plugged in again. */
  readonly #pulled = new Map<EndName, number>()
  /** What is wrong with the line, and when it is well again. */
  readonly #troubles = new Map<Trouble, number>()
  readonly #taps: number[] = []

  constructor(plan: LinkPlan, ends: Ends, clock: Clock) {
    this.#plan = plan
    this.#ends = ends
    this.#clock = clock
    const shared = sharedPlan(plan, clock)
    this.#down = new Channel({
      ...shared,
      rateBps: plan.rateBps,
      loss: plan.loss,
      lossUnitOctets: plan.lossUnitOctets,
    })
    const up = new Channel({
      ...shared,
      rateBps: plan.uplinkRateBps,
      loss: plan.uplinkLoss,
      lossUnitOctets: UPLINK_UNIT_OCTETS,
      seed: plan.seed + 1,
    })
    const tap = this.#openTap(plan.tap)
    const tapUp = this.#openTap(plan.tapUp)
    this.#line = new Line({ ...ends, down: this.#down, up, tap, tapUp })
  }

  get where(): { readonly onboard: Where; readonly station: Where } {
    return { onboard: this.#ends.onboard.where, station: this.#ends.station.where }
  }

  /** Carries octets until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const tickMs = Math.max(this.#plan.rateBps, this.#plan.uplinkRateBps) > FAST_BPS ? 1 : TICK_MS
    let idleMs = tickMs
    while (!signal.aborted) {
      const now = this.#clock.now()
      await this.#mendDue(now)
      // The longer nothing comes, the later it looks again; within what a channel makes up for.
      idleMs = this.#line.step(now) ? tickMs : Math.min(IDLE_TICK_MS, idleMs + tickMs)
      await this.#clock.until(now + idleMs, signal)
    }
  }

  /** Pulls the cable of an end: nothing passes either way. After `ms`, if told, it is in again. */
  pull(end: EndName, ms = Infinity): void {
    this.#pulled.set(end, this.#clock.now() + ms)
    this.#line.pulled = true
  }

  /** The same, and the device at this end vanishes, as a USB adapter does. */
  async hangUp(end: EndName, ms = Infinity): Promise<void> {
    this.pull(end, ms)
    await this.#ends[end].hangUp()
  }

  async plug(end: EndName): Promise<void> {
    await this.#ends[end].plugIn()
    this.#pulled.delete(end)
    this.#line.pulled = this.#pulled.size > 0
  }

  /** Something is wrong with the line from now on; for `ms`, if told. */
  trouble(kind: Trouble, ms = Infinity): void {
    this.#troubles.set(kind, this.#clock.now() + ms)
    this.#line.troubles = new Set(this.#troubles.keys())
  }

  mend(kind: Trouble): void {
    this.#troubles.delete(kind)
    this.#line.troubles = new Set(this.#troubles.keys())
  }

  status(): LinkStatus {
    const now = this.#clock.now()
    const { open, until } = this.#down.contact(now)
    const leftMs = Math.round(until - now)
    const change = open ? { endsInMs: leftMs } : { startsInMs: leftMs }
    return {
      role: 'link',
      pid: process.pid,
      rssPeakOctets: peakMemoryOctets(),
      rateBps: this.#plan.rateBps,
      contact: { open, ...(Number.isFinite(leftMs) ? change : {}) },
      pulled: [...this.#pulled.keys()],
      troubles: [...this.#troubles.keys()],
      ...this.#line.counters,
    }
  }

  async close(): Promise<void> {
    for (const tap of this.#taps.splice(0)) closeSync(tap)
    await Promise.all([this.#ends.onboard.close(), this.#ends.station.close()])
  }

  async #mendDue(now: number): Promise<void> {
    for (const [end, due] of this.#pulled) if (due <= now) await this.plug(end)
    for (const [kind, due] of this.#troubles) if (due <= now) this.mend(kind)
  }

  #openTap(path: string | undefined): ((octets: Uint8Array) => void) | undefined {
    if (path === undefined) return undefined
    const file = openSync(path, 'a')
    this.#taps.push(file)
    return octets => void writeSync(file, octets)
  }
}

export interface Ends {
  readonly onboard: LineEnd
  readonly station: LineEnd
}

/** What both directions share, with the contacts on the clock that the loop reads. */
function sharedPlan(plan: LinkPlan, clock: Clock): Omit<ChannelPlan, 'rateBps'> {
  const offsetMs = clock.now() - clock.utcMs()
  const contacts = plan.contacts?.map(({ startMs, endMs }) => ({
    startMs: startMs + offsetMs,
    endMs: endMs + offsetMs,
  }))
  return {
    delayMs: plan.delayMs,
    ber: plan.ber,
    slipOctets: plan.slipOctets,
    inverted: plan.inverted,
    outages: plan.outages,
    seed: plan.seed,
    ...(contacts === undefined ? {} : { contacts }),
  }
}

const TICK_MS = 4
/** A pseudo-terminal holds 4 KiB, which at this rate is 8 ms. */
const FAST_BPS = 4_000_000
const IDLE_TICK_MS = 20
/** About a CLTU with one PDU. */
const UPLINK_UNIT_OCTETS = 128
