/**
 * The driver of a modem that answers each frame: it took it, and perhaps how many more it would take, or it did not.
 * One frame is under way at a time. One that is refused is offered again a little later, a few times; one that is not
 * answered is on the air or not, nobody knows, and so the next one goes.
 */
import { type Instant, sooner } from '../../protocol/machine.ts'
import type { ModemCapabilities, SendOutcome } from '../ports.ts'
import { type Air, AirPace } from './air-pace.ts'
import type { DriverEffect, DriverInput, Heard, ModemDriver, Telemetry } from './driver.ts'

/** How frames and answers look on the line to the modem. */
export interface Dialogue {
  encode(frame: Uint8Array): Uint8Array
  /** What the octets bring; they are borrowed. */
  decode(octets: Uint8Array, now: Instant): Iterable<Heard | Reply>
  reset(): void
  probe?(): Uint8Array
  /** What is to be asked or told without a frame, as a watchdog or what was heard; undefined: nothing now. */
  chore?(now: Instant): Uint8Array | undefined
  readonly choreAt?: Instant
  /** Whether a frame may follow, where the modem says so beside its answers; undefined: offer it and see. */
  readonly hasRoom?: boolean
  /** Whether it may send. */
  transmit?(enabled: boolean): void
  readonly events: Readonly<Record<string, number>>
}

export type Reply =
  | { readonly kind: 'telemetry'; readonly fields: Telemetry }
  /** It took the frame; `more`: frames that it would take now, if it says. */
  | { readonly kind: 'taken'; readonly more: number | undefined }
  | { readonly kind: 'refused' }

export class AnsweringDriver implements ModemDriver {
  readonly capabilities: ModemCapabilities
  readonly #dialogue: Dialogue
  readonly #pace: AirPace
  readonly #events = { 'answers missed': 0, 'answers unasked': 0, refusals: 0 }
  #isThere = false
  #frame: Uint8Array | undefined
  /** When the frame was sent that waits for an answer; undefined: it waits to be offered again. */
  #sentAt: Instant | undefined
  #againAt: Instant | undefined
  /** Until then it takes no more, by its newest word. */
  #fullUntil: Instant = -Infinity
  #tries = 0
  #effects: DriverEffect[] = []
  #now: Instant = -Infinity

  constructor(capabilities: ModemCapabilities, dialogue: Dialogue, air: Air) {
    this.capabilities = capabilities
    this.#dialogue = dialogue
    this.#pace = new AirPace(air, capabilities.frameOctetsMax ?? 0, AHEAD_FRAMES)
  }

  get roomFrames(): number {
    const isFree = this.#isThere && this.#frame === undefined && this.#roomAt <= this.#now
    return isFree && (this.#dialogue.hasRoom ?? true) ? 1 : 0
  }

  get deadline(): Instant | undefined {
    if (!this.#isThere) return undefined
    const roomAt = this.#roomAt
    const paced = this.#frame === undefined && roomAt > this.#now ? roomAt : undefined
    const answer = this.#sentAt === undefined ? this.#againAt : this.#sentAt + ANSWER_MS
    return sooner(this.#dialogue.choreAt, sooner(paced, answer))
  }

  get events(): Readonly<Record<string, number>> {
    return { ...this.#dialogue.events, ...this.#events }
  }

  receive(input: DriverInput, now: Instant): void {
    this.#now = now
    if (input.kind === 'line') this.#line(input.isThere)
    else if (input.kind === 'octets') this.#hear(input.octets, now)
    else if (input.kind === 'frame') {
      this.#frame = input.octets
      this.#tries = 0
      this.#send(now)
    } else if (input.kind === 'transmit') this.#dialogue.transmit?.(input.enabled)
    else if (input.kind === 'probe') {
      const question = this.#dialogue.probe?.()
      if (question !== undefined) this.#write(question)
    }
    this.#chores(now)
  }

  tick(now: Instant): void {
    this.#now = now
    if (this.#sentAt !== undefined && now >= this.#sentAt + ANSWER_MS) {
      this.#events['answers missed'] += 1
      this.#end('unknown')
    }
    if (this.#againAt !== undefined && now >= this.#againAt) this.#send(now)
    this.#chores(now)
  }

  drain(): readonly DriverEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  get #roomAt(): Instant {
    return Math.max(this.#pace.roomAt, this.#fullUntil)
  }

  #send(now: Instant): void {
    if (this.#frame === undefined) return
    this.#againAt = undefined
    this.#sentAt = now
    this.#tries += 1
    this.#write(this.#dialogue.encode(this.#frame))
  }

  #hear(octets: Uint8Array, now: Instant): void {
    for (const found of this.#dialogue.decode(octets, now)) {
      if (found.kind === 'taken') this.#taken(found.more, now)
      else if (found.kind === 'refused') this.#refused(now)
      else this.#effects.push(found)
    }
  }

  #taken(more: number | undefined, now: Instant): void {
    if (this.#sentAt === undefined || this.#frame === undefined) {
      this.#events['answers unasked'] += 1
      return
    }
    this.#pace.sent(this.#frame.length, now)
    if (more === 0) this.#fullUntil = now + AGAIN_MS
    this.#end('accepted')
  }

  #refused(now: Instant): void {
    if (this.#sentAt === undefined) {
      this.#events['answers unasked'] += 1
      return
    }
    this.#events.refusals += 1
    this.#sentAt = undefined
    if (this.#tries >= TRIES_MAX) this.#end('rejected')
    else this.#againAt = now + AGAIN_MS
  }

  #end(outcome: SendOutcome): void {
    this.#frame = undefined
    this.#sentAt = undefined
    this.#againAt = undefined
    this.#effects.push({ kind: 'outcome', outcome })
  }

  #chores(now: Instant): void {
    if (!this.#isThere) return
    const chore = this.#dialogue.chore?.(now)
    if (chore !== undefined) this.#write(chore)
  }

  #write(octets: Uint8Array): void {
    this.#effects.push({ kind: 'write', octets })
  }

  #line(isThere: boolean): void {
    this.#isThere = isThere
    if (isThere) return
    if (this.#frame !== undefined) this.#end('unknown')
    this.#dialogue.reset()
    this.#pace.clear()
    this.#fullUntil = -Infinity
  }
}

/** Its answers say when it is full: the pace is only to spare it useless questions. */
const AHEAD_FRAMES = 4
const ANSWER_MS = 1_000
const AGAIN_MS = 50
const TRIES_MAX = 100
