/**
 * PDUs to CADUs: PDU -> space packet -> frame data field -> TM or AOS frame -> coded block.
 * Packets span frames, except in aligned mode, where a segment never outgrows the frame it starts in: then
 * one lost frame costs one segment. File data have a virtual channel, and where it is told so all other PDUs have one
 * too, whose frames go first: an acknowledgement does not wait behind a packet of 64 KiB.
 */
import { encodePdu } from '../../protocol/cfdp/pdu/codec.ts'
import { fileDataOverhead } from '../../protocol/cfdp/pdu/file-data.ts'
import type { Header } from '../../protocol/cfdp/pdu/pdu.ts'
import { aosFieldOctets, writeAosFrame } from '../../protocol/frame/aos.ts'
import { CaduEncoder } from '../../protocol/frame/cadu.ts'
import { channelCounts, fieldOctets, virtualChannels } from '../../protocol/frame/link.ts'
import { ChannelMultiplexer } from '../../protocol/frame/multiplex.ts'
import { writeTmFrame } from '../../protocol/frame/tm.ts'
import { OctetWriter } from '../../protocol/octets/writer.ts'
import { FieldFiller, type FilledField, idleField } from '../../protocol/packet/fill.ts'
import {
  encodeSpacePacket,
  MAX_DATA,
  PACKET_HEADER_OCTETS,
} from '../../protocol/packet/space-packet.ts'
import type { SpacecraftSettings } from '../settings.ts'
import type { Chosen } from './chosen.ts'
import { SegmentChoice } from './segment-choice.ts'

export class FramePacker {
  readonly #settings: SpacecraftSettings
  readonly #choice: SegmentChoice
  readonly #encoder: CaduEncoder
  readonly #filler: FieldFiller
  /** Of all but file data; the same one where they share a channel. */
  readonly #urgent: FieldFiller
  /** Of housekeeping. */
  readonly #telemetry: FieldFiller
  readonly #channels: ChannelMultiplexer
  readonly #fieldOctets: number
  readonly #pdu = new OctetWriter(SEGMENT_OCTETS_USUAL)
  readonly #packet = new Uint8Array(PACKET_HEADER_OCTETS + MAX_DATA)
  readonly #frame: Uint8Array
  readonly #idle: FilledField
  /** CADUs that came back: new ones, of which thousands leave in a second, would be collected late. */
  readonly #spare: Uint8Array[] = []
  #packets = 0
  #reports = 0
  /** Of TM frames: all that were made. */
  #masterCount = 0
  /** By virtual channel. */
  readonly #channelCounts: Uint32Array
  /** Idle frames have the last virtual channel to themselves, so that their counts disturb no other. */
  readonly #idleChannel: number
  /** Of AOS frames: nothing is inserted. */
  readonly #insert: Uint8Array
  /** Frames made, and those of them that carried nothing. */
  readonly counters = { sent: 0, idle: 0 }

  constructor(settings: SpacecraftSettings, choice = new SegmentChoice(settings)) {
    this.#settings = settings
    this.#choice = choice
    this.#encoder = new CaduEncoder(settings.downlink)
    this.#fieldOctets = fieldOctets(settings.downlink)
    this.#filler = new FieldFiller(this.#fieldOctets)
    const { virtualChannel, urgentChannel = virtualChannel } = settings.downlink
    const isShared = urgentChannel === virtualChannel
    this.#urgent = isShared ? this.#filler : new FieldFiller(this.#fieldOctets)
    const { housekeeping } = settings.downlink
    this.#telemetry = new FieldFiller(this.#fieldOctets)
    const channels = isShared ? [virtualChannel] : [urgentChannel, virtualChannel]
    this.#channels = new ChannelMultiplexer(
      [housekeeping.virtualChannel, ...channels],
      PASSED_OVER_MAX,
    )
    this.#frame = new Uint8Array(settings.downlink.frameOctets)
    const { downlink } = settings
    this.#channelCounts = new Uint32Array(virtualChannels(downlink))
    this.#idleChannel = virtualChannels(downlink) - 1
    this.#insert = new Uint8Array(downlink.insertOctets)
    this.#idle = idleField(
      downlink.frame === 'tm' ? this.#fieldOctets : aosFieldOctets(downlink, this.#idleChannel),
    )
  }

  /** Whether a frame waits that is full. */
  get isFull(): boolean {
    return this.#filler.room === 0 || this.#urgent.room === 0
  }

  /** Whether nothing waits for the frames that come. */
  get isEmpty(): boolean {
    const { room } = this.#filler
    return room === this.#fieldOctets && this.#urgent.room === this.#fieldOctets
  }

  /** How many octets of packets fit into `frames` frames beside what waits for them. */
  roomIn(frames: number): number {
    const { room, pending } = this.#filler
    const told = 2 * this.#fieldOctets - 1 - this.#telemetry.room + this.#telemetry.pending
    const left = frames - Math.floor(told / this.#fieldOctets)
    return (left - 1) * this.#fieldOctets + room - pending
  }

  /** Takes the data of a housekeeping packet into frames that go first. */
  tell(data: Uint8Array): void {
    const packet = { telecommand: false, secondaryHeader: false, flags: UNSEGMENTED, data }
    const { apid } = this.#settings.downlink.housekeeping
    this.#telemetry.put(encodeSpacePacket({ ...packet, apid, count: this.#reports }, this.#packet))
    this.#reports = (this.#reports + 1) % PACKETS
  }

  /**
   * In aligned mode, and before what was asked for `again`: fills up what is left of a frame if it is too small for a
   * segment worth its headers.
   */
  align(header: Header, again: boolean): void {
    if (!again && !this.#choice.segment.aligned) return
    const around = PACKET_HEADER_OCTETS + fileDataOverhead({ ...header, largeFile: true })
    if (this.#filler.room < around + SEGMENT_OCTETS_MIN) this.#filler.close()
  }

  /**
   * How many file octets a segment with this header may have now. In aligned mode, or asked for `again`, it ends with
   * the frame that it begins in: something was lost, and it is to be lost with one frame and not with either of two.
   */
  segmentOctets(header: Header, again: boolean): number {
    const { octets, aligned } = this.#choice.segment
    if (!aligned && !again) return octets
    const around = PACKET_HEADER_OCTETS + fileDataOverhead(header)
    const room = this.#filler.room - around
    return Math.max(1, Math.min(octets, Math.max(room, aligned ? 0 : SEGMENT_OCTETS_MIN)))
  }

  /** Takes a PDU into the frames that come. */
  put(chosen: Chosen): void {
    const { outgoing, octets } = chosen
    const { header } = outgoing
    this.#pdu.clear()
    if (outgoing.kind === 'directive') encodePdu({ header, body: outgoing.body }, this.#pdu)
    else {
      const { offset, length } = outgoing
      if (octets.length !== length)
        throw new Error(`Cannot send ${length} octets at ${offset}: ${octets.length} were read`)
      const body = { kind: 'file data', offset, octets, segmentMetadata: undefined } as const
      encodePdu({ header, body }, this.#pdu)
    }
    const packet = {
      telecommand: false,
      secondaryHeader: false,
      apid: this.#settings.downlink.apid,
      flags: UNSEGMENTED,
      count: this.#packets,
      data: this.#pdu.written(),
    }
    this.#packets = (this.#packets + 1) % PACKETS
    const filler = outgoing.kind === 'directive' ? this.#urgent : this.#filler
    filler.put(encodeSpacePacket(packet, this.#packet))
  }

  /** Takes back a CADU that the modem has; it is written over. */
  release(cadu: Uint8Array): void {
    if (this.#spare.length < SPARE_MAX) this.#spare.push(cadu)
  }

  /** The next CADU: the oldest full frame, or what is begun, filled up, or an idle frame. Lent until release(). */
  cadu(ocf: number): { readonly octets: Uint8Array; readonly isIdle: boolean } {
    this.counters.sent += 1
    const { downlink } = this.#settings
    const channel = this.#channels.next(this.#hasOctets)
    const isIdle = channel === undefined
    if (isIdle) this.counters.idle += 1
    const virtualChannel = channel ?? this.#idleChannel
    const filler = this.#fillerOf(virtualChannel)
    if (!isIdle && filler.room > 0) filler.close()
    const { field, firstHeader } = isIdle ? this.#idle : (filler.take() as FilledField)
    const channelCount = this.#channelCounts[virtualChannel] as number
    this.#channelCounts[virtualChannel] = (channelCount + 1) % channelCounts(downlink)
    if (downlink.frame === 'tm') {
      const masterCount = this.#masterCount
      const frame = { virtualChannel, masterCount, channelCount, firstHeader, field, ocf }
      writeTmFrame(frame, downlink, this.#frame)
      this.#masterCount = (masterCount + 1) % FRAMES
    } else {
      const { spacecraftId } = downlink
      const common = { virtualChannel, channelCount, firstHeader, field, ocf }
      const more = { spacecraftId, cycle: undefined, replay: false, insert: this.#insert }
      writeAosFrame({ ...common, ...more }, downlink, this.#frame)
    }
    const octets = this.#encoder.encode(this.#frame, this.#spare.pop())
    if (!isIdle) filler.release(field)
    return { octets, isIdle }
  }

  readonly #hasOctets = (channel: number) => this.#fillerOf(channel).room < this.#fieldOctets

  #fillerOf(virtualChannel: number): FieldFiller {
    const { downlink } = this.#settings
    if (virtualChannel === downlink.housekeeping.virtualChannel) return this.#telemetry
    return virtualChannel === downlink.virtualChannel ? this.#filler : this.#urgent
  }
}

/** Frames of PDUs that are urgent may go before one with file data, and no more. */
const PASSED_OVER_MAX = 8
const UNSEGMENTED = 3
const PACKETS = 16_384
const FRAMES = 256
/** CADUs that are kept: more than a modem queues. */
const SPARE_MAX = 64
const SEGMENT_OCTETS_USUAL = 65_542
/** A segment smaller than this is not worth its headers: the frame is filled up instead. */
const SEGMENT_OCTETS_MIN = 64
