/**
 * TM or AOS frames to channel access data units and back: Reed-Solomon, randomizer, marker. CCSDS 131.0-B-6, 5, 9
 * and 10.
 *
 *     frame | check symbols  --randomize-->  codeblock  --before it the marker-->  CADU
 */
import {
  BEYOND_CORRECTION,
  type CodeblockCodec,
  codeblockCodec,
  FECF_WRONG,
} from '../coding/codeblock.ts'
import { type AosFrameRecord, emptyAosFrame, type ReceivedAosFrame, readAosFrame } from './aos.ts'
import { caduOctets, type DownlinkFormat, MARKER_OCTETS } from './link.ts'
import type { Malformed } from './malformed.ts'
import { type HunterCounters, MarkerHunter } from './sync.ts'
import { emptyTmFrame, type ReceivedTmFrame, readTmFrame, type TmFrameRecord } from './tm.ts'

export class CaduEncoder {
  readonly #format: DownlinkFormat
  readonly #codeblocks: CodeblockCodec
  readonly #caduOctets: number

  constructor(format: DownlinkFormat) {
    this.#format = format
    this.#codeblocks = codeblocksOf(format)
    this.#caduOctets = caduOctets(format)
  }

  /**
   * Writes the CADU to `cadu`, and answers it. Where the link has a FECF it is written here, whatever stands there.
   * @throws RangeError if the frame has another length than the link's.
   */
  encode(frame: Uint8Array, cadu: Uint8Array = new Uint8Array(this.#caduOctets)): Uint8Array {
    const { frameOctets } = this.#format
    if (frame.length !== frameOctets)
      throw new RangeError(`Cannot code ${frame.length} octets: ${frameOctets} are a frame`)
    cadu.set(MARKER)
    this.#codeblocks.encode(frame, cadu, MARKER_OCTETS)
    return cadu
  }
}

export type DecodedFrame =
  | {
      readonly kind: 'frame'
      /** All of this is borrowed: good until the next call. */
      readonly frame: ReceivedTmFrame | ReceivedAosFrame
      /** Symbols that Reed-Solomon corrected. */
      readonly corrected: number
    }
  | { readonly kind: 'bad'; readonly why: string }

export interface CaduCounters {
  /** Frames of this link. */
  good: number
  /** Those among them that Reed-Solomon had to correct. */
  corrected: number
  symbolsCorrected: number
  /** Codeblocks behind a marker, perhaps a false one, that were no frame. */
  bad: number
  /** Frames that are whole but of another spacecraft or version, or with fields that lie. */
  foreign: number
}

export class CaduDecoder {
  readonly counters: CaduCounters = {
    good: 0,
    corrected: 0,
    symbolsCorrected: 0,
    bad: 0,
    foreign: 0,
  }
  readonly #format: DownlinkFormat
  readonly #codeblocks: CodeblockCodec
  readonly #markers: MarkerHunter
  /** The one that is answered, frame after frame. */
  readonly #decoded: {
    readonly kind: 'frame'
    readonly frame: TmFrameRecord | AosFrameRecord
    corrected: number
  }

  constructor(format: DownlinkFormat) {
    this.#format = format
    this.#codeblocks = codeblocksOf(format)
    this.#markers = new MarkerHunter({ caduOctets: caduOctets(format) })
    const frame = format.frame === 'tm' ? emptyTmFrame() : emptyAosFrame()
    this.#decoded = { kind: 'frame', frame, corrected: 0 }
  }

  get hunter(): Readonly<HunterCounters> {
    return this.#markers.counters
  }

  get locked(): boolean {
    return this.#markers.locked
  }

  /** Octets of memory held for the stream. */
  get bufferOctets(): number {
    return this.#markers.bufferOctets
  }

  /** Copies octets in. Call next() until it has no more. */
  push(octets: Uint8Array): void {
    this.#markers.push(octets)
  }

  /** The next frame, or what was none; undefined: more octets are needed. */
  next(): DecodedFrame | undefined {
    const codeblock = this.#markers.next()
    if (codeblock === undefined) return undefined
    const corrected = this.#codeblocks.decode(codeblock)
    if (corrected === BEYOND_CORRECTION) return this.#refuse('Reed-Solomon cannot correct it')
    if (corrected === FECF_WRONG) return this.#refuse('its FECF is wrong')

    const { frame } = this.#decoded
    const malformed = this.#read(codeblock)
    if (malformed !== undefined) return this.#estrange(malformed.why)
    const { spacecraftId } = this.#format
    if (frame.spacecraftId !== spacecraftId)
      return this.#estrange(`spacecraft ${frame.spacecraftId} is not ${spacecraftId}`)

    this.#markers.confirm(true)
    this.counters.good += 1
    this.counters.symbolsCorrected += corrected
    if (corrected > 0) this.counters.corrected += 1
    this.#decoded.corrected = corrected
    return this.#decoded
  }

  #read(codeblock: Uint8Array): Malformed | undefined {
    const { frame } = this.#decoded
    return frame.kind === 'tm frame'
      ? readTmFrame(codeblock, this.#format, frame)
      : readAosFrame(codeblock, this.#format, frame)
  }

  #refuse(why: string): DecodedFrame {
    this.#markers.confirm(false)
    this.counters.bad += 1
    return { kind: 'bad', why }
  }

  /** Its codes hold, and yet it is none of ours. */
  #estrange(why: string): DecodedFrame {
    // Constant octets are Reed-Solomon codewords: without a FECF only the header tells a frame from them.
    if (!this.#format.fecf) return this.#refuse(why)
    this.#markers.confirm(true)
    this.counters.foreign += 1
    return { kind: 'bad', why }
  }
}

function codeblocksOf(format: DownlinkFormat): CodeblockCodec {
  const { basis, fecf, frameOctets, interleave, randomized, randomizer } = format
  return codeblockCodec({
    frameOctets,
    reedSolomon:
      interleave === 0
        ? undefined
        : { basis, parity: 32, interleave, fill: 223 - frameOctets / interleave },
    randomizer: randomized ? randomizer : undefined,
    fecf,
  })
}

const MARKER = Uint8Array.of(0x1a, 0xcf, 0xfc, 0x1d)
