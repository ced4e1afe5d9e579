/**
 * Copies of files that wait to be sent, so that whoever handed them over may do with his what he likes. A copy is on
 * the disk before anybody is told of it; its name means nothing and is never used twice.
 */
import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FileChecksum } from '../../protocol/cfdp/checksum.ts'
import { openFile } from './file-source.ts'
import { syncFolder } from './sync-folder.ts'

export interface Spooled {
  /** Its name in the spool. */
  readonly file: string
  readonly octets: number
  readonly checksum: number
}

export class Spool {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** Makes the folder if it is not there, and removes from it what is not among `files`. */
  static async open(folder: string, files: readonly string[]): Promise<Spool> {
    await mkdir(folder, { recursive: true })
    for (const name of await readdir(folder))
      if (!files.includes(name)) await rm(join(folder, name), { force: true })
    return new Spool(folder)
  }

  /** Copies a file, as far as it goes now; resolves when the disk has the copy. @param checksumType see CHECKSUM */
  async take(path: string, checksumType: number): Promise<Spooled> {
    const file = randomUUID()
    try {
      const { octets, checksum } = await this.#copy(path, file, checksumType)
      await syncFolder(this.#folder)
      return { file, octets, checksum }
    } catch (error) {
      await this.drop(file)
      throw error
    }
  }

  async read(file: string, offset: number, length: number): Promise<Uint8Array> {
    const handle = await open(join(this.#folder, file), constants.O_RDONLY)
    try {
      const octets = new Uint8Array(length)
      for (let done = 0; done < length; ) {
        const { bytesRead } = await handle.read(octets, done, length - done, offset + done)
        if (bytesRead === 0) throw new Error(`Cannot read ${length} octets at ${offset}: it ends`)
        done += bytesRead
      }
      return octets
    } finally {
      await handle.close()
    }
  }

  async drop(file: string): Promise<void> {
    await rm(join(this.#folder, file), { force: true })
  }

  async #copy(path: string, file: string, checksumType: number): Promise<Omit<Spooled, 'file'>> {
    const { handle: source } = await openFile(path)
    try {
      const copy = await open(join(this.#folder, file), 'wx', 0o600)
      try {
        const checksum = new FileChecksum(checksumType)
        const buffer = new Uint8Array(BUFFER_OCTETS)
        let octets = 0
        for (;;) {
          const { bytesRead } = await source.read(buffer, 0, buffer.length, octets)
          if (bytesRead === 0) break
          const piece = buffer.subarray(0, bytesRead)
          checksum.update(piece)
          await copy.writeFile(piece)
          octets += bytesRead
        }
        await copy.sync()
        return { octets, checksum: checksum.value }
      } finally {
        await copy.close()
      }
    } finally {
      await source.close()
    }
  }
}

const BUFFER_OCTETS = 64 * 1024
