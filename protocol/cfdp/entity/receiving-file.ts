/** A file on its way in: its transaction, and what its owner and its user are told of it. */
import type { Instant } from '../../machine.ts'
import { FILE_STATUS } from '../completion.ts'
import { CONDITION } from '../condition.ts'
import type { FilestoreOutcome } from '../filestore/outcome.ts'
import { readResponses } from '../filestore/requests.ts'
import type { Body, Directive, FileData, Finished, Header, TransactionId } from '../pdu/pdu.ts'
import { ReceivingTransaction } from '../receiving.ts'
import type { ReceivingEffect } from '../reception.ts'
import { nakOctets, type RemoteEntity } from '../remote.ts'
import type { Ended } from './history.ts'
import type { Status } from './indications.ts'
import type { Output } from './output.ts'

export class ReceivingFile {
  readonly id: TransactionId
  readonly remote: RemoteEntity
  readonly #transaction: ReceivingTransaction
  readonly #output: Output
  readonly #tellsSegments: boolean
  /** The largest NAK that the peer takes whole. */
  readonly #nakOctetsMax: number
  #finished: Finished | undefined
  #path: string | undefined
  #condition: number = CONDITION.noError
  #why: string | undefined
  #isToldOver = false

  constructor(header: Header, remote: RemoteEntity, output: Output, tellsSegments: boolean) {
    const { receiving, quirks } = remote
    this.id = { source: header.source, sequence: header.sequence }
    this.remote = remote
    this.#transaction = new ReceivingTransaction(header, receiving)
    this.#output = output
    this.#tellsSegments = tellsSegments
    this.#nakOctetsMax = Math.min(remote.nakOctetsMax, nakOctets(quirks.nakGapsMax, header))
  }

  get deadline(): Instant | undefined {
    return this.#transaction.deadline
  }

  /** Whether next() has something to say. */
  get isUrgent(): boolean {
    return this.#transaction.isUrgent
  }

  /** Nothing is left to do or to say. */
  get isOver(): boolean {
    return this.#transaction.stage === 'closed' && !this.#transaction.isUrgent
  }

  get ended(): Ended {
    const { eof } = this.#transaction
    return { condition: this.#condition, finished: this.#finished, eof }
  }

  get status(): Status {
    const { stage, held, fileOctets } = this.#transaction
    const condition = this.#condition
    const suspended = this.#transaction.isSuspended
    return {
      direction: 'receiving',
      state: stage,
      suspended,
      progress: held.octets,
      fileOctets,
      condition,
    }
  }

  receive(body: Body, now: Instant): void {
    if (body.kind === 'file data' && this.#isOneTooMany(body)) {
      this.#output.counters.recv.dropped += 1
      return
    }
    const { segments, duplicates } = this.#transaction.counters
    this.#transaction.receive(body, now)
    this.#settle()
    const { counters } = this.#transaction
    const isTaken = counters.segments > segments && counters.duplicates === duplicates
    if (this.#tellsSegments && isTaken && body.kind === 'file data') this.#tellSegment(body)
  }

  tick(now: Instant): void {
    this.#transaction.tick(now)
    this.#settle()
  }

  contactBegins(now: Instant): void {
    this.#transaction.contactBegins(now)
    this.#settle()
  }

  verified(checksum: number | undefined, now: Instant): void {
    this.#transaction.verified(checksum, now)
    this.#settle()
  }

  delivered(path: string): void {
    this.#path = path
    this.#transaction.delivered()
    this.#settle()
  }

  performed(outcome: FilestoreOutcome, message: string): void {
    this.#transaction.performed(outcome, message)
    this.#settle()
  }

  refused(why: string): void {
    const isDelivering = this.#transaction.stage === 'delivering'
    this.#output.counters.fault[isDelivering ? 'file_rename' : 'file_write'] += 1
    this.#why = why
    this.#transaction.refused()
    this.#settle()
  }

  suspend(now: Instant): void {
    this.#transaction.suspend(now)
    this.#settle()
  }

  resume(now: Instant): void {
    this.#transaction.resume(now)
    this.#settle()
  }

  cancel(condition: number): void {
    this.#transaction.cancel(condition)
    this.#settle()
  }

  /** Ends at once; the other end is told nothing. */
  abandon(condition: number): void {
    this.#transaction.abandon(condition)
    this.#settle()
  }

  ask(): void {
    this.#transaction.askNow()
  }

  /** The most urgent answer, in a PDU of at most `roomOctets`. */
  next(
    roomOctets: number,
    now: Instant,
  ): { readonly header: Header; readonly body: Directive } | undefined {
    const message = this.#transaction.next(Math.min(roomOctets, this.#nakOctetsMax), now)
    this.#settle()
    return message
  }

  /** Whether it would lie apart from all that is held, and too much does already. */
  #isOneTooMany({ offset, octets }: FileData): boolean {
    const { held } = this.#transaction
    if (held.count < this.remote.limits.spansMax || typeof offset === 'bigint') return false
    const next = held.firstAfter(offset - 1)
    return next === undefined || next.start > offset + octets.length
  }

  #settle(): void {
    for (const effect of this.#transaction.drain()) this.#follow(effect)
  }

  #follow(effect: ReceivingEffect): void {
    const { id } = this
    const output = this.#output
    switch (effect.kind) {
      case 'write':
        this.#write(effect.offset, effect.octets)
        break
      case 'metadata':
        output.tell({ kind: 'metadata-recv', id, metadata: effect.metadata })
        break
      case 'eof':
        output.tell({ kind: 'eof-recv', id })
        break
      case 'verify':
      case 'deliver':
      case 'perform':
      case 'discard':
        output.push({ ...effect, id })
        break
      case 'finished':
        this.#finished = effect.finished
        this.#end(effect.finished.condition)
        break
      case 'fault':
        // What it leads to follows in effects of its own.
        output.fault(id, { ...effect, progress: this.#transaction.held.octets, why: this.#why })
        break
      case 'suspended':
        output.tell({ ...effect, id })
        break
      case 'resumed':
      case 'abandoned':
        output.tell({ ...effect, id, progress: this.#transaction.held.octets })
        break
      case 'closed':
        // Else the last word was said, or nobody heard it.
        if (!this.#isToldOver) this.#end(effect.condition)
        break
    }
  }

  #write(offset: number, octets: Uint8Array): void {
    const { id } = this
    this.#output.push({ kind: 'write', id, offset, octets })
    this.#output.counters.recv.file_data_bytes += octets.length
  }

  #tellSegment({ offset, octets, segmentMetadata }: FileData): void {
    this.#output.tell({
      kind: 'file-segment-recv',
      id: this.id,
      offset: Number(offset),
      length: octets.length,
      segmentMetadata: segmentMetadata && {
        ...segmentMetadata,
        octets: segmentMetadata.octets.slice(),
      },
    })
  }

  #end(condition: number): void {
    const { id } = this
    this.#isToldOver = true
    this.#condition = condition
    const finished = this.#finished
    this.#output.tell({
      kind: 'transaction-finished',
      id,
      condition,
      complete: finished?.complete ?? false,
      fileStatus: finished?.fileStatus ?? FILE_STATUS.discarded,
      finished,
      path: this.#path,
      filestoreResponses: readResponses(finished?.filestoreResponses ?? []),
    })
  }
}
