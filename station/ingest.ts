/** The downlink as a station hears it: octets -> CADUs -> TM or AOS frames -> packets -> PDUs. */
import { parsePdu } from '../protocol/cfdp/pdu/codec.ts'
import type { Pdu } from '../protocol/cfdp/pdu/pdu.ts'
import { decodeHousekeeping, type Housekeeping } from '../protocol/command/housekeeping.ts'
import { CaduDecoder, type DecodedFrame } from '../protocol/frame/cadu.ts'
import { channelCounts, virtualChannels } from '../protocol/frame/link.ts'
import { PacketExtractor, type PacketSink } from '../protocol/packet/extract.ts'
import { UnitReader } from '../protocol/packet/sequence.ts'
import { decodeSpacePacket } from '../protocol/packet/space-packet.ts'
import type { EdgeSettings } from './settings.ts'

export class Ingest {
  readonly #settings: EdgeSettings['downlink']
  readonly #cadus: CaduDecoder
  readonly #packets: PacketExtractor
  /** Of the channel of urgent PDUs, if they have one. */
  readonly #urgent: PacketExtractor | undefined
  readonly #telemetry: PacketExtractor
  #housekeeping: Housekeeping | undefined
  /** Of the file packets: a PDU may take several. */
  readonly #units = new UnitReader(PDU_OCTETS_MAX)
  /**
   * The count that the next frame should have, of each channel that counts all its frames: of TM the master channel,
   * of AOS, which has no such count, every virtual channel.
   */
  readonly #expected: Int32Array
  readonly #counts: number
  readonly frames = { good: 0, corrected: 0, lost: 0, bad: 0 }
  readonly pdus = { received: 0, malformed: 0, foreign: 0 }
  /** The newest CLCW word of the spacecraft. */
  ocf: number | undefined
  #hasNewOcf = false

  constructor(settings: EdgeSettings['downlink']) {
    this.#settings = settings
    this.#cadus = new CaduDecoder(settings)
    const counts = channelCounts(settings)
    this.#counts = counts
    this.#expected = new Int32Array(settings.frame === 'tm' ? 1 : virtualChannels(settings))
    this.#expected.fill(UNKNOWN)
    this.#packets = new PacketExtractor({ counts })
    this.#telemetry = new PacketExtractor({ counts })
    if (settings.urgentChannel !== undefined) this.#urgent = new PacketExtractor({ counts })
  }

  /** Whether frames come where they are expected. */
  get isLocked(): boolean {
    return this.#cadus.locked
  }

  get channel(): {
    readonly cadus: CaduDecoder['counters']
    readonly packets: PacketExtractor['counters']
  } {
    return { cadus: this.#cadus.counters, packets: this.#packets.counters }
  }

  /** Hands out the PDUs that become whole with these octets, one by one, each borrowed until `take` returns. */
  push(octets: Uint8Array, take: (pdu: Pdu) => void): void {
    const sink = (packet: Uint8Array, start: number, end: number) => {
      const pdu = this.#pduOf(packet, start, end)
      if (pdu !== undefined) take(pdu)
    }
    this.#cadus.push(octets)
    for (let cadu = this.#cadus.next(); cadu !== undefined; cadu = this.#cadus.next()) {
      if (cadu.kind === 'bad') this.frames.bad += 1
      else this.#frame(cadu.frame, cadu.corrected, sink)
    }
  }

  /** The newest CLCW word, once; undefined: none came since it was asked for. */
  takeOcf(): number | undefined {
    const word = this.#hasNewOcf ? this.ocf : undefined
    this.#hasNewOcf = false
    return word
  }

  /** The newest housekeeping, once; undefined: none came since it was asked for. */
  takeHousekeeping(): Housekeeping | undefined {
    const report = this.#housekeeping
    this.#housekeeping = undefined
    return report
  }

  /** A contact begins: what was heard before it says nothing of what is missing now. */
  reset(): void {
    this.#expected.fill(UNKNOWN)
    this.#packets.reset()
    this.#urgent?.reset()
    this.#telemetry.reset()
  }

  #frame(frame: HeardFrame, corrected: number, sink: PacketSink): void {
    this.frames.good += 1
    if (corrected > 0) this.frames.corrected += 1
    if (frame.kind === 'tm frame') this.#countLost(0, frame.masterCount)
    else this.#countLost(frame.virtualChannel, frame.channelCount)
    if (frame.ocf !== undefined) {
      this.ocf = frame.ocf
      this.#hasNewOcf = true
    }
    this.#extractorOf(frame.virtualChannel)?.take(frame, sink)
    if (frame.virtualChannel === this.#settings.housekeeping.virtualChannel)
      this.#hearTelemetry(frame)
  }

  #hearTelemetry(frame: HeardFrame): void {
    const { firstHeader, channelCount } = frame
    for (const octets of this.#telemetry.push(frame.field, firstHeader, channelCount)) {
      const received = decodeSpacePacket(octets)
      const isOurs =
        received.kind === 'packet' && received.packet.apid === this.#settings.housekeeping.apid
      const report = isOurs ? decodeHousekeeping(received.packet.data) : undefined
      if (report === undefined || 'kind' in report) this.pdus.foreign += 1
      else this.#housekeeping = report
    }
  }

  #countLost(channel: number, count: number): void {
    const expected = this.#expected[channel] as number
    const missing = (count - expected + this.#counts) % this.#counts
    // So many are not lost within a contact: the counts have begun anew.
    if (expected !== UNKNOWN && missing < LOST_MAX) this.frames.lost += missing
    this.#expected[channel] = (count + 1) % this.#counts
  }

  #extractorOf(virtualChannel: number): PacketExtractor | undefined {
    if (virtualChannel === this.#settings.virtualChannel) return this.#packets
    return virtualChannel === this.#settings.urgentChannel ? this.#urgent : undefined
  }

  #pduOf(octets: Uint8Array, start: number, end: number): Pdu | undefined {
    const received = decodeSpacePacket(octets.subarray(start, end))
    if (received.kind === 'malformed' || received.packet.apid !== this.#settings.apid) {
      this.pdus.foreign += 1
      return undefined
    }
    const unit = this.#units.push(received.packet)
    if (unit === undefined) return undefined
    const pdu = parsePdu(unit)
    if (pdu.kind === 'malformed') {
      this.pdus.malformed += 1
      return undefined
    }
    this.pdus.received += 1
    return pdu
  }
}

/** The longest header (28 octets with ids of eight), and the most that its length field can say. */
const PDU_OCTETS_MAX = 28 + 65_535
/** No count is expected. */
const UNKNOWN = -1
const LOST_MAX = 2 ** 23

type HeardFrame = Extract<DecodedFrame, { kind: 'frame' }>['frame']
