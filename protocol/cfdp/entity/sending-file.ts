/**
 * A file on its way out: from the turn of its put request to its end. First the file is read once for its size
 * and checksum, which every PDU from the Metadata on relies on; then its transaction runs.
 */
import type { Instant } from '../../machine.ts'
import type { Span } from '../../octets/span.ts'
import { CHECKSUM } from '../checksum.ts'
import { FILE_STATUS } from '../completion.ts'
import { CONDITION } from '../condition.ts'
import type { Outgoing } from '../emission.ts'
import type { FaultHandler } from '../fault-handlers.ts'
import { readResponses } from '../filestore/requests.ts'
import { fileDataOverhead } from '../pdu/file-data.ts'
import type { Body, Finished, Header, Prompt, SegmentMetadata, TransactionId } from '../pdu/pdu.ts'
import { type RemoteEntity, refusalOf } from '../remote.ts'
import { SendingTransaction } from '../sending.ts'
import { headerOf, segmentMetadataOf, type Transmission } from '../transmission.ts'
import type { PutRequest } from './events.ts'
import type { Ended } from './history.ts'
import type { Status } from './indications.ts'
import type { Output } from './output.ts'
import { ReadWindow } from './read-window.ts'

export interface Message {
  readonly header: Header
  readonly body: Body
}

/** What is fixed of a transmission before its file was read. */
export type Way = Omit<Transmission, 'fileSize' | 'checksum'>

export class SendingFile {
  readonly id: TransactionId
  readonly remote: RemoteEntity
  readonly priority: number
  readonly #way: Way
  readonly #file: string | undefined
  readonly #output: Output
  readonly #window: ReadWindow
  /** Undefined until the file was digested. */
  #transaction: SendingTransaction | undefined
  #hasSegmentMetadata = false
  /** Octets around a segment. */
  #overhead = 0
  #finished: Finished | undefined
  #condition: number = CONDITION.noError
  #why: string | undefined
  #isDropped = false
  #isEofTold = false

  constructor(way: Way, request: PutRequest, remote: RemoteEntity, output: Output) {
    this.id = { source: way.source, sequence: way.sequence }
    this.remote = remote
    this.priority = request.priority ?? 0
    this.#way = way
    this.#file = request.file
    this.#output = output
    this.#window = new ReadWindow(remote.segmentOctetsMax)
    const { file, unbounded = false } = request
    if (unbounded || file === undefined) this.#begin(0, 0)
    if (file === undefined) return
    const kind = unbounded ? 'follow' : 'digest'
    output.push({ kind, id: this.id, file, checksumType: way.checksumType })
  }

  /** What waits to be sent, the most urgent kind; undefined: nothing, as far as is known. */
  get due(): SendingTransaction['due'] {
    return this.#transaction?.due
  }

  get deadline(): Instant | undefined {
    return this.#transaction?.deadline
  }

  /** All was sent, and something of the other end is waited for. */
  get isWaiting(): boolean {
    return this.#transaction !== undefined && this.#transaction.state !== 'sending'
  }

  /** Nothing is left to do or to say. */
  get isOver(): boolean {
    if (this.#transaction === undefined) return this.#isDropped
    return this.#transaction.state === 'closed' && this.#transaction.due === undefined
  }

  get ended(): Ended {
    return { condition: this.#condition, finished: this.#finished, eof: undefined }
  }

  get status(): Status {
    return {
      direction: 'sending',
      state: this.#transaction?.state ?? 'digesting',
      suspended: this.#transaction?.isSuspended ?? false,
      progress: this.#progress,
      fileOctets: this.#fileOctets,
      condition: this.#condition,
    }
  }

  /** The file was read; or, of an unbounded one, that was all. */
  digested(fileSize: number, checksum: number): void {
    if (!this.#takes(fileSize)) return
    if (this.#transaction === undefined) this.#begin(fileSize, checksum)
    else this.#transaction.extent.end(fileSize, checksum)
  }

  /** There is more of an unbounded file. */
  grown(octets: number): void {
    if (this.#takes(octets)) this.#transaction?.extent.grow(octets)
  }

  digestedFirst(checksum: number): void {
    this.#transaction?.digestedFirst(checksum)
  }

  read(offset: number, octets: Uint8Array): void {
    this.#window.put(offset, octets)
  }

  sourceFailed(why: string): void {
    const { fault } = this.#output.counters
    fault[this.#transaction === undefined ? 'file_open' : 'file_read'] += 1
    // Whoever hears that it is broken off need not hear of what.
    if (this.#transaction?.state === 'cancelled') this.#transaction.digestedFirst(0)
    else this.#refuse(why)
  }

  receive(body: Body, now: Instant): void {
    this.#transaction?.receive(body, now)
    this.#settle()
  }

  tick(now: Instant): void {
    this.#transaction?.tick(now)
    this.#settle()
  }

  contactBegins(now: Instant): void {
    this.#transaction?.contactBegins(now)
    this.#settle()
  }

  suspend(now: Instant): void {
    this.#transaction?.suspend(now)
    this.#settle()
  }

  resume(now: Instant): void {
    this.#transaction?.resume(now)
    this.#settle()
  }

  /** Ends what has sent nothing yet at once: the other end need not know. */
  cancel(condition: number): void {
    if (this.#transaction !== undefined) this.#transaction.cancel(condition)
    else {
      this.#isDropped = true
      this.#end(condition)
    }
    this.#settle()
  }

  /** Ends at once; the other end is told nothing. */
  abandon(condition: number): void {
    if (this.#transaction === undefined) return this.cancel(condition)
    this.#transaction.abandon(condition)
    this.#settle()
  }

  prompt(wants: Prompt['wants']): void {
    this.#transaction?.prompt(wants)
  }

  /** The most urgent PDU, of at most `roomOctets`; undefined while its octets are not there. */
  next(roomOctets: number, now: Instant): Message | undefined {
    const transaction = this.#transaction as SendingTransaction
    const isData = transaction.due === 'again' || transaction.due === 'new'
    const message = isData
      ? this.#nextSegment(transaction, roomOctets, now)
      : this.#nextDirective(transaction, now)
    this.#settle()
    return message
  }

  /** Whether no segment of it fits a PDU of so many octets. */
  needsMoreThan(roomOctets: number): boolean {
    return roomOctets <= this.#overhead
  }

  get #fileOctets(): number | undefined {
    const extent = this.#transaction?.extent
    return extent?.isAll === true ? extent.fileSize : undefined
  }

  #begin(fileSize: number, checksum: number): void {
    const transmission = { ...this.#way, fileSize, checksum }
    const metadata = this.#segmentMetadata(0, 0)
    this.#hasSegmentMetadata = metadata !== undefined
    this.#overhead = fileDataOverhead(headerOf(transmission), metadata)
    const { sending } = this.remote
    this.#transaction = new SendingTransaction(transmission, sending, undefined, octets =>
      this.#checksumOfFirst(octets),
    )
  }

  /** Whether its size, as it is said now, can be sent; else it is given up. */
  #takes(octets: number): boolean {
    const extent = this.#transaction?.extent
    if (extent?.isAll === true) return false
    const why =
      octets < this.#progress
        ? `Cannot send ${octets} octets: ${this.#progress} were sent`
        : refusalOf(this.remote, { ...this.#way, fileOctets: octets })
    if (why !== undefined) this.#refuse(why)
    return why === undefined
  }

  #checksumOfFirst(octets: number): number | undefined {
    const { checksumType } = this.#way
    if (checksumType === CHECKSUM.null) return 0
    const file = this.#file as string
    this.#output.push({ kind: 'digest first', id: this.id, file, octets, checksumType })
    return undefined
  }

  get #progress(): number {
    return this.#transaction?.mark ?? 0
  }

  #nextDirective(transaction: SendingTransaction, now: Instant): Message | undefined {
    const outgoing = transaction.next(1, now) as Outgoing & { kind: 'directive' }
    const { header, body } = outgoing
    if (body.kind === 'eof' && body.condition === CONDITION.noError && !this.#isEofTold) {
      this.#isEofTold = true
      this.#output.tell({ kind: 'eof-sent', id: this.id })
    }
    return { header, body }
  }

  #nextSegment(
    transaction: SendingTransaction,
    roomOctets: number,
    now: Instant,
  ): Message | undefined {
    const { segmentOctetsMax } = this.remote
    const most = Math.min(segmentOctetsMax, roomOctets - this.#overhead)
    if (most < 1) return undefined
    const wanted = transaction.wanted as Span
    const octets = this.#window.take(wanted, most)
    for (const { start, end } of this.#window.drain())
      this.#output.push({
        kind: 'read',
        id: this.id,
        file: this.#file as string,
        offset: start,
        length: end - start,
      })
    if (octets === undefined) return undefined
    const { header, length } = transaction.next(octets.length, now) as Outgoing & {
      kind: 'segment'
    }
    this.#output.counters.sent.file_data_bytes += length
    const offset = wanted.start
    const segmentMetadata = this.#hasSegmentMetadata
      ? this.#segmentMetadata(offset, offset + length)
      : undefined
    // A record may end before they do.
    const ofRecord = length === octets.length ? octets : octets.subarray(0, length)
    return { header, body: { kind: 'file data', offset, octets: ofRecord, segmentMetadata } }
  }

  #segmentMetadata(start: number, end: number): SegmentMetadata | undefined {
    return segmentMetadataOf(this.#way, { start, end }, this.#fileOctets)
  }

  #settle(): void {
    for (const effect of this.#transaction?.drain() ?? []) {
      if (effect.kind === 'fault') this.#tellFault(effect)
      else if (effect.kind === 'nak ignored') this.#output.counters.recv.nak_ignored += 1
      else if (effect.kind === 'suspended') this.#output.tell({ ...effect, id: this.id })
      else if (effect.kind === 'resumed' || effect.kind === 'abandoned')
        this.#output.tell({ ...effect, id: this.id, progress: this.#progress })
      else if (effect.kind === 'finished') this.#finished = kept(effect.finished)
      else if (effect.kind === 'closed') this.#end(effect.condition)
    }
  }

  /** The file cannot be sent. */
  #refuse(why: string): void {
    this.#why = why
    this.#tellFault({ condition: CONDITION.filestoreRejection, handler: 'cancel' })
    this.cancel(CONDITION.filestoreRejection)
  }

  #tellFault(fault: { readonly condition: number; readonly handler: FaultHandler }): void {
    const { condition, handler } = fault
    const progress = this.#progress
    this.#output.fault(this.id, { condition, handler, progress, why: this.#why })
  }

  #end(condition: number): void {
    const { id } = this
    this.#condition = condition
    const finished = this.#finished
    this.#output.tell({
      kind: 'transaction-finished',
      id,
      condition,
      complete: finished?.complete,
      fileStatus: finished?.fileStatus ?? FILE_STATUS.unreported,
      finished,
      path: undefined,
      filestoreResponses: readResponses(finished?.filestoreResponses ?? []),
    })
  }
}

/** A Finished PDU is lent; what is kept of it is a copy. */
function kept(finished: Finished): Finished {
  return {
    ...finished,
    filestoreResponses: finished.filestoreResponses.map(value => value.slice()),
    faultLocation: finished.faultLocation?.slice(),
  }
}
