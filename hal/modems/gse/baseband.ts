/**
 * Baseband frames of DVB-S2 for generic streams: EN 302 307-1, 5.1.6.
 *
 *     +--------+-----+-----+------+-------+-------+- - - - - - -+- - - - -+
 *     | MATYPE | UPL | DFL | SYNC | SYNCD | CRC-8 | data field  | padding |   Kbch bits
 *     +--------+-----+-----+------+-------+-------+- - - - - - -+- - - - -+
 *       2        2     2     1      2       1       DFL bits
 */

export interface ModCod {
  readonly rate: keyof typeof KBCH_NORMAL
  readonly size: 'normal' | 'short'
}

/** Octets of a baseband frame, header, data field and padding: Kbch. Undefined: there is no such code. */
export function basebandOctets({ rate, size }: ModCod): number | undefined {
  const bits = size === 'normal' ? KBCH_NORMAL[rate] : KBCH_SHORT[rate]
  return bits === undefined ? undefined : bits / 8
}

export const BASEBAND_HEADER_OCTETS = 10

/** Writes the header before a data field of `dataOctets`; the first octet is MATYPE's, with the roll-off. */
export function writeBasebandHeader(frame: Uint8Array, dataOctets: number, matype: number): void {
  const view = new DataView(frame.buffer, frame.byteOffset)
  view.setUint16(0, matype)
  view.setUint16(2, 0)
  view.setUint16(4, 8 * dataOctets)
  view.setUint8(6, 0)
  view.setUint16(7, 0)
  view.setUint8(9, crc8(frame.subarray(0, 9)))
}

/** The data field, borrowed; undefined: a header that is wrong, or of another kind of stream. */
export function basebandField(frame: Uint8Array): Uint8Array | undefined {
  if (frame.length < BASEBAND_HEADER_OCTETS || crc8(frame.subarray(0, 9)) !== frame[9])
    return undefined
  const view = new DataView(frame.buffer, frame.byteOffset)
  const bits = view.getUint16(4)
  const isGeneric = (view.getUint8(0) & STREAM_MASK) === GENERIC_CONTINUOUS
  const end = BASEBAND_HEADER_OCTETS + bits / 8
  return isGeneric && bits % 8 === 0 && end <= frame.length
    ? frame.subarray(BASEBAND_HEADER_OCTETS, end)
    : undefined
}

/** x^8 + x^7 + x^6 + x^4 + x^2 + 1, most significant bit first, from zero. */
export function crc8(octets: Uint8Array): number {
  let crc = 0
  for (const octet of octets) {
    crc ^= octet
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0xd5) & 0xff : crc << 1
  }
  return crc
}

/** One generic continuous stream, constant coding, roll-off 0.20. */
export const MATYPE = 0x7200
const STREAM_MASK = 0xc0
const GENERIC_CONTINUOUS = 0x40

/** Bits that BCH codes, tables 5a and 5b. */
const KBCH_NORMAL = {
  '1/4': 16_008,
  '1/3': 21_408,
  '2/5': 25_728,
  '1/2': 32_208,
  '3/5': 38_688,
  '2/3': 43_040,
  '3/4': 48_408,
  '4/5': 51_648,
  '5/6': 53_840,
  '8/9': 57_472,
  '9/10': 58_192,
} as const
const KBCH_SHORT: Partial<Record<keyof typeof KBCH_NORMAL, number>> = {
  '1/4': 3_072,
  '1/3': 5_232,
  '2/5': 6_312,
  '1/2': 7_032,
  '3/5': 9_552,
  '2/3': 10_632,
  '3/4': 11_712,
  '4/5': 12_432,
  '5/6': 13_152,
  '8/9': 14_232,
}

/** In the order of the standard. */
export const CODE_RATES = Object.keys(KBCH_NORMAL) as readonly (keyof typeof KBCH_NORMAL)[]
