/**
 * The two 32-bit checksums of files: CRC-32 (IEEE 802.3, SANA checksum type 3) and CRC-32C (Castagnoli,
 * type 2), CCSDS 727.0-B-5, 4.2. Both read the least significant bit first, start from all ones and end
 * inverted. A file in parts: give the checksum of what came before as `previous`.
 *
 * Eight octets a step, each through a table of its own.
 */

/** The checksum of `octets`, or, after `previous`, of everything so far: 0 to 2^32 - 1. */
export function crc32(octets: Uint8Array, previous = 0): number {
  return sliced(octets, previous, IEEE)
}

/** The checksum of `octets`, or, after `previous`, of everything so far: 0 to 2^32 - 1. */
export function crc32c(octets: Uint8Array, previous = 0): number {
  return sliced(octets, previous, CASTAGNOLI)
}

function sliced(octets: Uint8Array, previous: number, tables: Int32Array): number {
  const end = octets.length
  let crc = ~previous
  let at = 0
  for (; at + 8 <= end; at += 8) {
    crc ^=
      (octets[at] as number) |
      ((octets[at + 1] as number) << 8) |
      ((octets[at + 2] as number) << 16) |
      ((octets[at + 3] as number) << 24)
    crc =
      (tables[0x700 | (crc & 0xff)] as number) ^
      (tables[0x600 | ((crc >>> 8) & 0xff)] as number) ^
      (tables[0x500 | ((crc >>> 16) & 0xff)] as number) ^
      (tables[0x400 | (crc >>> 24)] as number) ^
      (tables[0x300 | (octets[at + 4] as number)] as number) ^
      (tables[0x200 | (octets[at + 5] as number)] as number) ^
      (tables[0x100 | (octets[at + 6] as number)] as number) ^
      (tables[octets[at + 7] as number] as number)
  }
  for (; at < end; at++)
    crc = (crc >>> 8) ^ (tables[(crc ^ (octets[at] as number)) & 0xff] as number)
  return ~crc >>> 0
}

/** tables[256 * k + octet]: what the octet leaves in the checksum when k octets follow it. */
function tablesOf(reflectedPolynomial: number): Int32Array {
  const tables = new Int32Array(8 * 256)
  for (let octet = 0; octet < 256; octet++) {
    let crc = octet
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ reflectedPolynomial : crc >>> 1
    tables[octet] = crc
  }
  for (let i = 256; i < tables.length; i++) {
    const shorter = tables[i - 256] as number
    tables[i] = (shorter >>> 8) ^ (tables[shorter & 0xff] as number)
  }
  return tables
}

const IEEE = tablesOf(0xedb88320)
const CASTAGNOLI = tablesOf(0x82f63b78)
