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

/** What is looked at of the files that wait. */
interface Waiting {
  entries(): Iterable<WaitingFile>
  entry(sequence: number): WaitingFile | undefined
}

interface WaitingFile {
  readonly sequence: number
  readonly name: string
  readonly path: string
  readonly identity: FileIdentity
  readonly checksum: number | undefined
  readonly ended: unknown
}

/** Reads every file that waits again, one by one, and says of which something is wrong. */
export async function wrongAmong(buffer: Waiting, type: number) {
  const wrong: { sequence: number; name: string; why: string }[] = []
  let files = 0
  for (const { sequence, name, path, identity, checksum, ended } of [...buffer.entries()]) {
    if (checksum === undefined || ended !== undefined) continue
    const why = await wrongWith(path, identity, { type, value: checksum })
    files += 1
    // It may have been delivered, and removed, meanwhile.
    if (why !== undefined && buffer.entry(sequence)?.ended === undefined)
      wrong.push({ sequence, name, why })
  }
  return { files, wrong: wrong.filter(({ sequence }) => buffer.entry(sequence) !== undefined) }
}
