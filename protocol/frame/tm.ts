/**
 * The TM transfer frame. CCSDS 132.0-B-3, 4.1.
 *
 *       2      10     3     1     8       8      16       ...         ...     32      16    bits
 *     +-----+------+------+-----+-------+------+--------+-----------+-------+-------+------+
 *     | ver | scid | vcid | ocf | master| chan.| status | secondary | field | OCF   | FECF |
 *     |  0  |      |      | flag| count | count|        | header    |       |       |      |
 *     +-----+------+------+-----+-------+------+--------+-----------+-------+-------+------+
 *
 * Status: secondary header flag, synchronization flag, packet order flag, segment length (11), and in 11 bits
 * the octet of the field at which the first packet header starts. Whether a FECF is there only the link's
 * parameters say; whether an OCF is there the flag says, for a receiver that is told wrong should still read.
 */
import { crc16 } from '../coding/crc16.ts'
import { viewOf } from '../octets/view.ts'
import { type DownlinkFormat, fieldOctets, HEADER_OCTETS } from './link.ts'
import { type Malformed, malformed } from './malformed.ts'

/** First header pointer: no packet starts in this frame. 4.1.2.7.6.4. */
export const NO_FIRST_HEADER = 0x7ff
/** First header pointer: the field holds idle data and no packets. 4.1.2.7.6.5. */
export const ONLY_IDLE_DATA = 0x7fe

export interface TmFrame {
  /** 0 to 7. */
  readonly virtualChannel: number
  /** Counts frames of the spacecraft, modulo 256. */
  readonly masterCount: number
  /** Counts frames of the virtual channel, modulo 256. */
  readonly channelCount: number
  /** Octet of the field at which the first packet header starts, or one of the two values above. */
  readonly firstHeader: number
  /** What the secondary header carries, 1 to 63 octets; without it there is none. Decoded, it is borrowed. */
  readonly secondary?: Uint8Array | undefined
  /** The frame data field. Decoded, it is borrowed from the frame. */
  readonly field: Uint8Array
  /** The operational control field: a CLCW, or another report. */
  readonly ocf: number | undefined
}

export interface ReceivedTmFrame extends TmFrame {
  readonly kind: 'tm frame'
  readonly spacecraftId: number
}

/**
 * A frame with all that belongs to it. Where the format has an OCF and the frame has none, zeros are sent.
 * @throws RangeError on a wrong field length.
 */
export function encodeTmFrame(frame: TmFrame, format: DownlinkFormat): Uint8Array {
  const octets = new Uint8Array(format.frameOctets)
  const end = writeTmFrame(frame, format, octets)
  if (format.fecf) {
    const check = crc16(octets, 0, end)
    octets[end] = check >>> 8
    octets[end + 1] = check
  }
  return octets
}

/** Writes all octets of a frame but its FECF, which comes with the coding; answers where that begins. */
export function writeTmFrame(frame: TmFrame, format: DownlinkFormat, octets: Uint8Array): number {
  const { field, secondary } = frame
  const start = HEADER_OCTETS + secondaryOctets(secondary)
  const room = fieldOctets(format) - (start - HEADER_OCTETS)
  if (field.length !== room)
    throw new RangeError(`Cannot frame ${field.length} octets: ${room} are a field`)
  octets[0] = format.spacecraftId >>> 4
  octets[1] = (format.spacecraftId << 4) | (frame.virtualChannel << 1) | (format.ocf ? 1 : 0)
  octets[2] = frame.masterCount
  octets[3] = frame.channelCount
  octets[4] = SEGMENT_LENGTH | (frame.firstHeader >>> 8)
  octets[5] = frame.firstHeader
  if (secondary !== undefined) {
    octets[4] |= SECONDARY >>> 8
    octets[HEADER_OCTETS] = secondary.length
    octets.set(secondary, HEADER_OCTETS + 1)
  }
  octets.set(field, start)
  let at = start + field.length
  if (format.ocf) {
    const ocf = frame.ocf ?? 0
    for (const shift of [24, 16, 8, 0]) octets[at++] = ocf >>> shift
  }
  return at
}

/** The frame, or why the octets are none: wrong length, wrong FECF, another version, lengths that lie. */
export function decodeTmFrame(
  octets: Uint8Array,
  format: DownlinkFormat,
): ReceivedTmFrame | Malformed {
  if (octets.length !== format.frameOctets)
    return malformed(`Cannot read ${octets.length} octets: ${format.frameOctets} are a frame`, 0)
  // A frame with its own CRC behind it always leaves the remainder 0.
  if (format.fecf && crc16(octets) !== 0)
    return malformed('Cannot trust the frame: its FECF is wrong', 0)
  const frame = emptyTmFrame()
  return readTmFrame(octets, format, frame) ?? frame
}

/** A frame to be filled in, again and again. */
export type TmFrameRecord = { -readonly [Key in keyof ReceivedTmFrame]: ReceivedTmFrame[Key] }

export function emptyTmFrame(): TmFrameRecord {
  return {
    kind: 'tm frame',
    spacecraftId: 0,
    virtualChannel: 0,
    masterCount: 0,
    channelCount: 0,
    firstHeader: 0,
    secondary: undefined,
    field: NOTHING,
    ocf: undefined,
  }
}

/**
 * As decodeTmFrame(), for octets that begin with a frame whose length and FECF were looked at before. Fills `frame`,
 * or answers why the octets are none. Where the frames always stand in the same place, nothing is made for them.
 */
export function readTmFrame(
  octets: Uint8Array,
  format: DownlinkFormat,
  frame: TmFrameRecord,
): Malformed | undefined {
  const id = wordAt(octets, 0)
  const status = wordAt(octets, 4)
  if (id >>> 14 !== 0) return malformed(`Cannot read a frame of version ${id >>> 14}: 0 is TM`, 0)
  const hasOcf = (id & 1) === 1
  const end = format.frameOctets - (format.fecf ? 2 : 0) - (hasOcf ? 4 : 0)
  // The secondary header's first octet holds its whole length minus one. 4.1.3.2.3.
  const start = HEADER_OCTETS + (status & SECONDARY ? ((octets[6] as number) & 0x3f) + 1 : 0)
  if (start > end)
    return malformed(`Cannot skip a secondary header up to ${start}: the field ends at ${end}`, 6)
  frame.spacecraftId = (id >>> 4) & 0x3ff
  frame.virtualChannel = (id >>> 1) & 7
  frame.masterCount = octets[2] as number
  frame.channelCount = octets[3] as number
  // With the synchronization flag the field holds no packets, and the pointer means nothing. 4.1.2.7.3.
  frame.firstHeader = status & SYNCHRONIZED ? ONLY_IDLE_DATA : status & 0x7ff
  frame.secondary = status & SECONDARY ? octets.subarray(HEADER_OCTETS + 1, start) : undefined
  frame.field = viewOf(frame.field, octets, start, end)
  frame.ocf = hasOcf ? ((wordAt(octets, end) << 16) | wordAt(octets, end + 2)) >>> 0 : undefined
  return undefined
}

function wordAt(octets: Uint8Array, at: number): number {
  return ((octets[at] as number) << 8) | (octets[at + 1] as number)
}

/** Octets of a secondary header around what it carries: one in front, which holds its version, 0, and this length. */
function secondaryOctets(secondary: Uint8Array | undefined): number {
  if (secondary === undefined) return 0
  if (secondary.length < 1 || secondary.length > SECONDARY_OCTETS_MAX)
    throw new RangeError(
      `Cannot carry ${secondary.length} octets: a secondary header has 1 to ${SECONDARY_OCTETS_MAX}`,
    )
  return 1 + secondary.length
}

/** Of what it carries. 4.1.3.2.3. */
const SECONDARY_OCTETS_MAX = 63
const NOTHING = new Uint8Array(0)
const SECONDARY = 0x8000
const SYNCHRONIZED = 0x4000
/** Segment length identifier 11, as an octet of the status. 4.1.2.7.5. */
const SEGMENT_LENGTH = 0x18
