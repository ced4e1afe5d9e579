/**
 * One command to the transmitter, until its result is there: told, taken, asked for, and the result acknowledged. It asks
 * again for what it is not told, and says the command again where the transmitter does not know of it.
 *
 *     told -> (ack, or silence) -> asked for -> (busy: a little later) asked for ... -> (result) done
 *      ^------------------ (it knows of no such command) ----------'
 */
import type { Instant } from '../../../protocol/machine.ts'
import { ESUP, type EsupPacket } from './esup.ts'

export interface Order {
  readonly command: number
  readonly type: number
  readonly data: Uint8Array
  /** Between two questions while it is busy. */
  readonly pollMs: number
  /** It takes no longer. */
  readonly limitMs: number
}

/** What is to be sent now; 'failed': it was refused, or is not known to have been done in its time. */
export type CommandTurn = EsupPacket | 'failed' | undefined

export interface CommandEvents {
  'answers missed': number
  'answers unasked': number
  refusals: number
}

export class Command {
  readonly #order: Order
  readonly #module: number
  readonly #events: CommandEvents
  readonly #endsAt: Instant
  #isTold = false
  /** The newest question was for its result. */
  #isPolled = false
  /** When it was told, or its result asked for, and no answer came; else when that is to be done. */
  #askedAt: Instant | undefined
  #dueAt: Instant
  #silence = 0
  #tries = 0

  constructor(order: Order, module: number, events: CommandEvents, now: Instant) {
    this.#order = order
    this.#module = module
    this.#events = events
    this.#endsAt = now + order.limitMs
    this.#dueAt = now
  }

  get deadline(): Instant {
    return this.#askedAt === undefined ? this.#dueAt : this.#askedAt + ANSWER_MS
  }

  turn(now: Instant): CommandTurn {
    if (this.#askedAt !== undefined) {
      if (now < this.#askedAt + ANSWER_MS) return undefined
      this.#events['answers missed'] += 1
      this.#silence += 1
      if (this.#silence >= SILENCE_MAX) return 'failed'
      this.#dueAt = now
    } else if (now < this.#dueAt) return undefined
    if (now > this.#endsAt) return 'failed'
    this.#askedAt = now
    const { command, type, data } = this.#order
    this.#isPolled = this.#isTold
    if (this.#isTold) return this.#packet(ESUP.getResult, command, typeOctets(type))
    this.#isTold = true
    this.#tries += 1
    return this.#packet(command, type, data)
  }

  /** The result, its status first; 'failed'; undefined: no end yet. */
  hear(packet: EsupPacket, now: Instant): Uint8Array | 'failed' | undefined {
    const { command, type, pollMs } = this.#order
    const isOurs =
      packet.module === this.#module && packet.command === command && packet.type === type
    if (!isOurs || this.#askedAt === undefined) return this.#unasked()
    const { response } = packet
    // What was taken before, or was a result before, may be said twice: it says nothing of this question.
    if (response === (this.#isPolled ? ESUP.ack : ESUP.result)) return this.#unasked()
    this.#silence = 0
    this.#askedAt = undefined
    this.#dueAt = now + (response === ESUP.ack ? QUIET_MS : pollMs)
    if (response === ESUP.result) return packet.data
    if (response === ESUP.nack) return 'failed'
    if (!isAgain(response)) return undefined
    this.#isTold = false
    return this.#tries < TRIES_MAX ? undefined : 'failed'
  }

  /** Says that its result came. */
  acknowledgement(): EsupPacket {
    const { command, type } = this.#order
    return { ...this.#packet(command, type, NONE), response: ESUP.ack }
  }

  #unasked(): undefined {
    this.#events['answers unasked'] += 1
  }

  #packet(command: number, type: number, data: Uint8Array): EsupPacket {
    return { module: this.#module, response: 0, command, type, data }
  }
}

function isAgain(response: number): boolean {
  const again: readonly number[] = [ESUP.unknown, ESUP.full, ...ESUP.later]
  return again.includes(response)
}

function typeOctets(type: number): Uint8Array {
  return type === 0 ? NONE : Uint8Array.of(type & 0xff, type >>> 8)
}

const NONE = new Uint8Array(0)
const ANSWER_MS = 1_000
/** Silence that the module wants behind a command: 2 ms at the least. */
const QUIET_MS = 3
const SILENCE_MAX = 10
/** How often a command is told. */
const TRIES_MAX = 4
