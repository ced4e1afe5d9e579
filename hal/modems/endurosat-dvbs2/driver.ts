/**
 * Frames packed into files on the storage of EnduroSat's DVB-S2 transmitter, which sends a file when it is told to. One
 * file is on it at a time, and the next one is gathered meanwhile. Before a contact (`transmit` false) it is only written;
 * from its begin on the transmitter is switched to sending, which takes it up to 40 seconds, and back when the contact ends.
 *
 *     gather, and transmit mode -> (delete what has its name) -> create -> write, write, ... -> send -> delete
 *
 * One command is under way at a time (command.ts). A file that cannot be written starts over, a few times, for its octets
 * are still here; one of which nobody knows whether it was sent does not: what it held is asked for again on the ground.
 */
import type { Instant } from '../../../protocol/machine.ts'
import type { ModemCapabilities } from '../../ports.ts'
import type { DriverEffect, DriverInput, ModemDriver, Telemetry } from '../driver.ts'
import { Command, type Order } from './command.ts'
import { ESUP, type EsupPacket, encodeEsup, esupReader } from './esup.ts'
import { FileImage } from './image.ts'

export interface EnduroSatDvbS2Settings {
  readonly frameOctets: number
  /** Which transmitter it is: 1003 hexadecimal X-band, 2002 S-band. */
  readonly module: number
  /** Octets of one file. */
  readonly imageOctets: number
  readonly rateBps: number | undefined
}

type Step = 'create' | 'write' | 'transmit' | 'send' | 'idle' | 'delete' | 'parameters'

/** The file on the storage. */
interface StoredFile {
  readonly octets: Uint8Array
  /** Undefined: it is not created. */
  handle: number | undefined
  /** Octets of it that are written. */
  at: number
  /** Something has its name, or it was sent. */
  mustDelete: boolean
  isSent: boolean
  tries: number
}

export class EnduroSatDvbS2Driver implements ModemDriver {
  readonly capabilities: ModemCapabilities
  readonly #settings: EnduroSatDvbS2Settings
  readonly #decoder = esupReader()
  readonly #events = {
    'answers missed': 0,
    'answers unasked': 0,
    refusals: 0,
    'files sent': 0,
    'files given up': 0,
  }
  readonly #image = new FileImage()
  #isThere = false
  #mayTransmit = true
  /** Whether it is in transmit mode; undefined: nobody knows. */
  #isOnAir: boolean | undefined
  #isProbed = false
  #file: StoredFile | undefined
  #step: Step | undefined
  #command: Command | undefined
  /** When an image that nobody fills up is whole. */
  #closeAt: Instant | undefined
  /** Behind what failed. */
  #restUntil: Instant = -Infinity
  #effects: DriverEffect[] = []

  constructor(settings: EnduroSatDvbS2Settings) {
    this.#settings = settings
    const { frameOctets, rateBps } = settings
    this.capabilities = {
      archetype: 'store',
      frameOctetsMax: frameOctets,
      credit: 'store',
      rateBps,
      duplex: 'send',
    }
  }

  get roomFrames(): number {
    return this.#isThere && this.#image.octets < this.#settings.imageOctets ? 1 : 0
  }

  get deadline(): Instant | undefined {
    if (!this.#isThere) return undefined
    if (this.#command !== undefined) return this.#command.deadline
    const isGathering = this.#file === undefined && this.#image.octets > 0
    if (this.#nextStep() !== undefined) return this.#restUntil
    if (!isGathering || this.#closeAt === undefined) return undefined
    return Math.max(this.#closeAt, this.#restUntil)
  }

  get events(): Readonly<Record<string, number>> {
    return { ...this.#events, 'stray octets': this.#decoder.stray }
  }

  receive(input: DriverInput, now: Instant): void {
    if (input.kind === 'line') this.#line(input.isThere)
    else if (input.kind === 'frame') {
      this.#image.put(input.octets)
      this.#closeAt = now + CLOSE_MS
      this.#effects.push({ kind: 'outcome', outcome: 'accepted' })
    } else if (input.kind === 'transmit') this.#mayTransmit = input.enabled
    else if (input.kind === 'probe') this.#isProbed = true
    else if (input.kind === 'octets')
      for (const packet of this.#decoder.push(input.octets)) this.#hear(packet, now)
    this.#turn(now)
  }

  tick(now: Instant): void {
    this.#turn(now)
  }

  drain(): readonly DriverEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  #turn(now: Instant): void {
    if (!this.#isThere) return
    if (this.#command === undefined && now >= this.#restUntil) this.#next(now)
    const turn = this.#command?.turn(now)
    if (turn === 'failed') this.#failed(now)
    else if (turn !== undefined) this.#tell(turn)
  }

  #next(now: Instant): void {
    if (this.#file === undefined && this.#isImageWhole(now)) this.#file = fileOf(this.#image.take())
    const step = this.#nextStep()
    if (step === undefined) return
    this.#step = step
    this.#command = new Command(this.#order(step), this.#settings.module, this.#events, now)
  }

  #isImageWhole(now: Instant): boolean {
    const { octets } = this.#image
    const isLate = this.#closeAt !== undefined && now >= this.#closeAt
    return octets >= this.#settings.imageOctets || (octets > 0 && isLate)
  }

  /** Between the writes of a file there may be nothing else: it would be closed. */
  #nextStep(): Step | undefined {
    const file = this.#file
    const isOpen = file?.handle !== undefined && file.at < file.octets.length
    if (isOpen) return 'write'
    if (this.#mustSwitchOff) return 'idle'
    if (this.#isProbed) return 'parameters'
    // It is warm when the first file is gathered, or the sooner.
    if (file === undefined) return this.#image.octets > 0 && this.#isCold ? 'transmit' : undefined
    if (file.mustDelete) return 'delete'
    if (file.handle === undefined) return 'create'
    if (!this.#mayTransmit) return undefined
    return this.#isCold ? 'transmit' : 'send'
  }

  get #isCold(): boolean {
    return this.#mayTransmit && this.#isOnAir !== true
  }

  get #mustSwitchOff(): boolean {
    return !this.#mayTransmit && this.#isOnAir !== false
  }

  #order(step: Step): Order {
    return { ...ORDERS[step], data: this.#data(step) }
  }

  #data(step: Step): Uint8Array {
    const { octets, handle = 0, at } = this.#file ?? NO_FILE
    if (step === 'send' || step === 'delete') return NAME
    if (step === 'create') {
      const data = new Uint8Array(NAME.length + 4)
      data.set(NAME)
      new DataView(data.buffer).setUint32(NAME.length, octets.length, true)
      return data
    }
    if (step !== 'write') return NONE
    const piece = octets.subarray(at, at + ESUP.pieceOctets)
    const data = new Uint8Array(ESUP.writeHeadOctets + piece.length)
    const view = new DataView(data.buffer)
    view.setUint16(0, piece.length, true)
    view.setInt32(2, handle, true)
    view.setUint32(6, at / ESUP.pieceOctets, true)
    data.set(piece, ESUP.writeHeadOctets)
    return data
  }

  #hear(packet: EsupPacket, now: Instant): void {
    const command = this.#command
    if (command === undefined) {
      this.#events['answers unasked'] += 1
      return
    }
    const heard = command.hear(packet, now)
    if (heard === undefined) return
    if (heard === 'failed') {
      this.#events.refusals += 1
      this.#failed(now)
      return
    }
    this.#tell(command.acknowledgement())
    if (heard[0] === DONE || this.#step === 'delete') this.#done(heard)
    else {
      this.#events.refusals += 1
      this.#failed(now, 'refused')
    }
  }

  #done(result: Uint8Array): void {
    const [step, file] = [this.#step, this.#file]
    this.#forgetCommand()
    const view = new DataView(result.buffer, result.byteOffset, result.length)
    if (step === 'transmit') this.#isOnAir = true
    else if (step === 'idle') this.#isOnAir = false
    else if (step === 'parameters') this.#tellParameters(view)
    if (file === undefined) return
    if (step === 'create') file.handle = result.length < 5 ? 0 : view.getInt32(1, true)
    else if (step === 'write') file.at += ESUP.pieceOctets
    else if (step === 'send') {
      this.#events['files sent'] += 1
      file.isSent = true
      file.mustDelete = true
    } else if (step === 'delete') {
      if (file.isSent) this.#file = undefined
      else file.mustDelete = false
    }
  }

  /** `why`: it was done, and did not succeed; else nobody knows. */
  #failed(now: Instant, why: 'refused' | 'unknown' = 'unknown'): void {
    const step = this.#step
    this.#forgetCommand()
    this.#restUntil = now + REST_MS
    if (step === 'send' || step === 'transmit' || step === 'idle') this.#isOnAir = undefined
    if (step === 'parameters') this.#isProbed = false
    const isOfFile = step === 'create' || step === 'write' || step === 'delete' || step === 'send'
    if (isOfFile) this.#startOver(step === 'send' && why === 'unknown')
  }

  #startOver(isPerhapsSent: boolean): void {
    const file = this.#file
    if (file === undefined) return
    file.tries += 1
    if (!file.isSent && !isPerhapsSent && file.tries < FILE_TRIES_MAX) {
      file.handle = undefined
      file.at = 0
      file.mustDelete = true
      return
    }
    if (!file.isSent) this.#events['files given up'] += 1
    this.#file = undefined
  }

  #tellParameters(view: DataView): void {
    this.#isProbed = false
    const fields: Telemetry =
      view.byteLength < PARAMETER_OCTETS
        ? { answers: 'parameters' }
        : {
            symbolRateMsps: view.getUint8(1),
            powerDbm: view.getUint8(2),
            modCod: view.getUint8(3),
            frequencyMhz: view.getFloat32(9, true),
          }
    this.#effects.push({ kind: 'telemetry', fields })
  }

  #forgetCommand(): void {
    this.#step = undefined
    this.#command = undefined
  }

  #tell(packet: EsupPacket): void {
    this.#effects.push({ kind: 'write', octets: encodeEsup(packet) })
  }

  /** What was gathered stays; the file is written again. */
  #line(isThere: boolean): void {
    this.#isThere = isThere
    if (isThere) return
    this.#startOver(this.#step === 'send')
    this.#forgetCommand()
    this.#isOnAir = undefined
    this.#restUntil = -Infinity
    this.#decoder.reset()
  }
}

function fileOf(octets: Uint8Array): StoredFile {
  return { octets, handle: undefined, at: 0, mustDelete: false, isSent: false, tries: 0 }
}

const NONE = new Uint8Array(0)
const NO_FILE = fileOf(NONE)
/** Always the same: one that a program of the past left behind is deleted. With the zero behind it. */
const NAME = new TextEncoder().encode('downpour\0')
const DONE = 0
const QUICK = { type: 0, pollMs: 10, limitMs: 5_000 }
const SLOW = { type: 0, pollMs: 250, limitMs: 60_000 }
const ORDERS: Readonly<Record<Step, Omit<Order, 'data'>>> = {
  create: { ...QUICK, command: ESUP.create },
  write: { ...QUICK, command: ESUP.write },
  parameters: { ...QUICK, command: ESUP.parameters, type: ESUP.allParameters },
  delete: { ...SLOW, command: ESUP.delete, pollMs: 50 },
  transmit: { ...SLOW, command: ESUP.transmitMode },
  idle: { ...SLOW, command: ESUP.idleMode, pollMs: 10 },
  send: { ...SLOW, command: ESUP.sendFile, type: ESUP.sendAnyway, pollMs: 50, limitMs: 900_000 },
}
const CLOSE_MS = 200
const REST_MS = 100
const FILE_TRIES_MAX = 4
const PARAMETER_OCTETS = 13
