/**
 * One file on its way in: the CFDP transaction, and what the journal knows of it. Before any word to the
 * spacecraft leaves, what that word claims is on the disk: octets synced, then spans journaled, then sent.
 */

import type { Instant } from '../../machine.ts'
import type { Span } from '../../octets/span.ts'
import { Spans } from '../../octets/spans.ts'
import { CONDITION } from '../condition.ts'
import { countFault, type EntityCounters } from '../entity/counters.ts'
import type { Body, Eof, Finished, Header, Metadata } from '../pdu/pdu.ts'
import { ReceivingTransaction } from '../receiving.ts'
import type { ReceivingEffect, ReceivingLimits } from '../reception.ts'
import type { ReceptionEffect } from './events.ts'
import { type ReceptionId, type ReceptionRecord, receptionId } from './records.ts'

/** What the journal says of a reception. */
export interface Known {
  header: Header
  metadata?: Metadata
  eof?: Eof
  held: Spans
  delivering?: boolean
  suspended?: boolean
  finished?: Finished
  path?: string
}

export class Reception {
  readonly id: ReceptionId
  readonly header: Header
  readonly transaction: ReceivingTransaction
  /** Where the file is, once it was delivered; why not, if it never will be. */
  path: string | undefined
  why: string | undefined
  #effects: ReceptionEffect[] = []
  #isOpened: boolean
  /** Held, and not yet in the journal. */
  readonly #fresh = new Spans()
  #finished: Finished | undefined
  readonly #counters: EntityCounters

  constructor(header: Header, limits: ReceivingLimits, counters: EntityCounters, known?: Known) {
    this.id = receptionId(header)
    this.header = header
    this.#counters = counters
    this.#isOpened = known !== undefined
    this.path = known?.path
    this.#finished = known?.finished
    this.transaction = new ReceivingTransaction(header, limits, known)
    this.#settle()
  }

  /** Octets held that a crash would lose. */
  get freshOctets(): number {
    return this.#fresh.octets
  }

  receive(body: Body, now: Instant): void {
    this.transaction.receive(body, now)
    this.#settle()
  }

  tick(now: Instant): void {
    this.transaction.tick(now)
    this.#settle()
  }

  verified(checksum: number | undefined, now: Instant): void {
    this.transaction.verified(checksum, now)
    this.#settle()
  }

  delivered(path: string): void {
    this.path = path
    this.transaction.delivered()
    this.#settle()
  }

  refused(why: string): void {
    this.why = why
    this.#counters.fault.file_rename += 1
    this.transaction.refused()
    this.#settle()
  }

  /** It has no room beside the others. */
  overflow(why: string): void {
    this.why = why
    this.cancel(CONDITION.filestoreRejection)
  }

  cancel(condition: number): void {
    this.transaction.cancel(condition)
    this.#settle()
  }

  suspend(now: Instant): void {
    this.transaction.suspend(now)
    this.#settle()
  }

  resume(now: Instant): void {
    this.transaction.resume(now)
    this.#settle()
  }

  /** Nobody hears what it would say. */
  hush(): void {
    this.transaction.hush()
    this.#settle()
  }

  /**
   * The disk did not take `lost`: it is missing again. Records may have been skipped with it, so the journal is
   * told everything once more.
   */
  diskFailed(lost: Iterable<Span>): void {
    this.#counters.fault.file_write += 1
    this.transaction.lost(lost)
    this.#isOpened = false
    this.#fresh.clear()
    for (const { start, end } of this.transaction.held) this.#fresh.add(start, end)
  }

  /** The disk works again. */
  retry(now: Instant): void {
    this.transaction.retry(now)
    this.#settle()
  }

  /** Brings all that is held to the disk and into the journal. */
  checkpoint(): void {
    if (!this.#isOpened) this.#open()
    if (this.#fresh.count === 0) return
    const spans: number[] = []
    for (const { start, end } of this.#fresh) spans.push(start, end)
    this.#fresh.clear()
    this.#push({ kind: 'sync', id: this.id })
    this.#write({ kind: 'held', id: this.id, spans })
  }

  /** The fewest records from which this reception can be made again; none if the ledger has its end. */
  *snapshot(): IterableIterator<ReceptionRecord> {
    const { id, header } = this
    const { metadata, eof, held, stage, isSuspended } = this.transaction
    if (stage === 'closed') return
    yield { kind: 'opened', id, header }
    if (metadata !== undefined) yield { kind: 'metadata', id, metadata }
    if (eof !== undefined) yield { kind: 'eof', id, eof }
    const spans: number[] = []
    for (const { start, end } of held)
      for (const gap of this.#fresh.gaps(start, end)) spans.push(gap.start, gap.end)
    if (spans.length > 0) yield { kind: 'held', id, spans }
    if (stage === 'delivering') yield { kind: 'delivering', id }
    if (isSuspended) yield { kind: 'suspended', id }
    if (this.#finished !== undefined)
      yield { kind: 'finished', id, finished: this.#finished, path: this.path }
  }

  drain(): readonly ReceptionEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  #settle(): void {
    for (const effect of this.transaction.drain()) this.#follow(effect)
  }

  #follow(effect: ReceivingEffect): void {
    const { id } = this
    if (effect.kind === 'fault') countFault(this.#counters, effect.condition)
    switch (effect.kind) {
      case 'write':
        this.#fresh.add(effect.offset, effect.offset + effect.octets.length)
        this.#counters.recv.file_data_bytes += effect.octets.length
        // The PDU is borrowed; the disk takes its octets later.
        this.#push({ kind: 'write', id, offset: effect.offset, octets: effect.octets.slice() })
        break
      case 'metadata':
        this.#record({ kind: 'metadata', id, metadata: effect.metadata })
        break
      case 'eof':
        this.#record({ kind: 'eof', id, eof: effect.eof })
        break
      case 'verify':
        this.checkpoint()
        this.#push({ kind: 'verify', id, octets: effect.octets, checksumType: effect.checksumType })
        break
      case 'deliver':
        this.#record({ kind: 'delivering', id })
        this.#push({ kind: 'deliver', id, octets: effect.octets, name: effect.name })
        break
      case 'discard':
        this.#fresh.clear()
        this.#record({ kind: 'discarded', id })
        this.#push({ kind: 'discard', id })
        break
      case 'finished':
        this.#finished = effect.finished
        this.#record({ kind: 'finished', id, finished: effect.finished, path: this.path })
        // The partial name of a delivered file may go, now that the journal knows the other.
        if (effect.finished.complete) this.#push({ kind: 'discard', id })
        break
      case 'suspended':
      case 'resumed':
        this.#record({ kind: effect.kind, id })
        break
      case 'fault':
      case 'abandoned':
      case 'perform':
        // What a fault leads to follows in effects of its own, and filestore requests are passed over.
        break
      case 'closed':
        this.#close(effect.condition)
        break
    }
  }

  #close(condition: number): void {
    const { eof } = this.transaction
    const octets = this.transaction.fileOctets ?? 0
    this.#record({ kind: 'closed', id: this.id, condition, octets, checksum: eof?.checksum ?? 0 })
  }

  /** A record of a transaction comes after the one that opens it. */
  #record(record: ReceptionRecord): void {
    const isTold = !this.#isOpened && IN_SNAPSHOT.has(record.kind)
    if (!this.#isOpened) this.#open()
    if (!isTold) this.#write(record)
  }

  /** After a disk failure the journal may lack anything: it is told everything again. */
  #open(): void {
    this.#isOpened = true
    for (const record of this.snapshot()) this.#write(record)
  }

  #write(record: ReceptionRecord): void {
    this.#push({ kind: 'journal', id: this.id, record })
  }

  #push(effect: ReceptionEffect): void {
    this.#effects.push(effect)
  }
}

/** What the snapshot that opens a reception says of the moment, too. */
const IN_SNAPSHOT: ReadonlySet<ReceptionRecord['kind']> = new Set([
  'metadata',
  'eof',
  'delivering',
  'suspended',
  'finished',
])
