/**
 * One direction of a line between two modems: pure, and the same for the same seed. It takes octets at its
 * rate, harms them, and hands them out after its delay. It serves virtual and real time alike.
 *
 *     push(octets, now)                                                     pull(now)
 *     -> rate -> contacts, outages, cable -> harm (loss, bit errors, slips) -> delay ->
 *          (what comes while no one hears is dropped)
 *
 * Where harm strikes depends on the seed and on the place of an octet in the stream that was pushed, so the
 * size of the chunks does not matter. Outages and contacts belong to the time.
 */
import type { Instant } from '../../protocol/machine.ts'
import { Harm, type HarmCounters, type HarmRates } from './harm.ts'
import { Sky, type SkyPlan } from './sky.ts'

export interface ChannelPlan extends Partial<HarmRates>, SkyPlan {
  /** What the line carries, in bits per second; eight per octet, no start or stop bits. */
  readonly rateBps: number
  /** From the last bit of a chunk leaving to its being there. 0 unless told. */
  readonly delayMs?: number
  /** 1 unless told. */
  readonly seed?: number
}

/** Counts of octets, bits and units since the start. */
export interface ChannelCounters extends HarmCounters {
  octetsIn: number
  octetsOut: number
  /** Octets that nobody heard: outside contacts, in outages, cable pulled. */
  dropped: number
}

export class Channel {
  readonly #plan: ChannelPlan
  readonly #sky: Sky
  readonly #harm: Harm
  /** On their way, oldest first; `#head` is the first that was not handed out. */
  #flying: { readonly due: Instant; readonly octets: Uint8Array }[] = []
  #head = 0
  /**
   * When the transmitter has sent all that it took. In the past: time that it may still make up for.
   * Absent until the first call tells the time.
   */
  #freeAt: Instant | undefined
  #octetsIn = 0
  #octetsOut = 0
  #dropped = 0

  /** @throws Error if a rate or a probability is not one */
  constructor(plan: ChannelPlan) {
    if (!(plan.rateBps > 0)) throw new Error(`Cannot run a line at ${plan.rateBps} bit/s: above 0`)
    this.#plan = plan
    this.#sky = new Sky(plan)
    this.#harm = new Harm(plan)
  }

  /** What the line would take now, in octets, without falling behind its rate. */
  roomOctets(now: Instant): number {
    return Math.max(0, Math.floor((now - this.#free(now)) / this.#octetMs + ROUNDING))
  }

  /** Takes octets; they are copied. More than there is room for leaves later, at the rate. */
  push(octets: Uint8Array, now: Instant): void {
    if (octets.length === 0) return
    this.#freeAt = this.#free(now) + octets.length * this.#octetMs
    this.#octetsIn += octets.length
    const end = Math.max(now, this.#freeAt)
    const due = end + (this.#plan.delayMs ?? 0)
    const start = end - octets.length * this.#octetMs
    for (const part of this.#sky.split(octets.length, start, this.#octetMs)) {
      // The harm sees every octet, also one that nobody hears: its places are those of the stream.
      const pieces = this.#harm.strike(octets.subarray(part.start, part.end))
      if (part.heard) for (const piece of pieces) this.#flying.push({ due, octets: piece })
      else this.#dropped += part.end - part.start
    }
  }

  /** Says that the sender had nothing to send: that line time is gone, and is not made up for later. */
  rest(now: Instant): void {
    this.#freeAt = Math.max(this.#free(now), now)
  }

  /** The octets that are there by now, in order. The caller owns them. */
  pull(now: Instant): Uint8Array[] {
    const due: Uint8Array[] = []
    for (;;) {
      const first = this.#flying[this.#head]
      if (first === undefined || first.due > now) break
      due.push(first.octets)
      this.#octetsOut += first.octets.length
      this.#head += 1
    }
    if (this.#head > this.#flying.length / 2) {
      this.#flying = this.#flying.slice(this.#head)
      this.#head = 0
    }
    return due
  }

  /** When pull() will have octets; undefined while nothing is on its way. */
  get deadline(): Instant | undefined {
    return this.#flying[this.#head]?.due
  }

  /** The cable: while it is pulled nothing that is pushed is heard, and what is on its way is lost. */
  set pulled(pulled: boolean) {
    this.#sky.pulled = pulled
    if (!pulled) return
    for (const { octets } of this.#flying.slice(this.#head)) this.#dropped += octets.length
    this.#flying = []
    this.#head = 0
  }

  get pulled(): boolean {
    return this.#sky.pulled
  }

  /** Whether an octet that passed at `now` would be heard as far as contacts go, and until when. */
  contact(now: Instant): { open: boolean; until: Instant } {
    return this.#sky.contact(now)
  }

  get counters(): Readonly<ChannelCounters> {
    const { octetsIn, octetsOut, dropped } = {
      octetsIn: this.#octetsIn,
      octetsOut: this.#octetsOut,
      dropped: this.#dropped,
    }
    return { octetsIn, octetsOut, ...this.#harm.counters, dropped }
  }

  /** A process that slept may make up for this much line time, no more. */
  #free(now: Instant): Instant {
    this.#freeAt = Math.max(this.#freeAt ?? now, now - CREDIT_MS)
    return this.#freeAt
  }

  get #octetMs(): number {
    return 8_000 / this.#plan.rateBps
  }
}

const CREDIT_MS = 100
/** Of an octet: what adding up times in floating point may lack. */
const ROUNDING = 1e-6
