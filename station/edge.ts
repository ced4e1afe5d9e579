/**
 * A main station as one pure machine: octets of the downlink come in, files grow in the archive, answers go up, and
 * so do commands and files for the spacecraft.
 * Nothing is said to the spacecraft that the disk does not know.
 */

import { ContactWatch } from '../protocol/cfdp/contact-watch.ts'
import { newCounters, segmentRequests } from '../protocol/cfdp/entity/counters.ts'
import { Receptions } from '../protocol/cfdp/journaled/receptions.ts'
import type { ReceptionRecord } from '../protocol/cfdp/journaled/records.ts'
import type { Body, Header, Pdu } from '../protocol/cfdp/pdu/pdu.ts'
import type { Command as Telecommand } from '../protocol/command/command.ts'
import type { Housekeeping } from '../protocol/command/housekeeping.ts'
import { plannedStart } from '../protocol/contacts.ts'
import { type Instant, type Machine, sooner } from '../protocol/machine.ts'
import { isStep, UtcClock } from '../protocol/utc-clock.ts'
import { CommandLink } from './command-link.ts'
import type { EdgeEffect, EdgeInput } from './events.ts'
import { Ingest } from './ingest.ts'
import { type OrderRecord, Orders } from './orders.ts'
import type { ReservedRecord } from './reserved.ts'
import type { EdgeSettings } from './settings.ts'
import type { UploadRecord } from './uploads/records.ts'
import { Uploads } from './uploads/uploads.ts'

export class Edge implements Machine<EdgeInput, EdgeEffect> {
  readonly settings: EdgeSettings
  readonly ingest: Ingest
  readonly commands: CommandLink
  readonly orders: Orders
  readonly receptions: Receptions
  readonly uploads: Uploads
  readonly contact: ContactWatch
  readonly utc: UtcClock
  /** Of its CFDP entity. What was malformed is counted by `ingest`. */
  readonly counters = newCounters()
  /** The newest housekeeping, and when it came. */
  housekeeping: { readonly report: Housekeeping; readonly at: Instant } | undefined
  #effects: EdgeEffect[] = []
  #isRoomAsked = false
  #contactMs: number | undefined

  /** `records` are those of its journal, oldest first. */
  constructor(settings: EdgeSettings, records: readonly unknown[], now: Instant) {
    this.settings = settings
    this.contact = new ContactWatch(this.#isMute ? [] : settings.contacts)
    this.utc = new UtcClock(settings.epochUtcMs ?? 0)
    this.ingest = new Ingest(settings.downlink)
    this.commands = new CommandLink(settings.uplink, records)
    this.orders = new Orders(settings.uplink.firstCommand, records)
    const { limits, transactionsMax } = settings
    const isMute = this.#isMute
    const bounds = { limits, transactionsMax, spansMax: SPANS_MAX, closedMax: CLOSED_MAX, isMute }
    const push = (effect: EdgeEffect) => this.#effects.push(effect)
    const { counters } = this
    this.receptions = new Receptions(bounds, counters, push, records)
    this.uploads = new Uploads(settings, { room: this.commands, counters }, push, records)
    this.tick(now)
  }

  /** The contact under way, by its beginning in UTC: milliseconds since 1970. Undefined: there is none. */
  get contactMs(): number | undefined {
    return this.#contactMs
  }

  get deadline(): Instant | undefined {
    const { receptions, uploads, commands, orders, contact } = this
    const transactions = sooner(receptions.deadline, uploads.deadline)
    const first = sooner(transactions, sooner(commands.deadline, orders.deadline))
    return sooner(contact.clock.when(first), sooner(contact.deadline, receptions.checkpointAt))
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
      case 'vitals':
        this.#followUtc(input.epochUtcMs, now)
        this.#effects.push({ kind: 'answer', token: input.token, why: undefined })
        break
      case 'order':
        if (this.#isMute) this.#refuse(input.token, 'command')
        else this.#order(input.command, input.token)
        break
      case 'upload':
        if (this.#isMute) this.#refuse(input.token, 'send')
        else this.uploads.offer(input.token, input.offer, time)
        break
      case 'read':
        this.uploads.read(input.sequence, input.offset, input.octets)
        break
      case 'source failed':
        this.uploads.sourceFailed(input.sequence, input.why)
        break
      case 'cancel':
      case 'suspend':
      case 'resume':
        this.#command(input, time)
        break
      case 'disk failed':
        if (this.receptions.has(input.id)) this.commands.abandon(time)
        this.receptions.hear(input, time)
        break
      case 'verified':
      case 'delivered':
      case 'refused':
      case 'disk ready':
        this.receptions.hear(input, time)
    }
    this.#askRoom()
  }

  tick(now: Instant): void {
    this.#followContact(now)
    const time = this.contact.clock.read(now)
    this.commands.tick(time)
    this.orders.tick(time)
    this.receptions.tick(now, time)
    this.uploads.tick(time)
    this.#askRoom()
  }

  drain(): readonly EdgeEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  /** The fewest records from which this station can be made again. */
  *snapshot(): IterableIterator<EdgeRecord> {
    const { reserved } = this.commands
    if (reserved !== undefined) yield reserved
    yield* this.orders.snapshot()
    yield* this.receptions.snapshot()
    yield* this.uploads.snapshot()
  }

  /** Contacts are where UTC has them; all that runs here runs on, for its clock does not step. */
  #followUtc(epochUtcMs: number, now: Instant): void {
    const byMs = this.utc.follow(epochUtcMs)
    if (byMs === 0) return
    this.contact.moved(-byMs)
    if (isStep(byMs)) this.#log('clock stepped', { byMs: Math.round(byMs) })
    this.#followContact(now)
  }

  #followContact(now: Instant): void {
    const turn = this.contact.follow(now)
    if (turn === undefined) return
    if (turn === 'begins')
      this.#contactMs = Math.round(this.utc.at(plannedStart(this.contact.contacts, now) ?? now))
    this.#log(`contact ${turn}`, { contactMs: this.#contactMs })
    if (turn === 'ends') {
      this.#contactMs = undefined
      return
    }
    this.ingest.reset()
    const time = this.contact.clock.read(now)
    this.receptions.contactBegins(time)
    this.uploads.contactBegins(time)
  }

  #hear(octets: Uint8Array, now: Instant): void {
    const { good } = this.ingest.frames
    this.ingest.push(octets, pdu => this.#receivePdu(pdu, now))
    if (this.ingest.frames.good > good) this.uploads.heard()
    const word = this.ingest.takeOcf()
    if (word !== undefined) this.commands.hear(word, this.contact.clock.read(now))
    const report = this.ingest.takeHousekeeping()
    if (report !== undefined) this.#hearReport(report, now)
  }

  #hearReport(report: Housekeeping, now: Instant): void {
    const before = this.housekeeping?.report.starts
    this.housekeeping = { report, at: now }
    // One that started anew may have forgotten what it had heard.
    if (before !== undefined && before !== report.starts)
      this.uploads.askAgain(this.contact.clock.read(now))
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
    const { towardSender, source, destination } = pdu.header
    const { entity, peer } = this.settings
    const { recv } = this.counters
    const time = this.contact.clock.read(now)
    const [sender, receiver] = towardSender ? [entity, peer] : [peer, entity]
    if (source !== sender || destination !== receiver) {
      recv.error += 1
      return
    }
    recv.pdu += 1
    recv.nak_segment_requests += segmentRequests(pdu.body)
    if (towardSender) this.uploads.receive(pdu, time)
    else this.receptions.receive(pdu, now, time)
  }

  #command({ kind, id, token }: Command, time: Instant): void {
    const [source, sequence] = id.split('-')
    const isUpload = source === String(this.settings.entity)
    const isDone = isUpload
      ? this.uploads.command(kind, Number(sequence), time)
      : this.receptions.command(kind, id, time)
    const why = isDone ? undefined : `Cannot ${kind} transaction ${id}: it is not under way`
    this.#effects.push({ kind: 'answer', token, why })
  }

  /** A secondary station: nobody hears what it would ask for or promise. */
  get #isMute(): boolean {
    return this.settings.uplink.service === 'none'
  }

  #refuse(token: number, what: string): void {
    const why = `Cannot ${what}: this station only listens`
    this.#effects.push({ kind: 'answer', token, why })
  }

  get #hasAnswers(): boolean {
    return this.orders.isDue || this.receptions.isUrgent || this.uploads.isUrgent
  }

  /** Where the AD service has not begun, only what may make the spacecraft answer. */
  get #mayPut(): boolean {
    if (this.commands.isBypassed) return this.orders.isDue || this.uploads.isCalling
    return this.commands.isReady
  }

  #askRoom(): void {
    for (const event of this.commands.takeEvents()) this.#log(event, {})
    if (!this.contact.isOpen) return
    this.uploads.lookAhead()
    if (this.#isRoomAsked) return
    if (!this.commands.hasFrame && !(this.#mayPut && this.#hasAnswers)) return
    this.#isRoomAsked = true
    this.#effects.push({ kind: 'room', octets: this.commands.octetsMax })
  }

  #transmit(roomOctets: number, now: Instant): void {
    if (!this.contact.isOpen) return
    const time = this.contact.clock.read(now)
    for (let room = roomOctets; room >= this.commands.octetsMax; ) {
      if (!this.commands.hasFrame && this.#mayPut) this.#putAnswer(time)
      const unit = this.commands.next(time)
      if (unit === undefined) break
      const record = this.commands.takeRecord()
      if (record !== undefined) this.#effects.push({ kind: 'journal', record })
      this.#effects.push({ kind: 'transmit', ...unit })
      room -= unit.octets.length
    }
  }

  /** The next PDU for the spacecraft, if there is one, goes into the uplink: commands, answers, then its files. */
  #putAnswer(time: Instant): void {
    const order = this.orders.take(time)
    if (order !== undefined) {
      this.commands.command(order.counter, order.command, time)
      return
    }
    const { isBypassed, pduOctetsMax } = this.commands
    const answer = isBypassed ? undefined : this.receptions.next(pduOctetsMax, time)
    const pdu = answer ?? this.uploads.next(time)
    if (pdu !== undefined) this.#put(pdu.header, pdu.body, time)
  }

  #put(header: Header, body: Body, time: Instant): void {
    this.counters.sent.pdu += 1
    this.counters.sent.nak_segment_requests += segmentRequests(body)
    this.commands.put(header, body, time)
  }

  #log(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#effects.push({ kind: 'log', event, fields })
  }
}

type EdgeRecord = ReceptionRecord | ReservedRecord | OrderRecord | UploadRecord

type Command = Extract<EdgeInput, { kind: 'cancel' | 'suspend' | 'resume' }>

/** Pieces in which the octets of one file may lie apart: more than a pass over the worst link leaves. */
const SPANS_MAX = 65_536
/** Finished transactions that are remembered one by one. */
const CLOSED_MAX = 65_536
