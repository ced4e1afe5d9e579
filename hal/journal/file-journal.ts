/**
 * A journal in a file. Ahead of its records it keeps zeros that are really on the disk, so that what was
 * acknowledged can still be written down when the disk is full. (On a file system that copies on write,
 * as btrfs does, only a quota of its own gives that promise.)
 *
 *     | header | record | record | ... | 00 00 00 ... 00 |
 *                                end ^       size ^
 *
 * The first record is the header { format, version, kind }. One process at a time.
 */
import { dirname } from 'node:path'
import { isDiskFull } from '../file-error.ts'
import type { Journal } from '../ports.ts'
import { type Disk, type DiskFile, realDisk } from './disk.ts'
import { encodePayload } from './payload.ts'
import { sealRecord } from './record.ts'
import { type Found, headerOf, openExisting } from './recovery.ts'

export interface FileJournalOptions {
  /** Zeros kept ahead of the records, at least. */
  readonly reserveOctets?: number
  readonly disk?: Disk
}

export class FileJournal implements Journal {
  readonly #disk: Disk
  readonly #path: string
  readonly #kind: string
  readonly #reserveOctets: number
  #file: DiskFile
  #end: number
  #size: number
  #recovered: readonly unknown[] = []
  /** Sealed records that are not on the disk, and how many went before them. */
  readonly #queue: Uint8Array[] = []
  #gone = 0
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #isClosed = false
  /** A rename that the folder may not remember yet. */
  #isFolderDirty = false
  #canGrow = true
  /** What was wrong with the file when it was opened. */
  readonly damage: { readonly tornOctets: number; readonly filesAside: number }

  private constructor(path: string, kind: string, options: FileJournalOptions, found: Found) {
    this.#path = path
    this.#kind = kind
    this.#disk = options.disk ?? realDisk
    this.#reserveOctets = options.reserveOctets ?? 64 * 1024
    this.#file = found.file
    this.#end = found.end
    this.#size = found.size
    this.#recovered = found.records
    this.damage = { tornOctets: found.tornOctets, filesAside: found.filesAside }
  }

  /**
   * Opens the journal at `path`, or begins one; the folder must be there. What a power cut tore is cut off; a
   * file whose first record cannot be read is kept aside as `path.damaged-N`. @throws JournalRefused
   */
  static async open(
    path: string,
    kind: string,
    options: FileJournalOptions = {},
  ): Promise<FileJournal> {
    const found = await openExisting(options.disk ?? realDisk, path, kind)
    const journal = new FileJournal(path, kind, options, found)
    try {
      if (found.end === 0) await journal.#replace([])
      else await journal.#mend()
      return journal
    } catch (error) {
      await journal.#file.close()
      throw error
    }
  }

  takeRecovered(): readonly unknown[] {
    const records = this.#recovered
    this.#recovered = []
    return records
  }

  append(record: unknown): void {
    if (this.#isClosed) throw new Error(`Cannot append to ${this.#path}: the journal is closed`)
    this.#queue.push(sealRecord(encodePayload(record)))
  }

  /** Callers that come while a flush is running share the next one. */
  flush(): Promise<void> {
    this.#next ??= this.#inTurn(() => {
      this.#next = undefined
      return this.#commit()
    })
    return this.#next
  }

  compact(records: readonly unknown[]): Promise<void> {
    const replaced = this.#gone + this.#queue.length
    const snapshot = records.map(record => sealRecord(encodePayload(record)))
    return this.#inTurn(async () => {
      await this.#replace(snapshot)
      this.#forget(Math.max(0, replaced - this.#gone))
    })
  }

  async close(): Promise<void> {
    if (this.#isClosed) return this.#running
    this.#isClosed = true
    return this.#inTurn(async () => {
      try {
        await this.#commit()
      } finally {
        await this.#file.close()
      }
    })
  }

  get octets(): number {
    return this.#end
  }

  /** Octets that records can take without any new space of the disk. */
  get reservedOctets(): number {
    return this.#size - this.#end
  }

  /** False while the disk is too full to keep the reserve: records still fit in what is left of it. */
  get canGrow(): boolean {
    return this.#canGrow
  }

  /** One thing at a time on the file; one that fails does not stop those after it. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const result = this.#running.then(act)
    this.#running = result.catch(() => {})
    return result
  }

  /** Clears what a power cut tore, and fills the reserve. */
  async #mend(): Promise<void> {
    if (this.damage.tornOctets > 0) {
      // In place: to cut the file would give up space that a full disk does not give back.
      await writeZeros(this.#file, this.#end, this.#size)
      await this.#file.sync()
    }
    await this.#grow(0)
  }

  async #commit(): Promise<void> {
    const count = this.#queue.length
    if (count > 0) {
      const octets = joined(this.#queue)
      await this.#grow(octets.length)
      await this.#file.write(octets, this.#end)
      await this.#file.sync()
      this.#forget(count)
      this.#end += octets.length
      this.#size = Math.max(this.#size, this.#end)
    } else if (!this.#canGrow) await this.#grow(0)
    await this.#syncFolder()
  }

  #forget(count: number): void {
    this.#queue.splice(0, count)
    this.#gone += count
  }

  /** Doubles the reserve when less than it would be left after `coming` octets more. */
  async #grow(coming: number): Promise<void> {
    const needed = this.#end + coming + this.#reserveOctets
    if (this.#size >= needed) return
    try {
      await writeZeros(this.#file, this.#size, needed + this.#reserveOctets)
      // Synced by itself, so that a refusal is known to be about the reserve and not about records.
      await this.#file.sync()
      this.#canGrow = true
    } catch (error) {
      if (!isDiskFull(error)) throw error
      this.#canGrow = false
    }
    this.#size = await this.#file.octets()
  }

  async #replace(sealed: readonly Uint8Array[]): Promise<void> {
    const header = sealRecord(encodePayload(headerOf(this.#kind)))
    const path = `${this.#path}.new`
    const octets = joined([header, ...sealed])
    const file = await this.#disk.open(path, true)
    try {
      await file.write(octets, 0)
      await writeZeros(file, octets.length, octets.length + 2 * this.#reserveOctets)
      await file.sync()
      await this.#disk.rename(path, this.#path)
    } catch (error) {
      await file.close()
      await this.#disk.remove(path)
      throw error
    }
    const old = this.#file
    this.#file = file
    this.#end = octets.length
    this.#size = octets.length + 2 * this.#reserveOctets
    this.#canGrow = true
    this.#isFolderDirty = true
    await old.close()
    await this.#syncFolder()
  }

  async #syncFolder(): Promise<void> {
    if (!this.#isFolderDirty) return
    await this.#disk.syncFolder(dirname(this.#path))
    this.#isFolderDirty = false
  }
}

async function writeZeros(file: DiskFile, start: number, end: number): Promise<void> {
  for (let at = start; at < end; at += ZEROS.length)
    await file.write(ZEROS.subarray(0, Math.min(ZEROS.length, end - at)), at)
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const octets = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    octets.set(chunk, at)
    at += chunk.length
  }
  return octets
}

const ZEROS = new Uint8Array(16 * 1024)
