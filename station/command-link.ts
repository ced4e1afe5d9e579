/**
 * The uplink of a station: takes PDUs one at a time and answers CLTUs. With the BD service each frame goes once and
 * CFDP repeats what was lost; with the AD service COP-1 brings frames up in order and once. CCSDS 232.1-B-2.
 *
 * The AD service begins by itself: a CLCW says where the spacecraft is, and that is where the numbers go on. It is
 * begun anew whenever it ends, for whatever reason. As long as it has not begun, what is put goes once, in frames of
 * type BD: a spacecraft that sends only when it is spoken to says no CLCW.
 */
import { type ReceptionId, receptionId } from '../protocol/cfdp/journaled/records.ts'
import type { Body, Header } from '../protocol/cfdp/pdu/pdu.ts'
import type { Command } from '../protocol/command/command.ts'
import { type Clcw, decodeClcw } from '../protocol/frame/clcw.ts'
import { Fop, type FopEffect, type FopFrame } from '../protocol/frame/cop1/fop.ts'
import type { FopDirective } from '../protocol/frame/cop1/fop-event.ts'
import type { Instant } from '../protocol/machine.ts'
import { CommandEncoder } from './commands.ts'
import { type ReservedRecord, reservedFor } from './reserved.ts'
import type { EdgeSettings } from './settings.ts'

/** A CLTU, and the reception that speaks in it; none speaks in a command. */
export interface CommandUnit {
  readonly octets: Uint8Array
  readonly id?: ReceptionId
}

/** The field of one frame. */
interface Fdu {
  /** Undefined: it is of a command. */
  readonly id: ReceptionId | undefined
  readonly field: Uint8Array
}

export class CommandLink {
  readonly #settings: EdgeSettings['uplink']
  readonly #encoder: CommandEncoder
  /** Of the AD service. */
  readonly #fop: Fop<Fdu> | undefined
  /** Not yet handed to FOP-1; with BD, to be sent. */
  #fdus: Fdu[] = []
  /** With AD: what goes without it, and not yet handed to FOP-1. */
  readonly #bypassing: Fdu[] = []
  /** Frames that FOP-1 has handed down: at most one of each type. */
  #ready: FopFrame<Fdu>[] = []
  #clcw: Clcw | undefined
  #events: string[] = []
  /** PDUs taken; frames sent, those of COP-1's own among them; frames that COP-1 gave up. */
  readonly counters = { pdus: 0, frames: 0, commands: 0, lost: 0, alerts: 0 }

  /** `records` are those of the station's journal. */
  constructor(settings: EdgeSettings['uplink'], records: readonly unknown[]) {
    this.#settings = settings
    const first = reservedFor(settings.security?.spi, records) ?? settings.firstNumber
    this.#encoder = new CommandEncoder(settings, first)
    if (settings.service === 'ad') this.#fop = new Fop(settings.cop1)
  }

  get pduOctetsMax(): number {
    return this.#encoder.pduOctetsMax
  }

  /** Octets of the largest PDU that one frame carries. */
  get framePduOctets(): number {
    return this.#encoder.framePduOctets
  }

  /** The most octets that next() answers. */
  get octetsMax(): number {
    return this.#encoder.octetsMax
  }

  /** Whether next() has something. */
  get hasFrame(): boolean {
    return this.#fop === undefined ? this.#fdus.length > 0 : this.#ready.length > 0
  }

  /** Whether a PDU would go its way now. Until then it is better not formed: it would grow old. */
  get isReady(): boolean {
    if (this.#fdus.length > 0) return false
    if (this.#fop === undefined) return true
    return ACTIVE.has(this.#fop.state) && !this.#fop.outlook.isWaiting
  }

  /** Whether no AD frame can go: what must be heard all the same may be put, and goes in frames of type BD. */
  get isBypassed(): boolean {
    const isIdle = this.#bypassing.length === 0 && this.#ready.length === 0
    return isIdle && this.#fop !== undefined && !ACTIVE.has(this.#fop.state)
  }

  /** Contact time when tick() is due. */
  get deadline(): Instant | undefined {
    return this.#fop?.deadline
  }

  /** How the AD service is, for those who look. */
  get cop1() {
    const fop = this.#fop
    return fop && { state: fop.state, ...fop.outlook, clcw: this.#clcw }
  }

  get reserved(): ReservedRecord | undefined {
    const { security } = this.#encoder
    return security && { kind: 'reserved', spi: security.spi, next: security.reserved }
  }

  put(header: Header, body: Body, now: Instant): void {
    this.#push(receptionId(header), this.#encoder.fields(header, body), now)
    this.counters.pdus += 1
  }

  command(counter: number, command: Command, now: Instant): void {
    this.#push(undefined, this.#encoder.commandFields(counter, command), now)
  }

  /** The next CLTU. Ask takeRecord() before it leaves. */
  next(now: Instant): CommandUnit | undefined {
    const frame = this.#nextFrame()
    if (frame === undefined) return undefined
    this.counters.frames += 1
    if (frame.type === 'bc') this.counters.commands += 1
    const octets = this.#encoder.cltu(frame)
    this.#fop?.receive({ kind: 'taken', type: frame.type }, now)
    this.#perform(now)
    const id = frame.type === 'bc' ? undefined : frame.fdu.id
    return id === undefined ? { octets } : { octets, id }
  }

  /** What must be in the journal before the CLTU leaves that next() answered. */
  takeRecord(): ReservedRecord | undefined {
    const { security } = this.#encoder
    const next = security?.takeReservation()
    return security && next !== undefined
      ? { kind: 'reserved', spi: security.spi, next }
      : undefined
  }

  /** The operational control field of a frame that came down. */
  hear(word: number, now: Instant): void {
    const clcw = decodeClcw(word)
    if (this.#fop === undefined || clcw?.virtualChannel !== this.#settings.virtualChannel) return
    this.#clcw = clcw
    this.#fop.receive({ kind: 'clcw', clcw }, now)
    this.#perform(now)
    if (this.#fop.state === 'S6') this.#begin(this.#fop, clcw, now)
  }

  tick(now: Instant): void {
    this.#fop?.tick(now)
    this.#perform(now)
  }

  /** Nothing that was put in and did not arrive may be said any more: what it stood on is gone. */
  abandon(now: Instant): void {
    this.#fdus = []
    if (this.#fop === undefined || this.#fop.state === 'S6') return
    this.#fop.receive({ kind: 'directive', directive: { kind: 'terminate' } }, now)
    this.#perform(now)
  }

  /** What happened, in words for a log. */
  takeEvents(): readonly string[] {
    return this.#events.length === 0 ? this.#events : this.#events.splice(0)
  }

  #push(id: ReceptionId | undefined, fields: readonly Uint8Array[], now: Instant): void {
    const queue = this.isBypassed ? this.#bypassing : this.#fdus
    for (const field of fields) queue.push({ id, field })
    this.#feed(now)
  }

  #nextFrame(): FopFrame<Fdu> | undefined {
    if (this.#fop !== undefined) return this.#ready.shift()
    const fdu = this.#fdus.shift()
    return fdu && { type: 'bd', fdu }
  }

  /** The numbers go on where the spacecraft is. One that is locked, or wants frames that are no more, is unlocked. */
  #begin(fop: Fop<Fdu>, clcw: Clcw, now: Instant): void {
    const isClean = !clcw.lockout && !clcw.retransmit && !clcw.wait
    const directives: FopDirective[] = fop.isSuspended
      ? [{ kind: 'resume' }]
      : [
          { kind: 'set V(S)', sequence: clcw.report },
          { kind: 'initiate', check: isClean ? 'clcw' : 'unlock' },
        ]
    for (const directive of directives) fop.receive({ kind: 'directive', directive }, now)
    this.#perform(now)
  }

  #feed(now: Instant): void {
    const fop = this.#fop
    if (fop === undefined) return
    while (this.#bypassing.length > 0 && !this.#ready.some(({ type }) => type === 'bd')) {
      const fdu = this.#bypassing.shift() as Fdu
      fop.receive({ kind: 'transfer', service: 'bd', fdu }, now)
      this.#take(fop.drain())
    }
    while (this.#fdus.length > 0 && ACTIVE.has(fop.state) && !fop.outlook.isWaiting) {
      const fdu = this.#fdus.shift() as Fdu
      fop.receive({ kind: 'transfer', service: 'ad', fdu }, now)
      this.#take(fop.drain())
    }
  }

  #perform(now: Instant): void {
    if (this.#fop !== undefined) this.#take(this.#fop.drain())
    this.#feed(now)
  }

  #take(effects: readonly FopEffect<Fdu>[]): void {
    for (const effect of effects) {
      if (effect.kind === 'frame') this.#ready.push(effect.frame)
      else if (effect.kind === 'abort')
        this.#ready = this.#ready.filter(({ type }) => type !== 'ad')
      else if (effect.kind === 'suspended') this.#events.push('AD service suspended')
      else if (effect.kind === 'alert') {
        // Parts of a PDU whose other parts are lost are of no use.
        this.#fdus = []
        this.counters.alerts += 1
        this.#events.push(`AD service ends: ${effect.why}`)
      } else if (effect.kind === 'directive' && effect.outcome === 'confirmed')
        this.#say(effect.directive)
      else if (effect.kind === 'transfer' && effect.outcome === 'lost') this.counters.lost += 1
    }
  }

  #say(directive: FopDirective): void {
    if (directive.kind === 'initiate') this.#events.push('AD service begins')
  }
}

const ACTIVE: ReadonlySet<string> = new Set(['S1', 'S2', 'S3'])
