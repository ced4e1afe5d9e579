/** EnduroSat's DVB-S2 transmitter: a storage of files, and an air on which one of them is sent when it is told. */
import type { ModemEmulator } from '../emulator.ts'
import { type Desk, type Emulation, type Firmware, RadioEmulator } from '../radio.ts'
import { ESUP, type EsupPacket, encodeEsup, esupReader } from './esup.ts'

export function enduroSatDvbS2Emulator(emulation: Emulation): ModemEmulator {
  return new RadioEmulator(new StoreFirmware(), Infinity, emulation)
}

interface StoredFile {
  readonly name: string
  readonly pieces: Uint8Array[]
}

class StoreFirmware implements Firmware {
  readonly #decoder = esupReader()
  #files = new Map<string, StoredFile>()
  #open: StoredFile | undefined
  #handle = 0

  host(octets: Uint8Array, desk: Desk): void {
    for (const packet of this.#decoder.push(octets)) this.#take(packet, desk)
  }

  /** It only sends. */
  air(): void {}

  /** The files stay; what was open, or being sent, does not. */
  reboot(): void {
    this.#decoder.reset()
    this.#open = undefined
  }

  #take(packet: EsupPacket, desk: Desk): void {
    const { command, data } = packet
    const reply = (response: number, answer: Uint8Array = NONE) =>
      desk.answer(encodeEsup({ ...packet, response, data: answer }))
    const name = new TextDecoder().decode(data)
    if (command === ESUP.create) reply(ESUP.ack, this.#create(name))
    else if (command === ESUP.write) reply(this.#write(data) ? ESUP.ack : ESUP.nack)
    else if (command === ESUP.sendFile) reply(this.#send(name, desk) ? ESUP.busy : ESUP.nack)
    else if (command === ESUP.delete) {
      this.#files.delete(name)
      reply(ESUP.ack)
    } else if (command === ESUP.getResult) reply(desk.queuedOctets > 0 ? ESUP.busy : ESUP.ack)
    else reply(ESUP.nack)
  }

  #create(name: string): Uint8Array {
    this.#open = { name, pieces: [] }
    this.#files.set(name, this.#open)
    this.#handle += 1
    const handle = new Uint8Array(4)
    new DataView(handle.buffer).setInt32(0, this.#handle, true)
    return handle
  }

  /** A piece that comes again, for its answer was lost, is the same one. */
  #write(data: Uint8Array): boolean {
    if (this.#open === undefined || data.length < WRITE_OCTETS) return false
    const view = new DataView(data.buffer, data.byteOffset)
    if (view.getInt32(4, true) !== this.#handle) return false
    this.#open.pieces[view.getUint32(8, true)] = data.slice(WRITE_OCTETS)
    return true
  }

  #send(name: string, desk: Desk): boolean {
    const file = this.#files.get(name)
    if (file === undefined) return false
    this.#open = undefined
    for (const piece of file.pieces) desk.send(piece)
    return true
  }
}

const NONE = new Uint8Array(0)
const WRITE_OCTETS = 12
