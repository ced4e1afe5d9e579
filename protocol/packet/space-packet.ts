/**
 * The space packet. CCSDS 133.0-B-2, 4.1.
 *
 *       3      1       1       11      2       14        16       ...    bits
 *     +-----+------+---------+------+-------+-------+----------+--------+
 *     | ver | type | 2nd hdr | apid | flags | count | octets-1 |  data  |
 *     |  0  |      |         |      |       |       | of data  |        |
 *     +-----+------+---------+------+-------+-------+----------+--------+
 *
 * A secondary header, where there is one, is the first part of the data; its form is the mission's.
 */
import { type Malformed, malformed } from '../frame/malformed.ts'

export interface SpacePacket {
  readonly telecommand: boolean
  readonly secondaryHeader: boolean
  /** 0 to 2047. */
  readonly apid: number
  /** 0 continuation, 1 first, 2 last, 3 unsegmented. */
  readonly flags: number
  /** Counts packets of the APID, modulo 16384. */
  readonly count: number
  /** 1 to 65,536 octets. Decoded, they are borrowed. */
  readonly data: Uint8Array
}

export interface ReceivedPacket {
  readonly kind: 'packet'
  readonly packet: SpacePacket
  /** Octets of the packet, its header with them. */
  readonly length: number
}

/**
 * The packet, in octets of its own or at the start of `into`. @throws RangeError if the data are empty or too
 * long, or `into` too short.
 */
export function encodeSpacePacket(packet: SpacePacket, into?: Uint8Array): Uint8Array {
  const { data } = packet
  if (data.length === 0 || data.length > MAX_DATA)
    throw new RangeError(`Cannot pack ${data.length} octets: a packet holds 1 to ${MAX_DATA}`)
  const length = PACKET_HEADER_OCTETS + data.length
  const octets = into?.subarray(0, length) ?? new Uint8Array(length)
  const kind = (packet.telecommand ? TELECOMMAND : 0) | (packet.secondaryHeader ? SECONDARY : 0)
  octets[0] = kind | (packet.apid >>> 8)
  octets[1] = packet.apid
  octets[2] = (packet.flags << 6) | (packet.count >>> 8)
  octets[3] = packet.count
  octets[4] = (data.length - 1) >>> 8
  octets[5] = data.length - 1
  octets.set(data, PACKET_HEADER_OCTETS)
  return octets
}

/** Reads the packet that starts at `at`; more may stand behind it. */
export function decodeSpacePacket(octets: Uint8Array, at = 0): ReceivedPacket | Malformed {
  const left = octets.length - at
  if (left < PACKET_HEADER_OCTETS)
    return malformed(`Cannot read a header of ${PACKET_HEADER_OCTETS}: ${left} octets are left`, 0)
  const word = (i: number) => ((octets[at + i] as number) << 8) | (octets[at + i + 1] as number)
  const first = word(0)
  const sequence = word(2)
  const length = packetOctets(octets, at)
  if (first >>> 13 !== 0)
    return malformed(`Cannot read a packet of version ${first >>> 13}: 0 is a space packet`, 0)
  if (length > left) return malformed(`Cannot read ${length} octets: ${left} are left`, 4)
  return {
    kind: 'packet',
    packet: {
      telecommand: (first & (TELECOMMAND << 8)) !== 0,
      secondaryHeader: (first & (SECONDARY << 8)) !== 0,
      apid: first & 0x7ff,
      flags: sequence >>> 14,
      count: sequence & 0x3fff,
      data: octets.subarray(at + PACKET_HEADER_OCTETS, at + length),
    },
    length,
  }
}

/** How long the packet whose header starts at `at` says that it is, its header with it: 7 to 65,542. */
export function packetOctets(octets: Uint8Array, at: number): number {
  return PACKET_HEADER_OCTETS + (((octets[at + 4] as number) << 8) | (octets[at + 5] as number)) + 1
}

/** Packets of this APID fill what would be empty. 4.1.3.3.4.4. */
export const IDLE_APID = 2047
/** Octets of data in one packet at most. 4.1.3.5.3. */
export const MAX_DATA = 65536
export const PACKET_HEADER_OCTETS = 6

const TELECOMMAND = 0x10
const SECONDARY = 0x08
