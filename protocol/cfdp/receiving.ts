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
import { Claims } from './claims.ts'
import { CONDITION } from './condition.ts'
import { Delivery } from './delivery.ts'
import { Ending } from './ending.ts'
import type { FilestoreOutcome } from './filestore/outcome.ts'
import { InactivityTimer } from './inactivity.ts'
import { newOctets, placeOf, reachOf } from './intake.ts'
import { KeepAliveTimer } from './keep-alive.ts'
import { gapsPerNak } from './pdu/nak.ts'
import type { Ack, Body, Directive, Eof, FileData, Finished, Header, Metadata } from './pdu/pdu.ts'
import type { Received, ReceivingEffect, ReceivingLimits, ReceivingStage } from './reception.ts'
import type { Suspension } from './suspension.ts'

export class ReceivingTransaction {
  readonly #limits: ReceivingLimits
  readonly #header: Header
  readonly #claims: Claims
  readonly #asking: Asking
  readonly #ending: Ending
  readonly #delivery: Delivery
  readonly #suspension: Suspension
  readonly #inactivity: InactivityTimer
  readonly #keepAlive: KeepAliveTimer
  readonly counters = { segments: 0, duplicates: 0, beyond: 0 }

  /** `header` is that of any PDU of the sender. */
  constructor(header: Header, limits: ReceivingLimits, received?: Received) {
    this.#limits = limits
    this.#header = { ...header, towardSender: true, recordBoundaries: false }
    this.#claims = new Claims(received?.metadata, received?.eof)
    this.#asking = new Asking(limits, header.acknowledged, received?.held)
    this.#ending = new Ending(this.#header, limits, this.#claims, this.#asking)
    this.#delivery = new Delivery(this.#ending, this.#claims, limits)
    this.#suspension = this.#ending.suspension
    this.#inactivity = new InactivityTimer(limits.inactivityMs)
    this.#keepAlive = new KeepAliveTimer(limits.keepAliveMs)
    if (received !== undefined) this.#restore(received)
  }

  get stage(): ReceivingStage {
    return this.#ending.stage
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
    let deadline = sooner(this.#asking.deadline, this.#ending.completion.deadline)
    if (this.#isListening) deadline = sooner(deadline, this.#inactivity.deadline)
    if (this.#isOnTheWay) deadline = sooner(deadline, this.#keepAlive.deadline)
    return this.#suspension.when(deadline)
  }

  /** Whether next() has something to say. */
  get isUrgent(): boolean {
    if (this.#ending.ackDue !== undefined) return true
    if (this.#suspension.isOn) return false
    if (this.#ending.completion.isDue) return true
    if (this.#isOnTheWay && this.#keepAlive.isDue) return true
    return this.#mayAsk && this.#asking.segments.isAsking
  }

  /** Whether it says nothing but what it must, and waits for nothing, until it is resumed. */
  get isSuspended(): boolean {
    return this.#suspension.isOn
  }

  receive(body: Body, time: Instant): void {
    const now = this.#suspension.read(time)
    if (body.kind === 'file data') this.#receiveFileData(body, now)
    else if (body.kind === 'metadata') this.#receiveMetadata(body, now)
    else if (body.kind === 'eof') this.#receiveEof(body, now)
    else if (body.kind === 'ack' && body.of === 'finished') this.#receiveAck()
    else if (body.kind === 'prompt' && body.wants === 'nak') this.askNow()
    else if (body.kind === 'prompt') this.#keepAlive.prompt()
    if (this.#isListening) this.#inactivity.restart(now)
    this.#keepAlive.begin(now)
  }

  tick(time: Instant): void {
    const now = this.#suspension.read(time)
    if (this.#suspension.isOn) return
    this.#keepAlive.tick(now)
    const waited = this.#asking.tick(this.#wanted, now)
    if (waited !== 'no' && this.stage === 'receiving') this.#ending.finish(CONDITION.noError)
    else if (waited === 'limit' && this.#ending.outlives(this.#waitCondition))
      this.#asking.persist(this.#wanted, now)
    if (this.#isListening && this.#inactivity.expire(now)) this.#fallSilent(now)
    const { completion } = this.#ending
    if (completion.tick(now) && this.#ending.outlives(CONDITION.positiveAckLimitReached))
      completion.persist()
  }

  /** Asks for all that is missing, or says that nothing is; as a Prompt (NAK) does. 727.0-B-5, 4.6.4.3. */
  askNow(): void {
    if (this.#mayAsk) this.#asking.answer(this.#wanted)
  }

  /** Nobody hears an answer: none is owed, and what is over waits for none. */
  hush(): void {
    this.#ending.ackDue = undefined
    this.#receiveAck()
  }

  /** A contact begins: what was on its way when the last one ended is lost, and is not waited for. */
  contactBegins(time: Instant): void {
    const now = this.#suspension.read(time)
    this.#asking.lapse(this.#wanted, now)
    this.#ending.completion.lapse()
  }

  /** The most urgent answer for the sender, in a PDU of at most `roomOctets`; sending it starts timers. */
  next(
    roomOctets: number,
    now: Instant,
  ): { readonly header: Header; readonly body: Directive } | undefined {
    const body = this.#nextBody(roomOctets, this.#suspension.read(now))
    return body === undefined ? undefined : { header: this.#header, body }
  }

  /** The partial file was read back; undefined: it could not be read. */
  verified(checksum: number | undefined, time: Instant): void {
    const now = this.#suspension.read(time)
    if (this.#delivery.verified(checksum, this.#horizon)) this.#startOver(now)
  }

  performed(outcome: FilestoreOutcome, message: string): void {
    this.#ending.performed(outcome, message)
  }

  delivered(): void {
    this.#delivery.delivered()
  }

  /** The filestore will not have the file: its name, its size, or its folder. */
  refused(): void {
    this.#delivery.refused()
  }

  /** The disk did not take these octets: they are missing again. Call retry() when it works again. */
  lost(spans: Iterable<Span>): void {
    for (const { start, end } of spans) this.#asking.segments.lose(start, end)
    if (this.stage === 'verifying') this.#ending.stage = 'repairing'
  }

  /** Goes on after the disk failed. */
  retry(time: Instant): void {
    const now = this.#suspension.read(time)
    this.#delivery.retry(this.#horizon)
    if (this.stage !== 'repairing') return
    this.#asking.repair(this.#wanted, now)
    this.#inactivity.restart(now)
    this.#checkWhole()
  }

  /** Class 2: nothing but acknowledgements is said until resume(); what comes is taken. 727.0-B-5, 4.11.2.7. */
  suspend(now: Instant): void {
    this.#suspension.read(now)
    this.#ending.suspend()
  }

  resume(now: Instant): void {
    this.#suspension.read(now)
    if (!this.#suspension.end()) return
    this.#ending.effect({ kind: 'resumed' })
    this.#delivery.resume(this.#horizon)
  }

  /** Ends the transaction from this end, unless its file is right and gets its name. 727.0-B-5, 4.11.2. */
  cancel(condition: number): void {
    if (this.stage !== 'delivering' && !this.#ending.isOver) this.#ending.finish(condition)
  }

  /** Ends at once; the sender is told nothing. 727.0-B-5, 4.11.2.4. */
  abandon(condition: number): void {
    if (this.stage !== 'closed') this.#ending.abandon(condition)
  }

  drain(): readonly ReceivingEffect[] {
    return this.#ending.drain()
  }

  get #isAcknowledged(): boolean {
    return this.#header.acknowledged
  }

  /** Something of the file is waited for. */
  get #isListening(): boolean {
    return this.stage === 'receiving' || this.stage === 'repairing'
  }

  get #mayAsk(): boolean {
    return this.#isAcknowledged && this.#isListening
  }

  /** The sender has not said that it is through: Keep Alives mean something. 4.6.5.2.3. */
  get #isOnTheWay(): boolean {
    return this.#isAcknowledged && this.stage === 'receiving'
  }

  /** What it is when all waiting was in vain. */
  get #waitCondition(): number {
    return this.#isAcknowledged ? CONDITION.nakLimitReached : CONDITION.checkLimitReached
  }

  /** Up to where what is missing is known to be missing. */
  get #horizon(): number {
    return this.eof === undefined ? this.held.end : (this.eof.fileSize as number)
  }

  get #wanted(): Wanted {
    return { horizon: this.#horizon, metadata: this.metadata === undefined }
  }

  #restore(received: Received): void {
    if (received.suspended === true) this.#suspension.begin()
    if (received.finished !== undefined) this.#ending.announce(received.finished)
    else if (received.delivering === true)
      this.#delivery.deliver(this.#ending.leastCondition, this.#horizon)
    // What was written down last may be what ends it, and the end of it was not written down.
    else if (this.#judge() && this.eof !== undefined) {
      this.#ending.stage = 'repairing'
      this.#asking.restart(this.#wanted)
      this.#checkWhole()
    }
    // Contact time began anew with this process.
    if (this.#isListening) this.#inactivity.restart(0)
    this.#expectNoFile(0)
  }

  #fallSilent(now: Instant): void {
    if (this.#ending.outlives(CONDITION.inactivityDetected)) this.#inactivity.restart(now)
  }

  /** Answers whether the transaction may go on; if not, it has ended. */
  #judge(): boolean {
    for (;;) {
      const { kind, condition } = this.#claims.judge(this.held.end, this.#limits.fileOctetsMax)
      if (kind === 'sound') return true
      if (kind === 'cancelled') {
        // Its EOF is acknowledged, and nothing more is waited for.
        this.#ending.effect({ kind: 'discard' })
        this.#ending.close(condition)
        return false
      }
      this.#claims.overlook(condition)
      // A file that is too large cannot be taken, whatever one thinks of it.
      const isTooLarge = condition === CONDITION.filestoreRejection
      if (!this.#ending.outlives(condition, isTooLarge ? 'not put off' : undefined)) return false
    }
  }

  #receiveFileData(data: FileData, now: Instant): void {
    if (this.stage !== 'receiving' && this.stage !== 'repairing') {
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
    for (const write of newOctets(data.octets, start, this.held)) this.#ending.effect(write)
    this.#asking.segments.add(start, end)
    this.#asking.progress(now)
    // A segment that is no continuation shows that something before it is missing.
    const isGap = start > before || this.metadata === undefined
    if (isGap && this.stage === 'receiving') this.#asking.noticeGap(now)
    this.#checkWhole()
  }

  #receiveMetadata(metadata: Metadata, now: Instant): void {
    if (this.metadata !== undefined || this.#ending.isOver) return
    this.#ending.effect({ kind: 'metadata', metadata: this.#claims.keepMetadata(metadata) })
    this.#ending.hearOverrides()
    this.#asking.progress(now)
    if (!this.#judge()) return
    this.#checkWhole()
    this.#expectNoFile(now)
  }

  /** There is nothing to wait for but an EOF, and some senders say none. */
  #expectNoFile(now: Instant): void {
    if (this.#claims.isMetadataOnly && this.stage === 'receiving') this.#asking.wait(now)
  }

  #receiveEof(eof: Eof, now: Instant): void {
    if (this.#isAcknowledged) this.#ending.ackDue = this.#ackOf(eof)
    // The sender asks because it has not heard the Finished.
    if (this.stage === 'finishing') this.#ending.completion.repeat()
    // A cancellation comes too late for a file that is right and gets its name.
    if (this.#ending.isOver || this.stage === 'delivering') return
    const isFirst = this.stage === 'receiving'
    if (!isFirst && eof.condition === CONDITION.noError) return
    this.#ending.effect({ kind: 'eof', eof: this.#claims.keepEof(eof) })
    if (!this.#judge()) return
    this.#ending.stage = 'repairing'
    this.#asking.begin(this.#wanted, now)
    this.#checkWhole()
  }

  #ackOf(eof: Eof): Ack {
    const transactionStatus = this.stage === 'closed' ? TERMINATED : ACTIVE
    return { kind: 'ack', of: 'eof', condition: eof.condition, transactionStatus }
  }

  #receiveAck(): void {
    if (this.stage === 'finishing')
      this.#ending.close((this.#ending.completion.finished as Finished).condition)
  }

  #checkWhole(): void {
    if (this.stage !== 'repairing' || this.metadata === undefined) return
    if (!this.held.has(0, this.#horizon)) return
    this.#asking.stop()
    this.#inactivity.stop()
    this.#ending.stage = 'verifying'
    if (this.#claims.isMetadataOnly) this.#ending.finish(CONDITION.noError)
    else this.#delivery.verify(this.#horizon)
  }

  /** Some octet is wrong and nobody knows which: all of them are asked for once more. */
  #startOver(now: Instant): void {
    this.#ending.stage = 'repairing'
    this.held.clear()
    this.#ending.effect({ kind: 'discard' })
    this.#asking.askAll(this.#wanted)
    this.#asking.wait(now)
    this.#inactivity.restart(now)
    this.#checkWhole()
  }

  #nextBody(roomOctets: number, now: Instant): Directive | undefined {
    if (this.#ending.ackDue !== undefined) {
      const ack = this.#ending.ackDue
      this.#ending.ackDue = undefined
      return ack
    }
    if (this.#suspension.isOn) return undefined
    if (this.#ending.completion.isDue) return this.#ending.takeFinished(now)
    if (this.#isOnTheWay && this.#keepAlive.isDue) return this.#keepAlive.take(this.held.end)
    if (!this.#mayAsk) return undefined
    const gapsMax = gapsPerNak(roomOctets, this.#header)
    return this.#asking.next(gapsMax, this.stage === 'repairing', now)
  }
}

const ACTIVE = 1
const TERMINATED = 2
