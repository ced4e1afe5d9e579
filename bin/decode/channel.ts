/** One virtual channel of a recording: its frames counted, its packets put together. */
import { ONLY_IDLE_DATA } from '../../protocol/frame/tm.ts'
import { PacketExtractor } from '../../protocol/packet/extract.ts'
import { countsOf, type HeardFrame } from './heard-frame.ts'
import { PacketTally, type TalliedApid } from './packet-tally.ts'

export interface ChannelReport {
  readonly kind: 'tm' | 'aos'
  readonly spacecraftId: number
  readonly virtualChannel: number
  readonly frames: number
  /** Of those, frames with nothing but idle data. */
  readonly idleFrames: number
  /** Frames in which Reed-Solomon corrected something. */
  readonly correctedFrames: number
  readonly duplicateFrames: number
  /** How often the channel count did not follow, and the frames missing there. */
  readonly gaps: number
  readonly missingFrames: number
  readonly packets: number
  readonly idlePackets: number
  /** Packets begun that a gap cut. */
  readonly cutPackets: number
  readonly apids: readonly TalliedApid[]
}

export class Channel {
  readonly #kind: HeardFrame['kind']
  readonly #spacecraftId: number
  readonly #virtualChannel: number
  readonly #extractor: PacketExtractor
  readonly tally = new PacketTally()
  #frames = 0
  #idleFrames = 0
  #correctedFrames = 0
  #gaps = 0

  constructor(first: HeardFrame) {
    this.#kind = first.kind
    this.#spacecraftId = first.spacecraftId
    this.#virtualChannel = first.virtualChannel
    this.#extractor = new PacketExtractor({ counts: countsOf(first.kind) })
  }

  /** The packets that the frame completes, borrowed until the next call. */
  push(frame: HeardFrame, corrected: number): readonly Uint8Array[] {
    this.#frames += 1
    if (frame.firstHeader === ONLY_IDLE_DATA) this.#idleFrames += 1
    if (corrected > 0) this.#correctedFrames += 1
    const before = this.#extractor.counters.gaps
    const packets = this.#extractor.push(frame.field, frame.firstHeader, frame.channelCount)
    if (this.#extractor.counters.gaps > before) this.#gaps += 1
    for (const packet of packets) this.tally.add(packet)
    return packets
  }

  /** Another recording begins: what is missing between the two says nothing. */
  reset(): void {
    this.#extractor.reset()
    this.tally.reset()
  }

  report(): ChannelReport {
    const { counters } = this.#extractor
    return {
      kind: this.#kind === 'aos frame' ? 'aos' : 'tm',
      spacecraftId: this.#spacecraftId,
      virtualChannel: this.#virtualChannel,
      frames: this.#frames,
      idleFrames: this.#idleFrames,
      correctedFrames: this.#correctedFrames,
      duplicateFrames: counters.duplicates,
      gaps: this.#gaps,
      missingFrames: counters.gaps,
      packets: counters.packets,
      idlePackets: counters.idle,
      cutPackets: counters.dropped,
      apids: this.tally.report(),
    }
  }
}
