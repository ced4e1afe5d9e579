/** Files that are being sent, kept open while they are read: a few of them, the one used last at the end. */
import type { FileHandle } from 'node:fs/promises'
import { type FileIdentity, openFile, requireSame, SourceChanged } from './files/file-source.ts'

export class SourceFiles {
  readonly #open = new Map<number, FileHandle>()

  /** @returns `length` octets, owned by the caller. Rejects with SourceChanged if it is not that file any more. */
  async read(
    sequence: number,
    file: { readonly path: string; readonly identity: FileIdentity },
    span: { readonly offset: number; readonly length: number },
  ): Promise<Uint8Array> {
    const handle = await this.#handle(sequence, file.path)
    await requireSame(file.path, file.identity)
    const octets = new Uint8Array(span.length)
    for (let done = 0; done < span.length; ) {
      const left = span.length - done
      const { bytesRead } = await handle.read(octets, done, left, span.offset + done)
      if (bytesRead === 0) throw new SourceChanged(`Cannot read ${file.path}: it ends early`)
      done += bytesRead
    }
    return octets
  }

  async close(sequence: number): Promise<void> {
    const handle = this.#open.get(sequence)
    this.#open.delete(sequence)
    await handle?.close()
  }

  async closeAll(): Promise<void> {
    for (const sequence of [...this.#open.keys()]) await this.close(sequence)
  }

  async #handle(sequence: number, path: string): Promise<FileHandle> {
    const known = this.#open.get(sequence)
    if (known !== undefined) return known
    const { handle } = await openFile(path)
    this.#open.set(sequence, handle)
    const [oldest] = this.#open.keys()
    if (this.#open.size > OPEN_MAX && oldest !== undefined) await this.close(oldest)
    return handle
  }
}

const OPEN_MAX = 4
