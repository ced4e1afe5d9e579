/** The checksum of a file on the disk, read once from its start in small pieces. */
import type { FileHandle } from 'node:fs/promises'
import { FileChecksum } from '../../protocol/cfdp/checksum.ts'
import { type FileIdentity, openFile, requireSame } from './file-source.ts'

export interface Digest {
  readonly identity: FileIdentity
  readonly checksum: number
}

/**
 * @param checksumType as in Metadata, see CHECKSUM
 * @param buffer is read into, over and over. Rejects with SourceChanged if the file changes meanwhile.
 */
export async function digest(
  path: string,
  checksumType: number,
  buffer: Uint8Array = new Uint8Array(BUFFER_OCTETS),
): Promise<Digest> {
  const { handle, identity } = await openFile(path)
  try {
    const checksum = await checksumOf(handle, identity.octets, checksumType, buffer)
    await requireSame(path, identity)
    return { identity, checksum }
  } finally {
    await handle.close()
  }
}

/** The checksum of the first `octets` octets; of fewer, if the file ends before. */
export async function checksumOf(
  handle: FileHandle,
  octets: number,
  checksumType: number,
  buffer: Uint8Array = new Uint8Array(BUFFER_OCTETS),
): Promise<number> {
  const checksum = new FileChecksum(checksumType)
  for (let at = 0; at < octets; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, octets - at), at)
    if (bytesRead === 0) break
    checksum.update(buffer.subarray(0, bytesRead))
    at += bytesRead
  }
  return checksum.value
}

const BUFFER_OCTETS = 64 * 1024
