/**
 * The spacecraft as one pure machine: files are offered, go down in frames while there is contact, and are let
 * go when the ground has said Finished. Every word that binds it is in the journal before it is said.
 */
import { CONDITION, conditionName } from '../protocol/cfdp/condition.ts'
import { ContactWatch } from '../protocol/cfdp/contact-watch.ts'
import { countFault, newCounters, segmentRequests } from '../protocol/cfdp/entity/counters.ts'
import type { Finished, Header, Pdu } from '../protocol/cfdp/pdu/pdu.ts'
import type { SendingTransaction } from '../protocol/cfdp/sending.ts'
import { idOctets } from '../protocol/cfdp/transmission.ts'
import { caduOctets } from '../protocol/frame/link.ts'
import { type Instant, type Machine, sooner } from '../protocol/machine.ts'
import { AckBuffer, type Ended, type Entry, isDelivered, type Offer } from './buffer/ack-buffer.ts'
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
  /** Of its CFDP entity; what left, and what was malformed, is counted where it happens: see spacecraftStatus(). */
  readonly counters = newCounters()
  readonly #caduOctets: number
  /** The newest files that were let go, for those who look. */
  readonly recent: FileStatus[] = []
  #effects: SpacecraftEffect[] = []
  /** The file being read for its checksum; one at a time. */
  #digesting: number | undefined
  #isRoomAsked = false
  /** Files that ended here and of which the ground may know, but not the end. */
  readonly #untold = new Set<number>()
  /** Of those with a sequence number below it an earlier run may have spoken. */
  readonly #firstOfRun: number

  /** `records` are those of its journal, oldest first. */
  constructor(settings: SpacecraftSettings, records: readonly unknown[], now: Instant) {
    this.settings = settings
    this.contact = new ContactWatch(settings.contacts)
    const { firstSequence, cfdp } = settings
    const sequenceMax = Math.min(2 ** (8 * cfdp.sequenceOctets) - 1, Number.MAX_SAFE_INTEGER)
    this.buffer = new AckBuffer({ ...settings.buffer, sequenceMax }, firstSequence, records)
    this.#firstOfRun = this.buffer.nextSequence
    this.downlink = new Downlink(settings)
    this.uplink = new TelecommandReceiver(settings.uplink)
    this.#caduOctets = caduOctets(settings.downlink)
    for (const entry of this.buffer.entries())
      if (entry.ended !== undefined) this.#conclude(entry, entry.ended)
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
      this.#beginMore()
      const octets = this.downlink.frame(this.uplink.clcw, time, onMark)
      this.#effects.push({ kind: 'transmit', octets })
    }
    this.#read()
    for (const transaction of this.downlink.transactions()) this.#settle(transaction)
  }

  /** Opens what is to be ended, and then the oldest files that wait, until enough is there to fill frames. */
  #beginMore(): void {
    for (const sequence of this.#untold) {
      if (this.downlink.openCount >= OPEN_MAX) return
      this.#untold.delete(sequence)
      const entry = this.buffer.entry(sequence)
      if (entry?.ended !== undefined) this.#begin(entry).cancel(entry.ended.condition)
    }
    let { newOctets } = this.downlink
    for (const entry of this.buffer.ready()) {
      if (newOctets >= NEW_OCTETS_MIN || this.downlink.openCount >= OPEN_MAX) return
      const { sequence, name, mark, identity } = entry
      if (this.downlink.transaction(sequence) !== undefined) continue
      this.#begin(entry)
      newOctets += identity.octets - mark
      this.#log('transfer begins', { sequence, name, mark })
    }
  }

  #begin(entry: Entry): SendingTransaction {
    const transmission = transmissionOf(entry, entry.checksum as number, this.settings)
    return this.downlink.begin(transmission, this.settings.cfdp.limits, entry.mark)
  }

  /** No octet leaves before the journal says that it may have been sent. */
  #mark(sequence: number, end: number): void {
    const entry = this.buffer.entry(sequence) as Entry
    if (end <= entry.mark) return
    const mark = Math.min(entry.identity.octets, end + MARK_AHEAD_OCTETS)
    this.#write({ kind: 'mark', sequence, mark })
  }

  #read(): void {
    for (const request of this.downlink.drainRequests()) {
      const { path, identity } = this.buffer.entry(request.sequence) as Entry
      const { sequence, offset, length, into } = request
      this.#effects.push({ kind: 'read', sequence, path, identity, offset, length, into })
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

  /** An entry of the same path that failed, and that makes way for this offer. */
  #failedBefore(offer: Offer, insist: boolean): Entry | undefined {
    const entry = this.buffer.entryAt(offer.path)
    if (entry?.ended === undefined || isDelivered(entry.ended)) return undefined
    const isSame =
      entry.identity.octets === offer.identity.octets &&
      entry.identity.mtimeMs === offer.identity.mtimeMs &&
      entry.identity.inode === offer.identity.inode
    return insist || entry.ended.gone || !isSame ? entry : undefined
  }

  #cancel(token: number, sequence: number): void {
    const entry = this.buffer.entry(sequence)
    if (entry === undefined || (entry.ended !== undefined && isDelivered(entry.ended))) {
      const why = `Cannot cancel transaction ${sequence}: it is not in the buffer`
      this.#effects.push({ kind: 'answer', token, sequence: undefined, why })
      return
    }
    // Once more for a file that failed: it is let go.
    if (entry.ended !== undefined) this.#write({ kind: 'released', sequence })
    else {
      const condition = CONDITION.cancelRequestReceived
      this.#abort(entry, { condition, why: 'cancelled aboard', gone: false })
    }
    this.#effects.push({ kind: 'answer', token, sequence, why: undefined })
  }

  #digestNext(): void {
    if (this.#digesting !== undefined) return
    const oldest = this.buffer.undigested
    if (oldest === undefined) return
    const { sequence, path, identity } = oldest
    this.#digesting = sequence
    this.#effects.push({ kind: 'digest', sequence, path, identity })
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
      const isOpen = this.downlink.transaction(sequence) !== undefined
      this.counters.fault[isOpen ? 'file_read' : 'file_open'] += 1
      this.#log('file lost aboard', { sequence, name: entry.name, why })
      this.#remember(entry, 'failed', why)
      this.#abort(entry, { condition: CONDITION.filestoreRejection, why, gone: true })
    }
    this.#digestNext()
  }

  /** Ends a file here; the ground is told if it may know of it. */
  #abort(entry: Entry, end: Ended): void {
    const { sequence } = entry
    this.#write({ kind: 'ended', sequence, ...end })
    const transaction = this.downlink.transaction(sequence)
    if (transaction === undefined) this.#conclude(entry, end)
    else transaction.cancel(end.condition)
  }

  /** What is left to do for a file that has ended and is not open. One that failed stays until somebody decides. */
  #conclude(entry: Entry, ended: Ended): void {
    const { sequence, checksum, mark } = entry
    const isKnown = checksum !== undefined && (mark > 0 || sequence < this.#firstOfRun)
    if (isDelivered(ended)) this.#release(entry)
    else if (isKnown) this.#untold.add(sequence)
    else if (ended.gone) this.#write({ kind: 'released', sequence })
  }

  #receivePdu(pdu: Pdu, now: Instant): void {
    const { header, body } = pdu
    const { entity, peer } = this.settings
    const { recv } = this.counters
    if (!header.towardSender || header.source !== entity || header.destination !== peer) {
      this.uplink.counters.foreign += 1
      recv.error += 1
      return
    }
    recv.pdu += 1
    recv.nak_segment_requests += segmentRequests(body)
    const transaction = this.downlink.transaction(Number(header.sequence))
    if (transaction === undefined) {
      recv.spurious += 1
      if (body.kind === 'finished') this.#acknowledgeAgain(pdu, body)
      else if (body.kind === 'nak') this.#disown(header)
      return
    }
    transaction.receive(body, this.contact.clock.read(now))
    this.#settle(transaction)
  }

  /** The ground has not heard that its Finished was heard. */
  #acknowledgeAgain(pdu: Pdu, finished: Finished): void {
    const sequence = Number(pdu.header.sequence)
    const entry = this.buffer.entry(sequence)
    if (entry !== undefined && entry.ended === undefined) {
      // Nobody can hold the whole of a file that has not left: this word is not about it.
      if (finished.complete && entry.mark < entry.identity.octets) return
      // A restart between the Finished and its record: the word of the ground counts now.
      this.#finished(entry, finished)
    }
    this.downlink.answerStray(pdu.header, {
      kind: 'ack',
      of: 'finished',
      condition: finished.condition,
      transactionStatus: sequence < this.buffer.nextSequence ? TERMINATED : UNRECOGNIZED,
    })
  }

  /** The ground asks for octets of a file that is no more: it is told to give up. */
  #disown(header: Header): void {
    const sequence = Number(header.sequence)
    const entry = this.buffer.entry(sequence)
    if (sequence >= this.#firstOfRun || entry !== undefined) return
    this.downlink.answerStray(header, {
      kind: 'eof',
      condition: CONDITION.cancelRequestReceived,
      checksum: 0,
      fileSize: 0,
      faultLocation: idOctets(header.source, header.entityOctets),
    })
  }

  #settle(transaction: SendingTransaction): void {
    const sequence = Number(transaction.transmission.sequence)
    for (const effect of transaction.drain()) {
      if (effect.kind === 'fault') countFault(this.counters, effect.condition)
      const entry = this.buffer.entry(sequence)
      if (entry === undefined || entry.ended !== undefined) continue
      if (effect.kind === 'finished') this.#finished(entry, effect.finished)
      else if (effect.kind === 'closed' && transaction.transmission.acknowledged)
        this.#end(entry, effect.condition, conditionName(effect.condition))
      else if (effect.kind === 'closed') this.#end(entry, effect.condition, 'sent once')
    }
    if (!this.downlink.end(sequence)) return
    if (this.buffer.entry(sequence)?.ended?.gone === true)
      this.#write({ kind: 'released', sequence })
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
    if (condition === CONDITION.noError) this.#release(entry)
  }

  /** Lets a delivered file go. */
  #release(entry: Entry): void {
    const { sequence, path, identity, remove } = entry
    this.#effects.push({ kind: 'release', sequence, path, identity, remove })
  }

  #released(sequence: number): void {
    const entry = this.buffer.entry(sequence)
    if (entry === undefined) return
    this.#remember(entry, 'done')
    this.#write({ kind: 'released', sequence })
  }

  #remember(entry: Entry, state: 'done' | 'failed', why?: string): void {
    const { name, sequence, mark: sentOctets } = entry
    const { octets } = entry.identity
    const acknowledgedOctets = state === 'done' ? octets : 0
    const status = { name, octets, sequence, state, sentOctets, acknowledgedOctets }
    this.recent.push(why === undefined ? status : { ...status, why })
    if (this.recent.length > RECENT_MAX) this.recent.shift()
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
/** Octets never sent that are kept at hand: small files are opened ahead, so that the disk is ahead of the frames. */
const NEW_OCTETS_MIN = 65_536
/** How far the journal runs ahead of what is sent: one record a MiB. */
const MARK_AHEAD_OCTETS = 1_048_576
const RECENT_MAX = 64
const TERMINATED = 2
const UNRECOGNIZED = 3
