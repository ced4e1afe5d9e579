/** Files that are being sent, read piece by piece. */
import {
  type FileIdentity,
  identityOf,
  isSame,
  openFile,
  SourceChanged,
} from './files/file-source.ts'

/** A stretch of the file that was announced, and where it is to be put. */
export interface Reading {
  readonly path: string
  /** Undefined: it grows, and only has to be as long as that. */
  readonly identity: FileIdentity | undefined
  readonly offset: number
  readonly length: number
  readonly into: Uint8Array
}

/**
 * The octets, at the start of `into`. Rejects with SourceChanged if it is another file by now, and also if it
 * became another one while it was read.
 *
 * A piece is large beside the cost of opening its file, so none is kept open: a file that nobody reads can be
 * removed and its disk unmounted, and no reader can lose its file to another.
 */
export async function readSource(wanted: Reading): Promise<Uint8Array> {
  const { path, identity, offset, length, into } = wanted
  const { handle, identity: found } = await openFile(path)
  try {
    requireIdentity(path, identity, found)
    for (let done = 0; done < length; ) {
      const { bytesRead } = await handle.read(into, done, length - done, offset + done)
      if (bytesRead === 0) throw new SourceChanged(`Cannot read ${path}: it ends early`)
      done += bytesRead
    }
    requireIdentity(path, identity, identityOf(await handle.stat()))
    return length === into.length ? into : into.subarray(0, length)
  } finally {
    await handle.close()
  }
}

function requireIdentity(
  path: string,
  identity: FileIdentity | undefined,
  found: FileIdentity,
): void {
  if (identity !== undefined && !isSame(identity, found))
    throw new SourceChanged(`Cannot read ${path}: it changed`)
}
