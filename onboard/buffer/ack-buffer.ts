/**
 * The ack buffer: every file that was accepted and is not yet known to be on the ground. It holds names and
 * numbers, never octets: the files stay where they are. What it knows is what its journal says.
 */
import { CONDITION } from '../../protocol/cfdp/condition.ts'
import { type BufferRecord, bufferRecord, type FileIdentity } from './records.ts'

export interface Offer {
  readonly path: string
  /** Under which it shall appear on the ground. */
  readonly name: string
  readonly identity: FileIdentity
  readonly remove: boolean
}

export interface Entry extends Offer {
  readonly sequence: number
  /** Undefined until the file was read once. */
  readonly checksum: number | undefined
  readonly mark: number
  /** Known once the transaction has ended. */
  readonly ended: Ended | undefined
}

/** How a transaction ended. `gone`: its source is. */
export interface Ended {
  readonly condition: number
  readonly why: string
  readonly gone: boolean
}

export interface BufferLimits {
  readonly filesMax: number
  readonly octetsMax: number
  /** The last sequence number that a PDU can carry. */
  readonly sequenceMax: number
}

export class AckBuffer {
  readonly #limits: BufferLimits
  readonly #entries = new Map<number, Entry>()
  readonly #paths = new Map<string, number>()
  /** Those without a checksum, and those that may be sent, oldest first: nobody searches ten thousand. */
  readonly #undigested = new Set<number>()
  readonly #ready = new Set<number>()
  #next: number
  #octets = 0
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
    return this.#entries.size
  }

  get octets(): number {
    return this.#octets
  }

  get nextSequence(): number {
    return this.#next
  }

  /** In the order in which they were accepted. */
  entries(): IterableIterator<Entry> {
    return this.#entries.values()
  }

  entry(sequence: number): Entry | undefined {
    return this.#entries.get(sequence)
  }

  /** The one that was accepted from `path`. */
  entryAt(path: string): Entry | undefined {
    return this.#entries.get(this.#paths.get(path) ?? -1)
  }

  /** The oldest that was not read for its checksum yet. */
  get undigested(): Entry | undefined {
    for (const sequence of this.#undigested) return this.#entries.get(sequence)
    return undefined
  }

  /** Those that have a checksum and have not ended. */
  *ready(): IterableIterator<Entry> {
    for (const sequence of this.#ready) yield this.#entries.get(sequence) as Entry
  }

  /** Why a file cannot be taken, in words for its owner; undefined if it can. */
  refusal(offer: Offer): string | undefined {
    const { filesMax, octetsMax, sequenceMax } = this.#limits
    const nameOctets = UTF8.encode(offer.name).length
    if (nameOctets < 1 || nameOctets > NAME_OCTETS_MAX)
      return `The name has ${nameOctets} octets of UTF-8: a PDU carries 1 to ${NAME_OCTETS_MAX}`
    const known = this.#paths.get(offer.path)
    if (known !== undefined)
      return `${offer.path} is in the buffer already, as transaction ${known}`
    if (this.files >= filesMax)
      return `The buffer is full: it holds ${this.files} files of at most ${filesMax}`
    if (this.#octets + offer.identity.octets > octetsMax)
      return (
        `The buffer has no room for ${offer.identity.octets} octets: ` +
        `it holds ${this.#octets} of at most ${octetsMax}`
      )
    if (this.#next > sequenceMax)
      return `The sequence numbers are used up: ${sequenceMax} was the last that a PDU can carry`
    return undefined
  }

  /** Takes a record for true: one that was just written, or one of a journal. */
  apply(record: BufferRecord): void {
    this.#next = Math.max(
      this.#next,
      record.kind === 'next' ? record.sequence : record.sequence + 1,
    )
    if (record.kind === 'accepted') this.#accept(record)
    const entry = this.#entries.get(record.sequence)
    if (entry === undefined) return
    if (record.kind === 'digested') this.#put({ ...entry, checksum: record.checksum })
    else if (record.kind === 'mark')
      this.#put({ ...entry, mark: Math.max(entry.mark, record.mark) })
    else if (record.kind === 'ended') this.#put({ ...entry, ended: endOf(record) })
    else if (record.kind === 'released') this.#remove(entry)
  }

  /** The fewest records from which this buffer can be made again. */
  *snapshot(): IterableIterator<BufferRecord> {
    yield { kind: 'next', sequence: this.#next }
    for (const entry of this.#entries.values()) {
      const { sequence, path, name, identity, remove, checksum, mark, ended } = entry
      yield { kind: 'accepted', sequence, path, name, identity, remove }
      if (checksum !== undefined) yield { kind: 'digested', sequence, checksum }
      if (mark > 0) yield { kind: 'mark', sequence, mark }
      if (ended !== undefined) yield { kind: 'ended', sequence, ...ended }
    }
  }

  #accept(record: BufferRecord & { readonly kind: 'accepted' }): void {
    const { sequence, path, name, identity, remove } = record
    if (this.#entries.has(sequence)) return
    this.#put({
      sequence,
      path,
      name,
      identity,
      remove,
      checksum: undefined,
      mark: 0,
      ended: undefined,
    })
    this.#paths.set(path, sequence)
    this.#octets += identity.octets
  }

  #put(entry: Entry): void {
    const { sequence, checksum, ended } = entry
    this.#entries.set(sequence, entry)
    if (ended !== undefined || checksum !== undefined) this.#undigested.delete(sequence)
    else this.#undigested.add(sequence)
    if (ended !== undefined || checksum === undefined) this.#ready.delete(sequence)
    else this.#ready.add(sequence)
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.sequence)
    this.#undigested.delete(entry.sequence)
    this.#ready.delete(entry.sequence)
    if (this.#paths.get(entry.path) === entry.sequence) this.#paths.delete(entry.path)
    this.#octets -= entry.identity.octets
  }
}

function endOf({ condition, why, gone }: BufferRecord & { readonly kind: 'ended' }) {
  return { condition, why, gone: gone === true }
}

/** Whether a file that ended so is safe on the ground. */
export function isDelivered(ended: { readonly condition: number }): boolean {
  return ended.condition === CONDITION.noError
}

const UTF8 = new TextEncoder()
/** The length field before a name in Metadata is of one octet; a Metadata without a name carries no file. */
const NAME_OCTETS_MAX = 255
