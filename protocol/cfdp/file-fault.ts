/**
 * What is wrong with a file, judged by what its sender said of it and by how far its octets reach.
 * CCSDS 727.0-B-5, 4.6.1.2 (file size error, unsupported checksum type) and 4.9 (filestore rejection).
 */
import { isChecksumSupported } from './checksum.ts'
import { CONDITION } from './condition.ts'
import type { Eof, Metadata } from './pdu/pdu.ts'

/** What the sender said so far, and how far what came of the file reaches. */
export interface FileClaims {
  readonly metadata: Metadata | undefined
  readonly eof: Eof | undefined
  /** One past the last octet that came. */
  readonly heldEnd: number
}

/** The first fault that is not overlooked, or undefined: nothing is wrong so far. */
export function faultOf(
  claims: FileClaims,
  fileOctetsMax: number,
  overlooked: ReadonlySet<number> = NONE,
): number | undefined {
  for (const condition of faultsOf(claims, fileOctetsMax))
    if (!overlooked.has(condition)) return condition
  return undefined
}

function* faultsOf(claims: FileClaims, fileOctetsMax: number): Generator<number> {
  const { metadata, eof, heldEnd } = claims
  if (metadata !== undefined && !isChecksumSupported(metadata.checksumType))
    yield CONDITION.unsupportedChecksumType
  // A size of 0 in the Metadata also says that it was not known yet.
  const announced = metadata?.fileSize ?? 0
  const size = eof?.fileSize ?? 0
  if (announced > fileOctetsMax || size > fileOctetsMax) yield CONDITION.filestoreRejection
  if (eof === undefined) return
  if (size < heldEnd || (announced !== 0 && announced !== size)) yield CONDITION.fileSizeError
}

const NONE: ReadonlySet<number> = new Set()
