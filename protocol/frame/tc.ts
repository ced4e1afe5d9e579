/**
 * The TC transfer frame. CCSDS 232.0-B-4, 4.1.
 *
 *       2      1        1        2      10     6       10        8       ...      16   bits
 *     +-----+--------+---------+-------+------+----+----------+-----+---------+------+
 *     | ver | bypass | control | spare | scid | vc | length-1 | seq |  field  | FECF |
 *     |  0  |        | command |  00   |      |    | of frame |     |         |      |
 *     +-----+--------+---------+-------+------+----+----------+-----+---------+------+
 *
 * A segment header, where a channel has one, is the first octet of the field. Type AD is neither bypass nor
 * control, BD is bypass, BC is both; control without bypass is reserved.
 */
import { crc16 } from '../coding/crc16.ts'
import { type Malformed, malformed } from './malformed.ts'

export interface TcFrame {
  /** 0 to 1023. */
  readonly spacecraftId: number
  /** 0 to 63. */
  readonly virtualChannel: number
  readonly bypass: boolean
  readonly control: boolean
  /** N(S), modulo 256. */
  readonly sequence: number
  /** Decoded, it is borrowed from the frame. */
  readonly field: Uint8Array
}

export interface ReceivedTcFrame extends TcFrame {
  readonly kind: 'tc frame'
}

export interface TcFormat {
  /** Every frame ends with a frame error control field. */
  readonly fecf: boolean
}

/** @throws RangeError if the field is empty or makes the frame longer than 1024 octets. */
export function encodeTcFrame(frame: TcFrame, format: TcFormat): Uint8Array {
  const { field } = frame
  const length = HEADER_OCTETS + field.length + (format.fecf ? 2 : 0)
  if (field.length === 0 || length > TC_FRAME_OCTETS_MAX)
    throw new RangeError(
      `Cannot frame ${field.length} octets: a TC frame holds 1 to 1019, FECF too`,
    )
  const octets = new Uint8Array(length)
  const flags = (frame.bypass ? BYPASS : 0) | (frame.control ? CONTROL : 0)
  octets[0] = flags | (frame.spacecraftId >>> 8)
  octets[1] = frame.spacecraftId
  octets[2] = (frame.virtualChannel << 2) | ((length - 1) >>> 8)
  octets[3] = length - 1
  octets[4] = frame.sequence
  octets.set(field, HEADER_OCTETS)
  if (format.fecf) {
    const check = crc16(octets, 0, length - 2)
    octets[length - 2] = check >>> 8
    octets[length - 1] = check
  }
  return octets
}

/** Reads the frame that `octets` begin with; fill may stand behind it. */
export function decodeTcFrame(octets: Uint8Array, format: TcFormat): ReceivedTcFrame | Malformed {
  if (octets.length < HEADER_OCTETS)
    return malformed(
      `Cannot read a header of ${HEADER_OCTETS}: ${octets.length} octets are there`,
      0,
    )
  const first = octets[0] as number
  if (first >>> 6 !== 0)
    return malformed(`Cannot read a frame of version ${first >>> 6}: 0 is TC`, 0)
  if ((first & (BYPASS | CONTROL)) === CONTROL)
    return malformed('Cannot read a control command without bypass: it is reserved', 0)

  const length = ((((octets[2] as number) & 3) << 8) | (octets[3] as number)) + 1
  const end = length - (format.fecf ? 2 : 0)
  if (end <= HEADER_OCTETS || length > octets.length)
    return malformed(`Cannot read a frame of ${length} octets: ${octets.length} are there`, 2)
  // A frame with its own CRC behind it always leaves the remainder 0.
  if (format.fecf && crc16(octets, 0, length) !== 0)
    return malformed('Cannot trust the frame: its FECF is wrong', end)
  return {
    kind: 'tc frame',
    spacecraftId: ((first & 3) << 8) | (octets[1] as number),
    virtualChannel: (octets[2] as number) >>> 2,
    bypass: (first & BYPASS) !== 0,
    control: (first & CONTROL) !== 0,
    sequence: octets[4] as number,
    field: octets.subarray(HEADER_OCTETS, end),
  }
}

/** 4.1.2.7: ten bits, minus one. */
export const TC_FRAME_OCTETS_MAX = 1024

const HEADER_OCTETS = 5
const BYPASS = 0x20
const CONTROL = 0x10
