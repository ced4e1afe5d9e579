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
import { CHECKSUM } from './checksum.ts'
import { type Closure, Completion, finishedFor } from './completion.ts'
import { CONDITION } from './condition.ts'
import { faultOf } from './file-fault.ts'
import { LostSegments } from './lost-segments.ts'
import { gapsPerNak } from './pdu/nak.ts'
import type { Ack, Body, Directive, Eof, FileData, Finished, Header, Metadata } from './pdu/pdu.ts'
import type { Received, ReceivingEffect, ReceivingLimits, ReceivingStage } from './reception.ts'
import { RepeatTimer } from './repeat-timer.ts'
import { idOctets } from './transmission.ts'

export class ReceivingTransaction {
  readonly #limits: ReceivingLimits
  readonly #header: Header
  readonly #segments: LostSegments
  readonly #nakTimer: RepeatTimer
  readonly #completion: Completion
  readonly counters = { segments: 0, duplicates: 0, beyond: 0 }
  #effects: ReceivingEffect[] = []
  #stage: ReceivingStage = 'receiving'
  #metadata: Metadata | undefined
  #eof: Eof | undefined
  #ackDue: Ack | undefined
  /** When gaps seen on the way are asked for. */
  #gapDeadline: Instant | undefined
  /** Up to where, because they were seen before it was set. */
  #gapHorizon = 0
  #checksumRetries = 0

  /** `header` is that of any PDU of the sender. */
  constructor(header: Header, limits: ReceivingLimits, received: Received = {}) {
    this.#limits = limits
    this.#header = { ...header, towardSender: true, recordBoundaries: false }
    this.#segments = new LostSegments(received.held)
    this.#nakTimer = new RepeatTimer(limits.nak)
    this.#completion = new Completion(limits.ack)
    this.#metadata = received.metadata
    this.#eof = received.eof
    this.#restore(received)
  }

  get stage(): ReceivingStage {
    return this.#stage
  }

  get metadata(): Metadata | undefined {
    return this.#metadata
  }

  get eof(): Eof | undefined {
    return this.#eof
  }

  get held(): Spans {
    return this.#segments.held
  }

  /** Octets of the file, as far as the sender said; undefined before. */
  get fileOctets(): number | undefined {
    const size = this.#eof?.fileSize ?? this.#metadata?.fileSize
    return typeof size === 'number' ? size : undefined
  }

  get deadline(): Instant | undefined {
    return sooner(this.#gapDeadline, sooner(this.#nakTimer.deadline, this.#completion.deadline))
  }

  /** Whether next() has something to say. */
  get isUrgent(): boolean {
    if (this.#ackDue !== undefined || this.#completion.isDue) return true
    return this.#mayAsk && this.#segments.isAsking
  }

  receive(body: Body, now: Instant): void {
    if (body.kind === 'file data') this.#receiveFileData(body, now)
    else if (body.kind === 'metadata') this.#receiveMetadata(body, now)
    else if (body.kind === 'eof') this.#receiveEof(body, now)
    else if (body.kind === 'ack' && body.of === 'finished') this.#receiveAck()
    else if (body.kind === 'prompt' && body.wants === 'nak') this.#askAll()
  }

  tick(now: Instant): void {
    if (this.#gapDeadline !== undefined && now >= this.#gapDeadline) {
      this.#gapDeadline = undefined
      this.#segments.ask(this.#gapHorizon, this.#metadata === undefined)
      // Gaps that opened since then get their time, too.
      if (this.#segments.isMissingUnaskedFrom(this.#gapHorizon)) this.#noticeGap(now)
    }
    const nak = this.#nakTimer.expire(now)
    if (nak === 'limit')
      this.#finish(this.#isAcknowledged ? CONDITION.nakLimitReached : CONDITION.checkLimitReached)
    else if (nak === 'again') this.#repair(now)
    if (this.#completion.tick(now)) this.#close(CONDITION.positiveAckLimitReached)
  }

  /** A contact begins: what was on its way when the last one ended is lost, and is not waited for. */
  contactBegins(now: Instant): void {
    if (this.#nakTimer.lapse()) this.#repair(now)
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
    const eof = this.#eof as Eof
    const isNull = (this.#metadata as Metadata).checksumType === CHECKSUM.null
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
    for (const { start, end } of spans) this.#segments.lose(start, end)
    if (this.#stage === 'verifying') this.#stage = 'repairing'
  }

  /** Goes on after the disk failed. */
  retry(now: Instant): void {
    if (this.#stage === 'delivering') this.#deliver()
    if (this.#stage !== 'repairing') return
    this.#repair(now)
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
    return this.#eof === undefined ? this.held.end : (this.#eof.fileSize as number)
  }

  #restore(received: Received): void {
    if (received.finished !== undefined) this.#announce(received.finished)
    else if (received.delivering === true) this.#deliver()
    // What was written down last may be what ends it, and the end of it was not written down.
    else if (this.#judge() && this.#eof !== undefined) {
      this.#stage = 'repairing'
      this.#askAll()
      // Contact time began anew with this process. In class 2 the wait starts with the NAK.
      if (!this.#isAcknowledged) this.#nakTimer.start(0)
      this.#checkWhole()
    }
  }

  /** Answers whether the transaction may go on; if not, it has ended. */
  #judge(): boolean {
    const { metadata, held } = this
    const eof = this.#eof
    if (eof !== undefined && eof.condition !== CONDITION.noError) {
      // The sender cancelled: its EOF is acknowledged, and nothing more is waited for.
      this.#effects.push({ kind: 'discard' })
      this.#close(eof.condition)
      return false
    }
    const fault = faultOf({ metadata, eof, heldEnd: held.end }, this.#limits.fileOctetsMax)
    if (fault !== undefined) this.#finish(fault)
    return fault === undefined
  }

  #receiveFileData(data: FileData, now: Instant): void {
    if (this.#stage !== 'receiving' && this.#stage !== 'repairing') {
      this.counters.duplicates += 1
      return
    }
    const { offset, octets } = data
    const end = Number(offset) + octets.length
    if (typeof offset === 'bigint' || end > this.#reach) {
      this.counters.beyond += 1
      return
    }
    this.counters.segments += 1
    const before = this.held.end
    if (this.held.has(offset, end)) {
      if (octets.length > 0) this.counters.duplicates += 1
      return
    }
    // Only what is new is written: octets that are held were perhaps spoken for already.
    for (const gap of this.held.gaps(offset, end))
      this.#effects.push({
        kind: 'write',
        offset: gap.start,
        octets: octets.subarray(gap.start - offset, gap.end - offset),
      })
    this.#segments.add(offset, end)
    this.#nakTimer.progress(now)
    // A segment that is no continuation shows that something before it is missing.
    if (offset > before || this.#metadata === undefined) this.#noticeGap(now)
    this.#checkWhole()
  }

  /** One past the last octet that is taken now. */
  get #reach(): number {
    const known = this.fileOctets
    const { fileOctetsMax, reachOctets } = this.#limits
    if (known !== undefined && (known > 0 || this.#eof !== undefined))
      return Math.min(known, fileOctetsMax)
    return Math.min(this.held.end + reachOctets, fileOctetsMax)
  }

  #noticeGap(now: Instant): void {
    if (this.#limits.nakMode !== 'immediate' || !this.#isAcknowledged) return
    if (this.#stage !== 'receiving' || this.#gapDeadline !== undefined) return
    this.#gapDeadline = now + this.#limits.reorderMs
    this.#gapHorizon = this.held.end
  }

  #receiveMetadata(metadata: Metadata, now: Instant): void {
    if (this.#metadata !== undefined || this.#isOver) return
    // The names are borrowed from the PDU; the effect and this end keep them.
    const kept = {
      ...metadata,
      sourceName: metadata.sourceName.slice(),
      destinationName: metadata.destinationName.slice(),
      options: metadata.options.map(({ type, value }) => ({ type, value: value.slice() })),
    }
    this.#metadata = kept
    this.#effects.push({ kind: 'metadata', metadata: kept })
    this.#nakTimer.progress(now)
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
    const kept = { ...eof, faultLocation: eof.faultLocation?.slice() }
    this.#eof = kept
    this.#effects.push({ kind: 'eof', eof: kept })
    if (!this.#judge()) return
    this.#stage = 'repairing'
    this.#gapDeadline = undefined
    this.#segments.ask(this.#horizon, this.#metadata === undefined)
    this.#nakTimer.start(now)
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
    if (this.#stage !== 'repairing' || this.#metadata === undefined) return
    const octets = this.#horizon
    if (!this.held.has(0, octets)) return
    this.#nakTimer.stop()
    this.#stage = 'verifying'
    const { checksumType, destinationName } = this.#metadata
    if (destinationName.length === 0) this.#finish(CONDITION.noError)
    else this.#effects.push({ kind: 'verify', octets, checksumType })
  }

  #deliver(): void {
    this.#stage = 'delivering'
    const name = (this.#metadata as Metadata).destinationName
    this.#effects.push({ kind: 'deliver', octets: this.#horizon, name })
  }

  /** Some octet is wrong and nobody knows which: all of them are asked for once more. */
  #startOver(now: Instant): void {
    this.#checksumRetries += 1
    this.#stage = 'repairing'
    this.held.clear()
    this.#effects.push({ kind: 'discard' })
    this.#askAll()
    this.#nakTimer.start(now)
    this.#checkWhole()
  }

  #repair(now: Instant): void {
    if (this.#isAcknowledged) this.#askAll()
    this.#nakTimer.start(now)
  }

  #askAll(): void {
    this.#segments.forgetAsked()
    this.#segments.ask(this.#horizon, this.#metadata === undefined)
  }

  /** How the sender is told of the end. */
  get #closure(): Closure {
    if (this.#isAcknowledged) return 'acknowledged'
    return this.#metadata?.closureRequested === true ? 'announced' : 'silent'
  }

  #finish(condition: number): void {
    const here = idOctets(this.#header.destination, this.#header.entityOctets)
    const finished = finishedFor(condition, this.#metadata?.destinationName.length !== 0, here)
    if (!finished.complete) this.#effects.push({ kind: 'discard' })
    this.#effects.push({ kind: 'finished', finished })
    this.#announce(finished)
  }

  /** The sender is told of the end, if it wants to be. */
  #announce(finished: Finished): void {
    this.#nakTimer.stop()
    this.#gapDeadline = undefined
    this.#stage = 'finishing'
    this.#completion.begin(finished, this.#closure)
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
    const nak = this.#segments.next(gapsPerNak(roomOctets, this.#header))
    if (nak !== undefined && this.#stage === 'repairing') this.#nakTimer.start(now)
    return nak
  }

  #takeFinished(now: Instant): Directive {
    const { finished, last } = this.#completion.take(now)
    if (last) this.#close(finished.condition)
    return finished
  }

  #close(condition: number): void {
    this.#stage = 'closed'
    this.#gapDeadline = undefined
    this.#nakTimer.stop()
    this.#completion.end()
    this.#effects.push({ kind: 'closed', condition })
  }
}

const ACTIVE = 1
const TERMINATED = 2
