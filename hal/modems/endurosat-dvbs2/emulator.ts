/**
 * EnduroSat's DVB-S2 transmitter: a storage of files, and an air on which one of them is sent when it is told, once it has
 * warmed up. It keeps what became of each command until the host says that it knows.
 */
import type { Instant } from '../../../protocol/machine.ts'
import type { ModemEmulator } from '../emulator.ts'
import { type Desk, type Emulation, type Firmware, RadioEmulator } from '../radio.ts'
import { ESUP, type EsupPacket, encodeEsup, esupReader } from './esup.ts'

export function enduroSatDvbS2Emulator(
  emulation: Emulation & { readonly warmUpMs?: number },
): ModemEmulator {
  return new RadioEmulator(new StoreFirmware(emulation.warmUpMs ?? WARM_UP_MS), Infinity, emulation)
}

interface StoredFile {
  readonly octets: Uint8Array
  written: number
}

/** What became of a command. */
interface Result {
  readonly isBusy: (desk: Desk, now: Instant) => boolean
  readonly data: Uint8Array
}

class StoreFirmware implements Firmware {
  readonly #decoder = esupReader()
  readonly #warmUpMs: number
  readonly #files = new Map<string, StoredFile>()
  /** By command. */
  readonly #results = new Map<number, Result>()
  #open: StoredFile | undefined
  #handle = 0
  #warmAt: Instant | undefined

  constructor(warmUpMs: number) {
    this.#warmUpMs = warmUpMs
  }

  host(octets: Uint8Array, desk: Desk, now: Instant): void {
    for (const packet of this.#decoder.push(octets)) {
      if (packet.response === ESUP.ack) this.#results.delete(packet.command)
      else if (packet.command === ESUP.getResult) this.#tell(packet, desk, now)
      else this.#take(packet, desk, now)
    }
  }

  /** It only sends. */
  air(): void {}

  /** The files stay; what was open, or being sent, does not. */
  reboot(): void {
    this.#decoder.reset()
    this.#open = undefined
    this.#warmAt = undefined
    this.#results.clear()
  }

  #tell({ module, type: command, data }: EsupPacket, desk: Desk, now: Instant): void {
    const type = (data[0] ?? 0) | ((data[1] ?? 0) << 8)
    const result = this.#results.get(command)
    const reply = (response: number, answer: Uint8Array = NONE) =>
      desk.answer(encodeEsup({ module, response, command, type, data: answer }))
    if (result === undefined) reply(ESUP.unknown)
    else if (result.isBusy(desk, now)) reply(ESUP.busy)
    else reply(ESUP.result, result.data)
  }

  #take(packet: EsupPacket, desk: Desk, now: Instant): void {
    const { command } = packet
    const reply = (response: number) => desk.answer(encodeEsup({ ...packet, response, data: NONE }))
    if (this.#results.get(command)?.isBusy(desk, now) === true) return reply(ESUP.busy)
    const result = this.#execute(packet, desk, now)
    if (result === undefined) return reply(ESUP.nack)
    this.#results.set(command, { isBusy: () => false, ...result })
    reply(ESUP.ack)
  }

  #execute(
    { command, data }: EsupPacket,
    desk: Desk,
    now: Instant,
  ): (Partial<Result> & { readonly data: Uint8Array }) | undefined {
    if (command === ESUP.write) return { data: Uint8Array.of(this.#write(data)) }
    this.#open = undefined
    const end = data.indexOf(0)
    const name = new TextDecoder().decode(data.subarray(0, end))
    if (command === ESUP.create)
      return { data: this.#create(name, new DataView(data.buffer).getUint32(end + 1, true)) }
    if (command === ESUP.delete)
      return { data: Uint8Array.of(this.#files.delete(name) ? DONE : MISSING) }
    if (command === ESUP.sendFile)
      return { data: Uint8Array.of(this.#send(name, desk, now)), isBusy: isOnAir }
    if (command === ESUP.transmitMode) {
      const warmAt = this.#warmAt ?? now + this.#warmUpMs
      this.#warmAt = warmAt
      return { data: Uint8Array.of(DONE), isBusy: (_desk, at) => at < warmAt }
    }
    if (command === ESUP.idleMode) {
      this.#warmAt = undefined
      return { data: Uint8Array.of(DONE) }
    }
    return command === ESUP.parameters ? { data: PARAMETERS } : undefined
  }

  #create(name: string, octets: number): Uint8Array {
    if (this.#files.has(name)) return Uint8Array.of(MISSING)
    this.#open = { octets: new Uint8Array(octets), written: 0 }
    this.#files.set(name, this.#open)
    this.#handle += 1
    const data = new Uint8Array(5)
    new DataView(data.buffer).setInt32(1, this.#handle, true)
    return data
  }

  /** A piece that comes again, for its answer was lost, is the same one. */
  #write(data: Uint8Array): number {
    const view = new DataView(data.buffer, data.byteOffset)
    if (this.#open === undefined || view.getInt32(2, true) !== this.#handle) return MISSING
    const piece = data.subarray(ESUP.writeHeadOctets)
    const at = view.getUint32(6, true) * ESUP.pieceOctets
    if (view.getUint16(0, true) !== piece.length || at > this.#open.written) return CARD
    this.#open.octets.set(piece, at)
    this.#open.written = Math.max(this.#open.written, at + piece.length)
    return DONE
  }

  #send(name: string, desk: Desk, now: Instant): number {
    const file = this.#files.get(name)
    if (file === undefined) return MISSING
    const isReady = this.#warmAt !== undefined && now >= this.#warmAt
    if (!isReady || file.written < file.octets.length) return NOT_READY
    for (let at = 0; at < file.octets.length; at += ESUP.pieceOctets)
      desk.send(file.octets.slice(at, at + ESUP.pieceOctets))
    return DONE
  }
}

function isOnAir(desk: Desk): boolean {
  return desk.queuedOctets > 0
}

const NONE = new Uint8Array(0)
/** Statuses of results. */
const DONE = 0
const MISSING = 1
const CARD = 3
const NOT_READY = 6
/** A status, 5 Msps, 30 dBm, QPSK 1/2, roll-off 0.25, pilots, normal frames, 2 s, and 2,245 MHz. */
const PARAMETERS = Uint8Array.of(0, 5, 30, 4, 1, 1, 0, 0xd0, 0x07, 0, 0x50, 0x0c, 0x45)
const WARM_UP_MS = 20_000
