/**
 * The spacecraft as one pure machine: files are offered, go down in frames while there is contact, and are let
 * go when the ground has said Finished. Every word that binds it is in the journal before it is said.
 */
import { CONDITION, conditionName } from '../protocol/cfdp/condition.ts'
import { ContactWatch } from '../protocol/cfdp/contact-watch.ts'
import type { Finished, Pdu } from '../protocol/cfdp/pdu/pdu.ts'
import type { SendingTransaction } from '../protocol/cfdp/sending.ts'
import { caduOctets } from '../protocol/frame/link.ts'
import { type Instant, type Machine, sooner } from '../protocol/machine.ts'
import { AckBuffer, type Entry, isDelivered, type Offer } from './buffer/ack-buffer.ts'
import type { BufferRecord } from './buffer/records.ts'
import { Downlink } from './downlink/downlink.ts'
import type { SpacecraftEffect, SpacecraftInput } from './events.ts'
import type { FileStatus } from './file-status.ts'
import type { SpacecraftSettings } from './settings.ts'

import { transmissionOf } from './transmission.ts'
import { TelecommandReceiver } from './uplink/telecommand.ts'

export class Spacecraft implements Machine<SpacecraftInput, SpacecraftEffect> {
  readonly settings: SpacecraftSettings
  readonly buffer: AckBuffer
  readonly downlink: Downlink
  readonly uplink: TelecommandReceiver
  readonly contact: ContactWatch
  readonly #caduOctets: number
  /** The newest files that were let go, for those who look. */
  readonly recent: FileStatus[] = []
  #effects: SpacecraftEffect[] = []
  /** The file being read for its checksum; one at a time. */
  #digesting: number | undefined
  #isRoomAsked = false

  /** `records` are those of its journal, oldest first. */
  constructor(settings: SpacecraftSettings, records: readonly unknown[], now: Instant) {
    this.settings = settings
    this.contact = new ContactWatch(settings.contacts)
    this.buffer = new AckBuffer(settings.buffer, settings.firstSequence, records)
    this.downlink = new Downlink(settings)
    this.uplink = new TelecommandReceiver(settings.uplink)
    this.#caduOctets = caduOctets(settings.downlink)
    for (const entry of this.buffer.entries()) if (entry.ended !== undefined) this.#release(entry)
    this.#digestNext()
    this.tick(now)
  }

  get deadline(): Instant | undefined {
    let first: Instant | undefined
    for (const transaction of this.downlink.transactions())
      first = sooner(first, transaction.deadline)
    return sooner(this.contact.clock.when(first), this.contact.deadline)
  }

  receive(input: SpacecraftInput, now: Instant): void {
    this.#followContact(now)
    switch (input.kind) {
      case 'octets':
        for (const pdu of this.uplink.push(input.octets)) this.#receivePdu(pdu, now)
        break
      case 'room':
        this.#isRoomAsked = false
        this.#transmit(input.octets, now)
        break
      case 'offer':
        this.#offer(input)
        break
      case 'cancel':
        this.#cancel(input.token, input.sequence)
        break
      case 'digested':
        this.#digested(input.sequence, input.checksum)
        break
      case 'source failed':
        this.#sourceFailed(input.sequence, input.why)
        break
      case 'read':
        this.downlink.put(input.sequence, input.offset, input.octets)
        break
      case 'released':
        this.#released(input.sequence)
        break
    }
    this.#askRoom()
  }

  tick(now: Instant): void {
    this.#followContact(now)
    const time = this.contact.clock.read(now)
    for (const transaction of this.downlink.transactions()) {
      transaction.tick(time)
      this.#settle(transaction)
    }
    this.#askRoom()
  }

  drain(): readonly SpacecraftEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  #followContact(now: Instant): void {
    const turn = this.contact.follow(now)
    if (turn === undefined) return
    this.#log(`contact ${turn}`, {})
    if (turn === 'ends') return
    const time = this.contact.clock.read(now)
    for (const transaction of this.downlink.transactions()) transaction.contactBegins(time)
  }

  #askRoom(): void {
    if (this.#isRoomAsked || !this.contact.isOpen) return
    this.#isRoomAsked = true
    this.#effects.push({ kind: 'room', octets: this.#caduOctets })
  }

  #transmit(roomOctets: number, now: Instant): void {
    if (!this.contact.isOpen) return
    const time = this.contact.clock.read(now)
    const onMark = (sequence: number, end: number) => this.#mark(sequence, end)
    for (let room = roomOctets; room >= this.#caduOctets; room -= this.#caduOctets) {
      this.#beginNext()
      const octets = this.downlink.frame(this.uplink.clcw, time, onMark)
      this.#effects.push({ kind: 'transmit', octets })
    }
    this.#read()
    for (const transaction of this.downlink.transactions()) this.#settle(transaction)
  }

  /** Opens the oldest file that waits, when no open one has octets left that were never sent. */
  #beginNext(): void {
    if (this.downlink.hasNew || this.downlink.openCount >= OPEN_MAX) return
    for (const entry of this.buffer.entries()) {
      const { sequence, checksum, ended } = entry
      if (checksum === undefined || ended !== undefined) continue
      if (this.downlink.transaction(sequence) !== undefined) continue
      const { cfdp } = this.settings
      this.downlink.begin(transmissionOf(entry, checksum, this.settings), cfdp.limits, entry.mark)
      this.#log('transfer begins', { sequence, name: entry.name, mark: entry.mark })
      return
    }
  }

  /** No octet leaves before the journal says that it may have been sent. */
  #mark(sequence: number, end: number): void {
    const entry = this.buffer.entry(sequence) as Entry
    if (end <= entry.mark) return
    const mark = Math.min(entry.identity.octets, end + MARK_AHEAD_OCTETS)
    this.#write({ kind: 'mark', sequence, mark })
  }

  #read(): void {
    for (const { sequence, offset, length } of this.downlink.drainRequests()) {
      const { path, identity } = this.buffer.entry(sequence) as Entry
      this.#effects.push({ kind: 'read', sequence, path, identity, offset, length })
    }
  }

  #offer(input: SpacecraftInput & { readonly kind: 'offer' }): void {
    const { token, offer } = input
    const failed = this.#failedBefore(offer, input.insist)
    if (failed !== undefined) this.#write({ kind: 'released', sequence: failed.sequence })
    const why = this.buffer.refusal(offer)
    if (why !== undefined) {
      this.buffer.refused += 1
      this.#effects.push({ kind: 'answer', token, sequence: undefined, why })
      return
    }
    const sequence = this.buffer.nextSequence
    this.#write({ kind: 'accepted', sequence, ...offer })
    this.#effects.push({ kind: 'answer', token, sequence, why: undefined })
    this.#log('file accepted', { sequence, name: offer.name, octets: offer.identity.octets })
    this.#digestNext()
  }

  /** An entry of the same path that the ground would not have, and that makes way for this offer. */
  #failedBefore(offer: Offer, insist: boolean): Entry | undefined {
    for (const entry of this.buffer.entries()) {
      if (entry.path !== offer.path || entry.ended === undefined || isDelivered(entry.ended))
        continue
      const isSame =
        entry.identity.octets === offer.identity.octets &&
        entry.identity.mtimeMs === offer.identity.mtimeMs &&
        entry.identity.inode === offer.identity.inode
      return insist || !isSame ? entry : undefined
    }
    return undefined
  }

  #cancel(token: number, sequence: number): void {
    const entry = this.buffer.entry(sequence)
    if (entry === undefined || entry.ended !== undefined) {
      const why = `Cannot cancel transaction ${sequence}: it is not in the buffer`
      this.#effects.push({ kind: 'answer', token, sequence: undefined, why })
      return
    }
    this.#abort(sequence, CONDITION.cancelRequestReceived, 'cancelled aboard')
    this.#effects.push({ kind: 'answer', token, sequence, why: undefined })
  }

  #digestNext(): void {
    if (this.#digesting !== undefined) return
    for (const { sequence, checksum, ended, path, identity } of this.buffer.entries()) {
      if (checksum !== undefined || ended !== undefined) continue
      this.#digesting = sequence
      this.#effects.push({ kind: 'digest', sequence, path, identity })
      return
    }
  }

  #digested(sequence: number, checksum: number): void {
    if (this.#digesting === sequence) this.#digesting = undefined
    const entry = this.buffer.entry(sequence)
    if (entry !== undefined && entry.ended === undefined)
      this.#write({ kind: 'digested', sequence, checksum })
    this.#digestNext()
  }

  #sourceFailed(sequence: number, why: string): void {
    if (this.#digesting === sequence) this.#digesting = undefined
    const entry = this.buffer.entry(sequence)
    if (entry !== undefined && entry.ended === undefined) {
      this.#log('file lost aboard', { sequence, name: entry.name, why })
      this.#abort(sequence, CONDITION.filestoreRejection, why)
      // Whatever stands under its path now is another file, free to be offered.
      this.#write({ kind: 'released', sequence })
    }
    this.#digestNext()
  }

  /** Ends a file here; the ground is told if it may know of it. */
  #abort(sequence: number, condition: number, why: string): void {
    this.#write({ kind: 'ended', sequence, condition, why })
    this.downlink.transaction(sequence)?.cancel(condition)
  }

  #receivePdu(pdu: Pdu, now: Instant): void {
    const { header, body } = pdu
    const { entity, peer } = this.settings
    if (!header.towardSender || header.source !== entity || header.destination !== peer) {
      this.uplink.counters.foreign += 1
      return
    }
    const transaction = this.downlink.transaction(Number(header.sequence))
    if (transaction === undefined) {
      if (body.kind === 'finished') this.#acknowledgeAgain(pdu, body)
      return
    }
    transaction.receive(body, this.contact.clock.read(now))
    this.#settle(transaction)
  }

  /** The ground has not heard that its Finished was heard. */
  #acknowledgeAgain(pdu: Pdu, finished: Finished): void {
    const sequence = Number(pdu.header.sequence)
    const entry = this.buffer.entry(sequence)
    // A restart between the Finished and its record: the word of the ground counts now.
    if (entry !== undefined && entry.ended === undefined) this.#finished(entry, finished)
    this.downlink.acknowledgeStray(pdu.header, {
      kind: 'ack',
      of: 'finished',
      condition: finished.condition,
      transactionStatus: sequence < this.buffer.nextSequence ? TERMINATED : UNRECOGNIZED,
    })
  }

  #settle(transaction: SendingTransaction): void {
    const sequence = Number(transaction.transmission.sequence)
    for (const effect of transaction.drain()) {
      const entry = this.buffer.entry(sequence)
      if (entry === undefined || entry.ended !== undefined) continue
      if (effect.kind === 'finished') this.#finished(entry, effect.finished)
      else if (effect.kind === 'closed' && transaction.transmission.acknowledged)
        this.#end(entry, effect.condition, conditionName(effect.condition))
      else if (effect.kind === 'closed') this.#end(entry, effect.condition, 'sent once')
    }
    this.downlink.end(sequence)
  }

  #finished(entry: Entry, finished: Finished): void {
    const { condition, complete } = finished
    if (condition === CONDITION.noError && !complete)
      this.#end(entry, CONDITION.inactivityDetected, 'the ground says it is incomplete')
    else this.#end(entry, condition, conditionName(condition))
  }

  #end(entry: Entry, condition: number, why: string): void {
    const { sequence, name } = entry
    this.#write({ kind: 'ended', sequence, condition, why })
    this.#log('transfer ends', { sequence, name, condition: why })
    this.#release(this.buffer.entry(sequence) as Entry)
  }

  /** Lets a delivered file go. One that failed stays until somebody decides. */
  #release(entry: Entry): void {
    if (entry.ended === undefined || !isDelivered(entry.ended)) return
    const { sequence, path, identity, remove } = entry
    this.#effects.push({ kind: 'release', sequence, path, identity, remove })
  }

  #released(sequence: number): void {
    const entry = this.buffer.entry(sequence)
    if (entry === undefined) return
    const { name, identity, mark } = entry
    const { octets } = identity
    this.recent.push({
      name,
      octets,
      sequence,
      state: 'done',
      sentOctets: mark,
      acknowledgedOctets: octets,
    })
    if (this.recent.length > RECENT_MAX) this.recent.shift()
    this.#write({ kind: 'released', sequence })
  }

  #write(record: BufferRecord): void {
    this.buffer.apply(record)
    this.#effects.push({ kind: 'journal', record })
  }

  #log(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#effects.push({ kind: 'log', event, fields })
  }
}

/** Transactions that are under way at once. */
const OPEN_MAX = 64
/** How far the journal runs ahead of what is sent: one record a MiB. */
const MARK_AHEAD_OCTETS = 1_048_576
const RECENT_MAX = 64
const TERMINATED = 2
const UNRECOGNIZED = 3
