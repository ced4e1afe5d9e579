/**
 * Packets of the CubeSat Space Protocol, as libcsp and GomSpace's radios have them.
 *
 *     CSP 1   | pri 2 | source 5 | destination 5 | destination port 6 | source port 6 | flags 8 |  4 octets
 *     CSP 2   | pri 2 | destination 14 | source 14 | destination port 6 | source port 6 | flags 6 |  6 octets
 *     payload, then CRC-32C where the flag says so
 *
 * That checksum is for the node at the other end. On a line of KISS libcsp puts one more behind every packet, whatever
 * its flags, which the node at the other end of the line takes off. Before CSP 2.1 a checksum is over the payload alone,
 * since then over header and payload; receivers of CSP 2 try both.
 */
import { crc32c } from '../../../protocol/coding/crc32.ts'

export interface CspHeader {
  readonly priority: number
  readonly source: number
  readonly destination: number
  readonly destinationPort: number
  readonly sourcePort: number
}

export interface CspPacket extends CspHeader {
  /** Borrowed. */
  readonly payload: Uint8Array
}

export interface CspFormat {
  readonly version: 1 | 2
  /** What the checksum is over. */
  readonly crcOver: 'payload' | 'packet'
}

export function cspHeaderOctets(version: 1 | 2): number {
  return version === 1 ? 4 : 6
}

export const CSP_CRC_OCTETS = 4

/** With a checksum, always. @throws RangeError if a field does not fit */
export function encodeCsp(packet: CspPacket, format: CspFormat): Uint8Array {
  const { payload } = packet
  const header = encodeHeader(packet, format.version)
  const octets = new Uint8Array(header.length + payload.length)
  octets.set(header)
  octets.set(payload, header.length)
  return sealCsp(octets, format)
}

/**
 * Undefined: too short, or its checksum is wrong either way. 'foreign': it is whole, but what it carries is signed,
 * encrypted, a fragment, or of a connection that numbers its packets, and so not as it was sent.
 */
export function decodeCsp(octets: Uint8Array, version: 1 | 2): CspPacket | 'foreign' | undefined {
  const headerOctets = cspHeaderOctets(version)
  if (octets.length < headerOctets) return undefined
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length)
  const { header, flags } = version === 1 ? headerOf1(view) : headerOf2(view)
  const packet = (flags & CRC_FLAG) === 0 ? octets : checked(octets, headerOctets)
  if (packet === undefined) return undefined
  return (flags & FOREIGN_FLAGS) === 0
    ? { ...header, payload: packet.subarray(headerOctets) }
    : 'foreign'
}

/** A packet as it goes over a line of KISS. */
export function sealCsp(packet: Uint8Array, { version, crcOver }: CspFormat): Uint8Array {
  const octets = new Uint8Array(packet.length + CSP_CRC_OCTETS)
  octets.set(packet)
  const covered = crcOver === 'packet' ? packet : packet.subarray(cspHeaderOctets(version))
  new DataView(octets.buffer).setUint32(packet.length, crc32c(covered))
  return octets
}

/** The packet that came over a line of KISS, borrowed. Undefined: too short, or its checksum is wrong either way. */
export function openCsp(octets: Uint8Array, version: 1 | 2): Uint8Array | undefined {
  return checked(octets, cspHeaderOctets(version))
}

/** What is before a checksum that is right. */
function checked(octets: Uint8Array, headerOctets: number): Uint8Array | undefined {
  const end = octets.length - CSP_CRC_OCTETS
  if (end < headerOctets) return undefined
  const crc = new DataView(octets.buffer, octets.byteOffset).getUint32(end)
  const packet = octets.subarray(0, end)
  const isRight = crc === crc32c(packet.subarray(headerOctets)) || crc === crc32c(packet)
  return isRight ? packet : undefined
}

function encodeHeader(header: CspHeader, version: 1 | 2): Uint8Array {
  const { priority, source, destination, destinationPort, sourcePort } = header
  const addressMax = version === 1 ? 31 : 16_383
  for (const [value, most] of [
    [priority, 3],
    [source, addressMax],
    [destination, addressMax],
    [destinationPort, 63],
    [sourcePort, 63],
  ] as const)
    if (!(value >= 0 && value <= most))
      throw new RangeError(`Cannot write ${value} in a CSP ${version} header: at most ${most}`)
  const octets = new Uint8Array(cspHeaderOctets(version))
  const view = new DataView(octets.buffer)
  if (version === 1)
    view.setUint32(
      0,
      ((priority << 30) |
        (source << 25) |
        (destination << 20) |
        (destinationPort << 14) |
        (sourcePort << 8) |
        CRC_FLAG) >>>
        0,
    )
  else {
    view.setUint16(0, (priority << 14) | destination)
    view.setUint32(
      2,
      ((source << 18) | (destinationPort << 12) | (sourcePort << 6) | CRC_FLAG) >>> 0,
    )
  }
  return octets
}

function headerOf1(view: DataView): { readonly header: CspHeader; readonly flags: number } {
  const word = view.getUint32(0)
  const header = {
    priority: word >>> 30,
    source: (word >>> 25) & 31,
    destination: (word >>> 20) & 31,
    destinationPort: (word >>> 14) & 63,
    sourcePort: (word >>> 8) & 63,
  }
  return { header, flags: word & 0xff }
}

function headerOf2(view: DataView): { readonly header: CspHeader; readonly flags: number } {
  const first = view.getUint16(0)
  const rest = view.getUint32(2)
  const header = {
    priority: first >>> 14,
    destination: first & 0x3fff,
    source: rest >>> 18,
    destinationPort: (rest >>> 12) & 63,
    sourcePort: (rest >>> 6) & 63,
  }
  return { header, flags: rest & 63 }
}

const CRC_FLAG = 0x01
/** Fragments, HMAC, XTEA, and the reliable protocol. */
const FOREIGN_FLAGS = 0x1e
