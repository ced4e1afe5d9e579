/**
 * The AOS transfer frame that carries packets: with an M_PDU as its data field. CCSDS 732.0-B-5, 4.1.
 *
 *       2     8      6     24      1        1       2      4       16     ...      5       11       ...     32    16  bits
 *     +-----+------+----+-------+--------+-------+------+-------+------+--------+-------+---------+-------+-----+------+
 *     | ver | scid | vc | count | replay | cycle | scid | cycle | FHEC | insert | spare | first   | field | OCF | FECF |
 *     |  1  | low  |    |       |        | used  | high |       |      | zone   |       | header  |       |     |      |
 *     +-----+------+----+-------+--------+-------+------+-------+------+--------+-------+---------+-------+-----+------+
 *
 * Which of FHEC, insert zone, OCF and FECF there are only the link's parameters say. The idle channel, 63, has no
 * M_PDU header: its whole data field is idle data.
 */
import { crc16 } from '../coding/crc16.ts'
import { correctHeader, fhecOf } from './fhec.ts'
import { type Malformed, malformed } from './malformed.ts'
import { ONLY_IDLE_DATA } from './tm.ts'

/** Of a physical channel; 732.0-B-5, 5. */
export interface AosFormat {
  /** Octets of one frame, from its header to its last field. */
  readonly frameOctets: number
  /** Every frame has a header error control field. */
  readonly fhec: boolean
  /** Octets of the insert zone. */
  readonly insertOctets: number
  readonly ocf: boolean
  readonly fecf: boolean
}

export interface AosFrame {
  /** 0 to 1023; above 255 since issue 4 of the standard. */
  readonly spacecraftId: number
  /** 0 to 63. */
  readonly virtualChannel: number
  /** Counts frames of the virtual channel, modulo 2^24. */
  readonly channelCount: number
  /** How often the count has wrapped, modulo 16; undefined: the spacecraft does not say. */
  readonly cycle: number | undefined
  /** The frame was stored and is sent again; it may have its counts from then. */
  readonly replay: boolean
  /** The insert zone. Decoded, it is borrowed from the frame. */
  readonly insert: Uint8Array
  /** Octet of the field at which the first packet header starts, or NO_FIRST_HEADER, or ONLY_IDLE_DATA. */
  readonly firstHeader: number
  /** The M_PDU packet zone, or the idle data of the idle channel. Decoded, it is borrowed. */
  readonly field: Uint8Array
  readonly ocf: number | undefined
}

export interface ReceivedAosFrame extends AosFrame {
  readonly kind: 'aos frame'
}

/** Where the format has an OCF and the frame has none, zeros are sent. @throws RangeError on a wrong field length. */
export function encodeAosFrame(frame: AosFrame, format: AosFormat): Uint8Array {
  const { field, insert, virtualChannel } = frame
  const room = aosFieldOctets(format, virtualChannel)
  if (field.length !== room || insert.length !== format.insertOctets)
    throw new RangeError(
      `Cannot frame ${insert.length} and ${field.length} octets: ` +
        `${format.insertOctets} are an insert zone and ${room} are a field`,
    )
  const id = VERSION | ((frame.spacecraftId & 0xff) << 6) | virtualChannel
  const signaling =
    (frame.replay ? REPLAY : 0) |
    (frame.cycle === undefined ? 0 : CYCLE_USED | frame.cycle) |
    ((frame.spacecraftId >>> 8) << 4)
  const octets = new Uint8Array(format.frameOctets)
  const view = new DataView(octets.buffer)
  view.setUint16(0, id)
  view.setUint32(2, (frame.channelCount << 8) | signaling)
  if (format.fhec) view.setUint16(HEADER_OCTETS, fhecOf((id << 8) | signaling))
  const zone = zoneAt(format)
  octets.set(insert, zone - format.insertOctets)
  if (virtualChannel !== IDLE_CHANNEL) view.setUint16(zone, frame.firstHeader)
  const end = zone + mpduOctets(virtualChannel) + field.length
  octets.set(field, end - field.length)
  if (format.ocf) view.setUint32(end, frame.ocf ?? 0)
  if (format.fecf) view.setUint16(format.frameOctets - 2, crc16(octets, 0, format.frameOctets - 2))
  return octets
}

/** The frame, or why the octets are none: wrong length, wrong FECF or FHEC, another version. */
export function decodeAosFrame(
  octets: Uint8Array,
  format: AosFormat,
): ReceivedAosFrame | Malformed {
  const { frameOctets } = format
  if (octets.length !== frameOctets || aosFieldOctets(format, 0) < 0)
    return malformed(`Cannot read ${octets.length} octets: ${frameOctets} are a frame`, 0)
  // A frame with its own CRC behind it always leaves the remainder 0.
  if (format.fecf && crc16(octets, 0, frameOctets) !== 0)
    return malformed('Cannot trust the frame: its FECF is wrong', 0)
  const view = new DataView(octets.buffer, octets.byteOffset)
  const header = headerOf(view, format.fhec)
  if (header === undefined) return malformed('Cannot trust the header: its FHEC is wrong', 0)
  if (header >>> 22 !== 1)
    return malformed(`Cannot read a frame of version ${header >>> 22}: 1 is AOS`, 0)
  const virtualChannel = (header >>> 8) & 63
  const zone = zoneAt(format)
  const start = zone + mpduOctets(virtualChannel)
  const end = start + aosFieldOctets(format, virtualChannel)
  return {
    kind: 'aos frame',
    spacecraftId: ((header >>> 14) & 0xff) | ((header & 0x30) << 4),
    virtualChannel,
    channelCount: view.getUint32(2) >>> 8,
    cycle: header & CYCLE_USED ? header & 15 : undefined,
    replay: (header & REPLAY) !== 0,
    insert: octets.subarray(zone - format.insertOctets, zone),
    firstHeader: virtualChannel === IDLE_CHANNEL ? ONLY_IDLE_DATA : view.getUint16(zone) & 0x7ff,
    field: octets.subarray(start, end),
    ocf: format.ocf ? view.getUint32(end) : undefined,
  }
}

/** Octets of the packet zone; on the idle channel, of the data field. */
export function aosFieldOctets(format: AosFormat, virtualChannel: number): number {
  const trailer = (format.ocf ? 4 : 0) + (format.fecf ? 2 : 0)
  return format.frameOctets - zoneAt(format) - mpduOctets(virtualChannel) - trailer
}

/** Its frames carry idle data and nothing else. 4.1.2.3. */
export const IDLE_CHANNEL = 63
/** The channel count wraps here. */
export const AOS_COUNTS = 2 ** 24

/** Version, spacecraft and channel above the signaling field, corrected; undefined: beyond correction. */
function headerOf(view: DataView, fhec: boolean): number | undefined {
  const header = (view.getUint16(0) << 8) | view.getUint8(5)
  return fhec ? correctHeader(header, view.getUint16(HEADER_OCTETS)) : header
}

/** Where the data field starts. */
function zoneAt(format: AosFormat): number {
  return HEADER_OCTETS + (format.fhec ? 2 : 0) + format.insertOctets
}

/** Octets of the M_PDU header. 4.1.4.2.2. */
function mpduOctets(virtualChannel: number): number {
  return virtualChannel === IDLE_CHANNEL ? 0 : 2
}

const HEADER_OCTETS = 6
const VERSION = 0x4000
const REPLAY = 0x80
const CYCLE_USED = 0x40
