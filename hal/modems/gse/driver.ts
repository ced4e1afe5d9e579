/**
 * Frames as GSE packets in baseband frames, each of which is one datagram to a DVB-S2 modulator or from a receiver.
 * Packets fill the data fields to the last octet; a field that is begun waits a moment for more, and then leaves padded.
 */
import { type Instant, sooner } from '../../../protocol/machine.ts'
import type { ModemCapabilities } from '../../ports.ts'
import { AirPace } from '../air-pace.ts'
import type { DriverEffect, DriverInput, ModemDriver } from '../driver.ts'
import {
  BASEBAND_HEADER_OCTETS,
  basebandField,
  basebandOctets,
  MATYPE,
  type ModCod,
  writeBasebandHeader,
} from './baseband.ts'
import { GseEncapsulator, GseReassembler } from './packet.ts'

export interface GseSettings extends ModCod {
  readonly frameOctets: number
  readonly protocol: number
  /** Of baseband frames. */
  readonly rateBps: number | undefined
}

export class GseDriver implements ModemDriver {
  readonly capabilities: ModemCapabilities
  readonly #pace: AirPace
  readonly #octets: number
  readonly #encapsulator: GseEncapsulator
  readonly #reassembler: GseReassembler
  readonly #counters = { 'baseband frames bad': 0, 'baseband frames out': 0, 'octets padded': 0 }
  #frame: Uint8Array
  /** Octets of the data field that are taken. */
  #filled = 0
  /** Frames that end in the data field that is being filled. */
  #ending = 0
  /** Of the baseband frames that the line has not taken: how many frames end in each. */
  #writing: number[] = []
  #flushAt: Instant | undefined
  #isThere = false
  #effects: DriverEffect[] = []
  #now: Instant = -Infinity

  /** @throws RangeError if there is no such code */
  constructor({ rate, size, frameOctets, protocol, rateBps }: GseSettings) {
    const octets = basebandOctets({ rate, size })
    if (octets === undefined) throw new RangeError(`Cannot code ${rate} in ${size} frames`)
    this.#octets = octets
    this.#frame = new Uint8Array(octets)
    this.#encapsulator = new GseEncapsulator(protocol)
    this.#reassembler = new GseReassembler(protocol)
    this.capabilities = {
      archetype: 'network',
      frameOctetsMax: frameOctets,
      credit: 'none',
      rateBps,
      duplex: 'full',
    }
    this.#pace = new AirPace({ rateBps, aroundOctets: 0, gapMs: 0 }, octets)
  }

  get roomFrames(): number {
    return this.#isThere && this.#encapsulator.isEmpty && this.#isFree ? 1 : 0
  }

  get deadline(): Instant | undefined {
    const { roomAt } = this.#pace
    return sooner(this.#flushAt, this.#isThere && roomAt > this.#now ? roomAt : undefined)
  }

  get events(): Readonly<Record<string, number>> {
    const { malformed, broken, foreign } = this.#reassembler.counters
    return {
      ...this.#counters,
      'packets malformed': malformed,
      'packets broken': broken,
      'packets foreign': foreign,
    }
  }

  receive(input: DriverInput, now: Instant): void {
    this.#now = now
    if (input.kind === 'line') this.#line(input.isThere)
    else if (input.kind === 'octets') this.#hear(input.octets)
    else if (input.kind === 'frame') this.#put(input.octets)
    else if (input.kind === 'written')
      for (let frames = this.#writing.shift() ?? 0; frames > 0; frames--)
        this.#effects.push({ kind: 'outcome', outcome: input.outcome })
    this.#pump()
  }

  tick(now: Instant): void {
    this.#now = now
    this.#pump()
    if (this.#flushAt !== undefined && now >= this.#flushAt) this.#flush()
  }

  drain(): readonly DriverEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  get #isFree(): boolean {
    return this.#writing.length < WRITING_MAX && this.#pace.hasRoom(this.#now)
  }

  #put(frame: Uint8Array): void {
    this.#encapsulator.put(frame)
    this.#flushAt = undefined
  }

  /** Fills data fields as long as the line and the air take them. */
  #pump(): void {
    while (!this.#encapsulator.isEmpty && this.#isThere && this.#isFree) {
      this.#filled += this.#encapsulator.fill(
        this.#frame.subarray(BASEBAND_HEADER_OCTETS + this.#filled),
      )
      if (!this.#encapsulator.isEmpty) this.#flush()
      else {
        this.#ending += 1
        this.#flushAt = this.#now + FLUSH_MS
      }
    }
  }

  #flush(): void {
    const frame = this.#frame
    writeBasebandHeader(frame, this.#filled, MATYPE)
    this.#counters['octets padded'] += this.#octets - BASEBAND_HEADER_OCTETS - this.#filled
    this.#counters['baseband frames out'] += 1
    this.#writing.push(this.#ending)
    this.#pace.sent(this.#octets, this.#now)
    this.#effects.push({ kind: 'write', octets: frame })
    this.#frame = new Uint8Array(this.#octets)
    this.#filled = 0
    this.#ending = 0
    this.#flushAt = undefined
  }

  #hear(octets: Uint8Array): void {
    const field = basebandField(octets)
    if (field === undefined) this.#counters['baseband frames bad'] += 1
    else
      for (const pdu of this.#reassembler.push(field))
        this.#effects.push({ kind: 'heard', octets: pdu })
  }

  #line(isThere: boolean): void {
    this.#isThere = isThere
    if (isThere) return
    const begun = this.#ending + (this.#encapsulator.isEmpty ? 0 : 1)
    const lost = this.#writing.reduce((sum, frames) => sum + frames, begun)
    for (let i = 0; i < lost; i++) this.#effects.push({ kind: 'outcome', outcome: 'unknown' })
    this.#writing = this.#writing.map(() => 0)
    this.#encapsulator.put(NONE)
    this.#frame = new Uint8Array(this.#octets)
    this.#filled = 0
    this.#ending = 0
    this.#flushAt = undefined
    this.#reassembler.reset()
    this.#pace.clear()
  }
}

const NONE = new Uint8Array(0)
const WRITING_MAX = 2
/** What a data field that is begun waits for more. */
const FLUSH_MS = 5
