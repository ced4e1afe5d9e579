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
import { viewOf } from '../octets/view.ts'
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
  const octets = new Uint8Array(format.frameOctets)
  const end = writeAosFrame(frame, format, octets)
  if (format.fecf) writeWord(octets, end, crc16(octets, 0, end))
  return octets
}

/** Writes all octets of a frame but its FECF, which comes with the coding; answers where that begins. */
export function writeAosFrame(frame: AosFrame, format: AosFormat, octets: Uint8Array): number {
  const { channelCount, field, insert, spacecraftId, virtualChannel } = frame
  const room = aosFieldOctets(format, virtualChannel)
  if (field.length !== room || insert.length !== format.insertOctets)
    throw new RangeError(
      `Cannot frame ${insert.length} and ${field.length} octets: ` +
        `${format.insertOctets} are an insert zone and ${room} are a field`,
    )
  const id = VERSION | ((spacecraftId & 0xff) << 6) | virtualChannel
  const signaling =
    (frame.replay ? REPLAY : 0) |
    (frame.cycle === undefined ? 0 : CYCLE_USED | frame.cycle) |
    ((spacecraftId >>> 8) << 4)
  writeWord(octets, 0, id)
  writeWord(octets, 2, channelCount >>> 8)
  octets[4] = channelCount
  octets[5] = signaling
  if (format.fhec) writeWord(octets, HEADER_OCTETS, fhecOf((id << 8) | signaling))
  const zone = zoneAt(format)
  octets.set(insert, zone - format.insertOctets)
  if (virtualChannel !== IDLE_CHANNEL) writeWord(octets, zone, frame.firstHeader)
  const start = zone + mpduOctets(virtualChannel)
  octets.set(field, start)
  const end = start + field.length
  if (!format.ocf) return end
  const ocf = frame.ocf ?? 0
  writeWord(octets, end, ocf >>> 16)
  writeWord(octets, end + 2, ocf)
  return end + 4
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
  const frame = emptyAosFrame()
  return readAosFrame(octets, format, frame) ?? frame
}

/** A frame to be filled in, again and again. */
export type AosFrameRecord = { -readonly [Key in keyof ReceivedAosFrame]: ReceivedAosFrame[Key] }

export function emptyAosFrame(): AosFrameRecord {
  return {
    kind: 'aos frame',
    spacecraftId: 0,
    virtualChannel: 0,
    channelCount: 0,
    cycle: undefined,
    replay: false,
    insert: NOTHING,
    firstHeader: 0,
    field: NOTHING,
    ocf: undefined,
  }
}

/**
 * As decodeAosFrame(), for octets that begin with a frame whose length and FECF were looked at before. Fills `frame`,
 * or answers why the octets are none. Where the frames always stand in the same place, nothing is made for them.
 */
export function readAosFrame(
  octets: Uint8Array,
  format: AosFormat,
  frame: AosFrameRecord,
): Malformed | undefined {
  const header = headerOf(octets, format.fhec)
  if (header === undefined) return malformed('Cannot trust the header: its FHEC is wrong', 0)
  if (header >>> 22 !== 1)
    return malformed(`Cannot read a frame of version ${header >>> 22}: 1 is AOS`, 0)
  const virtualChannel = (header >>> 8) & 63
  const zone = zoneAt(format)
  const start = zone + mpduOctets(virtualChannel)
  const end = start + aosFieldOctets(format, virtualChannel)
  frame.spacecraftId = ((header >>> 14) & 0xff) | ((header & 0x30) << 4)
  frame.virtualChannel = virtualChannel
  frame.channelCount = (wordAt(octets, 2) << 8) | (octets[4] as number)
  frame.cycle = header & CYCLE_USED ? header & 15 : undefined
  frame.replay = (header & REPLAY) !== 0
  frame.insert = viewOf(frame.insert, octets, zone - format.insertOctets, zone)
  const isIdle = virtualChannel === IDLE_CHANNEL
  frame.firstHeader = isIdle ? ONLY_IDLE_DATA : wordAt(octets, zone) & 0x7ff
  frame.field = viewOf(frame.field, octets, start, end)
  frame.ocf = format.ocf ? ((wordAt(octets, end) << 16) | wordAt(octets, end + 2)) >>> 0 : undefined
  return undefined
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
function headerOf(octets: Uint8Array, fhec: boolean): number | undefined {
  const header = (wordAt(octets, 0) << 8) | (octets[5] as number)
  return fhec ? correctHeader(header, wordAt(octets, HEADER_OCTETS)) : header
}

function wordAt(octets: Uint8Array, at: number): number {
  return ((octets[at] as number) << 8) | (octets[at + 1] as number)
}

function writeWord(octets: Uint8Array, at: number, word: number): void {
  octets[at] = word >>> 8
  octets[at + 1] = word
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
const NOTHING = new Uint8Array(0)
const VERSION = 0x4000
const REPLAY = 0x80
const CYCLE_USED = 0x40
