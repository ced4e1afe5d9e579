/**
 * The unnumbered information frame of AX.25 2.2, 3: what a TNC takes from KISS and puts on the air, with a
 * checksum of its own (2 octets) and flags.
 *
 *       7 octets      7 octets   03        F0
 *     +-------------+----------+---------+----------+- - - - - - -+
 *     | destination | source   | control | protocol | information |
 *     +-------------+----------+---------+----------+- - - - - - -+
 *
 * An address is six characters, blanks behind, each shifted left by one, and the station number in an octet of its own.
 */

export interface Callsigns {
  /** `CALL` or `CALL-7`. */
  readonly source: string
  readonly destination: string
}

export const AX25_HEADER_OCTETS = 16

/** @throws RangeError if an address is none */
export function encodeUiHeader({ source, destination }: Callsigns): Uint8Array {
  const header = new Uint8Array(AX25_HEADER_OCTETS)
  header.set(address(destination, COMMAND), 0)
  header.set(address(source, LAST), 7)
  header[14] = UI
  header[15] = NO_LAYER_3
  return header
}

/** The information of a UI frame, borrowed; undefined if it is another kind of frame. */
export function uiInformation(frame: Uint8Array): Uint8Array | undefined {
  const end = addressEnd(frame)
  const isUi = end !== undefined && ((frame[end] as number) & ~POLL) === UI
  return isUi && frame[end + 1] === NO_LAYER_3 ? frame.subarray(end + 2) : undefined
}

/** Behind the last address: repeaters may have added theirs. */
function addressEnd(frame: Uint8Array): number | undefined {
  for (let end = 14; end + 2 <= frame.length && end <= 70; end += 7)
    if (((frame[end - 1] as number) & 1) === 1) return end
  return undefined
}

function address(text: string, bits: number): Uint8Array {
  const found = /^([A-Z0-9]{1,6})(?:-(\d|1[0-5]))?$/.exec(text)
  if (found === null)
    throw new RangeError(`Cannot address ${text}: up to six letters and digits, and -0 to -15`)
  const [, call = '', station = '0'] = found
  const octets = new Uint8Array(7)
  for (let i = 0; i < 6; i++) octets[i] = call.padEnd(6).charCodeAt(i) << 1
  octets[6] = bits | (Number(station) << 1)
  return octets
}

const UI = 0x03
const POLL = 0x10
const NO_LAYER_3 = 0xf0
/** Reserved bits are ones; the destination of a command has the top bit; the last address has the lowest. */
const COMMAND = 0xe0
const LAST = 0x61
