/**
 * Frames to and from ISIS' TRXVU on its I2C bus: the answer to each frame is how many more it would take, 255 if it did
 * not take this one. What it heard is asked for again and again, and its watchdog is fed.
 */

import type { Instant } from '../../../protocol/machine.ts'
import type { ModemCapabilities } from '../../ports.ts'
import { AIR_OCTETS } from '../air-share.ts'
import { AnsweringDriver, type Dialogue, type Reply } from '../answering-driver.ts'
import { type Answered, BusCalls } from '../bus/calls.ts'
import type { Heard, ModemDriver } from '../driver.ts'

export interface TrxvuSettings {
  readonly frameOctets: number
  /** Addresses of its transmitter and its receiver on the bus. */
  readonly sendAddress: number
  readonly receiveAddress: number
  readonly rateBps: number | undefined
}

export const TRXVU = {
  sendFrame: 0x10,
  frameCount: 0x21,
  readFrame: 0x22,
  removeFrame: 0x24,
  uptime: 0x40,
  watchdog: 0xcc,
  refused: 0xff,
  frameOctetsMax: 235,
  /** Size, Doppler and signal strength before a frame that it heard. */
  heardHeadOctets: 6,
} as const

export function trxvuDriver(settings: TrxvuSettings): ModemDriver {
  const { frameOctets, rateBps } = settings
  const capabilities: ModemCapabilities = {
    archetype: 'slots',
    frameOctetsMax: frameOctets,
    credit: 'slots',
    rateBps,
    duplex: 'full',
  }
  const air = { rateBps, aroundOctets: AIR_OCTETS.trxvu, gapMs: 0 }
  return new AnsweringDriver(capabilities, new TrxvuDialogue(settings), air)
}

type What = 'send' | 'count' | 'read' | 'remove' | 'feed' | 'uptime'

class TrxvuDialogue implements Dialogue {
  readonly #settings: TrxvuSettings
  readonly #calls = new BusCalls<What>()
  #pollAt: Instant = -Infinity
  #feedAt: Instant = -Infinity
  /** What follows from the newest answer about what it heard. */
  #next: What | undefined

  constructor(settings: TrxvuSettings) {
    this.#settings = settings
  }

  get events(): Readonly<Record<string, number>> {
    return this.#calls.events
  }

  get choreAt(): Instant {
    return this.#next === undefined ? Math.min(this.#pollAt, this.#feedAt) : -Infinity
  }

  /** What is said late of the frame before says nothing of this one. */
  encode(frame: Uint8Array): Uint8Array {
    this.#calls.forget('send')
    return this.#transfer('send', frame)
  }

  probe(): Uint8Array {
    return this.#transfer('uptime')
  }

  /** One at a time: AnsweringDriver asks again behind each input. */
  chore(now: Instant): Uint8Array | undefined {
    const next = this.#next
    if (next !== undefined) {
      this.#next = undefined
      return this.#transfer(next)
    }
    if (now >= this.#feedAt) {
      this.#feedAt = now + FEED_MS
      return this.#transfer('feed')
    }
    if (now < this.#pollAt) return undefined
    this.#pollAt = now + POLL_MS
    return this.#transfer('count')
  }

  *decode(octets: Uint8Array): Iterable<Heard | Reply> {
    for (const answered of this.#calls.answers(octets)) {
      if (answered.isDone) yield* this.#read(answered)
      else if (answered.what === 'send') yield REFUSED
    }
  }

  reset(): void {
    this.#calls.reset()
    this.#next = undefined
  }

  *#read({ what, octets }: Answered<What>): Generator<Heard | Reply> {
    const view = new DataView(octets.buffer, octets.byteOffset, octets.length)
    const [first = TRXVU.refused] = octets
    if (what === 'send') yield first === TRXVU.refused ? REFUSED : { kind: 'taken', more: first }
    else if (what === 'count' && octets.length >= 2 && view.getUint16(0, true) > 0)
      this.#next = 'read'
    else if (what === 'read' && octets.length > TRXVU.heardHeadOctets) {
      this.#next = 'remove'
      const end = TRXVU.heardHeadOctets + view.getUint16(0, true)
      yield { kind: 'heard', octets: octets.slice(TRXVU.heardHeadOctets, end) }
    } else if (what === 'remove') this.#next = 'count'
    else if (what === 'uptime' && octets.length >= 4)
      yield { kind: 'telemetry', fields: { uptimeS: view.getUint32(0, true) } }
  }

  #transfer(what: What, frame: Uint8Array = NONE): Uint8Array {
    const { sendAddress, receiveAddress, frameOctets } = this.#settings
    const { command, read, isSend } = TRANSFERS[what]
    return this.#calls.call(what, {
      address: isSend ? sendAddress : receiveAddress,
      write: Uint8Array.from([command, ...frame]),
      read: what === 'read' ? TRXVU.heardHeadOctets + frameOctets : read,
    })
  }
}

const TRANSFERS: Readonly<
  Record<What, { readonly command: number; readonly read: number; readonly isSend: boolean }>
> = {
  send: { command: TRXVU.sendFrame, read: 1, isSend: true },
  count: { command: TRXVU.frameCount, read: 2, isSend: false },
  read: { command: TRXVU.readFrame, read: 0, isSend: false },
  remove: { command: TRXVU.removeFrame, read: 0, isSend: false },
  feed: { command: TRXVU.watchdog, read: 0, isSend: true },
  uptime: { command: TRXVU.uptime, read: 4, isSend: true },
}
const REFUSED = { kind: 'refused' } as const
const NONE = new Uint8Array(0)
const POLL_MS = 100
const FEED_MS = 15_000
