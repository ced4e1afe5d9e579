/**
 * PDUs to CADUs of one virtual channel: PDU -> space packet -> frame data field -> TM frame -> coded block.
 * Packets span frames, except in aligned mode, where a segment never outgrows the frame it starts in: then
 * one lost frame costs one segment.
 */
import { encodePdu } from '../../protocol/cfdp/pdu/codec.ts'
import { fileDataOverhead } from '../../protocol/cfdp/pdu/file-data.ts'
import type { Header } from '../../protocol/cfdp/pdu/pdu.ts'
import { CaduEncoder } from '../../protocol/frame/cadu.ts'
import { fieldOctets } from '../../protocol/frame/link.ts'
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

export class FramePacker {
  readonly #settings: SpacecraftSettings
  readonly #encoder: CaduEncoder
  readonly #filler: FieldFiller
  readonly #fieldOctets: number
  readonly #pdu = new OctetWriter(SEGMENT_OCTETS_USUAL)
  readonly #packet = new Uint8Array(PACKET_HEADER_OCTETS + MAX_DATA)
  readonly #frame: Uint8Array
  readonly #idle: FilledField
  /** CADUs that came back: new ones, of which thousands leave in a second, would be collected late. */
  readonly #spare: Uint8Array[] = []
  #packets = 0
  #masterCount = 0
  #channelCount = 0
  #idleCount = 0
  /** Frames made, and those of them that carried nothing. */
  readonly counters = { sent: 0, idle: 0 }

  constructor(settings: SpacecraftSettings) {
    this.#settings = settings
    this.#encoder = new CaduEncoder(settings.downlink)
    this.#fieldOctets = fieldOctets(settings.downlink)
    this.#filler = new FieldFiller(this.#fieldOctets)
    this.#frame = new Uint8Array(settings.downlink.frameOctets)
    this.#idle = idleField(this.#fieldOctets)
  }

  /** Whether a frame waits that is full. */
  get isFull(): boolean {
    return this.#filler.room === 0
  }

  /** Whether nothing waits for the frames that come. */
  get isEmpty(): boolean {
    return this.#filler.room === this.#fieldOctets
  }

  /** How many octets of packets fit into `frames` frames beside what waits for them. */
  roomIn(frames: number): number {
    const { room, pending } = this.#filler
    return (frames - 1) * this.#fieldOctets + room - pending
  }

  /** Aligned mode: fills up what is left of a frame if it is too small for a segment worth its headers. */
  align(header: Header): void {
    if (!this.#settings.cfdp.aligned) return
    const around = PACKET_HEADER_OCTETS + fileDataOverhead({ ...header, largeFile: true })
    if (this.#filler.room < around + SEGMENT_OCTETS_MIN) this.#filler.close()
  }

  /**
   * How many file octets a segment with this header may have now. One that was asked for `again` fits a frame:
   * something was lost, so it is kept short and loses less.
   */
  segmentOctets(header: Header, again: boolean): number {
    const { segmentOctets, aligned } = this.#settings.cfdp
    const around = PACKET_HEADER_OCTETS + fileDataOverhead(header)
    if (!aligned) {
      const short = Math.max(SEGMENT_OCTETS_MIN, this.#fieldOctets - around)
      return again ? Math.min(short, segmentOctets) : segmentOctets
    }
    return Math.max(1, Math.min(segmentOctets, this.#filler.room - around))
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
    this.#filler.put(encodeSpacePacket(packet, this.#packet))
  }

  /** Takes back a CADU that the modem has; it is written over. */
  release(cadu: Uint8Array): void {
    if (this.#spare.length < SPARE_MAX) this.#spare.push(cadu)
  }

  /** The next CADU: the oldest full frame, or what is begun, filled up, or an idle frame. Lent until release(). */
  cadu(ocf: number): { readonly octets: Uint8Array; readonly isIdle: boolean } {
    this.counters.sent += 1
    let filled = this.#filler.take()
    if (filled === undefined) {
      this.#filler.close()
      filled = this.#filler.take()
    }
    const isIdle = filled === undefined
    if (isIdle) this.counters.idle += 1
    const { field, firstHeader } = filled ?? this.#idle
    const { downlink } = this.#settings
    const frame = {
      virtualChannel: isIdle ? IDLE_CHANNEL : downlink.virtualChannel,
      masterCount: this.#masterCount,
      channelCount: isIdle ? this.#idleCount : this.#channelCount,
      firstHeader,
      field,
      ocf: downlink.ocf ? ocf : undefined,
    }
    this.#masterCount = (this.#masterCount + 1) % FRAMES
    if (isIdle) this.#idleCount = (this.#idleCount + 1) % FRAMES
    else this.#channelCount = (this.#channelCount + 1) % FRAMES
    writeTmFrame(frame, downlink, this.#frame)
    const octets = this.#encoder.encode(this.#frame, this.#spare.pop())
    if (!isIdle) this.#filler.release(field)
    return { octets, isIdle }
  }
}

/** Idle frames have the last virtual channel to themselves, so that their counts disturb no other. */
const IDLE_CHANNEL = 7
const UNSEGMENTED = 3
const PACKETS = 16_384
const FRAMES = 256
/** CADUs that are kept: more than a modem queues. */
const SPARE_MAX = 64
const SEGMENT_OCTETS_USUAL = 65_542
/** A segment smaller than this is not worth its headers: the frame is filled up instead. */
const SEGMENT_OCTETS_MIN = 64
