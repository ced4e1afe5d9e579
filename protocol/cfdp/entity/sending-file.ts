/**
 * A file on its way out: from the turn of its put request to its end. First the file is read once for its size
 * and checksum, which every PDU from the Metadata on relies on; then its transaction runs.
 */
import { type Instant, sooner } from '../../machine.ts'
import type { Span } from '../../octets/span.ts'
import { CONDITION } from '../condition.ts'
import { fileDataOverhead } from '../pdu/file-data.ts'
import type { Body, Finished, Header, TransactionId } from '../pdu/pdu.ts'
import { type RemoteEntity, refusalOf } from '../remote.ts'
import { type Outgoing, SendingTransaction } from '../sending.ts'
import { headerOf, type Transmission } from '../transmission.ts'
import type { PutRequest, Status } from './events.ts'
import type { Ended } from './history.ts'
import type { Output } from './output.ts'
import { ReadWindow } from './read-window.ts'
import { Silence } from './silence.ts'

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
  readonly #silence: Silence
  /** Undefined until the file was digested. */
  #transaction: SendingTransaction | undefined
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
    this.#silence = new Silence(remote.limits.inactivityMs)
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
    return sooner(this.#transaction?.deadline, this.#silence.deadline)
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
      progress: this.#progress,
      fileOctets: this.#transaction?.transmission.fileSize,
      condition: this.#condition,
    }
  }

  digested(fileSize: number, checksum: number): void {
    if (this.#transaction !== undefined) return
    const why = refusalOf(this.remote, { ...this.#way, fileOctets: fileSize })
    if (why !== undefined) return this.#drop(CONDITION.filestoreRejection, why)
    const transmission = { ...this.#way, fileSize, checksum }
    this.#transaction = new SendingTransaction(transmission, this.remote.sending)
  }

  read(offset: number, octets: Uint8Array): void {
    this.#window.put(offset, octets)
  }

  sourceFailed(why: string): void {
    const { fault } = this.#output.counters
    fault[this.#transaction === undefined ? 'file_open' : 'file_read'] += 1
    this.cancel(CONDITION.filestoreRejection, why)
  }

  receive(body: Body, now: Instant): void {
    this.#transaction?.receive(body, now)
    this.#silence.watch(this.#isWaiting, now)
    this.#settle()
  }

  tick(now: Instant): void {
    this.#transaction?.tick(now)
    if (this.#silence.isTooLong(now)) {
      this.#silence.watch(false, now)
      this.cancel(CONDITION.inactivityDetected)
    }
    this.#settle()
  }

  contactBegins(now: Instant): void {
    this.#transaction?.contactBegins(now)
    this.#settle()
  }

  cancel(condition: number, why?: string): void {
    this.#why ??= why
    if (this.#transaction === undefined) this.#drop(condition, why)
    else this.#transaction.cancel(condition)
    this.#settle()
  }

  /** The most urgent PDU, of at most `roomOctets`; undefined while its octets are not there. */
  next(roomOctets: number, now: Instant): Message | undefined {
    const transaction = this.#transaction as SendingTransaction
    const isData = transaction.due === 'again' || transaction.due === 'new'
    const message = isData
      ? this.#nextSegment(transaction, roomOctets, now)
      : this.#nextDirective(transaction, now)
    this.#silence.watch(this.#isWaiting, now)
    this.#settle()
    return message
  }

  get #progress(): number {
    return this.#transaction?.mark ?? 0
  }

  /** Whether it is the peer's turn, and no timer of the transaction asks it. */
  get #isWaiting(): boolean {
    const transaction = this.#transaction
    if (transaction?.state !== 'awaiting' || transaction.due !== undefined) return false
    return transaction.deadline === undefined
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
    const { transmission } = transaction
    const header = headerOf(transmission)
    const { segmentOctetsMax } = this.remote
    const most = Math.min(segmentOctetsMax, roomOctets - fileDataOverhead(header))
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
    transaction.next(octets.length, now)
    this.#output.counters.sent.file_data_bytes += octets.length
    return {
      header,
      body: { kind: 'file data', offset: wanted.start, octets, segmentMetadata: undefined },
    }
  }

  #settle(): void {
    for (const effect of this.#transaction?.drain() ?? []) {
      if (effect.kind === 'finished') this.#finished = effect.finished
      else if (effect.kind === 'closed') this.#end(effect.condition)
    }
  }

  /** Ends what has sent nothing yet: the other end need not know. */
  #drop(condition: number, why: string | undefined): void {
    this.#isDropped = true
    this.#why ??= why
    this.#end(condition)
  }

  #end(condition: number): void {
    const { id } = this
    this.#condition = condition
    this.#silence.watch(false, 0)
    this.#output.fault(id, { condition, progress: this.#progress, why: this.#why })
    const finished = this.#finished
    this.#output.tell({ kind: 'transaction-finished', id, condition, finished, path: undefined })
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
