/**
 * Frames through the pipe of EnduroSat's UHF transceiver: 128 octets a packet, no word of its buffer. The pipe is opened
 * with a command, and again whenever the modem says that it ended: nobody spoke for too long, or it started again.
 */

import { type Instant, sooner } from '../../../protocol/machine.ts'
import type { ModemCapabilities } from '../../ports.ts'
import { AirPace } from '../air-pace.ts'
import { AIR_OCTETS } from '../air-share.ts'
import type { DriverEffect, DriverInput, ModemDriver } from '../driver.ts'
import { type EsttcBaudRate, EsttcFilter, encodeEsttc, pipeWord } from './esttc.ts'

export interface EnduroSatUhfSettings {
  readonly frameOctets: number
  /** Its address on the bus of the satellite, which commands name: 22 or 23, hexadecimal. */
  readonly address: number
  /** 0 to 7. */
  readonly radioMode: number
  /** Of the UART to it. */
  readonly baudRate: EsttcBaudRate
  readonly gapMs: number
  readonly rateBps: number | undefined
}

export class EnduroSatUhfDriver implements ModemDriver {
  readonly capabilities: ModemCapabilities
  readonly events = {
    'lines filtered': 0,
    'answers missed': 0,
    'answers unasked': 0,
    'pipes ended': 0,
    'restarts seen': 0,
  }
  readonly #open: Uint8Array
  readonly #pace: AirPace
  readonly #filter = new EsttcFilter()
  #isThere = false
  #isPipe = false
  /** When the pipe was asked for, and how often in a row. */
  #askedAt: Instant | undefined
  #asked = 0
  /** The newest frame does not fill a packet: the modem sends it when the line rests. */
  #isShort = false
  /** When what the filter keeps is given up as a line. */
  #releaseAt: Instant | undefined
  /** The newest line. */
  #status: string | undefined
  #isProbed = false
  #writing: ('frame' | 'other')[] = []
  #effects: DriverEffect[] = []
  #now: Instant = -Infinity

  constructor(settings: EnduroSatUhfSettings) {
    const { frameOctets, address, radioMode, baudRate, gapMs, rateBps } = settings
    this.capabilities = {
      archetype: 'framed',
      frameOctetsMax: frameOctets,
      credit: 'none',
      rateBps,
      duplex: 'half',
    }
    this.#open = encodeEsttc(
      `ES+W${address.toString(16).toUpperCase().padStart(2, '0')}00${pipeWord(radioMode, baudRate)}`,
    )
    this.#pace = new AirPace(
      { rateBps, aroundOctets: AIR_OCTETS['endurosat-uhf'], gapMs },
      frameOctets,
    )
  }

  get roomFrames(): number {
    const isFree = this.#isPipe && this.#writing.length < WRITING_MAX
    return isFree && this.#roomAt <= this.#now ? 1 : 0
  }

  /** A frame that is short of a packet is left to leave before the next one, which would fill it up. */
  get #roomAt(): Instant {
    return this.#isShort ? this.#pace.freeAt : this.#pace.roomAt
  }

  get deadline(): Instant | undefined {
    const roomAt = this.#roomAt
    const paced = this.#isPipe && roomAt > this.#now ? roomAt : undefined
    const asked = this.#askedAt === undefined ? undefined : this.#askedAt + ANSWER_MS
    return sooner(this.#releaseAt, sooner(paced, asked))
  }

  receive(input: DriverInput, now: Instant): void {
    this.#now = now
    if (input.kind === 'line') this.#line(input.isThere, now)
    else if (input.kind === 'octets') this.#hear(input.octets, now)
    else if (input.kind === 'frame') {
      this.#pace.sent(input.octets.length, now)
      this.#isShort = input.octets.length < PACKET_OCTETS
      this.#write(input.octets, 'frame')
    } else if (input.kind === 'written') {
      if (this.#writing.shift() === 'frame')
        this.#effects.push({ kind: 'outcome', outcome: input.outcome })
    } else if (input.kind === 'probe') {
      this.#isProbed = true
      this.#tellStatus()
    }
  }

  tick(now: Instant): void {
    this.#now = now
    if (this.#releaseAt !== undefined && now >= this.#releaseAt) {
      this.#releaseAt = undefined
      const kept = this.#filter.release()
      if (kept?.kind === 'data') this.#heard(kept.octets)
    }
    if (this.#askedAt === undefined || now < this.#askedAt + ANSWER_MS) return
    this.events['answers missed'] += 1
    // It may be in the pipe, where it answers no command. If it is not, it will say so.
    if (this.#asked >= ASKED_MAX) this.#opened()
    else this.#ask(now)
  }

  drain(): readonly DriverEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  #hear(octets: Uint8Array, now: Instant): void {
    for (const piece of this.#filter.push(octets)) {
      if (piece.kind === 'data') this.#heard(piece.octets)
      else this.#read(piece.text, now)
    }
    this.#releaseAt = this.#filter.isKeeping ? now + KEEP_MS : undefined
  }

  /** Whatever is known of the pipe: it may be open since before this program was started. */
  #heard(octets: Uint8Array): void {
    this.#effects.push({ kind: 'heard', octets })
  }

  #read(line: string, now: Instant): void {
    this.events['lines filtered'] += 1
    // The word that it was told, behind which it says what follows.
    if (line.startsWith('OK+') && !RESTART.has(line)) return
    this.#status = line
    if (RESTART.has(line)) {
      this.events['restarts seen'] += 1
      this.#again(now)
    } else if (line === '+ESTTC' || line.startsWith('ERR')) {
      this.events['pipes ended'] += 1
      this.#again(now)
    } else if (line === '+PIPE') {
      if (this.#askedAt === undefined) this.events['answers unasked'] += 1
      this.#opened()
    }
    this.#tellStatus()
  }

  /** Not before it said something: one that is switched off is not there. */
  #tellStatus(): void {
    if (!this.#isProbed || this.#status === undefined) return
    this.#isProbed = false
    const pipe = this.#isPipe ? 'open' : 'not open'
    this.#effects.push({ kind: 'telemetry', fields: { pipe, said: this.#status } })
  }

  /** One question at a time: what it says of older ones comes now as well. */
  #again(now: Instant): void {
    this.#isPipe = false
    this.#asked = 0
    if (this.#askedAt === undefined) this.#ask(now)
  }

  #ask(now: Instant): void {
    this.#askedAt = now
    this.#asked += 1
    // What stands before the command on its line, noise or half a frame, is not to spoil it.
    this.#write(Uint8Array.from([CR, ...this.#open]), 'other')
  }

  #opened(): void {
    this.#isPipe = true
    this.#askedAt = undefined
    this.#asked = 0
  }

  #write(octets: Uint8Array, what: 'frame' | 'other'): void {
    this.#writing.push(what)
    this.#effects.push({ kind: 'write', octets })
  }

  #line(isThere: boolean, now: Instant): void {
    if (isThere === this.#isThere) return
    this.#isThere = isThere
    this.#isPipe = false
    this.#askedAt = undefined
    this.#asked = 0
    if (isThere) return this.#ask(now)
    for (const what of this.#writing)
      if (what === 'frame') this.#effects.push({ kind: 'outcome', outcome: 'unknown' })
    this.#writing = this.#writing.map(() => 'other')
    this.#filter.release()
    this.#releaseAt = undefined
    this.#pace.clear()
  }
}

const RESTART: ReadonlySet<string> = new Set(['OK+C3C3', 'OK+8787'])
const CR = 0x0d
/** The modem sends what it has when it has so many. */
const PACKET_OCTETS = 128
const WRITING_MAX = 2
const ANSWER_MS = 1_000
const ASKED_MAX = 5
/** How long octets that may begin a line are kept: longer than a line takes at 9600 baud. */
const KEEP_MS = 40
