/**
 * The ack buffer: every file that was accepted and is not yet known to be on the ground. It holds names and
 * numbers, never octets: the files stay where they are. What it knows is what its journal says.
 */
import { CONDITION } from '../../protocol/cfdp/condition.ts'
import { Lane } from './lane.ts'
import { Passages } from './passages.ts'
import { passagesRecord, restoredPassages } from './passages-record.ts'
import { compareRanks, PRIORITY, type Rank, sizeClassOf } from './rank.ts'
import { type BufferRecord, bufferRecord, type FileIdentity } from './records.ts'
import { Roll } from './roll.ts'

export interface Offer {
  readonly path: string
  /** Under which it shall appear on the ground. */
  readonly name: string
  readonly identity: FileIdentity
  readonly remove: boolean
  /** PRIORITY.most to PRIORITY.least; undefined: the usual one. */
  readonly priority?: number
  /** UTC in milliseconds by which it should be on the ground. */
  readonly deadlineMs?: number
  /** It was counted from when it was accepted, by the clock of then. */
  readonly isCounted?: boolean
  /** It is never dropped to make room. */
  readonly pinned?: boolean
  /** The quota that it counts against. */
  readonly quota?: string
}

export interface Entry extends Offer {
  readonly sequence: number
  /** UTC in milliseconds when it was accepted; 0: an older version accepted it. */
  readonly acceptedMs: number
  /** Its place in the line. */
  readonly rank: Rank
  /** Undefined until the file was read once. */
  readonly checksum: number | undefined
  readonly mark: number
  /** Known once the transaction has ended. */
  readonly ended: Ended | undefined
}

/** How a transaction ended. `gone`: its source is. `silent`: the ground is not told. */
export interface Ended {
  readonly condition: number
  readonly why: string
  readonly gone: boolean
  readonly silent?: boolean
}

export interface BufferLimits {
  /** Read at every offer: commands change them. */
  readonly filesMax: number
  readonly octetsMax: number
  /** The last sequence number that a PDU can carry. */
  readonly sequenceMax: number
  /** By the name of a quota. */
  readonly quotas?: ReadonlyMap<string, Quota>
}

export interface Quota {
  readonly filesMax: number
  readonly octetsMax: number
}

/** What there is too much of. */
export interface Shortage {
  readonly files: number
  readonly octets: number
  /** In this quota; undefined: in the whole buffer. */
  readonly quota: string | undefined
}

export class AckBuffer {
  readonly #limits: BufferLimits
  readonly #entries = new Roll<Entry>(({ sequence }) => sequence)
  readonly #paths = new Map<string, number>()
  /** Those without a checksum, by rank. */
  readonly #undigested = new Lane(compareRanks)
  /** Of files of which something was sent. */
  readonly #passages = new Roll<Passages>(({ sequence }) => sequence)
  #next: number
  /** The latest time at which one was accepted, by whatever clock. */
  #newestMs = 0
  #octets = 0
  #octetsMost = 0
  readonly #used = new Map<string, { readonly files: number; readonly octets: number }>()
  /** Files that were offered and not taken. */
  refused = 0

  constructor(limits: BufferLimits, firstSequence: number, records: readonly unknown[]) {
    this.#limits = limits
    this.#next = firstSequence
    for (const value of records) {
      const record = bufferRecord(value)
      if (record !== undefined) this.apply(record)
    }
  }

  /** Files and octets that wait for their acknowledgement. */
  get files(): number {
    return this.#entries.length
  }

  get octets(): number {
    return this.#octets
  }

  /** The most octets that waited at once, since this process began. */
  get octetsMost(): number {
    return this.#octetsMost
  }

  get nextSequence(): number {
    return this.#next
  }

  /** In the order in which they were accepted. */
  entries(): IterableIterator<Entry> {
    return this.#entries.values()
  }

  entry(sequence: number): Entry | undefined {
    return this.#entries.find(sequence)
  }

  /** The one that was accepted from `path`. */
  entryAt(path: string): Entry | undefined {
    return this.#entries.find(this.#paths.get(path) ?? -1)
  }

  /** The one whose turn to be read for its checksum is `nth`: 0 is the next. */
  undigested(nth: number): Entry | undefined {
    return this.#entries.find(this.#undigested.at(nth)?.sequence ?? -1)
  }

  /** Those that have a checksum and have not ended. */
  *ready(): IterableIterator<Entry> {
    for (const entry of this.#entries.values())
      if (entry.checksum !== undefined && entry.ended === undefined) yield entry
  }

  /** Why a file cannot be taken, in words for its owner; undefined if it can. */
  refusal(offer: Offer): string | undefined {
    const unfit = this.unfit(offer)
    if (unfit !== undefined) return unfit
    const { filesMax, octetsMax } = this.#limits
    if (this.files >= filesMax)
      return `The buffer is full: it holds ${this.files} files of at most ${filesMax}`
    if (this.#octets + offer.identity.octets > octetsMax)
      return (
        `The buffer has no room for ${offer.identity.octets} octets: ` +
        `it holds ${this.#octets} of at most ${octetsMax}`
      )
    const [{ quota } = {}] = this.shortages(offer)
    return quota && `The quota of ${quota} is used up: ${this.#quotaText(quota)}`
  }

  /** Why a file cannot be taken however much room there is. */
  unfit(offer: Offer): string | undefined {
    const nameOctets = UTF8.encode(offer.name).length
    if (nameOctets < 1 || nameOctets > NAME_OCTETS_MAX)
      return `The name has ${nameOctets} octets of UTF-8: a PDU carries 1 to ${NAME_OCTETS_MAX}`
    const known = this.#paths.get(offer.path)
    if (known !== undefined)
      return `${offer.path} is in the buffer already, as transaction ${known}`
    const { sequenceMax } = this.#limits
    if (this.#next > sequenceMax)
      return `The sequence numbers are used up: ${sequenceMax} was the last that a PDU can carry`
    return undefined
  }

  /** What must go before there is room for a file: of its quota, and of the whole buffer. */
  shortages({ identity, quota }: Offer): readonly Shortage[] {
    const limit = quota === undefined ? undefined : this.#limits.quotas?.get(quota)
    const whole = { files: this.files, octets: this.#octets }
    return [
      ...(limit === undefined || quota === undefined
        ? []
        : [{ quota, ...over(this.used(quota), identity.octets, limit) }]),
      { quota: undefined, ...over(whole, identity.octets, this.#limits) },
    ].filter(({ files, octets }) => files > 0 || octets > 0)
  }

  /** What counts against a quota. */
  used(quota: string): { readonly files: number; readonly octets: number } {
    return this.#used.get(quota) ?? { files: 0, octets: 0 }
  }

  /**
   * The place in the line of a file that is accepted now. A clock that was set back makes nobody wait, nor anybody go
   * before those who came earlier: time stands still in the line until the clock is past the newest of them.
   */
  rankOf(offer: Offer & { readonly sequence: number }, acceptedMs: number): Rank {
    const behindMs = Math.max(0, this.#newestMs - acceptedMs)
    const { priority = PRIORITY.usual, deadlineMs = Infinity, isCounted, sequence } = offer
    return {
      priority,
      deadlineMs: isCounted === true ? deadlineMs + behindMs : deadlineMs,
      turn: acceptedMs + behindMs + sizeClassOf(offer.identity.octets).waitMs,
      sequence,
    }
  }

  /** Takes a record for true: one that was just written, or one of a journal. */
  apply(record: BufferRecord): void {
    const isBelow = record.kind === 'next' || record.kind === 'stepped'
    this.#next = Math.max(this.#next, isBelow ? record.sequence : record.sequence + 1)
    if (record.kind === 'accepted') this.#accept(record)
    else if (record.kind === 'stepped') this.#shift(record)
    const entry = this.#entries.find(record.sequence)
    if (entry === undefined) return
    if (record.kind === 'digested') this.#put({ ...entry, checksum: record.checksum })
    else if (record.kind === 'mark')
      this.#put({ ...entry, mark: Math.max(entry.mark, record.mark) })
    else if (record.kind === 'ended') this.#put({ ...entry, ended: endOf(record) })
    else if (record.kind === 'released') this.#remove(entry)
    else if (record.kind === 'passages')
      this.#passages.put(restoredPassages(record, entry.identity.octets))
  }

  /** What became of the octets of a file; undefined: none was sent, as far as is known. */
  passages(sequence: number): Passages | undefined {
    return this.#passages.find(sequence)
  }

  /** The same, to be changed: what changes is for passageRecords(). */
  passagesToChange({ sequence, identity }: Entry): Passages {
    let passages = this.#passages.find(sequence)
    if (passages === undefined) {
      passages = new Passages(sequence, identity.octets)
      this.#passages.put(passages)
    }
    return passages
  }

  /** What the journal does not know of them yet. Whoever takes it writes it down. */
  *passageRecords(): IterableIterator<BufferRecord> {
    for (const passages of this.#passages.values())
      if (passages.takeChange()) yield passagesRecord(passages)
  }

  /** The fewest records from which this buffer can be made again. */
  *snapshot(): IterableIterator<BufferRecord> {
    yield { kind: 'next', sequence: this.#next }
    for (const entry of this.#entries.values()) {
      const { rank: _, checksum, mark, ended, ...accepted } = entry
      const { sequence } = accepted
      yield { kind: 'accepted', ...accepted }
      if (checksum !== undefined) yield { kind: 'digested', sequence, checksum }
      if (mark > 0) yield { kind: 'mark', sequence, mark }
      const passages = this.#passages.find(sequence)
      if (passages !== undefined) yield passagesRecord(passages)
      if (ended !== undefined) yield { kind: 'ended', sequence, ...ended }
    }
  }

  #accept(record: BufferRecord & { readonly kind: 'accepted' }): void {
    const { kind: _, acceptedMs = 0, ...offer } = record
    const { sequence, path } = offer
    if (this.#entries.find(sequence) !== undefined) return
    const rank = this.rankOf(record, acceptedMs)
    this.#newestMs = Math.max(this.#newestMs, acceptedMs)
    const fresh = { checksum: undefined, mark: 0, ended: undefined }
    this.#put({ ...offer, acceptedMs, rank, ...fresh })
    this.#paths.set(path, sequence)
    this.#count(offer, 1)
  }

  /** Its place in the line stays: it came when it came. */
  #shift({ sequence: first, byMs }: BufferRecord & { readonly kind: 'stepped' }): void {
    for (const entry of this.#entries.values()) {
      const { sequence, acceptedMs, deadlineMs, isCounted } = entry
      if (sequence < first && acceptedMs >= CLOCKS_SET_MS) continue
      const dated = deadlineMs !== undefined && isCounted === true
      const deadline = dated ? { deadlineMs: deadlineMs + byMs } : {}
      this.#entries.put({ ...entry, ...deadline, acceptedMs: acceptedMs + byMs })
    }
  }

  #quotaText(quota: string): string {
    const { files, octets } = this.used(quota)
    const quotas = this.#limits.quotas as ReadonlyMap<string, Quota>
    const { filesMax, octetsMax } = quotas.get(quota) as Quota
    return `${files} files${atMost(filesMax)}, ${octets} octets${atMost(octetsMax)}`
  }

  /** `sign`: 1, it comes; -1, it goes. */
  #count({ quota, identity }: Offer, sign: 1 | -1): void {
    this.#octets += sign * identity.octets
    this.#octetsMost = Math.max(this.#octetsMost, this.#octets)
    if (quota === undefined) return
    const { files, octets } = this.used(quota)
    this.#used.set(quota, { files: files + sign, octets: octets + sign * identity.octets })
  }

  #put(entry: Entry): void {
    const { sequence, rank } = entry
    const before = this.#entries.find(sequence)
    this.#entries.put(entry)
    if (before === undefined) this.#undigested.add(rank)
    else if (isUndigested(before) && !isUndigested(entry)) this.#undigested.delete(rank)
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.sequence)
    if (isUndigested(entry)) this.#undigested.delete(entry.rank)
    this.#passages.delete(entry.sequence)
    if (this.#paths.get(entry.path) === entry.sequence) this.#paths.delete(entry.path)
    this.#count(entry, -1)
  }
}

function atMost(limit: number): string {
  return limit === Infinity ? '' : ` of at most ${limit}`
}

/** How much too much one file of so many octets more would be. */
function over(
  used: { readonly files: number; readonly octets: number },
  octets: number,
  { filesMax, octetsMax }: Quota,
): { readonly files: number; readonly octets: number } {
  return { files: used.files + 1 - filesMax, octets: used.octets + octets - octetsMax }
}

function endOf({ condition, why, gone, silent }: BufferRecord & { readonly kind: 'ended' }): Ended {
  const end = { condition, why, gone: gone === true }
  return silent === true ? { ...end, silent } : end
}

function isUndigested({ checksum, ended }: Entry): boolean {
  return checksum === undefined && ended === undefined
}

/** Whether a file that ended so is safe on the ground. */
export function isDelivered(ended: { readonly condition: number }): boolean {
  return ended.condition === CONDITION.noError
}

const UTF8 = new TextEncoder()
/** A clock that shows an earlier time, 2020-01-01, was not set yet: every run until it is counts from 1970 or so. */
const CLOCKS_SET_MS = 1_577_836_800_000
/** The length field before a name in Metadata is of one octet; a Metadata without a name carries no file. */
const NAME_OCTETS_MAX = 255
