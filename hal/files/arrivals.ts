/**
 * The files that an end receives: written, synced, read back, named and discarded, as its receptions ask. What the disk
 * does not do fails the reception that asked for it, and no other.
 */
import { statfs } from 'node:fs/promises'
import type { ReceptionEffect, ReceptionInput } from '../../protocol/cfdp/journaled/events.ts'
import type { Receptions } from '../../protocol/cfdp/journaled/receptions.ts'
import { fileIdOf, type ReceptionId, receptionId } from '../../protocol/cfdp/journaled/records.ts'
import type { Span } from '../../protocol/octets/span.ts'
import { errorCode, isDiskFull } from '../file-error.ts'
import type { Inbox } from '../inbox.ts'
import type { Log } from '../log.ts'
import { systemClock as clock } from '../system-clock.ts'
import { type Archive, NameRefused, WriteCut } from './archive.ts'
import { safeName } from './safe-name.ts'
import { WriteJoiner } from './write-joiner.ts'

/** All but what is for the journal and the log. */
export type ArrivalEffect = Exclude<ReceptionEffect, { kind: 'journal' | 'log' }>

interface Parts {
  /** Folder of the archive. */
  readonly folder: string
  readonly archive: Archive
  readonly receptions: Receptions
  readonly inbox: Pick<Inbox<ReceptionInput>, 'post' | 'postFirst'>
  readonly log: Log
  /** Ends the wait for a full disk. */
  readonly signal: AbortSignal
}

/** What the disk did not do in one step: all else that this reception asked for in it is skipped. */
interface Broken {
  readonly lost: Span[]
  readonly why: string
}

export class Arrivals {
  readonly #parts: Parts
  readonly #broken = new Map<ReceptionId, Broken>()
  /** Whose file is being read back or named. What a discarded one answers then is no fault of the disk. */
  readonly #inUse = new Set<ReceptionId>()
  /** Segments of one file that follow each other in a step go to the disk in one piece. */
  readonly #writes: WriteJoiner<ReceptionId>

  constructor(parts: Parts) {
    this.#parts = parts
    this.#writes = new WriteJoiner(
      (id, offset, octets) => this.#write(id, offset, octets),
      (one, other) => one === other,
      JOINED_OCTETS_MAX,
    )
  }

  /**
   * To be called once, before anything else. Partial files of which the journal knows nothing were never spoken for;
   * those of receptions that have their outcome were to be discarded when the last run ended.
   */
  async clearLeftovers(): Promise<void> {
    const { archive, receptions } = this.#parts
    for (const file of await archive.leftovers()) {
      const reception = receptions.get(receptionId(file))
      if (reception === undefined || reception.transaction.stage === 'finishing')
        await archive.discard(file)
    }
  }

  /** Whether flush() must come before an effect: what was to be written before it waits to be joined to what follows. */
  holds(effect: { readonly kind: string }): boolean {
    return effect.kind !== 'write' && !this.#writes.isEmpty
  }

  /** Resolves when the disk has what waited. */
  flush(): Promise<void> {
    return this.#writes.flush()
  }

  /** Whether an effect is not to be performed, because one before it in this step was not. */
  skips(effect: { readonly kind: string; readonly id?: ReceptionId }): boolean {
    if (effect.id === undefined || effect.kind === 'write' || !this.#broken.has(effect.id))
      return false
    // A reception that is over stays so, whatever the disk did to what it wrote before.
    const { record } = effect as { readonly record?: { readonly kind: string } }
    return record?.kind !== 'closed'
  }

  /** Resolves when it is done, a write maybe with flush(); what takes long goes on, and its answer is posted. */
  async perform(effect: ArrivalEffect): Promise<void> {
    if (effect.kind === 'write') await this.#take(effect)
    else if (effect.kind === 'sync') await this.#sync(effect.id)
    else if (effect.kind === 'verify') void this.#verify(effect)
    else if (effect.kind === 'deliver') void this.#deliver(effect)
    else if (effect.kind === 'discard') await this.#discard(effect.id)
    else void this.#awaitRoom()
  }

  /** All effects of a step were performed, or skipped, and flushed. Answers whether all were performed. */
  endStep(): boolean {
    const isWhole = this.#broken.size === 0
    for (const [id, { lost, why }] of this.#broken)
      this.#parts.inbox.postFirst({ kind: 'disk failed', id, lost, why })
    this.#broken.clear()
    return isWhole
  }

  async #take({ id, offset, octets }: ArrivalEffect & { kind: 'write' }): Promise<void> {
    const broken = this.#broken.get(id)
    if (broken === undefined) await this.#writes.add(id, offset, octets)
    else broken.lost.push({ start: offset, end: offset + octets.length })
  }

  async #write(id: ReceptionId, offset: number, octets: Uint8Array): Promise<void> {
    try {
      await this.#parts.archive.write(fileIdOf(id), offset, octets)
    } catch (error) {
      if (!(error instanceof WriteCut)) throw error
      const broken = this.#broken.get(id) ?? { lost: [], why: String(error.cause) }
      broken.lost.push({ start: offset + error.written, end: offset + octets.length })
      this.#broken.set(id, broken)
    }
  }

  async #sync(id: ReceptionId): Promise<void> {
    try {
      await this.#parts.archive.sync(fileIdOf(id))
    } catch (error) {
      // Which octets reached the disk nobody can tell: none of them counts.
      const held = this.#parts.receptions.get(id)?.transaction.held ?? []
      this.#broken.set(id, { lost: [...held], why: String(error) })
    }
  }

  async #verify({ id, octets, checksumType }: ArrivalEffect & { kind: 'verify' }): Promise<void> {
    const { archive, inbox } = this.#parts
    this.#inUse.add(id)
    try {
      const checksum = await archive.checksum(fileIdOf(id), octets, checksumType)
      inbox.post({ kind: 'verified', id, checksum })
    } catch (error) {
      if (!this.#inUse.has(id)) return
      // The file may be right all the same: it is read once more when the disk is better.
      const why = `the file cannot be read back: ${String(error)}`
      inbox.post({ kind: 'disk failed', id, lost: [], why })
    } finally {
      this.#inUse.delete(id)
    }
  }

  async #deliver(effect: ArrivalEffect & { kind: 'deliver' }): Promise<void> {
    const { id, octets } = effect
    const { inbox, log } = this.#parts
    const name = safeName(effect.name)
    if (name === undefined) {
      inbox.post({ kind: 'refused', id, why: 'its name leads out of the archive' })
      return
    }
    this.#inUse.add(id)
    try {
      inbox.post({ kind: 'delivered', id, path: await this.#deliverAs(name, id, octets) })
    } catch (error) {
      if (!this.#inUse.has(id)) return
      if (!isDiskFull(error))
        log.error('file cannot be named', { transaction: id, why: String(error) })
      inbox.post({ kind: 'disk failed', id, lost: [], why: String(error) })
    } finally {
      this.#inUse.delete(id)
    }
  }

  async #discard(id: ReceptionId): Promise<void> {
    this.#inUse.delete(id)
    try {
      await this.#parts.archive.discard(fileIdOf(id))
    } catch (error) {
      this.#parts.log.warn('partial file stays', { transaction: id, why: String(error) })
    }
  }

  /** Asks the disk again and again until it has room. */
  async #awaitRoom(): Promise<void> {
    const { signal } = this.#parts
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

const JOINED_OCTETS_MAX = 64 * 1_024
const DISK_MS = 1_000
/** Room that makes it worth asking the sender again. */
const DISK_ROOM_OCTETS = 4 * 1_048_576
