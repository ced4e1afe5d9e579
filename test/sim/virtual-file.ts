/** Files that are computed, not stored: of any size, the same for the same seed, checkable at any offset. */
import type { SpacecraftEffect, SpacecraftInput } from '../../onboard/events.ts'
import { FileChecksum } from '../../protocol/cfdp/checksum.ts'

export interface VirtualFile {
  readonly path: string
  readonly name: string
  readonly octets: number
  readonly seed: number
  /** It is not what it was: reads fail. */
  changed: boolean
}

/** What the disk aboard answers; the file is gone, or not what it was, if it is `undefined` or changed. */
export function fromDisk(
  file: VirtualFile | undefined,
  effect: Extract<SpacecraftEffect, { kind: 'digest' | 'read' }>,
  checksumType: number,
): SpacecraftInput {
  const { sequence, path } = effect
  if (file === undefined || file.changed)
    return { kind: 'source failed', sequence, why: `${path} is not what it was` }
  if (effect.kind === 'digest')
    return { kind: 'digested', sequence, checksum: checksumOf(file, checksumType) }
  const { offset, length } = effect
  return { kind: 'read', sequence, offset, octets: contentAt(file, offset, length) }
}

export function contentAt(file: VirtualFile, offset: number, length: number): Uint8Array {
  if (file.octets > HUGE_OCTETS) return new Uint8Array(length)
  const end = offset + length
  if (end <= BEGINNING_OCTETS) return beginning(file.seed).slice(offset, end)
  return Uint8Array.from({ length }, (_, i) => octetAt(file.seed, offset + i))
}

export function isContent(file: VirtualFile, offset: number, octets: Uint8Array): boolean {
  if (file.octets > HUGE_OCTETS) return isZero(octets)
  const end = offset + octets.length
  if (end <= BEGINNING_OCTETS)
    return Buffer.compare(beginning(file.seed).subarray(offset, end), octets) === 0
  return octets.every((octet, i) => octet === octetAt(file.seed, offset + i))
}

/** A huge file is sparse, and nobody waits for its true checksum: any number alike at both ends will do. */
export function checksumOf(file: VirtualFile, type: number): number {
  if (file.octets > HUGE_OCTETS) return 0x5eed0000 + file.seed
  const key = `${type} ${file.seed} ${file.octets}`
  let value = CHECKSUMS.get(key)
  if (value === undefined) {
    const checksum = new FileChecksum(type)
    checksum.update(contentAt(file, 0, file.octets))
    value = checksum.value
    CHECKSUMS.set(key, value)
  }
  return value
}

/** What files of this seed begin with is computed once. */
function beginning(seed: number): Uint8Array {
  let octets = BEGINNINGS.get(seed)
  if (octets === undefined) {
    octets = Uint8Array.from({ length: BEGINNING_OCTETS }, (_, i) => octetAt(seed, i))
    BEGINNINGS.set(seed, octets)
  }
  return octets
}

function octetAt(seed: number, at: number): number {
  return (at * 31 + Math.floor(at / 251) * 17 + Math.floor(at / 65_537) * 101 + seed * 7) & 0xff
}

function isZero(octets: Uint8Array): boolean {
  return Buffer.compare(octets, new Uint8Array(octets.length)) === 0
}

const CHECKSUMS = new Map<string, number>()
const BEGINNINGS = new Map<number, Uint8Array>()
const BEGINNING_OCTETS = 32_768
const HUGE_OCTETS = 64 * 1_048_576
