/**
 * What all emulated radios have in common: an air that takes one frame at a time, a buffer before it, and a host that
 * is told things. The firmware of a kind says what octets of the host mean.
 */
import { type Instant, sooner } from '../../protocol/machine.ts'
import type { Air } from './air-pace.ts'
import type { EmulatorEffect, EmulatorInput, ModemEmulator } from './emulator.ts'
import { Mischief } from './mischief.ts'
import { Transmitter } from './transmitter.ts'

/** What the firmware of a radio can do. */
export interface Desk {
  /** Frames that the buffer would take. */
  readonly slots: number
  /** Octets that wait for the air, or are on it. */
  readonly queuedOctets: number
  /** Takes a frame, its own, for the air. False: the buffer is full. */
  send(frame: Uint8Array): boolean
  /** To the host. */
  tell(octets: Uint8Array): void
  /** To the host: an answer that it waits for, so that a misbehaving radio loses or doubles it. */
  answer(octets: Uint8Array): void
}

export interface Firmware {
  /** Octets of the host; borrowed. */
  host(octets: Uint8Array, desk: Desk, now: Instant): void
  /** A frame off the air, its own. */
  air(frame: Uint8Array, desk: Desk, now: Instant): void
  /** It starts again: what it held is gone, and it may say so. */
  reboot(desk: Desk, now: Instant): void
  /** When to call tick(), for one that does something by itself. */
  readonly deadline?: Instant | undefined
  tick?(desk: Desk, now: Instant): void
}

export interface Emulation {
  readonly air: Air
  readonly mischief?: Mischief
}

export class RadioEmulator implements ModemEmulator {
  readonly counters = { framesIn: 0, framesOut: 0, dropped: 0, answers: 0 }
  readonly #firmware: Firmware
  readonly #mischief: Mischief
  readonly #transmitter: Transmitter
  readonly #desk: Desk
  #effects: EmulatorEffect[] = []
  #now: Instant = 0

  /** @param bufferFrames frames that wait behind the one on the air */
  constructor(
    firmware: Firmware,
    bufferFrames: number,
    { air, mischief = new Mischief() }: Emulation,
  ) {
    this.#firmware = firmware
    this.#mischief = mischief
    const transmitter = new Transmitter(air, bufferFrames)
    this.#transmitter = transmitter
    this.#desk = {
      get slots() {
        return transmitter.slots
      },
      get queuedOctets() {
        return transmitter.queuedOctets
      },
      send: frame => this.#send(frame),
      tell: octets => this.#tell(octets),
      answer: octets => this.#answer(octets),
    }
  }

  get deadline(): Instant | undefined {
    return sooner(this.#transmitter.deadline, this.#firmware.deadline)
  }

  receive(input: EmulatorInput, now: Instant): void {
    this.tick(now)
    if (input.kind === 'host') this.#firmware.host(input.octets, this.#desk, now)
    else {
      this.counters.framesIn += 1
      this.#firmware.air(input.octets, this.#desk, now)
    }
  }

  tick(now: Instant): void {
    this.#now = now
    for (const octets of this.#transmitter.left(now)) {
      this.counters.framesOut += 1
      this.#effects.push({ kind: 'air', octets })
    }
    this.#firmware.tick?.(this.#desk, now)
  }

  reboot(now: Instant): void {
    this.#transmitter.clear()
    this.#firmware.reboot(this.#desk, now)
  }

  drain(): readonly EmulatorEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  /** A radio that overruns says that it took the frame, and loses it. */
  #send(frame: Uint8Array): boolean {
    if (this.#transmitter.slots > 0 && this.#mischief.strikes('overrun', OVERRUN_ONE_IN)) {
      this.counters.dropped += 1
      return true
    }
    const isTaken = this.#transmitter.take(frame, this.#now)
    if (!isTaken) this.counters.dropped += 1
    return isTaken
  }

  #tell(octets: Uint8Array): void {
    this.#effects.push({ kind: 'host', octets })
  }

  #answer(octets: Uint8Array): void {
    this.counters.answers += 1
    if (this.#mischief.strikes('lost-credit', CREDIT_ONE_IN)) return
    this.#tell(octets)
    if (this.#mischief.strikes('double-credit', CREDIT_ONE_IN)) this.#tell(octets.slice())
  }
}

const OVERRUN_ONE_IN = 20
const CREDIT_ONE_IN = 8
