/** PDUs to the octets of the uplink: PDU -> space packet -> TC frame (bypass service) -> CLTU. */
import { encodePdu } from '../protocol/cfdp/pdu/codec.ts'
import type { Directive, Header } from '../protocol/cfdp/pdu/pdu.ts'
import { encodeCltu } from '../protocol/frame/cltu.ts'
import { encodeTcFrame } from '../protocol/frame/tc.ts'
import { OctetWriter } from '../protocol/octets/writer.ts'
import { encodeSpacePacket, PACKET_HEADER_OCTETS } from '../protocol/packet/space-packet.ts'
import type { EdgeSettings } from './settings.ts'

export class CommandEncoder {
  readonly #settings: EdgeSettings['uplink']
  readonly #pdu = new OctetWriter(1_024)
  #packets = 0
  sent = 0

  constructor(settings: EdgeSettings['uplink']) {
    this.#settings = settings
  }

  /** The largest PDU that one TC frame carries. */
  get pduOctetsMax(): number {
    return this.#settings.frameOctetsMax - TC_OCTETS - PACKET_HEADER_OCTETS
  }

  /** The most octets that encode() can answer for one PDU: what the uplink must have room for. */
  get octetsMax(): number {
    return ACQUISITION.length + 10 + 8 * Math.ceil(this.#settings.frameOctetsMax / 7)
  }

  /** The line is idle between commands, so each has alternating bits before it to lock on. */
  encode(header: Header, body: Directive): Uint8Array {
    this.#pdu.clear()
    encodePdu({ header, body }, this.#pdu)
    const { spacecraftId, virtualChannel, apid, randomized } = this.#settings
    const field = encodeSpacePacket({
      telecommand: true,
      secondaryHeader: false,
      apid,
      flags: UNSEGMENTED,
      count: this.#packets,
      data: this.#pdu.written(),
    })
    const frame = encodeTcFrame(
      {
        spacecraftId,
        virtualChannel,
        bypass: true,
        control: false,
        sequence: BYPASS_SEQUENCE,
        field,
      },
      { fecf: true },
    )
    this.#packets = (this.#packets + 1) % 16_384
    this.sent += 1
    const cltu = encodeCltu(frame, { randomized })
    const octets = new Uint8Array(ACQUISITION.length + cltu.length)
    octets.set(ACQUISITION)
    octets.set(cltu, ACQUISITION.length)
    return octets
  }
}

/** Frames of the bypass service are not counted. CCSDS 232.0-B-4, 4.1.2.8. */
const BYPASS_SEQUENCE = 0
const UNSEGMENTED = 3
/** Header and error control field of a TC frame. */
const TC_OCTETS = 7
/** CCSDS 231.0-B-4, 8.2: at least 16 octets of alternating bits. */
const ACQUISITION = new Uint8Array(16).fill(0x55)
