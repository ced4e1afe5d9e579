/**
 * Files for the spacecraft: each is in the journal before it is accepted, and stays until the spacecraft has said
 * Finished. The earliest goes first; what the spacecraft is to be told of any of them goes before octets.
 *
 *     offer --journal--> waiting --> sending --all sent--> awaiting --Finished--> delivered, or failed
 */
import { CONDITION, conditionName } from '../../protocol/cfdp/condition.ts'
import type { SendingEffect } from '../../protocol/cfdp/emission.ts'
import type { EntityCounters } from '../../protocol/cfdp/entity/counters.ts'
import { fileDataOverhead } from '../../protocol/cfdp/pdu/file-data.ts'
import { headerOctets } from '../../protocol/cfdp/pdu/header.ts'
import type { Body, Finished, Header, Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { headerOf, idOctets } from '../../protocol/cfdp/transmission.ts'
import { type Instant, sooner } from '../../protocol/machine.ts'
import type { EdgeEffect } from '../events.ts'
import type { EdgeSettings } from '../settings.ts'
import {
  type Accepted,
  type UploadOffer,
  type UploadOver,
  type UploadRecord,
  uploadRecord,
} from './records.ts'
import { type Message, Upload, type UploadStatus, uploadTransmission } from './upload.ts'

/** What the uplink carries: octets of the longest PDU, and of one that fits a frame as a whole. */
export interface Room {
  readonly pduOctetsMax: number
  readonly framePduOctets: number
}

export class Uploads {
  readonly #settings: EdgeSettings
  readonly #room: Room
  readonly #counters: EntityCounters
  readonly #push: (effect: EdgeEffect) => void
  /** By sequence number, which is the order in which they came. */
  readonly #open = new Map<number, Upload>()
  /** The newest that are over. */
  readonly #over: UploadOver[] = []
  /** Answers to PDUs of files that are over. */
  readonly #strays: Message[] = []
  #next: number

  /** `records` are those of the journal, oldest first; `push` takes what is asked for, in order. */
  constructor(
    settings: EdgeSettings,
    line: { readonly room: Room; readonly counters: EntityCounters },
    push: (effect: EdgeEffect) => void,
    records: readonly unknown[],
  ) {
    this.#settings = settings
    this.#room = line.room
    this.#counters = line.counters
    this.#push = push
    this.#next = settings.uploads.firstSequence
    const accepted = new Map<number, Accepted>()
    const marks = new Map<number, number>()
    for (const value of records) {
      const record = uploadRecord(value)
      if (record === undefined) continue
      this.#next = Math.max(this.#next, record.sequence + 1)
      if (record.kind === 'upload') accepted.set(record.sequence, record)
      else if (record.kind === 'upload mark') marks.set(record.sequence, record.mark)
      else {
        accepted.delete(record.sequence)
        this.#remember(record)
      }
    }
    for (const one of accepted.values()) this.#begin(one, marks.get(one.sequence))
  }

  get status(): readonly UploadStatus[] {
    const over = this.#over.map(one => ({
      ...one,
      sentOctets: one.octets,
      acknowledgedOctets: one.state === 'delivered' ? one.octets : 0,
    }))
    return [...over, ...[...this.#open.values()].filter(isOpen).map(({ status }) => status)]
  }

  /** Names in the spool of files that are still to be sent. */
  get files(): readonly string[] {
    return [...this.#open.values()].filter(isOpen).map(({ accepted }) => accepted.file)
  }

  /** In contact time. */
  get deadline(): Instant | undefined {
    let first: Instant | undefined
    for (const { transaction } of this.#open.values()) first = sooner(first, transaction.deadline)
    return first
  }

  /** Whether next() has something. */
  get isUrgent(): boolean {
    if (this.#strays.length > 0 || this.#first(({ hasWord }) => hasWord) !== undefined) return true
    return this.#readyData !== undefined
  }

  /** Why a file of that name and size would not be accepted; undefined: it would. */
  objection({ name, octets }: Pick<Accepted, 'name' | 'octets'>): string | undefined {
    const { filesMax, octetsMax, fileOctetsMax } = this.#settings.uploads
    const files = this.#open.size
    let waiting = octets
    for (const { accepted } of this.#open.values()) waiting += accepted.octets
    if (octets > fileOctetsMax)
      return `${octets} octets are more than the ${fileOctetsMax} of a file`
    if (files >= filesMax) return `${filesMax} files wait already`
    if (waiting > octetsMax) return `${waiting} octets would wait, and ${octetsMax} may`
    return this.#lengthObjection(name)
  }

  /** A file for the spacecraft, in the spool. */
  offer(token: number, { name, file, octets, checksum }: UploadOffer): void {
    const why = this.objection({ name, octets })
    if (why !== undefined) {
      this.#push({ kind: 'answer', token, why: `Cannot send ${name} up: ${why}` })
      return
    }
    const accepted = { sequence: this.#next, name, file, octets, checksum }
    this.#next += 1
    this.#journal({ kind: 'upload', ...accepted })
    this.#log('upload accepted', { sequence: accepted.sequence, name, octets })
    this.#begin(accepted)
    this.#push({ kind: 'answer', token, why: undefined, sequence: accepted.sequence })
  }

  /** A PDU of the spacecraft about a file of ours. */
  receive({ header, body }: Pdu, time: Instant): void {
    const upload = this.#open.get(Number(header.sequence))
    if (upload === undefined) {
      this.#counters.recv.spurious += 1
      this.#answerLate(header, body)
      return
    }
    upload.transaction.receive(body, time)
    this.#settle(upload)
  }

  read(sequence: number, offset: number, octets: Uint8Array): void {
    this.#open.get(sequence)?.read(offset, octets)
  }

  /** The spool lost a file. */
  sourceFailed(sequence: number, why: string): void {
    const upload = this.#open.get(sequence)
    if (upload === undefined) return
    this.#counters.fault.file_read += 1
    this.#end(upload, 'failed', why)
    upload.transaction.cancel(CONDITION.filestoreRejection)
    this.#settle(upload)
  }

  /** By an operator. Answers whether it is under way. */
  cancel(sequence: number): boolean {
    const upload = this.#open.get(sequence)
    if (upload === undefined || upload.isOver) return false
    this.#end(upload, 'failed', conditionName(CONDITION.cancelRequestReceived))
    upload.transaction.cancel(CONDITION.cancelRequestReceived)
    this.#settle(upload)
    return true
  }

  tick(time: Instant): void {
    for (const upload of this.#open.values()) {
      upload.transaction.tick(time)
      this.#settle(upload)
    }
  }

  /** What was said and not answered is said again. */
  contactBegins(time: Instant): void {
    for (const upload of this.#open.values()) upload.transaction.contactBegins(time)
  }

  /** Has the octets read that leave next. */
  lookAhead(): void {
    const upload = this.#first(({ hasData }) => hasData)
    if (upload === undefined) return
    const { sequence, file } = upload.accepted
    for (const { start, end } of upload.lookAhead())
      this.#push({ kind: 'read', sequence, file, offset: start, length: end - start })
  }

  /** The next PDU. What must be written down before it leaves is written now. */
  next(time: Instant): Message | undefined {
    const stray = this.#strays.shift()
    if (stray !== undefined) return stray
    const upload = this.#first(({ hasWord }) => hasWord) ?? this.#readyData
    if (upload === undefined) return undefined
    const message = upload.next(time)
    if (message.body.kind === 'file data') this.#sent(upload, message.body.octets.length)
    this.#settle(upload)
    return message
  }

  /** The fewest records from which this can be made again. */
  *snapshot(): IterableIterator<UploadRecord> {
    for (const over of this.#over) yield { kind: 'upload over', ...over }
    for (const { accepted, mark, isOver } of this.#open.values()) {
      if (isOver) continue
      yield { kind: 'upload', ...accepted }
      if (mark > 0) yield { kind: 'upload mark', sequence: accepted.sequence, mark }
    }
  }

  /** The file whose octets are to go next, if they are there. */
  get #readyData(): Upload | undefined {
    const upload = this.#first(({ hasData }) => hasData)
    return upload?.isRead === true ? upload : undefined
  }

  #first(wanted: (upload: Upload) => boolean): Upload | undefined {
    for (const upload of this.#open.values()) if (wanted(upload)) return upload
    return undefined
  }

  #begin(accepted: Accepted, mark = 0): void {
    const segmentOctets = this.#segmentOctets()
    const upload = new Upload(accepted, this.#settings, segmentOctets, mark)
    this.#open.set(accepted.sequence, upload)
  }

  /**
   * Of a file in one PDU: as many as fit one frame, so that what is more urgent waits for no more than that. Where
   * that is next to nothing, and packets may be longer than frames, as many as a packet holds.
   */
  #segmentOctets(): number {
    const { pduOctetsMax, framePduOctets } = this.#room
    const overhead = fileDataOverhead(this.#header)
    const inFrame = framePduOctets - overhead
    return inFrame >= SEGMENT_OCTETS_MIN ? inFrame : pduOctetsMax - overhead
  }

  /** Metadata say the name twice. */
  #lengthObjection(name: string): string | undefined {
    const { pduOctetsMax } = this.#room
    const nameOctets = UTF8.encode(name).length
    if (nameOctets === 0 || nameOctets > NAME_OCTETS_MAX)
      return `a name of ${nameOctets} octets is not carried; 1 to ${NAME_OCTETS_MAX} are`
    const crc = this.#settings.uploads.cfdp.pduCrc ? 2 : 0
    const around = headerOctets(this.#header) + METADATA_OCTETS + crc
    if (around + 2 * nameOctets > pduOctetsMax || this.#segmentOctets() < 1)
      return `its name of ${nameOctets} octets does not fit a PDU of ${pduOctetsMax}: see uplink.segmentation`
    return undefined
  }

  get #header(): Header {
    const any = { sequence: 0, name: '', octets: 0, checksum: 0 }
    return headerOf(uploadTransmission(any, this.#settings))
  }

  #sent(upload: Upload, octets: number): void {
    this.#counters.sent.file_data_bytes += octets
    const { mark } = upload.transaction
    if (mark <= upload.mark) return
    const { sequence, octets: size } = upload.accepted
    upload.mark = Math.min(size, mark + MARK_AHEAD_OCTETS)
    this.#journal({ kind: 'upload mark', sequence, mark: upload.mark })
  }

  #settle(upload: Upload): void {
    const effects = upload.drain(this.#counters)
    for (const effect of effects) this.#follow(upload, effect)
    if (upload.isDone) this.#open.delete(upload.accepted.sequence)
  }

  #follow(upload: Upload, effect: SendingEffect): void {
    if (upload.isOver) return
    if (effect.kind === 'finished') this.#finished(upload, effect.finished)
    else if (effect.kind === 'closed') this.#end(upload, 'failed', conditionName(effect.condition))
  }

  #finished(upload: Upload, { condition, complete }: Finished): void {
    if (condition !== CONDITION.noError) this.#end(upload, 'failed', conditionName(condition))
    else if (complete) this.#end(upload, 'delivered')
    else this.#end(upload, 'failed', 'the spacecraft says it is incomplete')
  }

  /** The outcome is written down, then the octets may go. */
  #end(upload: Upload, state: UploadOver['state'], why?: string): void {
    upload.isOver = true
    const { sequence, name, file, octets } = upload.accepted
    const outcome = { sequence, name, octets, state }
    const over = why === undefined ? outcome : { ...outcome, why }
    this.#remember(over)
    this.#journal({ kind: 'upload over', ...over })
    this.#push({ kind: 'drop', sequence, file })
    this.#log('upload ends', { ...over })
  }

  #remember({ sequence, name, octets, state, why }: UploadOver): void {
    const outcome = { sequence, name, octets, state }
    this.#over.push(why === undefined ? outcome : { ...outcome, why })
    if (this.#over.length > OVER_MAX) this.#over.shift()
  }

  /** The spacecraft has not heard how its reception ended, or asks for a file that is no more. */
  #answerLate(header: Header, body: Body): void {
    if (this.#strays.length >= STRAYS_MAX) return
    const toReceiver = { ...header, towardSender: false }
    if (body.kind === 'finished') {
      const { condition } = body
      const ack = { kind: 'ack', of: 'finished', condition, transactionStatus: TERMINATED } as const
      this.#strays.push({ header: toReceiver, body: ack })
    } else if (body.kind === 'nak') {
      const faultLocation = idOctets(header.source, header.entityOctets)
      const condition = CONDITION.cancelRequestReceived
      const eof = { kind: 'eof', condition, checksum: 0, fileSize: 0, faultLocation } as const
      this.#strays.push({ header: toReceiver, body: eof })
    }
  }

  #journal(record: UploadRecord): void {
    this.#push({ kind: 'journal', record })
  }

  #log(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#push({ kind: 'log', event, fields })
  }
}

function isOpen({ isOver }: Upload): boolean {
  return !isOver
}

/** How far the journal runs ahead of what is sent. */
const MARK_AHEAD_OCTETS = 65_536
const OVER_MAX = 32
const STRAYS_MAX = 64
const TERMINATED = 2
/** A segment smaller than this is not worth its headers. */
const SEGMENT_OCTETS_MIN = 32
/** Directive code, flags, size, and the lengths of two names. */
const METADATA_OCTETS = 1 + 1 + 4 + 2
const NAME_OCTETS_MAX = 255
const UTF8 = new TextEncoder()
