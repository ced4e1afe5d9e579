/** A file on its way in: its transaction, and what its owner and its user are told of it. */
import type { Instant } from '../../machine.ts'
import { isChecksumSupported } from '../checksum.ts'
import { FILE_STATUS } from '../completion.ts'
import { CONDITION } from '../condition.ts'
import type { FilestoreOutcome } from '../filestore/outcome.ts'
import { readResponses } from '../filestore/requests.ts'
import { isApart } from '../intake.ts'
import type { Body, Directive, FileData, Finished, Header, TransactionId } from '../pdu/pdu.ts'
import { ReceivingTransaction } from '../receiving.ts'
import type { ReceivingEffect } from '../reception.ts'
import { nakOctets, type RemoteEntity } from '../remote.ts'
import { StreamedChecksum } from '../streamed-checksum.ts'
import type { Ended } from './history.ts'
import type { Status } from './indications.ts'
import type { OpenOctets } from './open-octets.ts'
import type { Output } from './output.ts'

/** Whom a file comes from, and what all of its files may cost. */
interface Sender {
  readonly remote: RemoteEntity
  readonly openOctets: OpenOctets
}

export class ReceivingFile {
  readonly id: TransactionId
  readonly remote: RemoteEntity
  readonly #transaction: ReceivingTransaction
  readonly #output: Output
  readonly #tellsSegments: boolean
  /** The largest NAK that the peer takes whole. */
  readonly #nakOctetsMax: number
  readonly #openOctets: OpenOctets
  /** Of those, the ones of this file. */
  #ownOctets = 0
  /** Undefined: the file is read back. */
  #streamed: StreamedChecksum | undefined
  #finished: Finished | undefined
  #path: string | undefined
  #condition: number = CONDITION.noError
  #why: string | undefined
  #isToldOver = false
  /** Contact time of the last thing that took any. */
  #latest: Instant = 0

  constructor(header: Header, peer: Sender, output: Output, tellsSegments: boolean) {
    const { remote } = peer
    const { receiving, quirks, checksumType } = remote
    this.id = { source: header.source, sequence: header.sequence }
    this.remote = remote
    this.#transaction = new ReceivingTransaction(header, receiving)
    this.#openOctets = peer.openOctets
    // Of what comes before the Metadata it can only be guessed by what it will be judged.
    if (remote.verify === 'stream') this.#streamed = new StreamedChecksum(checksumType)
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
    if (body.kind === 'file data' && this.#isTooMuch(body)) {
      this.#output.counters.recv.dropped += 1
      return
    }
    if (this.#tellsSegments && body.kind === 'file data') return this.#receiveTold(body, now)
    this.#transaction.receive(body, now)
    this.#settle(now)
  }

  tick(now: Instant): void {
    this.#transaction.tick(now)
    this.#settle(now)
  }

  contactBegins(now: Instant): void {
    this.#transaction.contactBegins(now)
    this.#settle(now)
  }

  verified(checksum: number | undefined, now: Instant): void {
    this.#transaction.verified(checksum, now)
    this.#settle(now)
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
    this.#settle(now)
  }

  resume(now: Instant): void {
    this.#transaction.resume(now)
    this.#settle(now)
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
    this.#settle(now)
    return message
  }

  /** The user is told of a segment that is not held and of this file. */
  #receiveTold(data: FileData, now: Instant): void {
    const { counters } = this.#transaction
    const { segments, duplicates } = counters
    this.#transaction.receive(data, now)
    this.#settle(now)
    if (counters.segments > segments && counters.duplicates === duplicates) this.#tellSegment(data)
  }

  #isTooMuch(data: FileData): boolean {
    return !this.#openOctets.hasRoomFor(data.octets.length) || this.#isOneTooMany(data)
  }

  /** Whether it would lie apart from all that is held, and too much does already. */
  #isOneTooMany(data: FileData): boolean {
    const { held } = this.#transaction
    return held.count >= this.remote.limits.spansMax && isApart(data, held)
  }

  #settle(now: Instant = this.#latest): void {
    this.#latest = now
    for (const effect of this.#transaction.drain()) {
      this.#follow(effect)
      if (effect.kind === 'verify') this.#verify(effect, now)
    }
  }

  #follow(effect: ReceivingEffect): void {
    const { id } = this
    const output = this.#output
    switch (effect.kind) {
      case 'write':
        this.#write(effect.offset, effect.octets)
        break
      case 'metadata':
        this.#streamed = this.#streamedAs(effect.metadata.checksumType)
        output.tell({ kind: 'metadata-recv', id, metadata: effect.metadata })
        break
      case 'eof':
        output.tell({ kind: 'eof-recv', id })
        break
      case 'verify':
        break
      case 'deliver':
      case 'perform':
        output.push({ ...effect, id })
        break
      case 'discard':
        this.#streamed?.clear()
        this.#free()
        output.push({ ...effect, id })
        break
      case 'finished':
        this.#free()
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
    this.#openOctets.take(octets.length)
    this.#ownOctets += octets.length
    this.#streamed?.add(octets, offset)
  }

  #free(): void {
    this.#openOctets.free(this.#ownOctets)
    this.#ownOctets = 0
  }

  /** The Metadata says by which type: what came before it was summed by another one is read back. */
  #streamedAs(type: number): StreamedChecksum | undefined {
    if (this.#streamed === undefined || this.#streamed.type === type) return this.#streamed
    const isNew = this.#streamed.octets === 0 && isChecksumSupported(type)
    return isNew ? new StreamedChecksum(type) : undefined
  }

  #verify(effect: ReceivingEffect & { kind: 'verify' }, now: Instant): void {
    const checksum = this.#streamed?.of(effect.octets)
    if (checksum === undefined) this.#output.push({ ...effect, id: this.id })
    else this.verified(checksum, now)
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
