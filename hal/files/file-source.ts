/** A file that is being sent: read at any place, as long as it stays the file that was announced. */
import type { Stats } from 'node:fs'
import { constants, type FileHandle, open, stat } from 'node:fs/promises'
import { unless } from '../file-error.ts'

/** What tells one content of a path from another without reading it. */
export interface FileIdentity {
  readonly octets: number
  /** Milliseconds since 1970, with the fraction that the file system keeps. */
  readonly mtimeMs: number
  readonly inode: number
}

/** The file is gone, or is no longer the one it was: what was sent of it is worth nothing. */
export class SourceChanged extends Error {
  override readonly name = 'SourceChanged'
}

export class FileSource {
  readonly path: string
  readonly identity: FileIdentity
  readonly #handle: FileHandle
  readonly #window: Uint8Array
  #start = 0
  #end = 0

  private constructor(handle: FileHandle, found: Omit<FoundFile, 'handle'>, window: Uint8Array) {
    this.path = found.path
    this.identity = found.identity
    this.#handle = handle
    this.#window = window
  }

  /**
   * @param window where octets are read to, ahead of what is asked for; the longest read, too. It must be this
   * file's alone while it is open. Rejects with SourceChanged if it is not the file of `identity`, or is gone.
   */
  static async open(
    path: string,
    window: Uint8Array,
    identity?: FileIdentity,
  ): Promise<FileSource> {
    const found = await openFile(path)
    if (identity === undefined || isSame(identity, found.identity))
      return new FileSource(found.handle, found, window)
    await found.handle.close()
    throw changed(path, identity, found.identity)
  }

  /**
   * Octets [offset, offset + length), borrowed until the next read. Rejects with SourceChanged when the file
   * is seen to have changed; it is looked at each time the window moves.
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    if (length > this.#window.length || offset + length > this.identity.octets)
      throw new RangeError(
        `Cannot read [${offset}, ${offset + length}): the file has ${this.identity.octets} octets, the window ${this.#window.length}`,
      )
    if (offset < this.#start || offset + length > this.#end) await this.#move(offset, length)
    return this.#window.subarray(offset - this.#start, offset - this.#start + length)
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  async #move(offset: number, length: number): Promise<void> {
    await requireSame(this.path, this.identity)
    this.#start = offset
    this.#end = offset
    while (this.#end < offset + length) {
      const room = this.#window.subarray(this.#end - offset)
      const { bytesRead } = await this.#handle.read(room, 0, room.length, this.#end)
      if (bytesRead === 0) throw new SourceChanged(`Cannot read ${this.path}: it ends early`)
      this.#end += bytesRead
    }
  }
}

export interface FoundFile {
  readonly path: string
  readonly handle: FileHandle
  readonly identity: FileIdentity
}

/** Opens a regular file to read; a symbolic link is not followed. Rejects with SourceChanged if none is there. */
export async function openFile(path: string): Promise<FoundFile> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle = await unless('ENOENT', unless('ELOOP', open(path, flags)))
  if (handle === undefined) throw new SourceChanged(`Cannot open ${path}: no file is there`)
  const stats = await handle.stat()
  if (stats.isFile()) return { path, handle, identity: identityOf(stats) }
  await handle.close()
  throw new SourceChanged(`Cannot open ${path}: it is not a file`)
}

/** Rejects with SourceChanged unless `path` still is the file of `identity`. */
export async function requireSame(path: string, identity: FileIdentity): Promise<void> {
  const stats = await unless('ENOENT', stat(path))
  if (stats === undefined) throw new SourceChanged(`Cannot read ${path}: it is gone`)
  if (!isSame(identity, identityOf(stats))) throw changed(path, identity, identityOf(stats))
}

export function identityOf(stats: Stats): FileIdentity {
  return { octets: stats.size, mtimeMs: stats.mtimeMs, inode: stats.ino }
}

export function isSame(one: FileIdentity, other: FileIdentity): boolean {
  return one.octets === other.octets && one.mtimeMs === other.mtimeMs && one.inode === other.inode
}

function changed(path: string, was: FileIdentity, is: FileIdentity): SourceChanged {
  return new SourceChanged(
    `Cannot read ${path}: it changed (${was.octets} octets of ${was.mtimeMs}, now ${is.octets} of ${is.mtimeMs})`,
  )
}
