/**
 * Frames between a host and an OpenLST radio, over its UART.
 *
 *     +-------+--------+---------+----------+----------+--------+---------+- - - - -+
 *     | 22 69 | length | address | sequence | system   | command| data               |
 *     +-------+--------+---------+----------+----------+--------+---------+- - - - -+
 *               1        2, low    2, low     1          1        0 to 245
 *                        first     first
 *
 * The length, 6 to 251, is that of all behind it. There is no checksum on the line: what has our address and our
 * system is ours. A radio keeps frames of system 1 with its own address for itself; all others it sends.
 */
import { type FindFrame, FrameReader } from '../frame-reader.ts'

export interface OpenLstFrame {
  /** Address of the radio, `hwid`. */
  readonly address: number
  readonly sequence: number
  readonly system: number
  readonly command: number
  /** Its own. */
  readonly data: Uint8Array
}

export const OPENLST = {
  dataOctetsMax: 245,
  /** The system of frames for the radio itself. */
  radio: 1,
  ack: 0x10,
  getTime: 0x13,
  getTelemetry: 0x17,
  telemetry: 0x18,
  getCallsign: 0x19,
  callsign: 0x1b,
  nack: 0xff,
} as const

/** @throws RangeError if the data is too long */
export function encodeOpenLst(frame: OpenLstFrame): Uint8Array {
  const { address, sequence, system, command, data } = frame
  if (data.length > OPENLST.dataOctetsMax)
    throw new RangeError(`Cannot send ${data.length} octets: at most ${OPENLST.dataOctetsMax}`)
  const octets = new Uint8Array(HEADER_OCTETS + data.length)
  const view = new DataView(octets.buffer)
  octets.set(START)
  octets[2] = FIELD_OCTETS + data.length
  view.setUint16(3, address, true)
  view.setUint16(5, sequence, true)
  octets[7] = system
  octets[8] = command
  octets.set(data, HEADER_OCTETS)
  return octets
}

/** @param isOurs what a frame must be to be believed: its start and length alone are not much */
export function openLstReader(isOurs: (frame: OpenLstFrame) => boolean): FrameReader<OpenLstFrame> {
  return new FrameReader((octets, at) => {
    const found = frameAt(octets, at)
    if (found === 'cut' || found === undefined || isOurs(found.frame)) return found
    return undefined
  })
}

function frameAt(all: Uint8Array, at: number): ReturnType<FindFrame<OpenLstFrame>> {
  const [first, second, length = FIELD_OCTETS] = all.subarray(at, at + 3)
  if (first !== START[0] || (second !== undefined && second !== START[1])) return undefined
  if (length < FIELD_OCTETS || length > FIELD_OCTETS + OPENLST.dataOctetsMax) return undefined
  const end = at + HEADER_OCTETS - FIELD_OCTETS + length
  if (end > all.length) return 'cut'
  const view = new DataView(all.buffer, all.byteOffset + at)
  const frame = {
    address: view.getUint16(3, true),
    sequence: view.getUint16(5, true),
    system: view.getUint8(7),
    command: view.getUint8(8),
    data: all.slice(at + HEADER_OCTETS, end),
  }
  return { frame, end }
}

const START = Uint8Array.of(0x22, 0x69)
const HEADER_OCTETS = 9
/** Address, sequence, system and command. */
const FIELD_OCTETS = 6
