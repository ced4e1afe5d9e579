/**
 * All files on their way in at one end: each PDU finds its reception, what the disk does not take is asked for again,
 * and a transaction that is over stays over. Nothing is said to a sender that the disk does not know.
 */
import { type Instant, sooner } from '../../machine.ts'
import { finishedFor } from '../completion.ts'
import { CONDITION, conditionName } from '../condition.ts'
import type { EntityCounters } from '../entity/counters.ts'
import { isApart } from '../intake.ts'
import type { Body, Directive, Eof, Header, Pdu } from '../pdu/pdu.ts'
import type { ReceivingLimits } from '../reception.ts'
import type { ReceptionEffect, ReceptionInput } from './events.ts'
import { isSameFile, Ledger } from './ledger.ts'
import { Reception } from './reception.ts'
import { type ReceptionId, type ReceptionRecord, receptionId } from './records.ts'

/** Bounds of what is under way at once. What would go beyond them is dropped and counted, but for `octetsMax`. */
export interface ReceptionBounds {
  readonly limits: ReceivingLimits
  readonly transactionsMax: number
  /** Pieces in which the octets of one file may lie apart. */
  readonly spansMax: number
  /** Octets of all files, as far as their senders say; beyond it a file is refused. Undefined: as the disk has room. */
  readonly octetsMax?: number
  /** Transactions that are over and remembered one by one. */
  readonly closedMax: number
  /** Nobody hears an answer: what is missing is kept open, what is over is over. Undefined: they are heard. */
  readonly isMute?: boolean
}

export class Receptions {
  readonly ledger: Ledger
  /** The newest outcomes, for those who look. */
  readonly recent: Reception[] = []
  readonly counters: EntityCounters
  readonly #bounds: ReceptionBounds
  readonly #push: (effect: ReceptionEffect) => void
  readonly #open = new Map<ReceptionId, Reception>()
  /** Answers for transactions that are over. */
  #strays: Answer[] = []
  #isDiskReady = true
  /** When octets held only in memory and page cache go to the journal at the latest. */
  #checkpointAt: Instant | undefined

  /** `records` are those of the journal, oldest first; `push` takes what is asked for, in order. */
  constructor(
    bounds: ReceptionBounds,
    counters: EntityCounters,
    push: (effect: ReceptionEffect) => void,
    records: readonly unknown[],
  ) {
    this.#bounds = bounds
    this.counters = counters
    this.#push = push
    this.ledger = new Ledger(records, bounds.closedMax)
    for (const known of this.ledger.takeKnown()) {
      const reception = new Reception(known.header, bounds.limits, counters, known)
      this.#open.set(reception.id, reception)
      this.#settle(reception)
    }
  }

  get size(): number {
    return this.#open.size
  }

  get isDiskReady(): boolean {
    return this.#isDiskReady
  }

  /** When tick() is due, in contact time. While the disk takes nothing, nothing is waited for. */
  get deadline(): Instant | undefined {
    if (!this.#isDiskReady) return undefined
    let first: Instant | undefined
    for (const { transaction } of this.#open.values()) first = sooner(first, transaction.deadline)
    return first
  }

  /** When checkpoint() is due, whether there is contact or not. */
  get checkpointAt(): Instant | undefined {
    return this.#checkpointAt
  }

  /** Whether next() has something. */
  get isUrgent(): boolean {
    if (this.#strays.length > 0) return true
    if (!this.#isDiskReady) return false
    for (const { transaction } of this.#open.values()) if (transaction.isUrgent) return true
    return false
  }

  has(id: ReceptionId): boolean {
    return this.#open.has(id)
  }

  get(id: ReceptionId): Reception | undefined {
    return this.#open.get(id)
  }

  values(): IterableIterator<Reception> {
    return this.#open.values()
  }

  /** A PDU of a sender, for us. `time` is contact time. */
  receive({ header, body }: Pdu, now: Instant, time: Instant): void {
    const { recv } = this.counters
    const id = receptionId(header)
    const closed = this.ledger.closed(id)
    if (closed !== undefined) {
      recv.spurious += 1
      if (body.kind === 'eof' && isSameFile(closed, body))
        this.#answerLate(header, body, closed.condition)
      return
    }
    if (!this.#isDiskReady && body.kind !== 'ack') {
      // What cannot be kept was not received: it will be asked for when there is room again.
      recv.dropped += 1
      return
    }
    const reception = this.#open.get(id) ?? this.#begin(header)
    if (reception === undefined) return
    if (this.#isScattered(reception, body)) {
      recv.dropped += 1
      return
    }
    reception.receive(body, time)
    if (this.#isTooMuch) reception.overflow(TOO_MUCH)
    this.#settle(reception)
    if (reception.freshOctets >= CHECKPOINT_OCTETS) this.checkpoint()
    else if (reception.freshOctets > 0) this.#checkpointAt ??= now + CHECKPOINT_MS
  }

  hear(input: ReceptionInput, time: Instant): void {
    if (input.kind === 'disk ready') return this.#diskReady(time)
    const reception = this.#open.get(input.id)
    if (reception === undefined) return
    if (input.kind === 'verified') reception.verified(input.checksum, time)
    else if (input.kind === 'delivered') {
      reception.delivered(input.path)
      this.#log('file delivered', { transaction: input.id, path: input.path })
    } else if (input.kind === 'refused') {
      this.#log('file refused', { transaction: input.id, why: input.why })
      reception.refused(input.why)
    } else this.#diskFailed(reception, input)
    this.#settle(reception)
  }

  /** Does what an operator wants of one; false: it is not under way. */
  command(kind: 'cancel' | 'suspend' | 'resume', id: ReceptionId, time: Instant): boolean {
    const reception = this.#open.get(id)
    if (reception === undefined) return false
    if (kind === 'cancel') reception.cancel(CONDITION.cancelRequestReceived)
    else if (kind === 'suspend') reception.suspend(time)
    else reception.resume(time)
    this.#settle(reception)
    return true
  }

  tick(now: Instant, time: Instant): void {
    if (this.#checkpointAt !== undefined && now >= this.#checkpointAt) this.checkpoint()
    if (!this.#isDiskReady) return
    for (const reception of this.#open.values()) {
      reception.tick(time)
      this.#settle(reception)
    }
  }

  contactBegins(time: Instant): void {
    for (const { transaction } of this.#open.values()) transaction.contactBegins(time)
  }

  /**
   * The next answer, in a PDU of at most `roomOctets`. What it claims is on the disk before what follows is done; so
   * while the disk takes nothing, none but those that stand on what is written down already.
   */
  next(roomOctets: number, time: Instant): Answer | undefined {
    const stray = this.#strays.shift()
    if (stray !== undefined) return stray
    if (!this.#isDiskReady) return undefined
    for (const reception of this.#open.values()) {
      const answer = reception.transaction.next(roomOctets, time)
      if (answer !== undefined) reception.checkpoint()
      this.#settle(reception)
      if (answer !== undefined) return answer
    }
    return undefined
  }

  /** The fewest records from which this can be made again. */
  *snapshot(): IterableIterator<ReceptionRecord> {
    yield* this.ledger.snapshot()
    for (const reception of this.#open.values()) yield* reception.snapshot()
  }

  #begin(header: Header): Reception | undefined {
    if (this.#open.size >= this.#bounds.transactionsMax) {
      this.counters.recv.dropped += 1
      return undefined
    }
    const reception = new Reception(header, this.#bounds.limits, this.counters)
    this.#open.set(reception.id, reception)
    this.#log('reception begins', { transaction: reception.id })
    return reception
  }

  /** Whether it would be one piece too many, apart from all others. */
  #isScattered({ transaction: { held } }: Reception, body: Body): boolean {
    if (body.kind !== 'file data' || held.count < this.#bounds.spansMax) return false
    return isApart(body, held)
  }

  get #isTooMuch(): boolean {
    const { octetsMax } = this.#bounds
    if (octetsMax === undefined) return false
    let octets = 0
    for (const { transaction } of this.#open.values())
      if (transaction.stage !== 'finishing' && transaction.stage !== 'closed')
        octets += Math.max(transaction.fileOctets ?? 0, transaction.held.octets)
    return octets > octetsMax
  }

  /** The sender has not heard how its transaction ended. */
  #answerLate(header: Header, eof: Eof, condition: number): void {
    const isHeard = this.#bounds.isMute !== true
    if (this.#strays.length >= STRAYS_MAX || !header.acknowledged || !isHeard) return
    const toSender = { ...header, towardSender: true }
    const ack = {
      kind: 'ack',
      of: 'eof',
      condition: eof.condition,
      transactionStatus: TERMINATED,
    } as const
    this.#strays.push({ header: toSender, body: ack })
    if (eof.condition === CONDITION.noError)
      this.#strays.push({ header: toSender, body: finishedFor(condition, true) })
  }

  #diskFailed(
    reception: Reception,
    { id, lost, why }: ReceptionInput & { kind: 'disk failed' },
  ): void {
    if (this.#isDiskReady) {
      this.#log('disk fails', { transaction: id, why })
      this.#push({ kind: 'await disk' })
    }
    this.#isDiskReady = false
    reception.diskFailed(lost)
  }

  #diskReady(time: Instant): void {
    this.#isDiskReady = true
    this.#log('disk ready', {})
    for (const reception of this.#open.values()) {
      reception.retry(time)
      this.#settle(reception)
    }
  }

  /** Brings all that is held to the disk and into the journal. */
  checkpoint(): void {
    this.#checkpointAt = undefined
    if (!this.#isDiskReady) return
    for (const reception of this.#open.values()) {
      reception.checkpoint()
      this.#settle(reception)
    }
  }

  /** Takes over what a reception asks for, and forgets it when it has said its last word. */
  #settle(reception: Reception): void {
    const { id, transaction } = reception
    if (this.#bounds.isMute === true) reception.hush()
    for (const effect of reception.drain()) {
      this.#push(effect)
      if (effect.kind !== 'journal' || effect.record.kind !== 'closed') continue
      const { condition, octets, checksum } = effect.record
      this.ledger.close(id, { condition, octets, checksum })
      this.#log('reception ends', { transaction: id, condition: conditionName(condition) })
    }
    if (transaction.stage !== 'closed' || transaction.isUrgent) return
    this.#open.delete(id)
    this.recent.push(reception)
    if (this.recent.length > RECENT_MAX) this.recent.shift()
  }

  #log(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#push({ kind: 'log', event, fields })
  }
}

interface Answer {
  readonly header: Header
  readonly body: Directive
}

const TOO_MUCH = 'all files under way together are larger than is taken'
/** Octets, and time, after which what was received is brought to the journal. */
const CHECKPOINT_OCTETS = 8 * 1_048_576
const CHECKPOINT_MS = 2_000
const STRAYS_MAX = 64
const RECENT_MAX = 64
const TERMINATED = 2
