/** The files of a recording on disk: whole ones under their names, the others as .part beside them. */
import { rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { unless } from '../../hal/file-error.ts'
import { Archive, type FileId, NameRefused } from '../../hal/files/archive.ts'
import { safeName } from '../../hal/files/safe-name.ts'
import { isChecksumSupported } from '../../protocol/cfdp/checksum.ts'
import type { Transaction } from './transaction.ts'

export class FileWriter {
  readonly #folder: string
  readonly #archive: Archive
  /** Octets that follow each other are written together. */
  readonly #buffer = new Uint8Array(BUFFER_OCTETS)
  #id: FileId | undefined
  #offset = 0
  #held = 0
  /** What an earlier run left under the same number is not of this recording. */
  readonly #begun = new Set<string>()

  private constructor(folder: string, archive: Archive) {
    this.#folder = folder
    this.#archive = archive
  }

  /** Makes the folder if it is not there. */
  static async open(folder: string): Promise<FileWriter> {
    return new FileWriter(folder, await Archive.open(folder))
  }

  /** Copies the octets; resolves when there is room for more, undefined: there is. */
  write(id: FileId, offset: number, octets: Uint8Array): Promise<void> | undefined {
    const follows = isSame(this.#id, id) && offset === this.#offset + this.#held
    if (follows && this.#held + octets.length <= BUFFER_OCTETS) {
      this.#buffer.set(octets, this.#held)
      this.#held += octets.length
      return undefined
    }
    return this.#begin(id, offset, octets)
  }

  /** Whether what is on disk has the checksum of the EOF; undefined: the type is not known. */
  async check({ header, metadata, eof, size = 0 }: Transaction): Promise<boolean | undefined> {
    if (metadata === undefined || !isChecksumSupported(metadata.checksumType)) return undefined
    await this.#flush()
    const checksum = await this.#archive.checksum(header, size, metadata.checksumType)
    return checksum === eof?.checksum
  }

  /** Gives a whole file its name. */
  async deliver(transaction: Transaction): Promise<void> {
    await this.#store(transaction, transaction.size ?? 0, '')
  }

  /** Gives what there is of a file its name and `.part`. */
  async keepPart(transaction: Transaction): Promise<void> {
    if (transaction.held.octets > 0) await this.#store(transaction, transaction.held.end, '.part')
  }

  async end(): Promise<void> {
    await this.#flush()
    await this.#archive.close()
    await unless('ENOTEMPTY', rmdir(join(this.#folder, '.partial')))
  }

  async #store(transaction: Transaction, octets: number, suffix: string): Promise<void> {
    await this.#flush()
    const { header, metadata } = transaction
    const number = `${header.source}-${header.sequence}${suffix}`
    const name = metadata === undefined ? undefined : nameOf(metadata.destinationName, suffix)
    transaction.path = await this.#deliverAs(header, octets, name ?? number, number)
    await this.#archive.discard(header)
  }

  async #deliverAs(id: FileId, octets: number, name: string, number: string): Promise<string> {
    try {
      return await this.#archive.deliver(id, octets, name)
    } catch (error) {
      if (!(error instanceof NameRefused)) throw error
      return await this.#archive.deliver(id, octets, number)
    }
  }

  async #begin(id: FileId, offset: number, octets: Uint8Array): Promise<void> {
    // The octets are lent until this resolves, and no longer.
    await this.#flush()
    const key = `${id.source}-${id.sequence}`
    if (!this.#begun.has(key)) {
      this.#begun.add(key)
      await this.#archive.discard(id)
    }
    this.#id = id
    this.#offset = offset
    this.#buffer.set(octets)
    this.#held = octets.length
  }

  async #flush(): Promise<void> {
    if (this.#id === undefined || this.#held === 0) return
    const octets = this.#buffer.subarray(0, this.#held)
    await this.#archive.write(this.#id, this.#offset, octets)
    this.#offset += this.#held
    this.#held = 0
  }
}

function nameOf(octets: Uint8Array, suffix: string): string | undefined {
  return safeName(Uint8Array.from([...octets, ...new TextEncoder().encode(suffix)]))
}

function isSame(one: FileId | undefined, other: FileId): boolean {
  return one !== undefined && one.source === other.source && one.sequence === other.sequence
}

const BUFFER_OCTETS = 256 * 1024
