/** Files that are computed, not stored: of any size, the same for the same seed, checkable at any offset. */
import { FileChecksum } from '../../protocol/cfdp/checksum.ts'

export interface VirtualFile {
  readonly path: string
  readonly name: string
  readonly octets: number
  readonly seed: number
  /** It is not what it was: reads fail. */
  changed: boolean
}

export function contentAt(file: VirtualFile, offset: number, length: number): Uint8Array {
  const octets = new Uint8Array(length)
  if (file.octets > HUGE_OCTETS) return octets
  for (let i = 0; i < length; i++) octets[i] = octetAt(file.seed, offset + i)
  return octets
}

export function isContent(file: VirtualFile, offset: number, octets: Uint8Array): boolean {
  if (file.octets > HUGE_OCTETS) return isZero(octets)
  return octets.every((octet, i) => octet === octetAt(file.seed, offset + i))
}

/** A huge file is sparse, and nobody waits for its true checksum: any number alike at both ends will do. */
export function checksumOf(file: VirtualFile, type: number): number {
  if (file.octets > HUGE_OCTETS) return 0x5eed0000 + file.seed
  const checksum = new FileChecksum(type)
  checksum.update(contentAt(file, 0, file.octets))
  return checksum.value
}

function octetAt(seed: number, at: number): number {
  return (at * 31 + Math.floor(at / 251) * 17 + Math.floor(at / 65_537) * 101 + seed * 7) & 0xff
}

function isZero(octets: Uint8Array): boolean {
  return Buffer.compare(octets, new Uint8Array(octets.length)) === 0
}

const HUGE_OCTETS = 64 * 1_048_576
