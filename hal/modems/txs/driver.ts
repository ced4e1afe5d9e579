/**
 * Frames to ISIS' TXS, an S-band transmitter on an I2C bus. Behind each frame it says how many octets its buffer has left,
 * and in its housekeeping, too: that is asked for again and again, so that an answer that is lost costs one question. It
 * starts switched off, and is switched on whenever it says that it is off.
 *
 *     housekeeping   | status 2 | uptime 4 | current 2 | voltage 2 | board 2 | amplifier 2 | change 1 | limit 1 | room 2 | frame 2 |
 *
 * Little endian, 20 octets; the lowest two bits of the status are 1 when it is on. The layout is known from a public
 * header of the maker's library. The numbers of the commands are not: the configuration says them.
 */

import type { Instant } from '../../../protocol/machine.ts'
import type { ModemCapabilities } from '../../ports.ts'
import { AIR_OCTETS } from '../air-share.ts'
import { AnsweringDriver, type Dialogue, type Reply } from '../answering-driver.ts'
import { type Answered, BusCalls } from '../bus/calls.ts'
import type { ModemDriver, Telemetry } from '../driver.ts'

export interface TxsSettings {
  readonly frameOctets: number
  /** Its address on the bus. */
  readonly address: number
  readonly commands: TxsCommands
  readonly rateBps: number | undefined
}

/** Numbers of its commands, as its interface document has them. */
export interface TxsCommands {
  /** Sends a frame with the callsigns that it was told before. */
  readonly send: number
  /** Switches it on, 1, or off, 0. */
  readonly state: number
  readonly housekeeping: number
}

export const TXS = { housekeepingOctets: 20, roomOctets: 4, stateMask: 3, on: 1, off: 0 } as const

export function txsDriver(settings: TxsSettings): ModemDriver {
  const { frameOctets, rateBps } = settings
  const capabilities: ModemCapabilities = {
    archetype: 'slots',
    frameOctetsMax: frameOctets,
    credit: 'octets',
    rateBps,
    duplex: 'send',
  }
  const air = { rateBps, aroundOctets: AIR_OCTETS.txs, gapMs: 0 }
  return new AnsweringDriver(capabilities, new TxsDialogue(settings), air)
}

type What = 'send' | 'state' | 'housekeeping' | 'probe'

class TxsDialogue implements Dialogue {
  readonly #settings: TxsSettings
  readonly #calls = new BusCalls<What>()
  readonly #events = { 'credit asked': 0, 'restarts seen': 0, 'frames too long': 0 }
  /** Octets that its buffer has left by its newest word; undefined: it has not said. */
  #roomOctets: number | undefined
  #mayTransmit = true
  /** Whether it is on, by its newest word. */
  #isOn: boolean | undefined
  /** Whether it said that it is on since it was told to be. */
  #wasOn = false
  #pollAt: Instant = -Infinity

  constructor(settings: TxsSettings) {
    this.#settings = settings
  }

  get events(): Readonly<Record<string, number>> {
    return { ...this.#events, ...this.#calls.events }
  }

  get hasRoom(): boolean {
    return this.#isOn === true && (this.#roomOctets ?? 0) >= this.#settings.frameOctets
  }

  get choreAt(): Instant {
    return this.#mustSwitch ? -Infinity : this.#pollAt
  }

  transmit(enabled: boolean): void {
    this.#mayTransmit = enabled
  }

  /** What is said late of the frame before says nothing of this one. */
  encode(frame: Uint8Array): Uint8Array {
    this.#calls.forget('send')
    const { send } = this.#settings.commands
    return this.#call('send', [send, ...frame], TXS.roomOctets)
  }

  probe(): Uint8Array {
    return this.#call('probe', [this.#settings.commands.housekeeping], TXS.housekeepingOctets)
  }

  chore(now: Instant): Uint8Array | undefined {
    const { state, housekeeping } = this.#settings.commands
    if (this.#mustSwitch) {
      this.#isOn = undefined
      this.#pollAt = now
      return this.#call('state', [state, this.#mayTransmit ? TXS.on : TXS.off], 0)
    }
    if (now < this.#pollAt) return undefined
    this.#pollAt = now + (this.hasRoom ? CALM_MS : POLL_MS)
    this.#events['credit asked'] += 1
    return this.#call('housekeeping', [housekeeping], TXS.housekeepingOctets)
  }

  *decode(octets: Uint8Array): Iterable<Reply> {
    for (const answered of this.#calls.answers(octets)) {
      if (answered.isDone) yield* this.#read(answered)
      else if (answered.what === 'send') yield { kind: 'refused' }
    }
  }

  reset(): void {
    this.#calls.reset()
    this.#roomOctets = undefined
    this.#isOn = undefined
  }

  get #mustSwitch(): boolean {
    return this.#isOn !== undefined && this.#isOn !== this.#mayTransmit
  }

  *#read({ what, octets }: Answered<What>): Generator<Reply> {
    const view = new DataView(octets.buffer, octets.byteOffset, octets.length)
    if (what === 'send' && octets.length >= TXS.roomOctets) {
      this.#learnRoom(view)
      if (!this.hasRoom) this.#pollAt = -Infinity
      yield { kind: 'taken', more: undefined }
    } else if (what === 'housekeeping' && octets.length >= TXS.housekeepingOctets) {
      this.#learnState((view.getUint8(0) & TXS.stateMask) === TXS.on)
      this.#learnRoom(view)
    } else if (what === 'probe' && octets.length >= TXS.housekeepingOctets)
      yield { kind: 'telemetry', fields: telemetryOf(view) }
  }

  /** The last 4 octets of an answer. */
  #learnRoom(view: DataView): void {
    this.#roomOctets = view.getUint16(view.byteLength - 4, true)
    const frameOctetsMax = view.getUint16(view.byteLength - 2, true)
    if (this.#settings.frameOctets > frameOctetsMax) this.#events['frames too long'] += 1
  }

  #learnState(isOn: boolean): void {
    this.#isOn = isOn
    if (!isOn && this.#wasOn && this.#mayTransmit) this.#events['restarts seen'] += 1
    this.#wasOn = isOn
  }

  #call(what: What, write: readonly number[], read: number): Uint8Array {
    const { address } = this.#settings
    return this.#calls.call(what, { address, write: Uint8Array.from(write), read })
  }
}

function telemetryOf(view: DataView): Telemetry {
  const word = (at: number) => view.getUint16(at, true)
  return {
    state: (view.getUint8(0) & TXS.stateMask) === TXS.on ? 'on' : 'off',
    uptimeS: view.getUint32(2, true),
    current: word(6),
    voltage: word(8),
    boardTemperature: word(10),
    amplifierTemperature: word(12),
    roomOctets: word(16),
    frameOctetsMax: word(18),
  }
}

/** How often it is asked while it has no room, and while it has. */
const POLL_MS = 50
const CALM_MS = 1_000
