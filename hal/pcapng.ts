/**
 * Space packets as a capture file that Wireshark opens: pcapng, each packet as the payload of a UDP datagram.
 * The form of the file: IETF draft-ietf-opsawg-pcapng, 4.1 to 4.3.
 *
 *     | section header | interface 0 | interface 1 | packet | packet | ...
 *
 *       4      4        octets of the block less 12    4
 *     +------+--------+-----------------------------+--------+
 *     | type | length | body, filled to 4 octets    | length |    one block; octets least significant first
 *     +------+--------+-----------------------------+--------+
 *
 * A recording has no clock: the times of the packets say their order, one microsecond each. No datagram holds a space
 * packet of more than 65,507 octets: such ones go to interface 1, where Wireshark is told the dissector by name.
 */

/** Where the datagrams go. Yamcs listens there for packets. */
export const PACKETS_PORT = 10_015

export interface Origin {
  readonly spacecraftId: number
  readonly virtualChannel: number
}

/** What the file begins with. @param comment shown as the comment of the capture */
export function pcapngHead(comment: string): Uint8Array {
  const section = [
    ...uint32(BYTE_ORDER),
    ...uint16(1),
    ...uint16(0),
    ...Array.from({ length: 8 }, () => 0xff),
    ...option(COMMENT, new TextEncoder().encode(comment)),
    ...option(END_OF_OPTIONS, NOTHING),
  ]
  return joined(
    block(SECTION, [Uint8Array.from(section)]),
    block(INTERFACE, [interfaceOf(LINK_IPV4, 'space packets in UDP')]),
    block(INTERFACE, [interfaceOf(LINK_UPPER_PDU, 'space packets too long for UDP')]),
  )
}

/** One space packet. @param index which packet of the file this is, from 0 */
export function pcapngPacket(packet: Uint8Array, origin: Origin, index: number): Uint8Array {
  const isLong = packet.length > DATAGRAM_OCTETS_MAX
  const head = isLong ? DISSECTOR : datagramHead(packet.length, origin)
  const octets = head.length + packet.length
  const fields = Uint8Array.from([
    ...uint32(isLong ? 1 : 0),
    ...uint32(Math.floor(index / 2 ** 32)),
    ...uint32(index % 2 ** 32),
    ...uint32(octets),
    ...uint32(octets),
  ])
  return block(PACKET, [fields, head, packet])
}

/** IPv4 and UDP: from 10.x.x.x, the spacecraft, and a port that names the virtual channel. */
function datagramHead(octets: number, { spacecraftId, virtualChannel }: Origin): Uint8Array {
  const head = new Uint8Array(IP_OCTETS + UDP_OCTETS)
  const view = new DataView(head.buffer)
  view.setUint16(0, 0x4500)
  view.setUint16(2, head.length + octets)
  view.setUint16(8, 0x4011)
  view.setUint32(12, ADDRESS + spacecraftId)
  view.setUint32(16, LOOPBACK)
  let sum = 0
  for (let at = 0; at < IP_OCTETS; at += 2) sum += view.getUint16(at)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  view.setUint16(10, ~sum)
  view.setUint16(20, CHANNEL_PORT + virtualChannel)
  view.setUint16(22, PACKETS_PORT)
  // A checksum of 0: none was made.
  view.setUint16(24, UDP_OCTETS + octets)
  return head
}

function interfaceOf(linkType: number, name: string): Uint8Array {
  return Uint8Array.from([
    ...uint16(linkType),
    ...uint16(0),
    ...uint32(0),
    ...option(INTERFACE_NAME, new TextEncoder().encode(name)),
    ...option(END_OF_OPTIONS, NOTHING),
  ])
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = joined(...parts)
  const length = 12 + 4 * Math.ceil(body.length / 4)
  const octets = new Uint8Array(length)
  const view = new DataView(octets.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, length, true)
  octets.set(body, 8)
  view.setUint32(length - 4, length, true)
  return octets
}

function option(code: number, value: Uint8Array): Uint8Array {
  const octets = new Uint8Array(4 + 4 * Math.ceil(value.length / 4))
  octets.set([...uint16(code), ...uint16(value.length)])
  octets.set(value, 4)
  return octets
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const octets = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    octets.set(part, at)
    at += part.length
  }
  return octets
}

function uint16(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff]
}

function uint32(value: number): number[] {
  return [...uint16(value & 0xffff), ...uint16(value >>> 16)]
}

const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const PACKET = 6
const BYTE_ORDER = 0x1a2b3c4d
const END_OF_OPTIONS = 0
const COMMENT = 1
const INTERFACE_NAME = 2
const NOTHING = new Uint8Array(0)
const LINK_IPV4 = 228
const LINK_UPPER_PDU = 252

const IP_OCTETS = 20
const UDP_OCTETS = 8
const DATAGRAM_OCTETS_MAX = 65_535 - IP_OCTETS - UDP_OCTETS
/** 10.0.0.0 and 127.0.0.1. */
const ADDRESS = 0x0a000000
const LOOPBACK = 0x7f000001
/** Channel 0 is sent from here. */
const CHANNEL_PORT = 50_000

/** In the form of Wireshark's exported PDUs, big-endian: tag 12, dissector name, 8 octets; then the end of the tags. */
const DISSECTOR = Uint8Array.from([0, 12, 0, 8, 99, 99, 115, 100, 115, 0, 0, 0, 0, 0, 0, 0])
