/**
 * The sending end of a file: Copy File procedures at the source. CCSDS 727.0-B-5, 4.6.1 to 4.6.5.
 *
 * It is pulled: whoever has room on a link asks `next()`, and gets what is most urgent. File octets are
 * named, not carried: the answer is a stretch of the file, and its owner has the file.
 * An octet is handed out once as new; a second time only after a NAK asked for it.
 * Times are contact time (contact-clock.ts).
 */
import { type Instant, sooner } from '../machine.ts'
import type { Span } from '../octets/span.ts'
import type { Spans } from '../octets/spans.ts'
import { Cancellation } from './cancellation.ts'
import { CONDITION } from './condition.ts'
import type {
  ChecksumOfFirst,
  Outgoing,
  SendingEffect,
  SendingLimits,
  SendingProgress,
  SendingState,
} from './emission.ts'
import { Extent } from './extent.ts'
import { type FaultHandler, type FaultHandlers, overridden } from './fault-handlers.ts'
import { InactivityTimer } from './inactivity.ts'
import { isTooFarBehind } from './keep-alive.ts'
import type { Ack, Body, Directive, Finished, Header, KeepAlive, Nak, Prompt } from './pdu/pdu.ts'
import { recordEnd } from './records.ts'
import { RepeatTimer } from './repeat-timer.ts'
import { Retransmission } from './retransmission.ts'
import { Suspension } from './suspension.ts'
import { eofOf, headerOf, metadataOf, type Transmission } from './transmission.ts'

export class SendingTransaction {
  readonly transmission: Transmission
  readonly #header: Header
  readonly #limits: SendingLimits
  readonly #faultHandlers: FaultHandlers
  readonly #cancellation: Cancellation
  /** What there is of the file. */
  readonly extent: Extent
  readonly #again: Retransmission
  readonly #eofTimer: RepeatTimer
  readonly #inactivity: InactivityTimer
  readonly #suspension = new Suspension()
  #effects: SendingEffect[] = []
  #state: SendingState = 'sending'
  #mark: number
  #metadataDue: boolean
  #eofDue = true
  #eofAcknowledged = false
  #condition: number = CONDITION.noError
  #ack: Ack | undefined
  readonly #prompts = new Set<Prompt['wants']>()

  constructor(
    transmission: Transmission,
    limits: SendingLimits,
    resume?: SendingProgress,
    checksumOfFirst?: ChecksumOfFirst,
  ) {
    this.transmission = transmission
    this.extent = new Extent(transmission)
    this.#header = headerOf(transmission)
    this.#limits = limits
    this.#faultHandlers = overridden(transmission.options, limits.faultHandlers)
    this.#cancellation = new Cancellation(transmission, checksumOfFirst)
    const { acknowledged } = transmission
    this.#eofTimer = new RepeatTimer(acknowledged ? limits.ack : (limits.check ?? limits.ack))
    // 4.10.2: a sender of class 1 has nobody to hear.
    this.#inactivity = new InactivityTimer(acknowledged ? limits.inactivityMs : 0)
    if (resume?.suspended === true) this.#suspension.begin()
    const { againRatioMax } = limits
    this.#again = new Retransmission(againRatioMax, resume?.acknowledged, resume?.again)
    this.#mark = resume?.mark ?? 0
    this.#metadataDue = resume?.metadataDue ?? this.#mark === 0
    if (resume?.eof === undefined) return
    this.#state = 'awaiting'
    this.#eofDue = false
    this.#eofAcknowledged = resume.eof === 'acknowledged'
  }

  get state(): SendingState {
    return this.#state
  }

  /** One past the last octet that was handed out as new. */
  get mark(): number {
    return this.#mark
  }

  /** What the other end said it holds. */
  get acknowledged(): Spans {
    return this.#again.acknowledged
  }

  /** Where another would go on as this one does, timers apart; an EOF that is due again did not go out. */
  get progress(): SendingProgress {
    const eof = this.#eofAcknowledged ? 'acknowledged' : 'sent'
    return {
      mark: this.#mark,
      suspended: this.#suspension.isOn,
      metadataDue: this.#metadataDue,
      eof: this.#eofDue ? undefined : eof,
      acknowledged: this.acknowledged,
      again: this.#again.spans,
    }
  }

  /** Whether nothing but acknowledgements is handed out, and no time counts, until it is resumed. */
  get isSuspended(): boolean {
    return this.#suspension.isOn
  }

  /** Octets that were asked for again and not handed out since. */
  get againOctets(): number {
    return this.#again.octets
  }

  get deadline(): Instant | undefined {
    return this.#suspension.when(sooner(this.#eofTimer.deadline, this.#inactivity.deadline))
  }

  /** What next() would answer: a directive, file octets asked for again, new ones, or nothing. */
  get due(): 'directive' | 'again' | 'new' | undefined {
    if (this.#ack !== undefined) return 'directive'
    if (this.#state === 'closed' || this.#suspension.isOn) return undefined
    if (this.#state === 'cancelled') return this.#mayCancel ? 'directive' : undefined
    if (this.#metadataDue || this.#prompts.size > 0) return 'directive'
    if (this.#again.octets > 0) return 'again'
    if (this.#mark < this.extent.fileSize) return 'new'
    return this.#eofDue && this.#isAllOut ? 'directive' : undefined
  }

  /** The file octets that next() will speak of first, so that they can be read ahead. */
  get wanted(): Span | undefined {
    if (!this.#isActive || this.#suspension.isOn) return undefined
    const again = this.#again.first
    if (again !== undefined) return again
    const { fileSize } = this.extent
    return this.#mark < fileSize ? { start: this.#mark, end: fileSize } : undefined
  }

  /**
   * What to send now. A segment has at most `segmentOctets` octets of file (at least 1) of one record; a
   * directive is answered whatever its size. Handing it out is sending it: timers start here.
   */
  next(segmentOctets: number, time: Instant): Outgoing | undefined {
    const now = this.#suspension.read(time)
    const due = this.due
    if (due === undefined) return undefined
    if (due === 'directive')
      return { kind: 'directive', header: this.#header, body: this.#takeDirective(now) }
    // While octets are asked for and sent, the other end lives.
    if (this.#state === 'awaiting') this.#inactivity.restart(now)
    return due === 'again' ? this.#takeAgain(segmentOctets) : this.#takeNew(segmentOctets)
  }

  receive(body: Body, time: Instant): void {
    const now = this.#suspension.read(time)
    if (this.#state === 'awaiting' || this.#state === 'cancelled') this.#inactivity.restart(now)
    if (body.kind === 'ack' && body.of === 'eof') this.#receiveAck(body)
    else if (body.kind === 'nak') this.#receiveNak(body, now)
    else if (body.kind === 'finished') this.#receiveFinished(body)
    else if (body.kind === 'keep alive') this.#receiveKeepAlive(body)
  }

  tick(time: Instant): void {
    const now = this.#suspension.read(time)
    if (this.#suspension.isOn) return
    const expired = this.#eofTimer.expire(now)
    if (expired === 'limit') this.#waitInVain(now)
    else if (expired === 'again' && this.transmission.acknowledged) this.#eofDue = true
    // 4.6.3.2: in class 1 an EOF is not repeated; its Finished is waited for up to the limit.
    else if (expired === 'again') this.#eofTimer.start(now)
    if (this.#inactivity.expire(now) && this.#outlives(CONDITION.inactivityDetected))
      this.#inactivity.restart(now)
  }

  /** A contact begins: what was on its way when the last one ended is lost, and is not waited for. */
  contactBegins(time: Instant): void {
    const now = this.#suspension.read(time)
    this.#again.renew()
    const wasAsking = this.#eofTimer.lapse()
    if (!this.transmission.acknowledged) {
      if (wasAsking) this.#eofTimer.start(now)
      // Whoever has said nothing of the end since the last contact may have forgotten all, or given up.
    } else if (wasAsking || this.#state === 'awaiting') this.#eofDue = true
  }

  /** Class 2: asks the receiver to say what it lacks, or how far it has got. 727.0-B-5, 4.6.4.3 and 4.6.5. */
  prompt(wants: Prompt['wants']): void {
    if (this.transmission.acknowledged && this.#isActive) this.#prompts.add(wants)
  }

  /** Nothing but acknowledgements is sent until resume(); what comes is heard. 727.0-B-5, 4.11.2.6. */
  suspend(now: Instant): void {
    this.#suspension.read(now)
    if (this.#isActive) this.#hold(CONDITION.suspendRequestReceived)
  }

  resume(now: Instant): void {
    this.#suspension.read(now)
    if (this.#suspension.end()) this.#effects.push({ kind: 'resumed' })
  }

  /** Stops sending file data and tells the other end why. CCSDS 727.0-B-5, 4.11.2. */
  cancel(condition: number): void {
    if (this.#state === 'closed' || this.#state === 'cancelled') return
    this.#state = 'cancelled'
    this.#condition = condition
    this.#suspension.end()
    this.#prompts.clear()
    this.#again.clear()
    this.#eofTimer.stop()
    this.#eofDue = true
    this.#eofAcknowledged = false
    this.#cancellation.begin(this.#mark, this.extent)
  }

  /** The answer that the cancelling EOF waits for. */
  digestedFirst(checksum: number): void {
    this.#cancellation.digestedFirst(checksum)
  }

  /** Ends at once; the other end is told nothing. 727.0-B-5, 4.11.2.4. */
  abandon(condition: number): void {
    if (this.#state === 'closed') return
    this.#ack = undefined
    this.#effects.push({ kind: 'abandoned', condition })
    this.#close(condition)
  }

  drain(): readonly SendingEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  get #isAllOut(): boolean {
    return this.extent.isAll && this.#mark >= this.extent.fileSize
  }

  get #mayCancel(): boolean {
    return this.#eofDue && this.#cancellation.isKnown
  }

  get #isActive(): boolean {
    return this.#state === 'sending' || this.#state === 'awaiting'
  }

  #takeDirective(now: Instant): Directive {
    const ack = this.#ack
    if (ack !== undefined) {
      this.#ack = undefined
      return ack
    }
    if (this.#state === 'cancelled') return this.#takeEof(now)
    if (this.#metadataDue) {
      this.#metadataDue = false
      return metadataOf(this.transmission)
    }
    for (const wants of this.#prompts) {
      this.#prompts.delete(wants)
      return { kind: 'prompt', wants }
    }
    return this.#takeEof(now)
  }

  #takeAgain(segmentOctets: number): Outgoing {
    const wanted = this.#again.first as Span
    const { start, end } = this.#again.take(this.#clipped(wanted.start, segmentOctets))
    const length = end - start
    return { kind: 'segment', header: this.#header, offset: start, length, isNew: false }
  }

  #takeNew(segmentOctets: number): Outgoing {
    const offset = this.#mark
    const length = Math.min(this.extent.fileSize - offset, this.#clipped(offset, segmentOctets))
    this.#mark = offset + length
    return { kind: 'segment', header: this.#header, offset, length, isNew: true }
  }

  /** At most so many octets from `offset` on, all of one record. */
  #clipped(offset: number, octets: number): number {
    const { records } = this.transmission
    return records === undefined ? octets : Math.min(octets, recordEnd(records, offset) - offset)
  }

  #takeEof(now: Instant): Directive {
    this.#eofDue = false
    const { transmission } = this
    const cancelled = this.#state === 'cancelled'
    if (!cancelled) this.#state = 'awaiting'
    const { acknowledged, closureRequested } = transmission
    this.#inactivity.begin(now)
    if (acknowledged || (closureRequested && !cancelled)) this.#eofTimer.start(now)
    else this.#close(this.#condition)
    return cancelled ? this.#cancellation.eof(this.#condition) : eofOf(this.extent)
  }

  /** The limit of the EOF timer was reached. */
  #waitInVain(now: Instant): void {
    const { acknowledged } = this.transmission
    const { positiveAckLimitReached, checkLimitReached } = CONDITION
    if (!this.#outlives(acknowledged ? positiveAckLimitReached : checkLimitReached)) return
    this.#eofTimer.stop()
    if (acknowledged) this.#eofDue = true
    else this.#eofTimer.start(now)
  }

  /** Declares a fault and does what is to be done about it. Answers whether the transaction goes on. 4.8.2. */
  #outlives(condition: number): boolean {
    const handler = this.#handlerOf(condition)
    this.#effects.push({ kind: 'fault', condition, handler })
    if (handler === 'cancel') this.cancel(condition)
    else if (handler === 'suspend') this.#hold(condition)
    else if (handler === 'abandon')
      this.abandon(this.#state === 'cancelled' ? this.#condition : condition)
    return handler === 'ignore' || handler === 'suspend'
  }

  #handlerOf(condition: number): FaultHandler {
    // 4.11.2.2.3: what goes wrong while a transaction is cancelled ends it.
    if (this.#state === 'cancelled') return 'abandon'
    // A receiver that does not say the Finished it owes is not told of the end, unless that is asked for.
    const usual = condition === CONDITION.checkLimitReached ? 'abandon' : 'cancel'
    return this.#faultHandlers[condition] ?? usual
  }

  #hold(condition: number): void {
    if (this.#suspension.begin()) this.#effects.push({ kind: 'suspended', condition })
  }

  #receiveAck(ack: Ack): void {
    // No answer is due before the EOF went out, and none to it must silence the one that cancels.
    if (this.#state === 'sending' || this.#state === 'closed') return
    if (!this.transmission.acknowledged || ack.condition !== this.#condition) return
    this.#eofTimer.stop()
    this.#eofDue = false
    if (this.#eofAcknowledged) return
    this.#eofAcknowledged = true
    this.#effects.push({ kind: 'eof acknowledged' })
    if (this.#state === 'cancelled') this.#close(this.#condition)
  }

  #receiveNak(nak: Nak, now: Instant): void {
    if (!this.transmission.acknowledged) return
    if (!this.#isActive) return
    if (this.#again.isSpent(this.#mark)) {
      this.#effects.push({ kind: 'nak ignored' })
      return
    }
    this.#eofTimer.progress(now)
    if (nak.wantsMetadata) this.#metadataDue = true
    this.#again.hear(nak, this.#mark)
  }

  #receiveKeepAlive(keepAlive: KeepAlive): void {
    if (!(this.transmission.acknowledged && this.#isActive)) return
    if (isTooFarBehind(keepAlive, this.#mark, this.#limits.keepAliveOctetsMax))
      this.#outlives(CONDITION.keepAliveLimitReached)
  }

  #receiveFinished(finished: Finished): void {
    const isClosed = this.#state === 'closed'
    const isWhole = finished.complete && finished.condition === CONDITION.noError
    // Nobody has a whole file that was not sent as a whole: this speaks of another one.
    if (isWhole && !isClosed && !this.#isAllOut) return
    if (this.transmission.acknowledged)
      this.#ack = {
        kind: 'ack',
        of: 'finished',
        condition: finished.condition,
        transactionStatus: isClosed ? TERMINATED : ACTIVE,
      }
    if (isClosed) return
    if (isWhole) this.acknowledged.add(0, this.extent.fileSize)
    this.#effects.push({ kind: 'finished', finished })
    this.#close(finished.condition)
  }

  #close(condition: number): void {
    this.#state = 'closed'
    this.#condition = condition
    this.#suspension.end()
    this.#again.clear()
    this.#eofTimer.stop()
    this.#inactivity.stop()
    this.#effects.push({ kind: 'closed', condition })
  }
}

const ACTIVE = 1
const TERMINATED = 2
