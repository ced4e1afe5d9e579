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
  readonly ended: { readonly condition: number; readonly why: string } | undefined
}

export class AckBuffer {
  readonly #limits: { readonly filesMax: number; readonly octetsMax: number }
  readonly #entries = new Map<number, Entry>()
  readonly #paths = new Map<string, number>()
  #next: number
  #octets = 0
  /** Files that were offered and not taken. */
  refused = 0

  constructor(
    limits: { readonly filesMax: number; readonly octetsMax: number },
    firstSequence: number,
    records: readonly unknown[],
  ) {
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

  /** Why a file cannot be taken, in words for its owner; undefined if it can. */
  refusal(offer: Offer): string | undefined {
    const { filesMax, octetsMax } = this.#limits
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
    else if (record.kind === 'ended')
      this.#put({ ...entry, ended: { condition: record.condition, why: record.why } })
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
    this.#entries.set(entry.sequence, entry)
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.sequence)
    if (this.#paths.get(entry.path) === entry.sequence) this.#paths.delete(entry.path)
    this.#octets -= entry.identity.octets
  }
}

/** Whether a file that ended so is safe on the ground. */
export function isDelivered(ended: { readonly condition: number }): boolean {
  return ended.condition === CONDITION.noError
}
