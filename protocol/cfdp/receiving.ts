/**
 * The receiving end of a file: Copy File procedures at the destination. CCSDS 727.0-B-5, 4.6.1 to 4.6.6.
 *
 *     receiving --EOF--> repairing --whole--> verifying --right--> delivering --done--> finishing --> closed
 *
 * Octets come in any order and go to the disk as they come; nothing is called complete before the file was
 * read back and its checksum is right. Answers to the sender are pulled with next(). Times are contact time.
 */
import { type Instant, sooner } from '../machine.ts'
import type { Span } from '../octets/span.ts'
import type { Spans } from '../octets/spans.ts'
import { Asking, type Wanted } from './asking.ts'
import { CHECKSUM } from './checksum.ts'
import { Claims } from './claims.ts'
import { Completion, finishedFor } from './completion.ts'
import { CONDITION } from './condition.ts'
import { newOctets, placeOf, reachOf } from './intake.ts'
import { gapsPerNak } from './pdu/nak.ts'
import type { Ack, Body, Directive, Eof, FileData, Finished, Header, Metadata } from './pdu/pdu.ts'
import type { Received, ReceivingEffect, ReceivingLimits, ReceivingStage } from './reception.ts'
import { idOctets } from './transmission.ts'

export class ReceivingTransaction {
  readonly #limits: ReceivingLimits
  readonly #header: Header
  readonly #claims: Claims
  readonly #asking: Asking
  readonly #completion: Completion
  readonly counters = { segments: 0, duplicates: 0, beyond: 0 }
  #effects: ReceivingEffect[] = []
  #stage: ReceivingStage = 'receiving'
  #ackDue: Ack | undefined
  #checksumRetries = 0

  /** `header` is that of any PDU of the sender. */
  constructor(header: Header, limits: ReceivingLimits, received: Received = {}) {
    this.#limits = limits
    this.#header = { ...header, towardSender: true, recordBoundaries: false }
    this.#claims = new Claims(received.metadata, received.eof)
    this.#asking = new Asking(limits, header.acknowledged, received.held)
    this.#completion = new Completion(limits.ack)
    this.#restore(received)
  }

  get stage(): ReceivingStage {
    return this.#stage
  }

  get metadata(): Metadata | undefined {
    return this.#claims.metadata
  }

  get eof(): Eof | undefined {
    return this.#claims.eof
  }

  get held(): Spans {
    return this.#asking.segments.held
  }

  /** Octets of the file, as far as the sender said; undefined before. */
  get fileOctets(): number | undefined {
    return this.#claims.fileOctets
  }

  get deadline(): Instant | undefined {
    return sooner(this.#asking.deadline, this.#completion.deadline)
  }

  /** Whether next() has something to say. */
  get isUrgent(): boolean {
    if (this.#ackDue !== undefined || this.#completion.isDue) return true
    return this.#mayAsk && this.#asking.segments.isAsking
  }

  receive(body: Body, now: Instant): void {
    if (body.kind === 'file data') this.#receiveFileData(body, now)
    else if (body.kind === 'metadata') this.#receiveMetadata(body, now)
    else if (body.kind === 'eof') this.#receiveEof(body, now)
    else if (body.kind === 'ack' && body.of === 'finished') this.#receiveAck()
    else if (body.kind === 'prompt' && body.wants === 'nak') this.#asking.askAll(this.#wanted)
  }

  tick(now: Instant): void {
    if (this.#asking.tick(this.#wanted, now))
      this.#finish(this.#isAcknowledged ? CONDITION.nakLimitReached : CONDITION.checkLimitReached)
    if (this.#completion.tick(now)) this.#close(CONDITION.positiveAckLimitReached)
  }

  /** A contact begins: what was on its way when the last one ended is lost, and is not waited for. */
  contactBegins(now: Instant): void {
    this.#asking.lapse(this.#wanted, now)
    this.#completion.lapse()
  }

  /** The most urgent answer for the sender, in a PDU of at most `roomOctets`; sending it starts timers. */
  next(
    roomOctets: number,
    now: Instant,
  ): { readonly header: Header; readonly body: Directive } | undefined {
    const body = this.#nextBody(roomOctets, now)
    return body === undefined ? undefined : { header: this.#header, body }
  }

  /** The partial file was read back; undefined: it could not be read. */
  verified(checksum: number | undefined, now: Instant): void {
    if (this.#stage !== 'verifying') return
    const eof = this.eof as Eof
    const isNull = (this.metadata as Metadata).checksumType === CHECKSUM.null
    if (checksum === eof.checksum || (isNull && checksum !== undefined)) this.#deliver()
    else if (this.#checksumRetries < this.#limits.checksumRetriesMax) this.#startOver(now)
    else this.#finish(CONDITION.fileChecksumFailure)
  }

  delivered(): void {
    if (this.#stage === 'delivering') this.#finish(CONDITION.noError)
  }

  /** The filestore will not have the file: its name, its size, or its folder. */
  refused(): void {
    if (!this.#isOver) this.#finish(CONDITION.filestoreRejection)
  }

  /** The disk did not take these octets: they are missing again. Call retry() when it works again. */
  lost(spans: Iterable<Span>): void {
    for (const { start, end } of spans) this.#asking.segments.lose(start, end)
    if (this.#stage === 'verifying') this.#stage = 'repairing'
  }

  /** Goes on after the disk failed. */
  retry(now: Instant): void {
    if (this.#stage === 'delivering') this.#deliver()
    if (this.#stage !== 'repairing') return
    this.#asking.repair(this.#wanted, now)
    this.#checkWhole()
  }

  /** Ends the transaction from this end, unless its file is right and gets its name. 727.0-B-5, 4.11.2. */
  cancel(condition: number): void {
    if (this.#stage !== 'delivering' && !this.#isOver) this.#finish(condition)
  }

  drain(): readonly ReceivingEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  get #isAcknowledged(): boolean {
    return this.#header.acknowledged
  }

  get #isOver(): boolean {
    return this.#stage === 'finishing' || this.#stage === 'closed'
  }

  get #mayAsk(): boolean {
    return this.#isAcknowledged && (this.#stage === 'receiving' || this.#stage === 'repairing')
  }

  /** Up to where what is missing is known to be missing. */
  get #horizon(): number {
    return this.eof === undefined ? this.held.end : (this.eof.fileSize as number)
  }

  get #wanted(): Wanted {
    return { horizon: this.#horizon, metadata: this.metadata === undefined }
  }

  #restore(received: Received): void {
    if (received.finished !== undefined) this.#announce(received.finished)
    else if (received.delivering === true) this.#deliver()
    // What was written down last may be what ends it, and the end of it was not written down.
    else if (this.#judge() && this.eof !== undefined) {
      this.#stage = 'repairing'
      this.#asking.restart(this.#wanted)
      this.#checkWhole()
    }
  }

  /** Answers whether the transaction may go on; if not, it has ended. */
  #judge(): boolean {
    const { kind, condition } = this.#claims.judge(this.held.end, this.#limits.fileOctetsMax)
    if (kind === 'cancelled') {
      // Its EOF is acknowledged, and nothing more is waited for.
      this.#effects.push({ kind: 'discard' })
      this.#close(condition)
    } else if (kind === 'fault') this.#finish(condition)
    return kind === 'sound'
  }

  #receiveFileData(data: FileData, now: Instant): void {
    if (this.#stage !== 'receiving' && this.#stage !== 'repairing') {
      this.counters.duplicates += 1
      return
    }
    const place = placeOf(data, reachOf(this.#claims, this.held.end, this.#limits))
    if (place === undefined) {
      this.counters.beyond += 1
      return
    }
    this.counters.segments += 1
    const { start, end } = place
    const before = this.held.end
    if (this.held.has(start, end)) {
      if (end > start) this.counters.duplicates += 1
      return
    }
    this.#effects.push(...newOctets(data.octets, start, this.held))
    this.#asking.segments.add(start, end)
    this.#asking.progress(now)
    // A segment that is no continuation shows that something before it is missing.
    const isGap = start > before || this.metadata === undefined
    if (isGap && this.#stage === 'receiving') this.#asking.noticeGap(now)
    this.#checkWhole()
  }

  #receiveMetadata(metadata: Metadata, now: Instant): void {
    if (this.metadata !== undefined || this.#isOver) return
    this.#effects.push({ kind: 'metadata', metadata: this.#claims.keepMetadata(metadata) })
    this.#asking.progress(now)
    if (this.#judge()) this.#checkWhole()
  }

  #receiveEof(eof: Eof, now: Instant): void {
    if (this.#isAcknowledged) this.#ackDue = this.#ackOf(eof)
    // The sender asks because it has not heard the Finished.
    if (this.#stage === 'finishing') this.#completion.repeat()
    // A cancellation comes too late for a file that is right and gets its name.
    if (this.#isOver || this.#stage === 'delivering') return
    const isFirst = this.#stage === 'receiving'
    if (!isFirst && eof.condition === CONDITION.noError) return
    this.#effects.push({ kind: 'eof', eof: this.#claims.keepEof(eof) })
    if (!this.#judge()) return
    this.#stage = 'repairing'
    this.#asking.begin(this.#wanted, now)
    this.#checkWhole()
  }

  #ackOf(eof: Eof): Ack {
    const transactionStatus = this.#stage === 'closed' ? TERMINATED : ACTIVE
    return { kind: 'ack', of: 'eof', condition: eof.condition, transactionStatus }
  }

  #receiveAck(): void {
    if (this.#stage === 'finishing') this.#close((this.#completion.finished as Finished).condition)
  }

  #checkWhole(): void {
    const { metadata } = this
    if (this.#stage !== 'repairing' || metadata === undefined) return
    const octets = this.#horizon
    if (!this.held.has(0, octets)) return
    this.#asking.stop()
    this.#stage = 'verifying'
    if (this.#claims.isMetadataOnly) this.#finish(CONDITION.noError)
    else this.#effects.push({ kind: 'verify', octets, checksumType: metadata.checksumType })
  }

  #deliver(): void {
    this.#stage = 'delivering'
    const name = (this.metadata as Metadata).destinationName
    this.#effects.push({ kind: 'deliver', octets: this.#horizon, name })
  }

  /** Some octet is wrong and nobody knows which: all of them are asked for once more. */
  #startOver(now: Instant): void {
    this.#checksumRetries += 1
    this.#stage = 'repairing'
    this.held.clear()
    this.#effects.push({ kind: 'discard' })
    this.#asking.askAll(this.#wanted)
    this.#asking.wait(now)
    this.#checkWhole()
  }

  #finish(condition: number): void {
    const here = idOctets(this.#header.destination, this.#header.entityOctets)
    const finished = finishedFor(condition, !this.#claims.isMetadataOnly, here)
    if (!finished.complete) this.#effects.push({ kind: 'discard' })
    this.#effects.push({ kind: 'finished', finished })
    this.#announce(finished)
  }

  /** The sender is told of the end, if it wants to be. */
  #announce(finished: Finished): void {
    this.#asking.stop()
    this.#stage = 'finishing'
    this.#completion.begin(finished, this.#claims.closure(this.#isAcknowledged))
    if (!this.#completion.isDue) this.#close(finished.condition)
  }

  #nextBody(roomOctets: number, now: Instant): Directive | undefined {
    if (this.#ackDue !== undefined) {
      const ack = this.#ackDue
      this.#ackDue = undefined
      return ack
    }
    if (this.#completion.isDue) return this.#takeFinished(now)
    if (!this.#mayAsk) return undefined
    const gapsMax = gapsPerNak(roomOctets, this.#header)
    return this.#asking.next(gapsMax, this.#stage === 'repairing', now)
  }

  #takeFinished(now: Instant): Directive {
    const { finished, last } = this.#completion.take(now)
    if (last) this.#close(finished.condition)
    return finished
  }

  #close(condition: number): void {
    this.#stage = 'closed'
    this.#asking.stop()
    this.#completion.end()
    this.#effects.push({ kind: 'closed', condition })
  }
}

const ACTIVE = 1
const TERMINATED = 2
