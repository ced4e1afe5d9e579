/** Files that are being sent, kept open while they are read: a few of them, the one used last at the end. */
import type { FileHandle } from 'node:fs/promises'
import { type FileIdentity, openFile, requireSame, SourceChanged } from './files/file-source.ts'

/** A stretch of a file, and where it is to be put. */
export interface Reading {
  readonly path: string
  readonly identity: FileIdentity
  readonly offset: number
  readonly length: number
  readonly into: Uint8Array
}

interface OpenFile {
  /** A promise, so that reads that come at once share one opening. */
  readonly handle: Promise<FileHandle>
  /** Reads under way: it is not closed under them to make room for others. */
  readers: number
}

export class SourceFiles {
  readonly #open = new Map<number, OpenFile>()

  /** @returns `length` octets at the start of `into`. Rejects with SourceChanged if it is not that file any more. */
  async read(sequence: number, wanted: Reading): Promise<Uint8Array> {
    const file = this.#open.get(sequence) ?? { handle: handleOf(wanted.path), readers: 0 }
    this.#open.delete(sequence)
    this.#open.set(sequence, file)
    file.readers += 1
    try {
      return await readAll(await file.handle, wanted)
    } finally {
      file.readers -= 1
      await this.#closeSome()
    }
  }

  async close(sequence: number): Promise<void> {
    const file = this.#open.get(sequence)
    this.#open.delete(sequence)
    // What could not be opened needs no closing; who wanted to read it was told.
    const handle = await file?.handle.catch(() => undefined)
    await handle?.close()
  }

  async closeAll(): Promise<void> {
    for (const sequence of [...this.#open.keys()]) await this.close(sequence)
  }

  async #closeSome(): Promise<void> {
    for (const [sequence, { readers }] of [...this.#open]) {
      if (this.#open.size <= OPEN_MAX) return
      if (readers === 0) await this.close(sequence)
    }
  }
}

async function handleOf(path: string): Promise<FileHandle> {
  const { handle } = await openFile(path)
  return handle
}

async function readAll(handle: FileHandle, wanted: Reading): Promise<Uint8Array> {
  const { path, identity, offset, length, into } = wanted
  await requireSame(path, identity)
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(into, done, length - done, offset + done)
    if (bytesRead === 0) throw new SourceChanged(`Cannot read ${path}: it ends early`)
    done += bytesRead
  }
  return into.subarray(0, length)
}

const OPEN_MAX = 4
