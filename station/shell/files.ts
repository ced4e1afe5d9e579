/** The files that the station receives: written, synced, read back, named and discarded, as the machine asks. */
import { statfs } from 'node:fs/promises'
import { errorCode, isDiskFull } from '../../hal/file-error.ts'
import { type Archive, NameRefused } from '../../hal/files/archive.ts'
import { safeName } from '../../hal/files/safe-name.ts'
import type { Inbox } from '../../hal/inbox.ts'
import type { Log } from '../../hal/log.ts'
import { systemClock as clock } from '../../hal/system-clock.ts'
import { fileIdOf, type ReceptionId, receptionId } from '../../protocol/cfdp/journaled/records.ts'
import type { Span } from '../../protocol/octets/span.ts'
import type { Edge } from '../edge.ts'
import type { EdgeEffect, EdgeInput } from '../events.ts'

/** What the disk did not do in one step: all else that this reception asked for in it is skipped. */
export interface Broken {
  readonly lost: Span[]
  readonly why: string
}

interface Parts {
  /** Folder of the archive. */
  readonly folder: string
  readonly archive: Archive
  readonly machine: Edge
  readonly inbox: Inbox<EdgeInput>
  readonly log: Log
}

export class Files {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Partial files of which the journal knows nothing were never spoken for. */
  async clearLeftovers(): Promise<void> {
    const { archive, machine } = this.#parts
    for (const id of await archive.leftovers())
      if (!machine.receptions.has(receptionId(id))) await archive.discard(id)
  }

  async write(
    effect: EdgeEffect & { kind: 'write' },
    broken: Map<ReceptionId, Broken>,
  ): Promise<void> {
    const { id, offset, octets } = effect
    const span = { start: offset, end: offset + octets.length }
    const before = broken.get(id)
    if (before !== undefined) {
      before.lost.push(span)
      return
    }
    try {
      await this.#parts.archive.write(fileIdOf(id), offset, octets)
    } catch (error) {
      broken.set(id, { lost: [span], why: String(error) })
    }
  }

  async sync(id: ReceptionId, broken: Map<ReceptionId, Broken>): Promise<void> {
    try {
      await this.#parts.archive.sync(fileIdOf(id))
    } catch (error) {
      // Which octets reached the disk nobody can tell: none of them counts.
      const held = this.#parts.machine.receptions.get(id)?.transaction.held ?? []
      broken.set(id, { lost: [...held], why: String(error) })
    }
  }

  async verify(effect: EdgeEffect & { kind: 'verify' }): Promise<void> {
    const { id, octets, checksumType } = effect
    const { archive, inbox } = this.#parts
    try {
      const checksum = await archive.checksum(fileIdOf(id), octets, checksumType)
      inbox.post({ kind: 'verified', id, checksum })
    } catch (error) {
      // The file may be right all the same: it is read once more when the disk is better.
      const why = `the file cannot be read back: ${String(error)}`
      inbox.post({ kind: 'disk failed', id, lost: [], why })
    }
  }

  async deliver(effect: EdgeEffect & { kind: 'deliver' }): Promise<void> {
    const { id, octets } = effect
    const { inbox, log } = this.#parts
    const name = safeName(effect.name)
    if (name === undefined) {
      inbox.post({ kind: 'refused', id, why: 'its name leads out of the archive' })
      return
    }
    try {
      inbox.post({ kind: 'delivered', id, path: await this.#deliverAs(name, id, octets) })
    } catch (error) {
      if (!isDiskFull(error))
        log.error('file cannot be named', { transaction: id, why: String(error) })
      inbox.post({ kind: 'disk failed', id, lost: [], why: String(error) })
    }
  }

  async discard(id: ReceptionId): Promise<void> {
    try {
      await this.#parts.archive.discard(fileIdOf(id))
    } catch (error) {
      this.#parts.log.warn('partial file stays', { transaction: id, why: String(error) })
    }
  }

  /** Asks the disk again and again until it has room. */
  async awaitRoom(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.until(clock.now() + DISK_MS, signal)
      if ((await roomAt(this.#parts.folder)) < DISK_ROOM_OCTETS) continue
      this.#parts.inbox.post({ kind: 'disk ready' })
      return
    }
  }

  /** Where something else is at the place that the name leads to, the file goes by its transaction. */
  async #deliverAs(name: string, id: ReceptionId, octets: number): Promise<string> {
    const { archive, log } = this.#parts
    try {
      return await archive.deliver(fileIdOf(id), octets, name)
    } catch (error) {
      if (!(error instanceof NameRefused)) throw error
      log.warn('file goes by its number', { transaction: id, why: error.message })
      return archive.deliver(fileIdOf(id), octets, `transaction-${id}`)
    }
  }
}

/** Octets that may be written to the disk of `folder`; none while it is away. */
async function roomAt(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return 0
  }
}

const DISK_MS = 1_000
/** Room that makes it worth asking the spacecraft again. */
const DISK_ROOM_OCTETS = 4 * 1_048_576
