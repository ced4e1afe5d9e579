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

/** The condition that ends the reception, or undefined: nothing is wrong so far. */
export function faultOf(claims: FileClaims, fileOctetsMax: number): number | undefined {
  const { metadata, eof, heldEnd } = claims
  if (metadata !== undefined && !isChecksumSupported(metadata.checksumType))
    return CONDITION.unsupportedChecksumType
  // A size of 0 in the Metadata also says that it was not known yet.
  const announced = metadata?.fileSize ?? 0
  if (announced > fileOctetsMax) return CONDITION.filestoreRejection
  if (eof === undefined) return undefined
  if (eof.fileSize > fileOctetsMax) return CONDITION.filestoreRejection
  if (eof.fileSize < heldEnd || (announced !== 0 && announced !== eof.fileSize))
    return CONDITION.fileSizeError
  return undefined
}
