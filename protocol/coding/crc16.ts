/**
 * The 16-bit checksum of TM, TC and AOS frames (the Frame Error Control Field, CCSDS 132.0-B, 4.1.6) and of
 * CFDP PDUs (727.0-B-5, 4.1.3): x^16 + x^12 + x^5 + 1 over the octets, most significant bit first, from all
 * ones, not inverted.
 *
 * Eight octets a step: the checksum is linear, so what each of the eight does to the result comes from a
 * table of its own and the eight are added.
 */
export function crc16(octets: Uint8Array, start = 0, end = octets.length): number {
  let crc = 0xffff
  let at = start
  for (; at + 8 <= end; at += 8) {
    crc ^= ((octets[at] as number) << 8) | (octets[at + 1] as number)
    crc =
      (TABLES[0x700 | (crc >>> 8)] as number) ^
      (TABLES[0x600 | (crc & 0xff)] as number) ^
      (TABLES[0x500 | (octets[at + 2] as number)] as number) ^
      (TABLES[0x400 | (octets[at + 3] as number)] as number) ^
      (TABLES[0x300 | (octets[at + 4] as number)] as number) ^
      (TABLES[0x200 | (octets[at + 5] as number)] as number) ^
      (TABLES[0x100 | (octets[at + 6] as number)] as number) ^
      (TABLES[octets[at + 7] as number] as number)
  }
  for (; at < end; at++)
    crc = ((crc & 0xff) << 8) ^ (TABLES[(crc >>> 8) ^ (octets[at] as number)] as number)
  return crc
}

const POLYNOMIAL = 0x1021

/** TABLES[256 * k + octet]: what the octet leaves in the checksum when k octets follow it. */
const TABLES = buildTables()

function buildTables(): Uint16Array {
  const tables = new Uint16Array(8 * 256)
  for (let octet = 0; octet < 256; octet++) {
    let crc = octet << 8
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1
    tables[octet] = crc
  }
  for (let i = 256; i < tables.length; i++) {
    const shorter = tables[i - 256] as number
    tables[i] = (shorter << 8) ^ (tables[shorter >>> 8] as number)
  }
  return tables
}
