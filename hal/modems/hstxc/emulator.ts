/** The HSTXC on an emulated bus: its registers, and a FIFO that drains while it sends data, and may run empty then. */
import type { Instant } from '../../../protocol/machine.ts'
import {
  encodeTransferAnswer,
  SPI_ADDRESS,
  type Transfer,
  transferDecoder,
} from '../bus/transfer.ts'
import type { ModemEmulator } from '../emulator.ts'
import { type Desk, type Emulation, type Firmware, RadioEmulator } from '../radio.ts'
import { CONTROL, HSTXC } from './registers.ts'

export function hstxcEmulator(emulation: Emulation): ModemEmulator {
  return new RadioEmulator(new HstxcFirmware(), Infinity, emulation)
}

class HstxcFirmware implements Firmware {
  readonly #decoder = transferDecoder()
  readonly #registers = new Uint8Array(0x30)
  /** What is in the FIFO and may not leave yet. */
  #held: Uint8Array[] = []
  #underruns = 0
  #overruns = 0
  #isDry = true

  host(octets: Uint8Array, desk: Desk): void {
    for (const transfer of this.#decoder.push(octets)) {
      const answer = this.#answer(transfer, desk)
      desk.answer(encodeTransferAnswer({ tag: transfer.tag, isDone: true, octets: answer }))
    }
  }

  /** It only sends. */
  air(): void {}

  /** The bus goes on. */
  reboot(): void {
    this.#registers.fill(0)
    this.#held = []
    this.#underruns = 0
    this.#overruns = 0
    this.#isDry = true
  }

  tick(desk: Desk, _now: Instant): void {
    if (!this.#isSending) return
    const isDry = desk.queuedOctets === 0
    if (isDry && !this.#isDry) this.#underruns += 1
    this.#isDry = isDry
  }

  get #isSending(): boolean {
    return this.#registers[HSTXC.control] === CONTROL.data
  }

  #answer({ address, write, read }: Transfer, desk: Desk): Uint8Array {
    if (address === SPI_ADDRESS) {
      this.#fill(write, desk)
      return NONE
    }
    const [register = 0, value] = write
    if (value === undefined) return this.#read(register, desk).subarray(0, read)
    this.#registers[register] = value
    if (this.#isSending) for (const piece of this.#held.splice(0)) this.#send(piece, desk)
    else this.#isDry = true
    return NONE
  }

  #read(register: number, desk: Desk): Uint8Array {
    const count = this.#count(desk)
    const words = [
      [HSTXC.underruns, this.#underruns],
      [HSTXC.overruns, this.#overruns],
      [HSTXC.count, count],
    ] as const
    for (const [at, word] of words)
      if (register === at) return Uint8Array.of((word >>> 8) & 0xff)
      else if (register === at + 1) return Uint8Array.of(word & 0xff)
    if (register === HSTXC.ready) return Uint8Array.of(count <= HSTXC.readyOctets ? 1 : 0)
    return this.#registers.slice(register, register + 1)
  }

  #count(desk: Desk): number {
    return desk.queuedOctets + this.#held.reduce((sum, { length }) => sum + length, 0)
  }

  #fill(octets: Uint8Array, desk: Desk): void {
    for (let at = 0; at < octets.length; at += PIECE_OCTETS) {
      const piece = octets.slice(at, at + PIECE_OCTETS)
      if (this.#count(desk) + piece.length > HSTXC.fifoOctets) this.#overruns += 1
      else if (this.#isSending) this.#send(piece, desk)
      else this.#held.push(piece)
    }
  }

  /** One that it loses shows in its count of overruns. */
  #send(piece: Uint8Array, desk: Desk): void {
    const before = desk.queuedOctets
    desk.send(piece)
    this.#isDry = false
    if (desk.queuedOctets === before) this.#overruns += 1
  }
}

const NONE = new Uint8Array(0)
/** The air takes so many at a time. */
const PIECE_OCTETS = 512
