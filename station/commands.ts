/**
 * PDUs to the octets of the uplink: PDU -> space packet -> fields of TC frames -> frames, secured or not -> CLTUs.
 * Which frame goes when is command-link.ts.
 */
import { encodePdu } from '../protocol/cfdp/pdu/codec.ts'
import type { Body, Header } from '../protocol/cfdp/pdu/pdu.ts'
import { type Command, encodeCommand } from '../protocol/command/command.ts'
import { encodeCltu } from '../protocol/frame/cltu.ts'
import { encodeControlCommand } from '../protocol/frame/cop1/control-command.ts'
import type { FopFrame } from '../protocol/frame/cop1/fop.ts'
import { SecuritySender } from '../protocol/frame/sdls/apply.ts'
import { type Association, SECURITY_OCTETS } from '../protocol/frame/sdls/association.ts'
import { SEGMENT_HEADER_OCTETS, segmentsOf } from '../protocol/frame/segment.ts'
import { encodeTcFrame, type TcFrame } from '../protocol/frame/tc.ts'
import { OctetWriter } from '../protocol/octets/writer.ts'
import { encodeSpacePacket, PACKET_HEADER_OCTETS } from '../protocol/packet/space-packet.ts'
import type { EdgeSettings } from './settings.ts'

export class CommandEncoder {
  readonly #settings: EdgeSettings['uplink']
  readonly #pdu = new OctetWriter(1_024)
  readonly security: SecuritySender | undefined
  /** Of each APID, packets so far. */
  readonly #counts = new Map<number, number>()

  /** `firstNumber`: of SDLS; none before it is used. */
  constructor(settings: EdgeSettings['uplink'], firstNumber = 1) {
    this.#settings = settings
    const { security } = settings
    if (security === undefined) return
    const ours = security.associations.find(({ spi }) => spi === security.spi) as Association
    this.security = new SecuritySender(ours, security.segmented, firstNumber)
  }

  /** The largest PDU that goes up. */
  get pduOctetsMax(): number {
    const { segmentation } = this.#settings
    return (segmentation?.packetOctetsMax ?? this.#fieldOctets) - PACKET_HEADER_OCTETS
  }

  /** The largest that goes up in one frame. */
  get framePduOctets(): number {
    return Math.min(this.#fieldOctets - PACKET_HEADER_OCTETS, this.pduOctetsMax)
  }

  /** The most octets that cltu() answers: what the uplink must have room for. */
  get octetsMax(): number {
    return ACQUISITION.length + 10 + 8 * Math.ceil(this.#settings.frameOctetsMax / 7)
  }

  /** The fields of the frames that carry a PDU, in order. They are the taker's. */
  fields(header: Header, body: Body): Uint8Array[] {
    this.#pdu.clear()
    encodePdu({ header, body }, this.#pdu)
    return this.#packetFields(this.#settings.apid, this.#pdu.written())
  }

  /** The same of a command. */
  commandFields(counter: number, command: Command): Uint8Array[] {
    return this.#packetFields(this.#settings.commandApid, encodeCommand(counter, command))
  }

  /** The line is idle between commands, so each has alternating bits before it to lock on. */
  cltu(frame: FopFrame<{ readonly field: Uint8Array }>): Uint8Array {
    const plain = this.#frameOf(frame)
    const isSecured = this.security !== undefined && !plain.control
    const secured = isSecured ? this.security.apply(plain) : plain
    const cltu = encodeCltu(encodeTcFrame(secured, { fecf: true }), this.#settings)
    const octets = new Uint8Array(ACQUISITION.length + cltu.length)
    octets.set(ACQUISITION)
    octets.set(cltu, ACQUISITION.length)
    return octets
  }

  #packetFields(apid: number, data: Uint8Array): Uint8Array[] {
    const { segmentation } = this.#settings
    const count = this.#counts.get(apid) ?? 0
    this.#counts.set(apid, (count + 1) % 16_384)
    const about = { telecommand: true, secondaryHeader: false, apid, flags: UNSEGMENTED, count }
    const packet = encodeSpacePacket({ ...about, data })
    if (segmentation === undefined) return [packet]
    return [...segmentsOf(packet, segmentation.map, this.#fieldOctets + SEGMENT_HEADER_OCTETS)]
  }

  #frameOf(frame: FopFrame<{ readonly field: Uint8Array }>): TcFrame {
    const { spacecraftId, virtualChannel } = this.#settings
    const about = { spacecraftId, virtualChannel, bypass: frame.type !== 'ad' }
    if (frame.type === 'bc') {
      const field = encodeControlCommand(frame.command)
      return { ...about, control: true, sequence: BYPASS_SEQUENCE, field }
    }
    const sequence = frame.type === 'ad' ? frame.sequence : BYPASS_SEQUENCE
    return { ...about, control: false, sequence, field: frame.fdu.field }
  }

  /** Octets of a packet, or of a part of one, in one frame. */
  get #fieldOctets(): number {
    const { frameOctetsMax, segmentation } = this.#settings
    const around =
      TC_OCTETS +
      (segmentation === undefined ? 0 : SEGMENT_HEADER_OCTETS) +
      (this.security === undefined ? 0 : SECURITY_OCTETS)
    return frameOctetsMax - around
  }
}

/** Frames of the bypass service are not counted. CCSDS 232.0-B-4, 4.1.2.8. */
const BYPASS_SEQUENCE = 0
const UNSEGMENTED = 3
/** Header and error control field of a TC frame. */
const TC_OCTETS = 7
/** CCSDS 231.0-B-4, 8.2: at least 16 octets of alternating bits. */
const ACQUISITION = new Uint8Array(16).fill(0x55)
