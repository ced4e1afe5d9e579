/** A file that grows at its end, written in large pieces. `-` is standard output. */
import { type FileHandle, open } from 'node:fs/promises'
import { UsageError } from '../options.ts'

export class OutputFile {
  readonly #handle: FileHandle | undefined
  readonly #buffer = new Uint8Array(BUFFER_OCTETS)
  #held = 0
  /** Octets taken. */
  octets = 0

  private constructor(handle: FileHandle | undefined) {
    this.#handle = handle
  }

  /** Empties a file that is there. @throws UsageError if it cannot be opened */
  static async open(path: string): Promise<OutputFile> {
    if (path === '-') return new OutputFile(undefined)
    try {
      return new OutputFile(await open(path, 'w'))
    } catch (error) {
      if (error instanceof Error) throw new UsageError(`Cannot write ${path}: ${error.message}`)
      throw error
    }
  }

  /** Copies the octets; resolves when there is room for more, undefined: there is. */
  write(octets: Uint8Array): Promise<void> | undefined {
    this.octets += octets.length
    if (this.#held + octets.length > BUFFER_OCTETS) return this.#writeThrough(octets)
    this.#buffer.set(octets, this.#held)
    this.#held += octets.length
    return undefined
  }

  /** Everything has been handed to the system when it resolves. */
  async close(): Promise<void> {
    await this.#flush()
    await this.#handle?.close()
  }

  async #writeThrough(octets: Uint8Array): Promise<void> {
    await this.#flush()
    if (octets.length > BUFFER_OCTETS) await this.#put(octets)
    else {
      this.#buffer.set(octets)
      this.#held = octets.length
    }
  }

  async #flush(): Promise<void> {
    const held = this.#held
    this.#held = 0
    if (held > 0) await this.#put(this.#buffer.subarray(0, held))
  }

  async #put(octets: Uint8Array): Promise<void> {
    if (this.#handle === undefined) {
      const standard = process.stdout
      await new Promise<void>((resolve, reject) => {
        standard.write(octets, error => (error ? reject(error) : resolve()))
      })
      return
    }
    for (let done = 0; done < octets.length; )
      done += (await this.#handle.write(octets, done, octets.length - done)).bytesWritten
  }
}

const BUFFER_OCTETS = 256 * 1024
