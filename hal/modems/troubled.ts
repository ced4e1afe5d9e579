/**
 * A modem whose line to the host is bad, whatever its kind: it stalls, restarts, runs at the wrong baud rate, hears
 * noise, prints lines. What befalls its answers and its buffer, lost and doubled credit and overruns, is in the
 * emulators themselves.
 */
import type { Instant } from '../../protocol/machine.ts'
import type { EmulatorEffect, EmulatorInput, ModemEmulator } from './emulator.ts'
import type { Mischief } from './mischief.ts'

export class TroubledEmulator implements ModemEmulator {
  readonly #modem: ModemEmulator
  readonly #mischief: Mischief
  /** Octets from and to the host until the next of each. */
  #toStall: number
  #toReboot: number
  #toBaud: number
  #toNoise: number
  #stalledUntil: Instant | undefined
  /** Inputs of the time of a stall. */
  #held: EmulatorInput[] = []
  #heldOctets = 0
  #garbledOctets = 0
  #effects: EmulatorEffect[] = []

  constructor(modem: ModemEmulator, mischief: Mischief) {
    this.#modem = modem
    this.#mischief = mischief
    this.#toStall = mischief.gap('stall', STALL_OCTETS)
    this.#toReboot = mischief.gap('reboot', REBOOT_OCTETS)
    this.#toBaud = mischief.gap('baud', BAUD_OCTETS)
    this.#toNoise = mischief.gap('noise', NOISE_OCTETS)
  }

  get counters(): Readonly<Record<string, number>> {
    return { ...this.#modem.counters, ...this.#mischief.counters }
  }

  get deadline(): Instant | undefined {
    return this.#stalledUntil ?? this.#modem.deadline
  }

  receive(input: EmulatorInput, now: Instant): void {
    if (this.#stalledUntil !== undefined) this.#hold(input)
    else if (input.kind === 'host') this.#fromHost(input.octets.slice(), now)
    else this.#modem.receive(input, now)
    this.#gather()
  }

  tick(now: Instant): void {
    if (this.#stalledUntil !== undefined) {
      if (now < this.#stalledUntil) return
      this.#stalledUntil = undefined
      // What waited all the time is no reason to stall again.
      this.#toStall += this.#heldOctets
      this.#heldOctets = 0
      for (const input of this.#held.splice(0)) this.receive(input, now)
    }
    this.#modem.tick(now)
    this.#gather()
  }

  reboot(now: Instant): void {
    this.#modem.reboot(now)
    this.#gather()
  }

  drain(): readonly EmulatorEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  /** What it has no room for is lost, as in any device that nobody empties. */
  #hold(input: EmulatorInput): void {
    if (this.#heldOctets > HELD_OCTETS_MAX) return
    this.#heldOctets += input.octets.length
    this.#held.push({ ...input, octets: input.octets.slice() })
  }

  #fromHost(octets: Uint8Array, now: Instant): void {
    this.#toStall -= octets.length
    if (this.#toStall <= 0) {
      this.#mischief.count('stall')
      this.#toStall = this.#mischief.gap('stall', STALL_OCTETS)
      this.#stalledUntil = now + STALL_MS
      this.#hold({ kind: 'host', octets })
      return
    }
    this.#garble(octets)
    if (this.#toReboot > octets.length) {
      this.#toReboot -= octets.length
      this.#modem.receive({ kind: 'host', octets }, now)
      return
    }
    // In the middle of what it is told.
    const at = this.#toReboot
    this.#mischief.count('reboot')
    this.#toReboot = this.#mischief.gap('reboot', REBOOT_OCTETS)
    this.#modem.receive({ kind: 'host', octets: octets.subarray(0, at) }, now)
    this.#gather()
    this.#modem.reboot(now)
    this.#modem.receive({ kind: 'host', octets: octets.subarray(at) }, now)
  }

  #gather(): void {
    for (const effect of this.#modem.drain()) {
      if (effect.kind === 'air') this.#effects.push(effect)
      else this.#toHost(effect.octets)
    }
  }

  #toHost(octets: Uint8Array): void {
    if (this.#mischief.strikes('lines', LINES_ONE_IN)) this.#tell(LINE.slice())
    this.#toNoise -= octets.length
    if (this.#toNoise <= 0) {
      this.#mischief.count('noise')
      this.#toNoise = this.#mischief.gap('noise', NOISE_OCTETS)
      const at = octets.length >>> 1
      this.#tell(octets.slice(0, at))
      this.#tell(this.#mischief.noise('noise', NOISE_LENGTH))
      this.#tell(octets.slice(at))
    } else this.#tell(octets)
  }

  #tell(octets: Uint8Array): void {
    this.#garble(octets)
    this.#effects.push({ kind: 'host', octets })
  }

  /** Changes octets where the baud rate is wrong. */
  #garble(octets: Uint8Array): void {
    this.#toBaud -= octets.length
    if (this.#toBaud <= 0) {
      this.#mischief.count('baud')
      this.#toBaud = this.#mischief.gap('baud', BAUD_OCTETS)
      this.#garbledOctets = GARBLED_OCTETS
    }
    const count = Math.min(octets.length, this.#garbledOctets)
    octets.set(this.#mischief.noise('baud', count))
    this.#garbledOctets -= count
  }
}

/** Means: octets between two of each. */
const STALL_OCTETS = 10_000
const REBOOT_OCTETS = 10_000
const BAUD_OCTETS = 10_000
const NOISE_OCTETS = 2_000
const LINES_ONE_IN = 5
const STALL_MS = 2_500
const HELD_OCTETS_MAX = 65_536
const GARBLED_OCTETS = 200
const NOISE_LENGTH = 9
const LINE = new TextEncoder().encode('\r\n[ 1234.5] radio: temperature 31 C\r\n')
