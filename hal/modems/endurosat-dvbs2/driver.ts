/**
 * Frames packed into files on the storage of EnduroSat's DVB-S2 transmitter, which sends a file when it is told to.
 * Before a contact (`transmit` false) files are only written; from its begin on each is sent when it is whole.
 *
 *     create -> write, write, ... -> (transmit) send file -> result, result, ... -> delete -> create
 *
 * One command is under way at a time. What is not answered, or answered "busy", is asked for with "get result"; what
 * is refused starts over with a new file, and what the old one held is asked for again on the ground.
 */
import { type Instant, sooner } from '../../../protocol/machine.ts'
import type { ModemCapabilities, SendOutcome } from '../../ports.ts'
import type { DriverEffect, DriverInput, ModemDriver } from '../driver.ts'
import { ESUP, type EsupPacket, encodeEsup, esupReader } from './esup.ts'

export interface EnduroSatDvbS2Settings {
  readonly frameOctets: number
  /** Which transmitter it is: 1003 hexadecimal X-band, 2002 S-band. */
  readonly module: number
  /** Octets of one file. */
  readonly imageOctets: number
  readonly rateBps: number | undefined
}

type Step = 'create' | 'write' | 'send' | 'delete'

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
  #isThere = false
  #mayTransmit = true
  /** Frames that are not written, whole, and their octets. */
  #frames: Uint8Array[] = []
  /** The piece under way, how many frames end in it, and its number in the file. */
  #piece: { readonly octets: Uint8Array; readonly frames: number } | undefined
  #pieces = 0
  #fileOctets = 0
  #handle: number | undefined
  #files = 0
  /** The command that waits for its answer, and since when; `isPolled`: it is being asked for. */
  #step: Step | undefined
  #askedAt: Instant | undefined
  #pollAt: Instant | undefined
  #silence = 0
  /** When a file that nobody fills up is whole. */
  #closeAt: Instant | undefined
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
    return this.#isThere ? Math.max(0, WAITING_FRAMES - this.#frames.length) : 0
  }

  get deadline(): Instant | undefined {
    if (!this.#isThere) return undefined
    const answer = this.#askedAt === undefined ? undefined : this.#askedAt + ANSWER_MS
    const close = this.#step === undefined ? this.#closeAt : undefined
    return sooner(close, sooner(this.#pollAt, answer))
  }

  get events(): Readonly<Record<string, number>> {
    return { ...this.#events, 'stray octets': this.#decoder.stray }
  }

  receive(input: DriverInput, now: Instant): void {
    if (input.kind === 'line') this.#line(input.isThere)
    else if (input.kind === 'frame') this.#frames.push(input.octets)
    else if (input.kind === 'transmit') this.#mayTransmit = input.enabled
    else if (input.kind === 'octets')
      for (const packet of this.#decoder.push(input.octets)) this.#hear(packet, now)
    this.#next(now)
  }

  tick(now: Instant): void {
    if (this.#askedAt !== undefined && now >= this.#askedAt + ANSWER_MS) {
      this.#events['answers missed'] += 1
      this.#silence += 1
      this.#askedAt = undefined
      // A write that was not heard is harmless twice: it has its number. The rest is asked for.
      if (this.#silence >= SILENCE_MAX) this.#giveUp()
      else if (this.#step === 'write' || this.#step === 'create') this.#repeat(now)
      else this.#poll(now)
    }
    if (this.#pollAt !== undefined && now >= this.#pollAt) this.#poll(now)
    this.#next(now)
  }

  drain(): readonly DriverEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  /** Starts the next command if none is under way. */
  #next(now: Instant): void {
    if (!this.#isThere || this.#step !== undefined) return
    const isFull = this.#fileOctets >= this.#settings.imageOctets
    const isLate = this.#closeAt !== undefined && now >= this.#closeAt
    if (this.#fileOctets > 0 && (isFull || isLate)) {
      this.#closeAt = undefined
      if (this.#mayTransmit) this.#ask('send', now)
      else if (!isFull) this.#closeAt = now + CLOSE_MS
    } else if (this.#frames.length > 0)
      this.#ask(this.#handle === undefined ? 'create' : 'write', now)
  }

  #ask(step: Step, now: Instant): void {
    this.#step = step
    this.#silence = 0
    if (step === 'create') this.#files += 1
    if (step === 'write') this.#piece = this.#nextPiece()
    this.#repeat(now)
  }

  #repeat(now: Instant): void {
    const step = this.#step as Step
    this.#askedAt = now
    if (step === 'create') return this.#tell(ESUP.create, this.#name)
    if (step !== 'write')
      return this.#tell(step === 'send' ? ESUP.sendFile : ESUP.delete, this.#name)
    const octets = this.#piece?.octets ?? NONE
    const data = new Uint8Array(WRITE_OCTETS + octets.length)
    const view = new DataView(data.buffer)
    view.setUint16(2, octets.length, true)
    view.setInt32(4, this.#handle ?? 0, true)
    view.setUint32(8, this.#pieces, true)
    data.set(octets, WRITE_OCTETS)
    this.#tell(ESUP.write, data)
  }

  #poll(now: Instant): void {
    this.#pollAt = undefined
    this.#askedAt = now
    this.#tell(ESUP.getResult, NONE)
  }

  #hear({ response, command, data }: EsupPacket, now: Instant): void {
    const step = this.#step
    if (step === undefined || this.#askedAt === undefined || !isAnswer(step, command)) {
      this.#events['answers unasked'] += 1
      return
    }
    this.#askedAt = undefined
    this.#silence = 0
    if (response === ESUP.busy) this.#pollAt = now + POLL_MS
    else if (response === ESUP.ack) this.#done(step, data, now)
    else {
      this.#events.refusals += 1
      this.#giveUp()
    }
  }

  #done(step: Step, data: Uint8Array, now: Instant): void {
    this.#step = undefined
    if (step === 'create') {
      this.#handle = data.length < 4 ? 0 : new DataView(data.buffer).getInt32(0, true)
      this.#pieces = 0
      this.#fileOctets = 0
    } else if (step === 'write') {
      this.#pieces += 1
      this.#fileOctets += this.#piece?.octets.length ?? 0
      this.#closeAt = now + CLOSE_MS
      this.#settle('accepted')
    } else if (step === 'send') {
      this.#events['files sent'] += 1
      this.#ask('delete', now)
    } else this.#forgetFile()
  }

  /** The file is of no use any more. What was told of as accepted was lost on the way, as on the air. */
  #giveUp(): void {
    if (this.#step !== 'delete') this.#events['files given up'] += 1
    this.#settle('unknown')
    this.#step = undefined
    this.#pollAt = undefined
    this.#forgetFile()
  }

  #forgetFile(): void {
    this.#handle = undefined
    this.#fileOctets = 0
    this.#closeAt = undefined
  }

  /** Whole frames, as many as fit a piece; each fits one. */
  #nextPiece(): { readonly octets: Uint8Array; readonly frames: number } {
    let [count, length] = [0, 0]
    for (const frame of this.#frames) {
      if (length + frame.length > ESUP.pieceOctets) break
      count += 1
      length += frame.length
    }
    const octets = new Uint8Array(length)
    let at = 0
    for (const frame of this.#frames.splice(0, count)) {
      octets.set(frame, at)
      at += frame.length
    }
    return { octets, frames: count }
  }

  #settle(outcome: SendOutcome): void {
    for (let i = this.#piece?.frames ?? 0; i > 0; i--)
      this.#effects.push({ kind: 'outcome', outcome })
    this.#piece = undefined
  }

  get #name(): Uint8Array {
    return new TextEncoder().encode(`frames-${this.#files}`)
  }

  #tell(command: number, data: Uint8Array): void {
    const { module } = this.#settings
    const octets = encodeEsup({ module, response: 0, command, type: 0, data })
    this.#effects.push({ kind: 'write', octets })
  }

  #line(isThere: boolean): void {
    this.#isThere = isThere
    if (isThere) return
    this.#giveUp()
    for (const _ of this.#frames.splice(0))
      this.#effects.push({ kind: 'outcome', outcome: 'unknown' })
    this.#askedAt = undefined
    this.#decoder.reset()
  }
}

/** "Get result" speaks of whatever is under way. */
function isAnswer(step: Step, command: number): boolean {
  if (command === ESUP.getResult) return step === 'send' || step === 'delete'
  return command === COMMAND[step]
}

const COMMAND: Readonly<Record<Step, number>> = {
  create: ESUP.create,
  write: ESUP.write,
  send: ESUP.sendFile,
  delete: ESUP.delete,
}
const NONE = new Uint8Array(0)
/** A reserved word, the size, the handle, and the number of the piece. */
const WRITE_OCTETS = 12
const WAITING_FRAMES = 8
const ANSWER_MS = 1_000
const POLL_MS = 50
const CLOSE_MS = 200
const SILENCE_MAX = 10
