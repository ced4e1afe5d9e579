/**
 * ESUP packets between a host and EnduroSat's S- and X-band DVB-S2 transmitters. Little endian.
 *
 *     +--------+--------+--------+----------+---------+------+- - - -+--------+- - - - -+
 *     | "ESUP" | module | length | response | command | type | data  | CRC-32 | zeros   |
 *     +--------+--------+--------+----------+---------+------+- - - -+--------+- - - - -+
 *       4        2        2        2          2         2              4        to a multiple of 16 in all
 *
 * The length is that of the data, the CRC the usual one over header and data. A command is answered at once: taken (ack),
 * or not. What became of it is asked for by "get result", whose type is the command that is asked for and whose data are
 * the type of that, if it has one; the answer has the command, response 0 and a status before its data. The host answers it
 * with an ack, or the module keeps it for some seconds.
 */
import { crc32 } from '../../../protocol/coding/crc32.ts'
import { type FindFrame, FrameReader } from '../frame-reader.ts'

export interface EsupPacket {
  readonly module: number
  readonly response: number
  readonly command: number
  readonly type: number
  /** Its own. */
  readonly data: Uint8Array
}

export const ESUP = {
  parameters: 0x0100,
  delete: 0x0104,
  create: 0x0106,
  write: 0x0107,
  sendFile: 0x010a,
  transmitMode: 0x0110,
  idleMode: 0x0111,
  getResult: 0x0114,
  /** Type of "parameters": all that belong to sending. */
  allParameters: 0x48,
  /** Type of "send file": also if the transmitter knows of a trouble, as its maker recommends. */
  sendAnyway: 0x53,
  result: 0,
  ack: 5,
  nack: 6,
  busy: 7,
  /** It knows of no such command. */
  unknown: 8,
  /** No room for one more command, for now. */
  full: 9,
  /** No such command for now; some firmware says the second. */
  later: [0x0a, 0x10],
  /** File octets of one write; but for the last of a file, a multiple of 4. */
  pieceOctets: 1_472,
  /** Size, handle and number before the octets of a write. */
  writeHeadOctets: 10,
} as const

/** @throws RangeError if the data is longer than a buffer of the module */
export function encodeEsup({ module, response, command, type, data }: EsupPacket): Uint8Array {
  if (data.length > DATA_OCTETS_MAX)
    throw new RangeError(`Cannot send ${data.length} octets: at most ${DATA_OCTETS_MAX}`)
  const octets = new Uint8Array(wholeOctets(data.length))
  const view = new DataView(octets.buffer)
  octets.set(START)
  for (const [i, field] of [module, data.length, response, command, type].entries())
    view.setUint16(4 + 2 * i, field, true)
  octets.set(data, HEADER_OCTETS)
  const end = HEADER_OCTETS + data.length
  view.setUint32(end, crc32(octets.subarray(0, end)), true)
  return octets
}

export function esupReader(): FrameReader<EsupPacket> {
  return new FrameReader(packetAt)
}

function packetAt(all: Uint8Array, at: number): ReturnType<FindFrame<EsupPacket>> {
  for (const [i, octet] of START.entries()) {
    if (at + i >= all.length) return 'cut'
    if (all[at + i] !== octet) return undefined
  }
  if (at + HEADER_OCTETS > all.length) return 'cut'
  const view = new DataView(all.buffer, all.byteOffset + at)
  const length = view.getUint16(6, true)
  if (length > DATA_OCTETS_MAX) return undefined
  const whole = at + wholeOctets(length)
  if (whole > all.length) return 'cut'
  const end = HEADER_OCTETS + length
  if (view.getUint32(end, true) !== crc32(all.subarray(at, at + end))) return undefined
  const frame = {
    module: view.getUint16(4, true),
    response: view.getUint16(8, true),
    command: view.getUint16(10, true),
    type: view.getUint16(12, true),
    data: all.slice(at + HEADER_OCTETS, at + end),
  }
  return { frame, end: whole }
}

function wholeOctets(dataOctets: number): number {
  return Math.ceil((HEADER_OCTETS + dataOctets + CRC_OCTETS) / BLOCK_OCTETS) * BLOCK_OCTETS
}

const START = Uint8Array.of(0x45, 0x53, 0x55, 0x50)
const HEADER_OCTETS = 14
const CRC_OCTETS = 4
const BLOCK_OCTETS = 16
const DATA_OCTETS_MAX = ESUP.writeHeadOctets + ESUP.pieceOctets
