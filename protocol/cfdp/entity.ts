/**
 * A CFDP entity: any number of files in both directions, with any number of peers. CCSDS 727.0-B-5, 3 and 4.
 *
 *     put, cancel, report ->|          |-> indications
 *     PDUs that came      ->|  entity  |-> what to do with files: digest, read, write, verify, deliver
 *     answers of the disk ->|          |<- next(): the PDU to send now, if there is room for one
 *
 * It is pulled: whoever has room on a link asks next(). Do what drain() answered before next() is asked again.
 * What is under way lives in memory; a restart forgets it, but never uses a sequence number twice.
 */
import { type Instant, type Machine, sooner } from '../machine.ts'
import type { Unsigned } from '../octets/reader.ts'
import { type Command, command } from './entity/commands.ts'
import { type EntityCounters, type Queues, segmentRequests } from './entity/counters.ts'
import { answered, type FilestoreAnswer, read, type SourceAnswer } from './entity/disk.ts'
import type { EntityEffect, EntityInput } from './entity/events.ts'
import type { Status } from './entity/indications.ts'
import { answerLateEof, answerLateFinished } from './entity/late.ts'
import { meant, PduEncoder } from './entity/octets.ts'
import { Output } from './entity/output.ts'
import { Peer } from './entity/peer.ts'
import { Puts } from './entity/puts.ts'
import { ReceivingFile } from './entity/receiving-file.ts'
import type { SendingFile } from './entity/sending-file.ts'
import { ENTITY_LIMITS, type EntityLimits, type EntitySettings } from './entity/settings.ts'
import { mostUrgent } from './entity/urgency.ts'
import { parsePdu } from './pdu/codec.ts'
import type { Body, Header, Pdu, TransactionId } from './pdu/pdu.ts'

/** A PDU that leaves. */
export interface OutgoingPdu {
  /** The entity that it goes to. */
  readonly to: Unsigned
  /** Borrowed until next() is asked again. */
  readonly octets: Uint8Array
}

export class CfdpEntity implements Machine<EntityInput, EntityEffect> {
  readonly entity: Unsigned
  readonly #settings: EntitySettings
  readonly #output = new Output()
  readonly #peers = new Map<Unsigned, Peer>()
  readonly #puts: Puts
  readonly #encoder = new PduEncoder()
  /** Files whose next segment has no room in the PDU that is being asked for. */
  readonly #cramped = new Set<SendingFile>()
  /** Not later than any deadline; it may be earlier, and then costs a look. */
  #deadline: Instant | undefined

  constructor(settings: EntitySettings, now: Instant) {
    const limits: EntityLimits = { ...ENTITY_LIMITS, ...settings.limits }
    this.entity = settings.entity
    this.#settings = settings
    for (const remote of settings.remotes)
      this.#peers.set(remote.entity, new Peer(remote, limits, now))
    this.#puts = new Puts(settings, limits, this.#peers, this.#output)
  }

  get deadline(): Instant | undefined {
    return this.#deadline
  }

  get counters(): EntityCounters {
    return this.#output.counters
  }

  /** Put requests that wait, and files under way in each direction. */
  get load(): { readonly queued: number; readonly sending: number; readonly receiving: number } {
    const { pend, txa, txw, rx } = this.queues
    return { queued: pend, sending: txa + txw, receiving: rx }
  }

  /** The same, in the words of operators. */
  get queues(): Queues {
    let rx = 0
    for (const peer of this.#peers.values()) rx += peer.receptions.size
    let txa = 0
    for (const file of this.#puts.open.values()) if (!file.isWaiting) txa += 1
    return { pend: this.#puts.queued, txa, txw: this.#puts.open.size - txa, rx }
  }

  /** Whether next() may have something; it may turn out to have nothing. */
  get mayHaveNext(): boolean {
    for (const peer of this.#peers.values()) if (peer.maySpeak) return true
    return false
  }

  /** Whether an operator holds all that is under way with this entity. */
  isFrozen(entity: Unsigned): boolean {
    return this.#peers.get(entity)?.isFrozen ?? false
  }

  /** PDUs of this entity that were understood. */
  heardOf(entity: Unsigned): number {
    return this.#peers.get(entity)?.heard ?? 0
  }

  /** As in a report; undefined: it is not known, or no more. */
  statusOf(id: TransactionId): Status | undefined {
    return this.#find(id)?.status
  }

  /** Whether it is over, as far as that is remembered. */
  hasEnded({ source, sequence }: TransactionId): boolean {
    if (source !== this.entity)
      return this.#peers.get(source)?.received.find(sequence) !== undefined
    for (const peer of this.#peers.values()) if (peer.sent.find(sequence) !== undefined) return true
    return false
  }

  receive(input: EntityInput, now: Instant): void {
    switch (input.kind) {
      case 'pdu':
        return this.#receiveOctets(input.octets, now)
      case 'put':
        return this.#opened(this.#puts.put(input.token, input.request), now)
      case 'withdraw':
        return this.#puts.withdraw(input.token)
      case 'reserved':
        return this.#opened(this.#puts.reserved(input.end, input.start), now)
      case 'contact':
      case 'freeze':
      case 'thaw':
        return this.#link(input, now)
      case 'report':
        return this.#report(input.id)
      case 'cancel':
      case 'suspend':
      case 'resume':
      case 'abandon':
      case 'prompt':
      case 'ask':
        return this.#command(input, now)
      case 'digested':
      case 'digested first':
      case 'grown':
      case 'read':
      case 'source failed':
        return this.#hearSource(input, now)
      case 'verified':
      case 'delivered':
      case 'performed':
      case 'refused':
        return this.#hearFilestore(input, now)
    }
  }

  tick(now: Instant): void {
    if (this.#deadline === undefined || now < this.#deadline) return
    this.#deadline = undefined
    for (const peer of this.#peers.values()) {
      if (!peer.clock.isOpen) continue
      const time = peer.clock.read(now)
      for (const file of [...peer.files()]) {
        if (file.deadline !== undefined && time >= file.deadline) file.tick(time)
        this.#settle(file, peer, now)
      }
    }
  }

  /**
   * The most urgent PDU of all, of at most `roomOctets` (a directive may be longer): answers first, then
   * files by priority. Handing it out is sending it: timers start here.
   */
  next(roomOctets: number, now: Instant): OutgoingPdu | undefined {
    return this.#nextAnswer(roomOctets, now) ?? this.#nextOfFile(roomOctets, now)
  }

  drain(): readonly EntityEffect[] {
    return this.#output.drain()
  }

  #nextAnswer(roomOctets: number, now: Instant): OutgoingPdu | undefined {
    for (const peer of this.#peers.values()) {
      if (!peer.clock.isOpen) continue
      const stray = peer.strays.shift()
      if (stray !== undefined) return this.#send(peer, stray.header, stray.body)
      const room = Math.min(roomOctets, peer.remote.pduOctetsMax)
      for (const file of peer.answering) {
        const message = file.next(room, peer.clock.read(now))
        if (!file.isUrgent) peer.answering.delete(file)
        this.#settle(file, peer, now)
        if (message !== undefined) return this.#send(peer, message.header, message.body)
      }
    }
    return undefined
  }

  #nextOfFile(roomOctets: number, now: Instant): OutgoingPdu | undefined {
    const pdu = this.#nextThatFits(roomOctets, now)
    // The next PDU may have more room.
    for (const file of this.#cramped) this.#peerOf(file.remote.entity).ready.add(file)
    this.#cramped.clear()
    return pdu
  }

  #nextThatFits(roomOctets: number, now: Instant): OutgoingPdu | undefined {
    for (;;) {
      let file: SendingFile | undefined
      for (const peer of this.#peers.values())
        if (peer.clock.isOpen) file = mostUrgent(peer.ready, file)
      if (file === undefined) return undefined
      const peer = this.#peerOf(file.remote.entity)
      const room = Math.min(roomOctets, peer.remote.pduOctetsMax)
      const message = file.next(room, peer.clock.read(now))
      if (message !== undefined) {
        this.#settle(file, peer, now)
        return this.#send(peer, message.header, message.body)
      }
      // Its octets are not there, or do not fit: others may go before.
      peer.ready.delete(file)
      if (file.needsMoreThan(roomOctets)) this.#cramped.add(file)
    }
  }

  #send(peer: Peer, header: Header, body: Body): OutgoingPdu {
    const { sent } = this.counters
    sent.pdu += 1
    sent.nak_segment_requests += segmentRequests(body)
    const octets = this.#encoder.encode(header, body, peer.remote.quirks)
    return { to: peer.remote.entity, octets }
  }

  #receiveOctets(octets: Uint8Array, now: Instant): void {
    const pdu = parsePdu(octets)
    const { recv } = this.counters
    const peer = pdu.kind === 'malformed' ? undefined : this.#peerIn(pdu)
    if (pdu.kind === 'malformed' || peer === undefined) {
      recv.error += 1
      return
    }
    if (!peer.gate.pass(now)) {
      recv.dropped += 1
      return
    }
    recv.pdu += 1
    peer.heard += 1
    const body = meant(pdu, octets, peer.remote.quirks)
    if (pdu.header.towardSender) this.#receiveAnswer(pdu.header, body, peer, now)
    else this.#receiveOfFile(pdu.header, body, peer, now)
  }

  /** Who sent it, if it is known and meant this entity. */
  #peerIn({ header }: Pdu): Peer | undefined {
    const { towardSender, source, destination } = header
    const [here, there] = towardSender ? [source, destination] : [destination, source]
    return here === this.entity ? this.#peers.get(there) : undefined
  }

  #receiveAnswer(header: Header, body: Body, peer: Peer, now: Instant): void {
    const { recv } = this.counters
    recv.nak_segment_requests += segmentRequests(body)
    const file = peer.sendings.get(header.sequence)
    if (file === undefined) {
      recv.spurious += 1
      answerLateFinished(peer, header, body)
      return
    }
    file.receive(body, peer.clock.read(now))
    this.#settle(file, peer, now)
  }

  #receiveOfFile(header: Header, body: Body, peer: Peer, now: Instant): void {
    const { recv } = this.counters
    const { sequence } = header
    let file = peer.receptions.get(sequence)
    if (file === undefined) {
      const ended = peer.received.find(sequence)
      if (ended !== undefined || !OPENING.has(body.kind)) {
        recv.spurious += 1
        if (ended !== undefined) answerLateEof(peer, header, body, ended)
        return
      }
      if (peer.receptions.size >= peer.remote.limits.receptionsMax) {
        recv.dropped += 1
        return
      }
      const tellsSegments = this.#settings.tellSegments ?? false
      file = new ReceivingFile(header, peer, this.#output, tellsSegments)
      peer.receptions.set(sequence, file)
    }
    file.receive(body, peer.clock.read(now))
    this.#settle(file, peer, now)
  }

  #hearSource(input: SourceAnswer, now: Instant): void {
    const file = this.#puts.open.get(input.id.sequence)
    if (file === undefined) return
    read(file, input)
    this.#settle(file, this.#peerOf(file.remote.entity), now)
  }

  #hearFilestore(input: FilestoreAnswer, now: Instant): void {
    const peer = this.#peers.get(input.id.source)
    const file = peer?.receptions.get(input.id.sequence)
    if (peer === undefined || file === undefined) return
    answered(file, input, peer.clock.read(now))
    this.#settle(file, peer, now)
  }

  #link(input: LinkChange, now: Instant): void {
    const peer = this.#peers.get(input.entity)
    if (peer === undefined) return
    const goesOn =
      input.kind === 'contact'
        ? peer.contact(input.isOpen, now)
        : peer.freeze(input.kind === 'freeze', now)
    if (!goesOn) return
    for (const file of peer.files()) {
      file.contactBegins(peer.clock.read(now))
      this.#settle(file, peer, now)
    }
  }

  #command(input: Command, now: Instant): void {
    const file = this.#find(input.id)
    if (file === undefined) return
    const peer = this.#peerOf(file.remote.entity)
    command(file, input, peer.clock.read(now))
    this.#settle(file, peer, now)
  }

  #report(id: TransactionId): void {
    this.#output.tell({ kind: 'report', id, status: this.statusOf(id) })
  }

  #find({ source, sequence }: TransactionId): SendingFile | ReceivingFile | undefined {
    if (source === this.entity) return this.#puts.open.get(sequence)
    return this.#peers.get(source)?.receptions.get(sequence)
  }

  #peerOf(entity: Unsigned): Peer {
    return this.#peers.get(entity) as Peer
  }

  #opened(files: readonly SendingFile[], now: Instant): void {
    for (const file of files) this.#settle(file, this.#peerOf(file.remote.entity), now)
  }

  /** Notes what a file wants after something happened to it, and forgets it when it wants nothing more. */
  #settle(file: SendingFile | ReceivingFile, peer: Peer, now: Instant): void {
    if (file.isOver) return this.#forget(file, peer, now)
    this.#deadline = sooner(this.#deadline, peer.clock.when(file.deadline))
    if (file instanceof ReceivingFile) {
      if (file.isUrgent) peer.answering.add(file)
    } else if (file.due === undefined) peer.ready.delete(file)
    else peer.ready.add(file)
  }

  #forget(file: SendingFile | ReceivingFile, peer: Peer, now: Instant): void {
    const { sequence } = file.id
    if (file instanceof ReceivingFile) {
      peer.answering.delete(file)
      peer.receptions.delete(sequence)
      peer.received.add(sequence, file.ended)
      return
    }
    peer.ready.delete(file)
    peer.sendings.delete(sequence)
    peer.sent.add(sequence, file.ended)
    this.#opened(this.#puts.ended(sequence), now)
  }
}

type LinkChange = Extract<EntityInput, { kind: 'contact' | 'freeze' | 'thaw' }>

/** A reception begins with one of these; anything else belongs to one that was begun. */
const OPENING: ReadonlySet<Body['kind']> = new Set(['metadata', 'file data', 'eof'])
