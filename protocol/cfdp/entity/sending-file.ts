/**
 * A file on its way out: from the turn of its put request to its end. First the file is read once for its size
 * and checksum, which every PDU from the Metadata on relies on; then its transaction runs.
 */
import type { Instant } from '../../machine.ts'
import type { Span } from '../../octets/span.ts'
import { FILE_STATUS } from '../completion.ts'
import { CONDITION } from '../condition.ts'
import type { Outgoing } from '../emission.ts'
import type { FaultHandler } from '../fault-handlers.ts'
import { readResponses } from '../filestore/requests.ts'
import { fileDataOverhead } from '../pdu/file-data.ts'
import type { Body, Finished, Header, Prompt, TransactionId } from '../pdu/pdu.ts'
import { type RemoteEntity, refusalOf } from '../remote.ts'
import { SendingTransaction } from '../sending.ts'
import { headerOf, type Transmission } from '../transmission.ts'
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
    if (request.file === undefined) this.digested(0, 0)
    else {
      const { file } = request
      output.push({ kind: 'digest', id: this.id, file, checksumType: way.checksumType })
    }
  }

  /** What waits to be sent, the most urgent kind; undefined: nothing, as far as is known. */
  get due(): SendingTransaction['due'] {
    return this.#transaction?.due
  }

  get deadline(): Instant | undefined {
    return this.#transaction?.deadline
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
      fileOctets: this.#transaction?.transmission.fileSize,
      condition: this.#condition,
    }
  }

  digested(fileSize: number, checksum: number): void {
    if (this.#transaction !== undefined) return
    const why = refusalOf(this.remote, { ...this.#way, fileOctets: fileSize })
    if (why !== undefined) return this.#refuse(why)
    const transmission = { ...this.#way, fileSize, checksum }
    this.#overhead = fileDataOverhead(headerOf(transmission))
    this.#transaction = new SendingTransaction(transmission, this.remote.sending)
  }

  read(offset: number, octets: Uint8Array): void {
    this.#window.put(offset, octets)
  }

  sourceFailed(why: string): void {
    const { fault } = this.#output.counters
    fault[this.#transaction === undefined ? 'file_open' : 'file_read'] += 1
    this.#refuse(why)
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
    const { header } = transaction.next(octets.length, now) as Outgoing
    this.#output.counters.sent.file_data_bytes += octets.length
    return {
      header,
      body: { kind: 'file data', offset: wanted.start, octets, segmentMetadata: undefined },
    }
  }

  #settle(): void {
    for (const effect of this.#transaction?.drain() ?? []) {
      if (effect.kind === 'fault') this.#tellFault(effect)
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

/** The one of `files` and `other` that goes first: the kind of what is due, then the priority, then the age. */
export function mostUrgent(
  files: Iterable<SendingFile>,
  other: SendingFile | undefined,
): SendingFile | undefined {
  let first = other
  for (const file of files)
    if (file.due !== undefined && (first === undefined || isBefore(file, first))) first = file
  return first
}

function isBefore(one: SendingFile, other: SendingFile): boolean {
  const ranks = RANK[one.due as Due] - RANK[other.due as Due]
  if (ranks !== 0) return ranks < 0
  const priorities = one.priority - other.priority
  return priorities === 0 ? one.id.sequence < other.id.sequence : priorities < 0
}

type Due = NonNullable<SendingFile['due']>

const RANK = { directive: 0, again: 1, new: 2 } as const satisfies Record<Due, number>
