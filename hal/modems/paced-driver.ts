/**
 * The driver of a modem that takes frames and says nothing of it, or how long its queue is: what counts is how a
 * frame looks on the line, and how fast the air is.
 */
import { type Instant, sooner } from '../../protocol/machine.ts'
import type { ModemCapabilities } from '../ports.ts'
import { type Air, AirPace } from './air-pace.ts'
import type { DriverEffect, DriverInput, Heard, ModemDriver, Telemetry } from './driver.ts'
import { QueueCredit } from './queue-credit.ts'

/** How frames look on the line to a modem. */
export interface Framing {
  /** The octets that make the modem send this frame; a new array. */
  encode(frame: Uint8Array): Uint8Array
  /** What the octets bring; they are borrowed. */
  decode(octets: Uint8Array, now: Instant): Iterable<Heard | Answer>
  /** Octets that were kept, as a frame that is not whole, are of the past. */
  reset(): void
  /** What makes the modem tell of itself; undefined: it has nothing of the kind. */
  probe?(): Uint8Array
  /** What makes the modem say how long its queue is; undefined: it cannot. */
  askQueue?(): Uint8Array
  readonly events: Readonly<Record<string, number>>
}

export type Answer =
  | { readonly kind: 'telemetry'; readonly fields: Telemetry }
  /** Octets that wait in the modem. */
  | { readonly kind: 'queue'; readonly octets: number }

export class PacedDriver implements ModemDriver {
  readonly capabilities: ModemCapabilities
  readonly packsSends: boolean
  readonly #framing: Framing
  readonly #pace: AirPace
  readonly #credit: QueueCredit | undefined
  #effects: DriverEffect[] = []
  #isThere = false
  /** Writes that the line has not taken, oldest first: of a frame, or of what nobody waits for. */
  #writing: ('frame' | 'other')[] = []
  #now: Instant = -Infinity

  constructor(
    capabilities: ModemCapabilities,
    framing: Framing,
    air: Air,
    { packsSends = true }: { readonly packsSends?: boolean } = {},
  ) {
    this.packsSends = packsSends
    this.capabilities = capabilities
    this.#framing = framing
    const frameOctets = capabilities.frameOctetsMax ?? 0
    this.#pace = new AirPace(air, frameOctets)
    const limitOctets = Math.max(QUEUE_FRAMES * frameOctets, (air.rateBps ?? 0) / 8)
    this.#credit = framing.askQueue && new QueueCredit(limitOctets)
  }

  get roomFrames(): number {
    if (!this.#isThere || this.#writing.length >= WRITING_MAX) return 0
    const hasCredit = this.#credit?.hasRoom(this.capabilities.frameOctetsMax ?? 0) ?? true
    return hasCredit && this.#pace.hasRoom(this.#now) ? 1 : 0
  }

  get deadline(): Instant | undefined {
    if (!this.#isThere) return undefined
    const { roomAt } = this.#pace
    return sooner(roomAt > this.#now ? roomAt : undefined, this.#credit?.deadline)
  }

  get events(): Readonly<Record<string, number>> {
    return { ...this.#framing.events, ...this.#credit?.events }
  }

  receive(input: DriverInput, now: Instant): void {
    this.#now = now
    if (input.kind === 'line') this.#line(input.isThere)
    else if (input.kind === 'octets') this.#hear(input.octets, now)
    else if (input.kind === 'frame') {
      this.#pace.sent(input.octets.length, now)
      this.#credit?.sent(input.octets.length)
      this.#write(this.#framing.encode(input.octets), 'frame')
    } else if (input.kind === 'written') {
      if (this.#writing.shift() === 'frame')
        this.#effects.push({ kind: 'outcome', outcome: input.outcome })
    } else if (input.kind === 'probe') {
      const question = this.#framing.probe?.()
      if (question !== undefined) this.#write(question, 'other')
    }
    this.#ask(now)
  }

  tick(now: Instant): void {
    this.#now = now
    this.#ask(now)
  }

  drain(): readonly DriverEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  #hear(octets: Uint8Array, now: Instant): void {
    for (const found of this.#framing.decode(octets, now)) {
      if (found.kind === 'queue') this.#credit?.answer(found.octets)
      else this.#effects.push(found)
    }
  }

  #ask(now: Instant): void {
    if (!this.#isThere || this.#credit?.ask(now) !== true) return
    const question = this.#framing.askQueue?.()
    if (question !== undefined) this.#write(question, 'other')
  }

  #write(octets: Uint8Array, what: 'frame' | 'other'): void {
    this.#writing.push(what)
    this.#effects.push({ kind: 'write', octets })
  }

  #line(isThere: boolean): void {
    this.#isThere = isThere
    if (isThere) return
    // The line may still bring them out when it is back; nobody knows.
    for (const what of this.#writing)
      if (what === 'frame') this.#effects.push({ kind: 'outcome', outcome: 'unknown' })
    this.#writing = this.#writing.map(() => 'other')
    this.#framing.reset()
    this.#pace.clear()
    this.#credit?.clear()
  }
}

/** Writes under way: one on the line, and one behind it so that the line does not rest. */
const WRITING_MAX = 2
/** Frames that may wait in a modem that says how many do; more if a second of its air is longer. */
const QUEUE_FRAMES = 4
