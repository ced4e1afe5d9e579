/** Which file stands at a path, asked before it is sent and before it is removed. */
import { rm } from 'node:fs/promises'
import { digest } from './digest.ts'
import { type FileIdentity, isSame, openFile } from './file-source.ts'

/** Rejects with a message for its owner if there is no regular file. */
export async function identityAt(path: string): Promise<FileIdentity> {
  const { handle, identity } = await openFile(path)
  await handle.close()
  return identity
}

/** A file that took the place of a delivered one is not ours to remove. */
export async function removeIfSame(path: string, identity: FileIdentity): Promise<void> {
  const found = await identityAt(path).catch(() => undefined)
  if (found !== undefined && isSame(identity, found)) await rm(path)
}

/** Reads the file again: undefined if it is what it was, else what is wrong. */
export async function wrongWith(
  path: string,
  identity: FileIdentity,
  checksum: { readonly type: number; readonly value: number },
): Promise<string | undefined> {
  try {
    const found = await digest(path, checksum.type)
    if (!isSame(identity, found.identity)) return 'it is another file now'
    return found.checksum === checksum.value ? undefined : 'its checksum is another one'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
