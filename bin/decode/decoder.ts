/** Octets of a recording, in chunks, to counts, packets and files. Memory does not grow with the recording. */
import { FECF_WRONG } from '../../protocol/coding/codeblock.ts'
import { Channel, type ChannelReport } from './channel.ts'
import {
  bareFrames,
  type Candidate,
  type ConvolutionalReport,
  type FrameSource,
  markedFrames,
} from './codeblocks.ts'
import { type HeardFrame, readFrame } from './heard-frame.ts'
import { type HousekeepingReport, HousekeepingTally } from './housekeeping-tally.ts'
import { isSymbolForm, type LinkFormat } from './link-options.ts'
import type { PacketOutputs } from './packet-outputs.ts'
import { PacketStream } from './packet-stream.ts'
import { PacketTally, type TalliedApid } from './packet-tally.ts'
import type { CfdpReport, Transactions } from './transactions.ts'

export interface DecoderSettings {
  readonly format: LinkFormat
  readonly expected: 'tm' | 'aos' | undefined
  /** Frames of other spacecraft are counted and left. */
  readonly spacecraftId: number | undefined
  /** Packets of other virtual channels are counted and left. */
  readonly virtualChannel: number | undefined
  readonly housekeepingApid: number
}

export interface Report {
  readonly octets: number
  /** Of the convolutional code, if there is one. */
  readonly convolutional: ConvolutionalReport | null
  /** With which sequence frames were randomized; null: none was found, or none was. */
  readonly randomizer: 'short' | 'long' | null
  readonly sync: Record<
    'markers' | 'flywheels' | 'slips' | 'inversions' | 'octetsSkipped',
    number
  > | null
  readonly frames: {
    readonly good: number
    readonly corrected: number
    readonly symbolsCorrected: number
    /** Octets behind a marker, perhaps a false one, that are no frame; of bare frames, those that fail. */
    readonly bad: number
    readonly foreign: number
    /** Why some were bad, the first few reasons. */
    readonly why: readonly string[]
  }
  readonly channels: readonly ChannelReport[]
  /** Of a file of packets. */
  readonly apids: readonly TalliedApid[]
  /** Null: there is none. */
  readonly housekeeping: HousekeepingReport | null
  /** Octets at the end, or from where nothing could be read on. */
  readonly leftOctets: number
  readonly cfdp: CfdpReport
}

export class Decoder {
  readonly #settings: DecoderSettings
  readonly #outputs: PacketOutputs
  readonly #transactions: Transactions
  readonly #channels = new Map<string, Channel>()
  readonly #tally = new PacketTally()
  readonly #housekeeping: HousekeepingTally
  readonly #frames = { good: 0, corrected: 0, symbolsCorrected: 0, bad: 0, foreign: 0 }
  readonly #why = new Set<string>()
  readonly #sync = { markers: 0, flywheels: 0, slips: 0, inversions: 0, octetsSkipped: 0 }
  #source: FrameSource | undefined
  #stream: PacketStream | undefined
  #convolutional: ConvolutionalReport | undefined
  #randomizer: 'short' | 'long' | undefined
  #octets = 0
  #leftOctets = 0

  constructor(settings: DecoderSettings, outputs: PacketOutputs, transactions: Transactions) {
    this.#settings = settings
    this.#housekeeping = new HousekeepingTally(settings.housekeepingApid)
    this.#outputs = outputs
    this.#transactions = transactions
  }

  /** A recording begins. */
  begin(): void {
    const { form, tm } = this.#settings.format
    if (form === 'packets') this.#stream = new PacketStream()
    else
      this.#source =
        form === 'frames' ? bareFrames(tm.frameOctets) : markedFrames(form, this.#settings.format)
    for (const channel of this.#channels.values()) channel.reset()
    this.#tally.reset()
  }

  async push(octets: Uint8Array): Promise<void> {
    this.#octets += octets.length
    if (this.#stream !== undefined) await this.#pushPackets(this.#stream, octets)
    else if (this.#source !== undefined) {
      this.#source.push(octets)
      await this.#takeFrames(this.#source)
    }
  }

  /** The recording has ended. */
  async end(): Promise<void> {
    const source = this.#source
    source?.end()
    if (source !== undefined) await this.#takeFrames(source)
    this.#convolutional = added(this.#convolutional, source?.convolutional())
    this.#randomizer = source?.randomizer() ?? this.#randomizer
    const counters = source?.counters
    if (counters !== undefined)
      for (const name of ['markers', 'flywheels', 'slips', 'inversions', 'octetsSkipped'] as const)
        this.#sync[name] += counters[name]
    this.#leftOctets += this.#stream?.heldOctets ?? 0
    this.#source = undefined
    this.#stream = undefined
  }

  report(): Report {
    const { form } = this.#settings.format
    return {
      octets: this.#octets,
      convolutional: this.#convolutional ?? null,
      sync: isSymbolForm(form) ? this.#sync : null,
      randomizer: this.#randomizer ?? null,
      frames: { ...this.#frames, why: [...this.#why] },
      channels: [...this.#channels.values()].map(channel => channel.report()),
      apids: this.#tally.report(),
      housekeeping: this.#housekeeping.report(),
      leftOctets: this.#leftOctets,
      cfdp: this.#transactions.report(),
    }
  }

  async #pushPackets(stream: PacketStream, octets: Uint8Array): Promise<void> {
    if (stream.isLost) {
      this.#leftOctets += octets.length
      return
    }
    for (const packet of stream.push(octets)) {
      this.#tally.add(packet)
      const written = this.#packet(packet, 0, 0)
      if (written !== undefined) await written
    }
  }

  async #takeFrames(source: FrameSource): Promise<void> {
    for (let one = source.next(); one !== undefined; one = source.next()) {
      const frame = this.#read(one)
      const isWanted = frame !== undefined && this.#isWanted(frame)
      // Constant octets are Reed-Solomon codewords: without a FECF a foreign frame may be none.
      source.confirm(isWanted || (frame !== undefined && this.#settings.format.tm.fecf))
      if (frame === undefined || !isWanted) continue
      this.#frames.good += 1
      this.#frames.symbolsCorrected += one.corrected
      if (one.corrected > 0) this.#frames.corrected += 1
      for (const packet of this.#channelOf(frame).push(frame, one.corrected)) {
        const written = this.#packet(packet, frame.spacecraftId, frame.virtualChannel)
        // Most packets are written at once: a turn of the loop for each would cost more than they do.
        if (written !== undefined) await written
      }
    }
  }

  #read(candidate: Candidate): HeardFrame | undefined {
    if (candidate.corrected === FECF_WRONG) return this.#refuse('its FECF is wrong')
    if (candidate.corrected < 0) return this.#refuse('Reed-Solomon cannot correct it')
    const { format, expected } = this.#settings
    const frame = readFrame(candidate.octets, format, expected)
    return frame.kind === 'malformed' ? this.#refuse(frame.why) : frame
  }

  #isWanted({ spacecraftId }: HeardFrame): boolean {
    const { spacecraftId: wanted = spacecraftId } = this.#settings
    if (spacecraftId === wanted) return true
    this.#frames.foreign += 1
    return false
  }

  #refuse(why: string): undefined {
    this.#frames.bad += 1
    if (this.#why.size < REASONS_MAX) this.#why.add(why)
    return undefined
  }

  #channelOf(frame: HeardFrame): Channel {
    const key = `${frame.kind} ${frame.spacecraftId} ${frame.virtualChannel}`
    const known = this.#channels.get(key)
    if (known !== undefined) return known
    const channel = new Channel(frame)
    this.#channels.set(key, channel)
    return channel
  }

  #packet(packet: Uint8Array, spacecraftId: number, virtualChannel: number) {
    const { virtualChannel: wanted = virtualChannel } = this.#settings
    if (wanted !== virtualChannel) return undefined
    const copied = this.#outputs.write(packet, spacecraftId, virtualChannel)
    if (this.#housekeeping.take(packet)) return copied
    const taken = this.#transactions.take(packet)
    return copied === undefined || taken === undefined
      ? (copied ?? taken)
      : Promise.all([copied, taken])
  }
}

/** What several recordings have together. */
function added(
  sum: ConvolutionalReport | undefined,
  one: ConvolutionalReport | undefined,
): ConvolutionalReport | undefined {
  if (sum === undefined || one === undefined) return one ?? sum
  return {
    ...one,
    symbols: sum.symbols + one.symbols,
    corrected: sum.corrected + one.corrected,
    slips: sum.slips + one.slips,
  }
}

const REASONS_MAX = 8
