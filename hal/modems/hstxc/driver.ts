/**
 * Frames to the HSTXC, whose FIFO must never run empty while it sends. The FIFO is filled first, with the transmitter
 * sending synchronization; then it sends, and is kept filled, with octets that mean nothing where no frame waits. When
 * nothing but these is left in it, it goes back to synchronization, and off when nobody hears any more.
 *
 *     off -> (first frame) fill -> (full, or no more to fill with) data -> (nothing but idle left) fill -> off
 *
 * Its control register is read with every count: a transmitter that started again shows in it.
 */
import { type Instant, sooner } from '../../../protocol/machine.ts'
import type { ModemCapabilities, SendOutcome } from '../../ports.ts'
import { type Answered, BusCalls } from '../bus/calls.ts'
import { SPI_ADDRESS } from '../bus/transfer.ts'
import type { DriverEffect, DriverInput, ModemDriver } from '../driver.ts'
import { FifoLevel } from './level.ts'
import { CONTROL, HSTXC, HSTXC_POWERS, type HstxcMode } from './registers.ts'

export interface HstxcSettings {
  readonly frameOctets: number
  readonly address: number
  /** What is written to these registers before it sends; undefined: left as it is. */
  readonly encoder: number | undefined
  readonly channel: number | undefined
  readonly powerDbm: (typeof HSTXC_POWERS)[number] | undefined
  readonly rateBps: number | undefined
}

/** Registers that are read together; it is done when all came. */
interface Reading {
  readonly registers: readonly number[]
  readonly values: Map<number, number>
  readonly isProbe: boolean
}

type What =
  | { readonly kind: 'read'; readonly register: number; readonly reading: Reading }
  | { readonly kind: 'fill'; readonly writing: Writing }
  | { readonly kind: 'set' }

/** A write to the FIFO: when it went out, and whether it is a frame. */
interface Writing {
  readonly at: Instant
  readonly isFrame: boolean
}

export class HstxcDriver implements ModemDriver {
  readonly capabilities: ModemCapabilities
  readonly #settings: HstxcSettings
  readonly #calls = new BusCalls<What>()
  readonly #level: FifoLevel
  readonly #events = {
    'answers missed': 0,
    'credit asked': 0,
    'idle octets': 0,
    'underruns seen': 0,
    'overruns seen': 0,
    'restarts seen': 0,
  }
  #isThere = false
  #mayTransmit = true
  #mode: HstxcMode = 'off'
  /** Its control register was read, and was as it was told. */
  #isConfirmed = false
  #frames: Uint8Array[] = []
  /** The write that was not answered. */
  #writing: Writing | undefined
  /** Frames are in the FIFO, and how many octets of idle are behind them. */
  #hasData = false
  #idleOctets = 0
  #frameAt: Instant = -Infinity
  #reading: { readonly at: Instant; readonly what: Reading } | undefined
  #pollAt: Instant = -Infinity
  #troubleAt: Instant = -Infinity
  #trouble = { underruns: 0, overruns: 0 }
  #effects: DriverEffect[] = []

  constructor(settings: HstxcSettings) {
    this.#settings = settings
    const { frameOctets, rateBps } = settings
    const drain = rateBps === undefined ? FULL_DRAIN : rateBps / 8_000
    this.#level = new FifoLevel(FILL_OCTETS, drain)
    this.capabilities = {
      archetype: 'fifo',
      frameOctetsMax: frameOctets,
      credit: 'fifo',
      rateBps,
      duplex: 'send',
    }
  }

  get roomFrames(): number {
    return this.#isThere ? Math.max(0, WAITING_FRAMES - this.#frames.length) : 0
  }

  get deadline(): Instant | undefined {
    if (!this.#isThere) return undefined
    const poll = this.#reading === undefined ? this.#pollAt : this.#reading.at + READ_MS
    return sooner(poll, this.#writing && this.#writing.at + WRITE_MS)
  }

  get events(): Readonly<Record<string, number>> {
    return { ...this.#events, ...this.#calls.events }
  }

  receive(input: DriverInput, now: Instant): void {
    if (input.kind === 'line') this.#line(input.isThere)
    else if (input.kind === 'frame') this.#frames.push(input.octets)
    else if (input.kind === 'transmit') this.#mayTransmit = input.enabled
    else if (input.kind === 'probe') this.#read(PROBE, true)
    else if (input.kind === 'octets')
      for (const answered of this.#calls.answers(input.octets)) this.#hear(answered, now)
    this.#next(now)
  }

  tick(now: Instant): void {
    if (this.#reading !== undefined && now >= this.#reading.at + READ_MS) {
      this.#events['answers missed'] += 1
      this.#reading = undefined
      this.#pollAt = now
    }
    if (this.#writing !== undefined && now >= this.#writing.at + WRITE_MS) {
      this.#events['answers missed'] += 1
      this.#written('unknown')
    }
    this.#next(now)
  }

  drain(): readonly DriverEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  #next(now: Instant): void {
    if (!this.#isThere) return
    if (this.#mode === 'off' && this.#frames.length > 0) this.#enter('fill')
    if (this.#reading === undefined && now >= this.#pollAt) this.#poll(now)
    if (this.#writing === undefined) this.#feed(now)
    this.#change(now)
  }

  /** One frame, or idle where none waits and the FIFO is low. */
  #feed(now: Instant): void {
    const [frame] = this.#frames
    const { roomOctets } = this.#level
    if (frame !== undefined) {
      if (frame.length > roomOctets) return
      this.#frames.shift()
      this.#hasData = true
      this.#idleOctets = 0
      this.#frameAt = now
      this.#write(frame, now, true)
    } else if (this.#isLow(now)) {
      const octets = new Uint8Array(Math.min(roomOctets, this.#lowOctets)).fill(IDLE)
      if (octets.length === 0) return
      this.#events['idle octets'] += octets.length
      this.#idleOctets += octets.length
      this.#write(octets, now, false)
    }
  }

  /** It sends, or is to, and has too little to be left alone. */
  #isLow(now: Instant): boolean {
    if (this.#mode === 'data') return this.#level.at(now) < this.#lowOctets
    return this.#hasData && this.#isRested(now) && this.#level.octets < this.#lowOctets
  }

  #isRested(now: Instant): boolean {
    return this.#frames.length === 0 && now >= this.#frameAt + REST_MS
  }

  #change(now: Instant): void {
    const isRested = this.#isRested(now)
    if (this.#mode === 'fill' && this.#hasData) {
      const isFull = this.#level.roomOctets < this.#settings.frameOctets
      if (isFull || (isRested && this.#level.octets >= this.#lowOctets)) this.#enter('data')
    } else if (this.#mode === 'data' && isRested && this.#idleOctets >= this.#level.at(now)) {
      this.#hasData = false
      this.#enter('fill')
    } else if (this.#mode === 'fill' && isRested && !this.#mayTransmit) this.#enter('off')
  }

  /** What drains until the count after the next one can have come, and idle been written behind it. */
  get #lowOctets(): number {
    const needed = this.#level.drain * (2 * this.#pollMs + LATENCY_MS)
    return Math.ceil(Math.min(HSTXC.fifoOctets / 2, Math.max(HSTXC.readyOctets, needed)))
  }

  get #pollMs(): number {
    if (this.#mode === 'off') return SELDOM_MS
    const perFifo = HSTXC.fifoOctets / Math.max(this.#level.drain, 1)
    return Math.min(POLL_MS_MAX, Math.max(POLL_MS_MIN, perFifo / POLLS_PER_FIFO))
  }

  #poll(now: Instant): void {
    this.#pollAt = now + this.#pollMs
    this.#events['credit asked'] += 1
    const isDue = now >= this.#troubleAt
    if (isDue) this.#troubleAt = now + SELDOM_MS
    this.#level.asked(now)
    this.#reading = { at: now, what: this.#read(isDue ? [...TROUBLE, ...STATE] : STATE, false) }
  }

  #hear({ what, isDone, octets }: Answered<What>, now: Instant): void {
    if (what.kind === 'fill') {
      // What is said late of one that was given up says nothing of the next.
      if (what.writing === this.#writing) this.#written(isDone ? 'accepted' : 'rejected')
    } else if (what.kind === 'read') {
      const { register, reading } = what
      if (!isDone || octets.length === 0) return
      reading.values.set(register, octets[0] as number)
      if (reading.values.size < reading.registers.length) return
      if (reading.isProbe) this.#tellTelemetry(reading)
      else if (this.#reading?.what === reading) this.#learn(reading, now)
    }
  }

  #learn({ registers, values }: Reading, now: Instant): void {
    this.#reading = undefined
    const word = (register: number) =>
      ((values.get(register) as number) << 8) | (values.get(register + 1) as number)
    const isRight = values.get(HSTXC.control) === CONTROL[this.#mode]
    if (registers.includes(HSTXC.underruns))
      this.#learnTrouble({ underruns: word(HSTXC.underruns), overruns: word(HSTXC.overruns) })
    if (isRight) {
      this.#level.told(word(HSTXC.count), this.#isConfirmed && this.#mode === 'data')
      this.#isConfirmed = true
    } else this.#restart(now)
  }

  /** It is not as it was told: it lost that, or what it was told did not come. */
  #restart(now: Instant): void {
    if (this.#isConfirmed) {
      this.#events['restarts seen'] += 1
      this.#hasData = false
    }
    this.#level.clear()
    this.#enter(this.#mode === 'off' ? 'off' : 'fill')
    this.#pollAt = now + RETRY_MS
  }

  /** Its counters go round, and begin at none when it starts. */
  #learnTrouble(trouble: { readonly underruns: number; readonly overruns: number }): void {
    const since = (key: 'underruns' | 'overruns') =>
      trouble[key] >= this.#trouble[key] ? trouble[key] - this.#trouble[key] : trouble[key]
    this.#events['underruns seen'] += since('underruns')
    this.#events['overruns seen'] += since('overruns')
    this.#trouble = trouble
  }

  #tellTelemetry({ values }: Reading): void {
    const fields = {
      firmware: values.get(HSTXC.firmware) as number,
      status: values.get(HSTXC.status) as number,
      ready: values.get(HSTXC.ready) as number,
    }
    this.#effects.push({ kind: 'telemetry', fields })
  }

  #setUp(): void {
    const { encoder, channel, powerDbm } = this.#settings
    const power = powerDbm === undefined ? undefined : HSTXC_POWERS.indexOf(powerDbm)
    for (const [register, value] of [
      [HSTXC.encoder, encoder],
      [HSTXC.power, power],
      [HSTXC.channel, channel],
    ] as const)
      if (value !== undefined) this.#set(register, value)
  }

  /** Set up every time: it may have started again since it was last read. */
  #enter(mode: HstxcMode): void {
    this.#mode = mode
    this.#isConfirmed = false
    if (mode !== 'off') this.#setUp()
    this.#set(HSTXC.control, CONTROL[mode])
    // What was read before says nothing of it.
    this.#reading = undefined
    this.#pollAt = -Infinity
  }

  #set(register: number, value: number): void {
    const write = Uint8Array.of(register, value)
    const { address } = this.#settings
    this.#tell(this.#calls.call({ kind: 'set' }, { address, write, read: 0 }))
  }

  #read(registers: readonly number[], isProbe: boolean): Reading {
    const reading = { registers, values: new Map<number, number>(), isProbe }
    const { address } = this.#settings
    for (const register of registers) {
      const transfer = { address, write: Uint8Array.of(register), read: 1 }
      this.#tell(this.#calls.call({ kind: 'read', register, reading }, transfer))
    }
    return reading
  }

  #write(octets: Uint8Array, now: Instant, isFrame: boolean): void {
    const writing = { at: now, isFrame }
    this.#writing = writing
    this.#level.wrote(octets.length)
    const transfer = { address: SPI_ADDRESS, write: octets, read: 0 }
    this.#tell(this.#calls.call({ kind: 'fill', writing }, transfer))
  }

  #written(outcome: SendOutcome): void {
    if (this.#writing?.isFrame === true) this.#effects.push({ kind: 'outcome', outcome })
    this.#writing = undefined
  }

  #tell(octets: Uint8Array): void {
    this.#effects.push({ kind: 'write', octets })
  }

  #line(isThere: boolean): void {
    this.#isThere = isThere
    if (isThere) return
    this.#written('unknown')
    for (const _ of this.#frames.splice(0))
      this.#effects.push({ kind: 'outcome', outcome: 'unknown' })
    this.#calls.reset()
    this.#level.clear()
    this.#reading = undefined
    this.#isConfirmed = false
    this.#hasData = false
    this.#mode = 'off'
    this.#pollAt = -Infinity
  }
}

const STATE = [HSTXC.control, HSTXC.count, HSTXC.count + 1]
const TROUBLE = [HSTXC.underruns, HSTXC.underruns + 1, HSTXC.overruns, HSTXC.overruns + 1]
const PROBE = [HSTXC.firmware, HSTXC.status, HSTXC.ready]
/** Short of its depth, which also covers a count whose two registers were read one after the other. */
const FILL_OCTETS = HSTXC.fifoOctets - 1_024
/** At its full rate. */
const FULL_DRAIN = 512
const IDLE = 0x55
const WAITING_FRAMES = 2
const READ_MS = 200
const WRITE_MS = 500
/** Until a transmitter that is not as it was told is asked again. */
const RETRY_MS = 50
const POLL_MS_MIN = 5
const POLL_MS_MAX = 100
const POLLS_PER_FIFO = 8
const SELDOM_MS = 1_000
/** Of an answer, and of a write behind it. */
const LATENCY_MS = 10
/** Without a frame: no more will come soon. */
const REST_MS = 100
