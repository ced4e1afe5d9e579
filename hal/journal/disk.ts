/** What a journal asks of a disk: few calls, so that a test can tear, fill and cut the disk under it. */
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises'

export interface Disk {
  /** Opens to read and write, and makes the file if `create` says so. Rejects with ENOENT if it is not there. */
  open(path: string, create: boolean): Promise<DiskFile>
  /** Puts one file in the place of another, in one step. */
  rename(from: string, to: string): Promise<void>
  /** No error if it is not there. */
  remove(path: string): Promise<void>
  names(folder: string): Promise<readonly string[]>
  /** Makes renames and new names in `folder` durable. */
  syncFolder(folder: string): Promise<void>
}

export interface DiskFile {
  octets(): Promise<number>
  /** Reads into `into` from its start. Answers how many octets came; 0 at the end of the file. */
  read(into: Uint8Array, position: number): Promise<number>
  /** Writes all of `octets`, or rejects with some of them written. */
  write(octets: Uint8Array, position: number): Promise<void>
  /** Data and length are on the disk when it resolves. */
  sync(): Promise<void>
  close(): Promise<void>
}

export const realDisk: Disk = {
  async open(path, create) {
    return new RealFile(await open(path, create ? 'w+' : 'r+', 0o600))
  },
  rename,
  remove: path => rm(path, { force: true }),
  names: readdir,
  async syncFolder(folder) {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
}

/** For nothing but reading. */
export async function openToRead(path: string): Promise<DiskFile> {
  return new RealFile(await open(path, 'r'))
}

class RealFile implements DiskFile {
  readonly #handle: FileHandle

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async octets(): Promise<number> {
    return (await this.#handle.stat()).size
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.read(into, 0, into.length, position)).bytesRead
  }

  async write(octets: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < octets.length; ) {
      const { bytesWritten } = await this.#handle.write(
        octets,
        done,
        octets.length - done,
        position + done,
      )
      done += bytesWritten
    }
  }

  sync(): Promise<void> {
    return this.#handle.datasync()
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}
