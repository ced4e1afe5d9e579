/** The checksum strings of fixtures/cfdp/cfdp.json. Long ones are given there by their rule. */
import { readFileSync } from 'node:fs'
import { fromHex } from '../../kit/hex.ts'

interface ChecksumVector {
  readonly name: string
  readonly data_hex: string | null
  readonly length: number
  readonly crc32: string
  readonly crc32c: string
  readonly pdu_crc16: string
}

const file: { readonly checksums: readonly ChecksumVector[] } = JSON.parse(
  readFileSync(new URL('../../../fixtures/cfdp/cfdp.json', import.meta.url), 'utf8'),
)

export function checksumVectors(): readonly (ChecksumVector & { octets: Uint8Array })[] {
  return file.checksums.map(vector => ({
    ...vector,
    octets:
      vector.data_hex === null
        ? Uint8Array.from({ length: vector.length }, (_, i) => 7 * i + 3)
        : fromHex(vector.data_hex),
  }))
}
