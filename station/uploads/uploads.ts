/**
 * Files for the spacecraft: each is in the journal before it is accepted, and stays until the spacecraft has said
 * Finished. The earliest goes first; what the spacecraft is to be told of any of them goes before octets.
 *
 *     offer --journal--> waiting --> sending --all sent--> awaiting --Finished--> delivered, or failed
 */
import { CONDITION, conditionName } from '../../protocol/cfdp/condition.ts'
import type { SendingEffect } from '../../protocol/cfdp/emission.ts'
import type { EntityCounters } from '../../protocol/cfdp/entity/counters.ts'
import type { Finished, Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { RepeatTimer } from '../../protocol/cfdp/repeat-timer.ts'
import { type Instant, sooner } from '../../protocol/machine.ts'
import type { EdgeEffect } from '../events.ts'
import type { EdgeSettings } from '../settings.ts'
import { obstacle, type Room, segmentOctets } from './carriage.ts'
import { lateAnswer } from './late.ts'
import {
  type Accepted,
  type KnownUpload,
  knownUploads,
  type UploadOffer,
  type UploadOver,
  type UploadRecord,
} from './records.ts'
import { type Message, Upload, type UploadStatus } from './upload.ts'

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
  /** The first number of this station, as far as is known, and the one that is used next. */
  readonly #own: number
  #next: number
  /** Something of the spacecraft was heard in this contact, or need not be: octets go up. */
  #isHeard: boolean
  /** Until then a file that waits asks, now and then, what is lacking of it: whoever answers is heard. */
  readonly #waking: RepeatTimer

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
    const { firstSequence, blind, limits } = settings.uploads
    this.#isHeard = blind
    this.#waking = new RepeatTimer({ timeoutMs: limits.ack.timeoutMs, triesMax: 0 })
    const { open, over, numbers = NO_NUMBERS } = knownUploads(records)
    this.#own = Math.min(firstSequence, numbers.first)
    this.#next = Math.max(firstSequence, numbers.last + 1)
    for (const one of over) this.#remember(one)
    for (const known of open) this.#begin(known)
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
    let first = this.#waking.deadline
    for (const { transaction } of this.#open.values()) first = sooner(first, transaction.deadline)
    return first
  }

  /** Whether octets wait for the spacecraft to be heard. */
  get isWaiting(): boolean {
    return !this.#isHeard && this.#first(({ wantsData }) => wantsData) !== undefined
  }

  /** Whether next() has a word for a spacecraft that was not heard yet. */
  get isCalling(): boolean {
    return !this.#isHeard && this.#first(({ hasWord }) => hasWord) !== undefined
  }

  /** Whether next() has something. */
  get isUrgent(): boolean {
    if (this.#strays.length > 0 || this.#first(({ hasWord }) => hasWord) !== undefined) return true
    return this.#readyData !== undefined
  }

  /** Why a file of that name and size would not be accepted; undefined: it would. */
  objection({ name, octets }: Pick<Accepted, 'name' | 'octets'>): string | undefined {
    const { filesMax, octetsMax, fileOctetsMax } = this.#settings.uploads
    let [files, waiting] = [0, octets]
    for (const { accepted, over } of this.#open.values()) {
      if (over !== undefined) continue
      files += 1
      waiting += accepted.octets
    }
    const untold = this.#open.size - files
    if (octets > fileOctetsMax)
      return `${octets} octets are more than the ${fileOctetsMax} of a file`
    if (files >= filesMax) return `${filesMax} files wait already`
    if (untold >= UNTOLD_MAX) return `of ${untold} files the spacecraft does not know the end yet`
    if (waiting > octetsMax) return `${waiting} octets would wait, and ${octetsMax} may`
    return obstacle({ name, sequence: this.#next }, this.#settings, this.#room)
  }

  /** A file for the spacecraft, in the spool. */
  offer(token: number, { name, file, octets, checksum }: UploadOffer, time: Instant): void {
    const why = this.objection({ name, octets })
    if (why !== undefined) {
      this.#push({ kind: 'answer', token, why: `Cannot send ${name} up: ${why}` })
      return
    }
    const { checksumType } = this.#settings.uploads.cfdp
    const accepted = { sequence: this.#next, name, file, octets, checksum, checksumType }
    this.#next += 1
    this.#journal({ kind: 'upload', ...accepted })
    this.#log('upload accepted', { sequence: accepted.sequence, name, octets })
    this.#begin({ accepted, mark: 0, suspended: false })
    if (!this.#waking.isRunning) this.#wake(time)
    this.#push({ kind: 'answer', token, why: undefined, sequence: accepted.sequence })
  }

  /** A PDU of the spacecraft about a file of ours. */
  receive({ header, body }: Pdu, time: Instant): void {
    const upload = this.#open.get(Number(header.sequence))
    if (upload === undefined) {
      this.#counters.recv.spurious += 1
      const isOurs = this.#own <= header.sequence && header.sequence < this.#next
      const late = lateAnswer(header, body, isOurs)
      if (late !== undefined && this.#strays.length < STRAYS_MAX) this.#strays.push(late)
      return
    }
    upload.transaction.receive(body, time)
    this.#settle(upload)
  }

  read(sequence: number, offset: number, octets: Uint8Array): void {
    this.#open.get(sequence)?.read(offset, octets)
  }

  /** The spool lost a file. What is over needs it no more. */
  sourceFailed(sequence: number, why: string): void {
    const upload = this.#open.get(sequence)
    if (upload === undefined || !isOpen(upload)) return
    this.#counters.fault.file_read += 1
    this.#cancel(upload, CONDITION.filestoreRejection, why)
  }

  /** Does what an operator wants of one; false: it is not under way. */
  command(kind: 'cancel' | 'suspend' | 'resume', sequence: number, time: Instant): boolean {
    const upload = this.#open.get(sequence)
    if (upload === undefined || !isOpen(upload)) return false
    if (kind === 'cancel') {
      const condition = CONDITION.cancelRequestReceived
      this.#cancel(upload, condition, conditionName(condition))
      return true
    }
    if (kind === 'suspend') upload.transaction.suspend(time)
    else upload.transaction.resume(time)
    this.#settle(upload)
    if (!this.#waking.isRunning) this.#wake(time)
    return true
  }

  tick(time: Instant): void {
    if (this.#waking.expire(time) !== 'no') this.#wake(time)
    for (const upload of this.#open.values()) {
      upload.transaction.tick(time)
      this.#settle(upload)
    }
  }

  /** Nothing of the spacecraft was heard in it yet. */
  contactBegins(time: Instant): void {
    this.#isHeard = this.#settings.uploads.blind
    this.#waking.stop()
    this.askAgain(time)
    this.#wake(time)
  }

  /** A frame of the spacecraft came. */
  heard(): void {
    this.#isHeard = true
    this.#waking.stop()
  }

  /** What was said and not answered is said again. */
  askAgain(time: Instant): void {
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
    for (const over of this.#over)
      if (this.#open.get(over.sequence)?.over?.untold === undefined)
        yield { kind: 'upload over', ...over }
    for (const { accepted, mark, over, transaction } of this.#open.values()) {
      // An acknowledgement that is still to be said is said when it is asked for.
      if (over !== undefined && over.untold === undefined) continue
      const { sequence } = accepted
      yield { kind: 'upload', ...accepted }
      if (mark > 0) yield { kind: 'upload mark', sequence, mark }
      if (transaction.isSuspended) yield { kind: 'upload suspended', sequence }
      if (over !== undefined) yield { kind: 'upload over', ...over }
    }
  }

  /** The file whose octets are to go next, if they are there. */
  get #readyData(): Upload | undefined {
    if (!this.#isHeard) return undefined
    const upload = this.#first(({ hasData }) => hasData)
    return upload?.isRead === true ? upload : undefined
  }

  #first(wanted: (upload: Upload) => boolean): Upload | undefined {
    for (const upload of this.#open.values()) if (wanted(upload)) return upload
    return undefined
  }

  /** A spacecraft that sends only when it is spoken to is spoken to. CCSDS 727.0-B-5, 4.6.4.3. */
  #wake(time: Instant): void {
    if (this.#isHeard) return
    const upload = this.#first(({ wantsData }) => wantsData)
    if (upload === undefined) return
    upload.transaction.prompt('nak')
    this.#waking.start(time)
  }

  #begin(known: KnownUpload): void {
    const { accepted } = known
    const carried = {
      segmentOctets: Math.max(1, segmentOctets(this.#settings, this.#room)),
      obstacle: obstacle(accepted, this.#settings, this.#room),
    }
    this.#open.set(accepted.sequence, new Upload(known, this.#settings, carried))
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
    for (const effect of upload.drain(this.#counters)) this.#follow(upload, effect)
    if (!upload.isDone) return
    const { sequence } = upload.accepted
    this.#open.delete(sequence)
    if (upload.over?.untold !== undefined) this.#journal({ kind: 'upload told', sequence })
  }

  #follow(upload: Upload, effect: SendingEffect): void {
    if (!isOpen(upload)) return
    const { sequence } = upload.accepted
    if (effect.kind === 'finished') this.#finished(upload, effect.finished)
    else if (effect.kind === 'closed') this.#end(upload, 'failed', conditionName(effect.condition))
    else if (effect.kind === 'suspended' || effect.kind === 'resumed')
      this.#journal({ kind: `upload ${effect.kind}`, sequence })
  }

  #finished(upload: Upload, { condition, complete }: Finished): void {
    if (condition !== CONDITION.noError) this.#end(upload, 'failed', conditionName(condition))
    else if (complete) this.#end(upload, 'delivered')
    else this.#end(upload, 'failed', 'the spacecraft says it is incomplete')
  }

  /** Ends it from here; the spacecraft is told, after a restart, too. */
  #cancel(upload: Upload, condition: number, why: string): void {
    this.#end(upload, 'failed', why, condition)
    this.#settle(upload)
  }

  /** The outcome is written down, then the octets may go. `untold`: see UploadOver. */
  #end(upload: Upload, state: UploadOver['state'], why?: string, untold?: number): void {
    const { sequence, name, file, octets } = upload.accepted
    const over = {
      ...{ sequence, name, octets, state },
      ...(why === undefined ? {} : { why }),
      ...(untold === undefined ? {} : { untold }),
    }
    this.#remember(over)
    this.#journal({ kind: 'upload over', ...over })
    upload.end(over)
    this.#push({ kind: 'drop', sequence, file })
    this.#log('upload ends', { sequence, name, octets, state, why })
  }

  #remember({ sequence, name, octets, state, why }: UploadOver): void {
    const outcome = { sequence, name, octets, state }
    this.#over.push(why === undefined ? outcome : { ...outcome, why })
    if (this.#over.length > OVER_MAX) this.#over.shift()
  }

  #journal(record: UploadRecord): void {
    this.#push({ kind: 'journal', record })
  }

  #log(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#push({ kind: 'log', event, fields })
  }
}

function isOpen({ over }: Upload): boolean {
  return over === undefined
}

const NO_NUMBERS = { first: Number.POSITIVE_INFINITY, last: 0 }
/** How far the journal runs ahead of what is sent. */
const MARK_AHEAD_OCTETS = 65_536
const OVER_MAX = 32
const STRAYS_MAX = 64
/** Files that were cancelled, and of which the spacecraft is still to be told. */
const UNTOLD_MAX = 64
