/**
 * How a journal lies on the disk: a CBOR sequence (RFC 8742), each record one item that seals its payload.
 *
 *      1     1 + 4          1 to 5          n octets
 *     +----+----+-------+--------------+-----------+
 *     | 82 | 1A | CRC32 | byte string, | payload,  |
 *     |    |    |       | n octets     | a CBOR item
 *     +----+----+-------+--------------+-----------+
 *
 * 82 opens an array of two; the CRC-32 (of the payload) always takes five octets. No record starts with
 * 00, so zeros after the last record are space that was reserved and not used yet. What the payload means
 * belongs to payload.ts.
 */
import crc32 from 'crc/calculators/crc32'

export interface WholeRecord {
  /** Borrowed from the octets that were read. */
  readonly payload: Uint8Array
  /** One past the last octet of the record. */
  readonly end: number
}

export function sealRecord(payload: Uint8Array): Uint8Array {
  if (payload.length > PAYLOAD_OCTETS_MAX)
    throw new RangeError(
      `Cannot seal a record of ${payload.length} octets: ${PAYLOAD_OCTETS_MAX} is the most`,
    )
  const length = byteStringHead(payload.length)
  const record = new Uint8Array(CRC_END + length.length + payload.length)
  record[0] = RECORD_START
  record[1] = UINT32
  new DataView(record.buffer).setUint32(2, crc32(payload) >>> 0)
  record.set(length, CRC_END)
  record.set(payload, CRC_END + length.length)
  return record
}

/** The record that starts at `at`; undefined if it is cut short, damaged, or none. */
export function readRecord(octets: Uint8Array, at: number): WholeRecord | undefined {
  if (octets[at] !== RECORD_START || octets[at + 1] !== UINT32) return undefined
  if (octets.length - at < CRC_END + 1) return undefined
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  const head = octets[at + CRC_END] as number
  const width = WIDTHS.get(head)
  const start = at + CRC_END + 1 + (width ?? 0)
  if ((head & 0xe0) !== 0x40 || start > octets.length) return undefined
  const length = width === undefined ? head & 0x1f : lengthField(view, at + CRC_END + 1, width)
  const end = start + length
  if (end > octets.length || length > PAYLOAD_OCTETS_MAX) return undefined
  const payload = octets.subarray(start, end)
  return crc32(payload) >>> 0 === view.getUint32(at + 2) ? { payload, end } : undefined
}

/** The payloads of the records that are whole, up to the first that is not. Borrowed. */
export function* wholeRecords(octets: Uint8Array): IterableIterator<Uint8Array> {
  for (let record = readRecord(octets, 0); record; record = readRecord(octets, record.end))
    yield record.payload
}

function byteStringHead(length: number): Uint8Array {
  if (length < 0x18) return Uint8Array.of(0x40 + length)
  if (length < 0x100) return Uint8Array.of(0x58, length)
  if (length < 0x1_0000) return Uint8Array.of(0x59, length >>> 8, length)
  return Uint8Array.of(0x5a, length >>> 24, length >>> 16, length >>> 8, length)
}

function lengthField(view: DataView, at: number, width: number): number {
  if (width === 1) return view.getUint8(at)
  return width === 2 ? view.getUint16(at) : view.getUint32(at)
}

/** What one flush of a small board writes without strain; a length beyond it is damage. */
export const PAYLOAD_OCTETS_MAX = 1024 * 1024
/** The octet that every record begins with. */
export const RECORD_START = 0x82
/** The longest record there is. */
export const RECORD_OCTETS_MAX = 6 + 5 + PAYLOAD_OCTETS_MAX

const UINT32 = 0x1a
const CRC_END = 6
const WIDTHS = new Map([
  [0x58, 1],
  [0x59, 2],
  [0x5a, 4],
])
