/**
 * A main station as one pure machine: octets of the downlink come in, files grow in the archive, answers go up.
 * Nothing is said to the spacecraft that the disk does not know.
 */

import { finishedFor } from '../protocol/cfdp/completion.ts'
import { CONDITION, conditionName } from '../protocol/cfdp/condition.ts'
import { ContactWatch } from '../protocol/cfdp/contact-watch.ts'
import { newCounters, segmentRequests } from '../protocol/cfdp/entity/counters.ts'
import type { Directive, Eof, Header, Pdu } from '../protocol/cfdp/pdu/pdu.ts'
import type { Command as Telecommand } from '../protocol/command/command.ts'
import type { Housekeeping } from '../protocol/command/housekeeping.ts'
import { type Instant, type Machine, sooner } from '../protocol/machine.ts'
import { CommandLink } from './command-link.ts'
import type { EdgeEffect, EdgeInput } from './events.ts'
import { Ingest } from './ingest.ts'
import { isSameFile, Ledger } from './ledger.ts'
import { type OrderRecord, Orders } from './orders.ts'
import { Reception } from './reception.ts'
import { type EdgeRecord, type ReceptionId, receptionId } from './records.ts'
import type { ReservedRecord } from './reserved.ts'
import type { EdgeSettings } from './settings.ts'

export class Edge implements Machine<EdgeInput, EdgeEffect> {
  readonly settings: EdgeSettings
  readonly ingest: Ingest
  readonly commands: CommandLink
  readonly orders: Orders
  readonly ledger: Ledger
  readonly receptions = new Map<ReceptionId, Reception>()
  readonly contact: ContactWatch
  /** Of its CFDP entity. What was malformed is counted by `ingest`. */
  readonly counters = newCounters()
  /** The newest housekeeping, and when it came. */
  housekeeping: { readonly report: Housekeeping; readonly at: Instant } | undefined
  /** The newest outcomes, for those who look. */
  readonly recent: Reception[] = []
  #effects: EdgeEffect[] = []
  /** Answers for transactions that are over. */
  #strays: { readonly header: Header; readonly body: Directive }[] = []
  #isRoomAsked = false
  #isDiskReady = true
  /** When octets held only in memory and page cache go to the journal at the latest. */
  #checkpointDeadline: Instant | undefined

  /** `records` are those of its journal, oldest first. */
  constructor(settings: EdgeSettings, records: readonly unknown[], now: Instant) {
    this.settings = settings
    this.contact = new ContactWatch(settings.contacts)
    this.ingest = new Ingest(settings.downlink)
    this.commands = new CommandLink(settings.uplink, records)
    this.orders = new Orders(settings.uplink.firstCommand, records)
    this.ledger = new Ledger(records)
    for (const known of this.ledger.takeKnown()) {
      const reception = new Reception(known.header, settings.limits, this.counters, known)
      this.receptions.set(reception.id, reception)
      this.#settle(reception)
    }
    this.tick(now)
  }

  get isDiskReady(): boolean {
    return this.#isDiskReady
  }

  get deadline(): Instant | undefined {
    let first: Instant | undefined
    for (const reception of this.receptions.values())
      first = sooner(first, reception.transaction.deadline)
    return sooner(
      this.contact.clock.when(sooner(first, sooner(this.commands.deadline, this.orders.deadline))),
      sooner(this.contact.deadline, this.#checkpointDeadline),
    )
  }

  receive(input: EdgeInput, now: Instant): void {
    this.#followContact(now)
    const time = this.contact.clock.read(now)
    switch (input.kind) {
      case 'octets':
        this.#hear(input.octets, now)
        break
      case 'room':
        this.#isRoomAsked = false
        this.#transmit(input.octets, now)
        break
      case 'order':
        this.#order(input.command, input.token)
        break
      case 'disk ready':
        this.#diskReady(time)
        break
      case 'cancel':
      case 'suspend':
      case 'resume':
        this.#command(input, time)
        break
      case 'verified':
      case 'delivered':
      case 'refused':
      case 'disk failed':
        this.#hearDisk(input, time)
    }
    this.#askRoom()
  }

  tick(now: Instant): void {
    this.#followContact(now)
    const time = this.contact.clock.read(now)
    if (this.#checkpointDeadline !== undefined && now >= this.#checkpointDeadline)
      this.#checkpoint()
    this.commands.tick(time)
    this.orders.tick(time)
    for (const reception of this.receptions.values()) {
      reception.tick(time)
      this.#settle(reception)
    }
    this.#askRoom()
  }

  drain(): readonly EdgeEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  /** The fewest records from which this station can be made again. */
  *snapshot(): IterableIterator<EdgeRecord | ReservedRecord | OrderRecord> {
    const { reserved } = this.commands
    if (reserved !== undefined) yield reserved
    yield* this.orders.snapshot()
    yield* this.ledger.snapshot()
    for (const reception of this.receptions.values()) yield* reception.snapshot()
  }

  #followContact(now: Instant): void {
    const turn = this.contact.follow(now)
    if (turn === undefined) return
    this.#log(`contact ${turn}`, {})
    if (turn === 'ends') return
    this.ingest.reset()
    const time = this.contact.clock.read(now)
    for (const { transaction } of this.receptions.values()) transaction.contactBegins(time)
  }

  #hear(octets: Uint8Array, now: Instant): void {
    this.ingest.push(octets, pdu => this.#receivePdu(pdu, now))
    const word = this.ingest.takeOcf()
    if (word !== undefined) this.commands.hear(word, this.contact.clock.read(now))
    const report = this.ingest.takeHousekeeping()
    if (report !== undefined) this.#hearReport(report, now)
  }

  #hearReport(report: Housekeeping, now: Instant): void {
    this.housekeeping = { report, at: now }
    const record = this.orders.hear(report)
    if (record === undefined) return
    this.#effects.push({ kind: 'journal', record })
    const { counter, command, state, why } = record
    this.#log(`command ${state}`, { counter, command, why })
  }

  #order(command: Telecommand, token: number): void {
    const record = this.orders.order(command)
    if (typeof record === 'string') {
      this.#effects.push({ kind: 'answer', token, why: `Cannot command: ${record}` })
      return
    }
    this.#effects.push({ kind: 'journal', record })
    this.#effects.push({ kind: 'answer', token, why: undefined, counter: record.counter })
  }

  #receivePdu(pdu: Pdu, now: Instant): void {
    const { header, body } = pdu
    const { entity, peer } = this.settings
    const { recv } = this.counters
    if (header.towardSender || header.source !== peer || header.destination !== entity) {
      recv.error += 1
      return
    }
    recv.pdu += 1
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
    const reception = this.receptions.get(id) ?? this.#open(header)
    if (reception === undefined) return
    reception.receive(body, this.contact.clock.read(now))
    this.#settle(reception)
    if (reception.freshOctets >= CHECKPOINT_OCTETS) this.#checkpoint()
    else if (reception.freshOctets > 0) this.#checkpointDeadline ??= now + CHECKPOINT_MS
  }

  #open(header: Header): Reception | undefined {
    if (this.receptions.size >= this.settings.transactionsMax) {
      this.counters.recv.dropped += 1
      return undefined
    }
    const reception = new Reception(header, this.settings.limits, this.counters)
    this.receptions.set(reception.id, reception)
    this.#log('reception begins', { transaction: reception.id })
    return reception
  }

  /** The sender has not heard how its transaction ended. */
  #answerLate(header: Header, eof: Eof, condition: number): void {
    if (this.#strays.length >= STRAYS_MAX || !header.acknowledged) return
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

  #hearDisk(
    input: Extract<EdgeInput, { kind: 'verified' | 'delivered' | 'refused' | 'disk failed' }>,
    time: Instant,
  ): void {
    const reception = this.receptions.get(input.id)
    if (reception === undefined) return
    if (input.kind === 'verified') reception.verified(input.checksum, time)
    else if (input.kind === 'delivered') {
      reception.delivered(input.path)
      this.#log('file delivered', { transaction: input.id, path: input.path })
    } else if (input.kind === 'refused') {
      this.#log('file refused', { transaction: input.id, why: input.why })
      reception.refused(input.why)
    } else this.#diskFailed(reception, input, time)
    this.#settle(reception)
  }

  #diskFailed(
    reception: Reception,
    { lost, why }: EdgeInput & { kind: 'disk failed' },
    time: Instant,
  ): void {
    this.commands.abandon(time)
    if (this.#isDiskReady) {
      this.#log('disk fails', { transaction: reception.id, why })
      this.#effects.push({ kind: 'await disk' })
    }
    this.#isDiskReady = false
    reception.diskFailed(lost)
  }

  #diskReady(time: Instant): void {
    this.#isDiskReady = true
    this.#log('disk ready', {})
    for (const reception of this.receptions.values()) {
      reception.retry(time)
      this.#settle(reception)
    }
  }

  #command({ kind, id, token }: Command, time: Instant): void {
    const reception = this.receptions.get(id)
    const why = reception ? undefined : `Cannot ${kind} transaction ${id}: it is not under way`
    if (reception !== undefined) {
      if (kind === 'cancel') reception.cancel(CONDITION.cancelRequestReceived)
      else if (kind === 'suspend') reception.suspend(time)
      else reception.resume(time)
      this.#settle(reception)
    }
    this.#effects.push({ kind: 'answer', token, why })
  }

  #checkpoint(): void {
    this.#checkpointDeadline = undefined
    if (!this.#isDiskReady) return
    for (const reception of this.receptions.values()) {
      reception.checkpoint()
      this.#settle(reception)
    }
  }

  get #hasAnswers(): boolean {
    if (this.orders.isDue) return true
    if (this.#strays.length > 0) return true
    for (const { transaction } of this.receptions.values()) if (transaction.isUrgent) return true
    return false
  }

  #askRoom(): void {
    for (const event of this.commands.takeEvents()) this.#log(event, {})
    if (this.#isRoomAsked || !this.contact.isOpen || !this.#isDiskReady) return
    if (!this.commands.hasFrame && !(this.commands.isReady && this.#hasAnswers)) return
    this.#isRoomAsked = true
    this.#effects.push({ kind: 'room', octets: this.commands.octetsMax })
  }

  #transmit(roomOctets: number, now: Instant): void {
    if (!this.contact.isOpen || !this.#isDiskReady) return
    const time = this.contact.clock.read(now)
    for (let room = roomOctets; room >= this.commands.octetsMax; ) {
      if (!this.commands.hasFrame && this.commands.isReady) this.#putAnswer(time)
      const unit = this.commands.next(time)
      if (unit === undefined) break
      const record = this.commands.takeRecord()
      if (record !== undefined) this.#effects.push({ kind: 'journal', record })
      this.#effects.push({ kind: 'transmit', ...unit })
      room -= unit.octets.length
    }
  }

  /** The next PDU for the spacecraft, if there is one, goes into the uplink. */
  #putAnswer(time: Instant): void {
    const order = this.orders.take(time)
    if (order !== undefined) {
      this.commands.command(order.counter, order.command, time)
      return
    }
    const stray = this.#strays.shift()
    if (stray !== undefined) {
      this.#put(stray.header, stray.body, time)
      return
    }
    for (const reception of this.receptions.values()) {
      const answer = reception.transaction.next(this.commands.pduOctetsMax, time)
      if (answer !== undefined) reception.checkpoint()
      this.#settle(reception)
      if (answer === undefined) continue
      this.#put(answer.header, answer.body, time)
      return
    }
  }

  #put(header: Header, body: Directive, time: Instant): void {
    this.counters.sent.pdu += 1
    this.counters.sent.nak_segment_requests += segmentRequests(body)
    this.commands.put(header, body, time)
  }

  /** Takes over what a reception asks for, and forgets it when it has said its last word. */
  #settle(reception: Reception): void {
    const { id, transaction } = reception
    for (const effect of reception.drain()) {
      this.#effects.push(effect)
      if (effect.kind !== 'journal' || effect.record.kind !== 'closed') continue
      const { condition, octets, checksum } = effect.record
      this.ledger.close(id, { condition, octets, checksum })
      this.#log('reception ends', { transaction: id, condition: conditionName(condition) })
    }
    if (transaction.stage !== 'closed' || transaction.isUrgent) return
    this.receptions.delete(id)
    this.recent.push(reception)
    if (this.recent.length > RECENT_MAX) this.recent.shift()
  }

  #log(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#effects.push({ kind: 'log', event, fields })
  }
}

type Command = Extract<EdgeInput, { kind: 'cancel' | 'suspend' | 'resume' }>

/** Octets, and time, after which what was received is brought to the journal. */
const CHECKPOINT_OCTETS = 8 * 1_048_576
const CHECKPOINT_MS = 2_000
const STRAYS_MAX = 64
const RECENT_MAX = 64
const TERMINATED = 2
