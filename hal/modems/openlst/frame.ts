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

export class OpenLstDecoder {
  /** Octets that belonged to no frame that `isOurs`. */
  stray = 0
  readonly #isOurs: (frame: OpenLstFrame) => boolean
  #kept: Uint8Array = NONE

  /** @param isOurs what a frame must be to be believed: its start and length alone are not much */
  constructor(isOurs: (frame: OpenLstFrame) => boolean) {
    this.#isOurs = isOurs
  }

  *push(octets: Uint8Array): IterableIterator<OpenLstFrame> {
    const all = joined(this.#kept, octets)
    let at = 0
    while (at < all.length) {
      const found = frameAt(all, at)
      if (found === 'cut') break
      if (found !== undefined && this.#isOurs(found)) {
        yield found
        at += HEADER_OCTETS + found.data.length
      } else {
        this.stray += 1
        at += 1
      }
    }
    this.#kept = all.slice(at)
  }

  reset(): void {
    this.stray += this.#kept.length
    this.#kept = NONE
  }
}

/** The frame that begins at `at`; 'cut': it may be one, but its end is not here; undefined: none begins there. */
function frameAt(all: Uint8Array, at: number): OpenLstFrame | 'cut' | undefined {
  const [first, second, length = FIELD_OCTETS] = all.subarray(at, at + 3)
  if (first !== START[0] || (second !== undefined && second !== START[1])) return undefined
  if (length < FIELD_OCTETS || length > FIELD_OCTETS + OPENLST.dataOctetsMax) return undefined
  const end = at + HEADER_OCTETS - FIELD_OCTETS + length
  if (end > all.length) return 'cut'
  const view = new DataView(all.buffer, all.byteOffset + at)
  return {
    address: view.getUint16(3, true),
    sequence: view.getUint16(5, true),
    system: view.getUint8(7),
    command: view.getUint8(8),
    data: all.slice(at + HEADER_OCTETS, end),
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const whole = new Uint8Array(one.length + other.length)
  whole.set(one)
  whole.set(other, one.length)
  return whole
}

const NONE = new Uint8Array(0)
const START = Uint8Array.of(0x22, 0x69)
const HEADER_OCTETS = 9
/** Address, sequence, system and command. */
const FIELD_OCTETS = 6
