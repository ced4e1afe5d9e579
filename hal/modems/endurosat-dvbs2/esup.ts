/**
 * ESUP packets between a host and EnduroSat's S- and X-band DVB-S2 transmitters. Little endian.
 *
 *     +--------+--------+--------+----------+---------+------+- - - -+--------+
 *     | "ESUP" | module | length | response | command | type | data  | CRC-32 |
 *     +--------+--------+--------+----------+---------+------+- - - -+--------+
 *       4        2        2        2          2         2              4
 *
 * The length is that of type and data. The layout and the commands are known from public sources; that the CRC is the
 * usual one, and what the data of an answer holds, is assumed here: see docs/modems.md.
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
  create: 0x0106,
  write: 0x0107,
  delete: 0x0104,
  sendFile: 0x010a,
  getResult: 0x0114,
  ack: 5,
  nack: 6,
  busy: 7,
  /** File octets of one write. */
  pieceOctets: 1_472,
} as const

/** @throws RangeError if the data is longer than a buffer of the module */
export function encodeEsup({ module, response, command, type, data }: EsupPacket): Uint8Array {
  if (data.length > DATA_OCTETS_MAX)
    throw new RangeError(`Cannot send ${data.length} octets: at most ${DATA_OCTETS_MAX}`)
  const octets = new Uint8Array(HEADER_OCTETS + data.length + CRC_OCTETS)
  const view = new DataView(octets.buffer)
  octets.set(START)
  for (const [i, field] of [module, TYPE_OCTETS + data.length, response, command, type].entries())
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
  const length = view.getUint16(6, true) - TYPE_OCTETS
  if (length < 0 || length > DATA_OCTETS_MAX) return undefined
  const end = HEADER_OCTETS + length
  if (at + end + CRC_OCTETS > all.length) return 'cut'
  if (view.getUint32(end, true) !== crc32(all.subarray(at, at + end))) return undefined
  const frame = {
    module: view.getUint16(4, true),
    response: view.getUint16(8, true),
    command: view.getUint16(10, true),
    type: view.getUint16(12, true),
    data: all.slice(at + HEADER_OCTETS, at + end),
  }
  return { frame, end: at + end + CRC_OCTETS }
}

const START = Uint8Array.of(0x45, 0x53, 0x55, 0x50)
const HEADER_OCTETS = 14
const TYPE_OCTETS = 2
const CRC_OCTETS = 4
const DATA_OCTETS_MAX = 1_536
