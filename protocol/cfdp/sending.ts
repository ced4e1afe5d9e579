/**
 * The sending end of a file: Copy File procedures at the source. CCSDS 727.0-B-5, 4.6.1 to 4.6.5.
 *
 * It is pulled: whoever has room on a link asks `next()`, and gets what is most urgent. File octets are
 * named, not carried: the answer is a stretch of the file, and its owner has the file.
 * An octet is handed out once as new; a second time only after a NAK asked for it.
 * Times are contact time (contact-clock.ts).
 */
import type { Instant } from '../machine.ts'
import type { Unsigned } from '../octets/reader.ts'
import type { Span } from '../octets/span.ts'
import { Spans } from '../octets/spans.ts'
import { CONDITION } from './condition.ts'
import type { Ack, Body, Directive, Eof, Finished, Header, Nak } from './pdu/pdu.ts'
import { type RepeatLimits, RepeatTimer } from './repeat-timer.ts'
import { headerOf, idOctets, type Transmission } from './transmission.ts'

export interface SendingLimits {
  /** How long an EOF waits for its answer, and how often it is repeated. */
  readonly ack: RepeatLimits
}

/** Where a transaction goes on after a restart: what its owner wrote down. */
export interface SendingProgress {
  /** Octets below it may have been sent; none at or above it was. */
  readonly mark: number
}

export type Outgoing =
  | { readonly kind: 'directive'; readonly header: Header; readonly body: Directive }
  | {
      readonly kind: 'segment'
      readonly header: Header
      readonly offset: number
      readonly length: number
      /** Not sent before, as far as is known. */
      readonly isNew: boolean
    }

export type SendingEffect =
  /** The other end says that it is done. The file may go once this is on disk; the ACK follows. */
  | { readonly kind: 'finished'; readonly finished: Finished }
  | { readonly kind: 'eof acknowledged' }
  /** Nothing is left to do. */
  | { readonly kind: 'closed'; readonly condition: number }

export type SendingState = 'sending' | 'awaiting' | 'cancelled' | 'closed'

export class SendingTransaction {
  readonly transmission: Transmission
  /** What the other end said it holds. */
  readonly acknowledged = new Spans()
  readonly #header: Header
  readonly #again = new Spans()
  readonly #eofTimer: RepeatTimer
  #effects: SendingEffect[] = []
  #state: SendingState = 'sending'
  #mark: number
  #metadataDue: boolean
  #eofDue = true
  #eofAcknowledged = false
  #condition: number = CONDITION.noError
  #ack: Ack | undefined

  constructor(transmission: Transmission, limits: SendingLimits, resume?: SendingProgress) {
    this.transmission = transmission
    this.#header = headerOf(transmission)
    this.#eofTimer = new RepeatTimer(limits.ack)
    this.#mark = resume?.mark ?? 0
    this.#metadataDue = this.#mark === 0
  }

  get state(): SendingState {
    return this.#state
  }

  /** One past the last octet that was handed out as new. */
  get mark(): number {
    return this.#mark
  }

  /** Octets that were asked for again and not handed out since. */
  get againOctets(): number {
    return this.#again.octets
  }

  get deadline(): Instant | undefined {
    return this.#eofTimer.deadline
  }

  /** What next() would answer: a directive, file octets asked for again, new ones, or nothing. */
  get due(): 'directive' | 'again' | 'new' | undefined {
    if (this.#ack !== undefined) return 'directive'
    if (this.#state === 'closed') return undefined
    if (this.#state === 'cancelled') return this.#eofDue ? 'directive' : undefined
    if (this.#metadataDue) return 'directive'
    if (this.#again.count > 0) return 'again'
    if (!this.#isAllOut) return 'new'
    return this.#eofDue ? 'directive' : undefined
  }

  /** The file octets that next() will speak of first, so that they can be read ahead. */
  get wanted(): Span | undefined {
    if (this.#state !== 'sending' && this.#state !== 'awaiting') return undefined
    const again = this.#again.firstAfter(0)
    if (again !== undefined) return again
    return this.#isAllOut ? undefined : { start: this.#mark, end: this.transmission.fileSize }
  }

  /**
   * What to send now. A segment has at most `segmentOctets` octets of file (at least 1); a directive is
   * answered whatever its size. Handing it out is sending it: timers start here.
   */
  next(segmentOctets: number, now: Instant): Outgoing | undefined {
    const due = this.due
    if (due === 'again') return this.#takeAgain(this.#again.firstAfter(0) as Span, segmentOctets)
    if (due === 'new') return this.#takeNew(segmentOctets)
    if (due === undefined) return undefined
    if (this.#ack !== undefined) return this.#takeAck(this.#ack)
    return this.#metadataDue && this.#state !== 'cancelled'
      ? this.#takeMetadata()
      : this.#takeEof(now)
  }

  receive(body: Body, now: Instant): void {
    if (body.kind === 'ack' && body.of === 'eof') this.#receiveAck(body)
    else if (body.kind === 'nak') this.#receiveNak(body, now)
    else if (body.kind === 'finished') this.#receiveFinished(body)
  }

  tick(now: Instant): void {
    const expired = this.#eofTimer.expire(now)
    if (expired === 'no') return
    if (!this.transmission.acknowledged) this.#tickClosure(expired, now)
    else if (expired === 'again') this.#eofDue = true
    else if (this.#state === 'cancelled') this.#close(this.#condition)
    else this.cancel(CONDITION.positiveAckLimitReached)
  }

  /** A contact begins: what was on its way when the last one ended is lost, and is not waited for. */
  contactBegins(now: Instant): void {
    const wasAsking = this.#eofTimer.lapse()
    if (!this.transmission.acknowledged) {
      if (wasAsking) this.#eofTimer.start(now)
      // Whoever has said nothing of the end since the last contact may have forgotten all, or given up.
    } else if (wasAsking || this.#state === 'awaiting') this.#eofDue = true
  }

  /** Stops sending file data and tells the other end why. CCSDS 727.0-B-5, 4.11.2. */
  cancel(condition: number): void {
    if (this.#state === 'closed' || this.#state === 'cancelled') return
    this.#state = 'cancelled'
    this.#condition = condition
    this.#again.clear()
    this.#eofTimer.stop()
    this.#eofDue = true
    this.#eofAcknowledged = false
  }

  drain(): readonly SendingEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  get #isAllOut(): boolean {
    return this.#mark >= this.transmission.fileSize
  }

  #takeAck(ack: Ack): Outgoing {
    this.#ack = undefined
    return { kind: 'directive', header: this.#header, body: ack }
  }

  #takeMetadata(): Outgoing {
    this.#metadataDue = false
    const { closureRequested, checksumType, fileSize, sourceName, destinationName, options } =
      this.transmission
    return {
      kind: 'directive',
      header: this.#header,
      body: {
        kind: 'metadata',
        closureRequested,
        checksumType,
        fileSize,
        sourceName,
        destinationName,
        options,
      },
    }
  }

  #takeAgain(again: Span, segmentOctets: number): Outgoing {
    const length = Math.min(again.end - again.start, segmentOctets)
    this.#again.remove(again.start, again.start + length)
    return { kind: 'segment', header: this.#header, offset: again.start, length, isNew: false }
  }

  #takeNew(segmentOctets: number): Outgoing {
    const offset = this.#mark
    const length = Math.min(this.transmission.fileSize - offset, segmentOctets)
    this.#mark = offset + length
    return { kind: 'segment', header: this.#header, offset, length, isNew: true }
  }

  #takeEof(now: Instant): Outgoing {
    this.#eofDue = false
    const { acknowledged, closureRequested, checksum, fileSize, source, entityOctets } =
      this.transmission
    const cancelled = this.#state === 'cancelled'
    if (!cancelled) this.#state = 'awaiting'
    if (acknowledged || (closureRequested && !cancelled)) this.#eofTimer.start(now)
    else this.#close(this.#condition)
    const body: Eof = {
      kind: 'eof',
      condition: this.#condition,
      // Of a file broken off no checksum is known, and none is checked: the receiver throws it away.
      checksum: cancelled ? 0 : checksum,
      fileSize: cancelled ? this.#mark : fileSize,
      faultLocation: cancelled ? idOctets(source, entityOctets) : undefined,
    }
    return { kind: 'directive', header: this.#header, body }
  }

  /** Class 1: an EOF is not repeated; its Finished is waited for up to the limit. 727.0-B-5, 4.6.3.2. */
  #tickClosure(expired: 'again' | 'limit', now: Instant): void {
    if (expired === 'again') this.#eofTimer.start(now)
    else this.#close(CONDITION.checkLimitReached)
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
    if (this.#state !== 'sending' && this.#state !== 'awaiting') return
    this.#eofTimer.progress(now)
    if (nak.wantsMetadata) this.#metadataDue = true
    const scope = this.#clip(nak.scope.start, nak.scope.end)
    if (scope !== undefined) {
      this.#again.remove(scope.start, scope.end)
      this.acknowledged.add(scope.start, scope.end)
    }
    for (const wide of nak.gaps) {
      const gap = this.#clip(wide.start, wide.end)
      if (gap === undefined) continue
      this.#again.add(gap.start, gap.end)
      this.acknowledged.remove(gap.start, gap.end)
    }
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
    if (isWhole) this.acknowledged.add(0, this.transmission.fileSize)
    this.#effects.push({ kind: 'finished', finished })
    this.#close(finished.condition)
  }

  /** What of [start, end) was sent already: of the rest there is nothing to say yet. */
  #clip(start: Unsigned, end: Unsigned): Span | undefined {
    if (typeof start === 'bigint') return undefined
    const to = Math.min(Number(end), this.#mark)
    return start < to ? { start, end: to } : undefined
  }

  #close(condition: number): void {
    this.#state = 'closed'
    this.#condition = condition
    this.#again.clear()
    this.#eofTimer.stop()
    this.#effects.push({ kind: 'closed', condition })
  }
}

const ACTIVE = 1
const TERMINATED = 2
