/** A file in the making: it lies in a hidden folder until it is whole, and then takes its place by rename. */
import { constants } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

export class FilestoreDraft {
  readonly path: string
  readonly #handle: FileHandle
  #isOpen = true

  private constructor(path: string, handle: FileHandle) {
    this.path = path
    this.#handle = handle
  }

  static async open(folder: string): Promise<FilestoreDraft> {
    drafts += 1
    const path = join(folder, `${process.pid}-${drafts}`)
    const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants
    return new FilestoreDraft(
      path,
      await open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o644),
    )
  }

  /** Puts text at the end. */
  async write(text: string): Promise<void> {
    await this.#handle.appendFile(text)
  }

  /** Puts the first `octets` octets of a file at the end. Rejects if it has fewer by now, or is a link. */
  async copy(path: string, octets: number): Promise<void> {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
    const source = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    try {
      const piece = new Uint8Array(PIECE_OCTETS)
      for (let at = 0; at < octets; ) {
        const { bytesRead } = await source.read(piece, 0, Math.min(piece.length, octets - at), at)
        if (bytesRead === 0) throw new Error('Cannot copy a file that became shorter')
        await this.#handle.appendFile(piece.subarray(0, bytesRead))
        at += bytesRead
      }
    } finally {
      await source.close()
    }
  }

  /** What was written is on the disk, and may be read; nothing more is written. */
  async finish(): Promise<void> {
    await this.#handle.sync()
    await this.#close()
  }

  /** It takes this name, from whatever had it. */
  async become(path: string): Promise<void> {
    await this.finish()
    await rename(this.path, path)
  }

  /** Removes it, unless it became another one. */
  async discard(): Promise<void> {
    await this.#close()
    await rm(this.path, { force: true })
  }

  async #close(): Promise<void> {
    if (this.#isOpen) await this.#handle.close()
    this.#isOpen = false
  }
}

/** Drafts of this process so far: each has a name of its own. */
let drafts = 0
const PIECE_OCTETS = 256 * 1_024
