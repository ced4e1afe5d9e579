/**
 * EnduroSat's UHF transceiver: text commands until the pipe is opened; then packets of what comes, each until 128 octets
 * or a silence, and commands again when nobody spoke for the time of its register, or it started again.
 */
import type { Instant } from '../../../protocol/machine.ts'
import { sooner } from '../../../protocol/machine.ts'
import type { ModemEmulator } from '../emulator.ts'
import { type Desk, type Emulation, type Firmware, RadioEmulator } from '../radio.ts'
import { encodeEsttc, esttcCrc } from './esttc.ts'

export function enduroSatUhfEmulator(emulation: Emulation): ModemEmulator {
  return new RadioEmulator(new UhfFirmware(), BUFFER_FRAMES, emulation)
}

class UhfFirmware implements Firmware {
  #isPipe = false
  #text = ''
  #packet: number[] = []
  #flushAt: Instant | undefined
  #pipeEndsAt: Instant | undefined

  get deadline(): Instant | undefined {
    return sooner(this.#flushAt, this.#pipeEndsAt)
  }

  host(octets: Uint8Array, desk: Desk, now: Instant): void {
    for (const octet of octets) {
      if (this.#isPipe) this.#pipe(octet, desk)
      else this.#command(octet, desk)
    }
    if (!this.#isPipe) return
    this.#flushAt = this.#packet.length === 0 ? undefined : now + SILENCE_MS
    this.#pipeEndsAt = now + PIPE_MS
  }

  air(frame: Uint8Array, desk: Desk): void {
    if (this.#isPipe) desk.tell(frame)
  }

  reboot(desk: Desk): void {
    this.#isPipe = false
    this.#text = ''
    this.#packet = []
    this.#flushAt = undefined
    this.#pipeEndsAt = undefined
    for (const text of ['OK+C3C3\r', 'OK+8787\r']) desk.tell(new TextEncoder().encode(text))
  }

  tick(desk: Desk, now: Instant): void {
    if (this.#flushAt !== undefined && now >= this.#flushAt) this.#flush(desk)
    if (this.#pipeEndsAt === undefined || now < this.#pipeEndsAt) return
    this.#isPipe = false
    this.#pipeEndsAt = undefined
    desk.tell(encodeEsttc('+ESTTC'))
  }

  #pipe(octet: number, desk: Desk): void {
    this.#packet.push(octet)
    if (this.#packet.length === PACKET_OCTETS) this.#flush(desk)
  }

  #flush(desk: Desk): void {
    this.#flushAt = undefined
    desk.send(Uint8Array.from(this.#packet))
    this.#packet = []
  }

  #command(octet: number, desk: Desk): void {
    if (octet !== CR) {
      this.#text = (this.#text + String.fromCharCode(octet)).slice(-COMMAND_OCTETS_MAX)
      return
    }
    const text = this.#text
    this.#text = ''
    if (text === '') return
    const [, line = '', word, crc] = COMMAND.exec(text) ?? []
    if (word === undefined || (crc !== undefined && crc !== esttcCrc(line))) {
      desk.tell(new TextEncoder().encode('ERR+VAL\r'))
      return
    }
    this.#isPipe = (Number.parseInt(word, 16) & PIPE) !== 0
    const answers = this.#isPipe ? [`OK+${word}`, '+PIPE'] : [`OK+${word}`]
    desk.answer(Uint8Array.from(answers.flatMap(answer => [...encodeEsttc(answer)])))
  }
}

const COMMAND = /(ES\+W[0-9A-F]{2}00([0-9A-F]{4}))(?: ([0-9A-F]{8}))?$/
const CR = 0x0d
const PIPE = 0x20
const PACKET_OCTETS = 128
const COMMAND_OCTETS_MAX = 64
/** What ends a packet that is not full. */
const SILENCE_MS = 2
const PIPE_MS = 10_000
const BUFFER_FRAMES = 4
