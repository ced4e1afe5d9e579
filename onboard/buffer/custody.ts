/**
 * The ack buffer with all that binds the spacecraft about it: what is said of a file is written into the journal
 * before it counts, and a file that is safe on the ground is let go.
 */
import { CONDITION } from '../../protocol/cfdp/condition.ts'
import type { Effects } from '../effects.ts'
import type { FileStatus } from '../file-status.ts'
import type { AckBuffer, Entry } from './ack-buffer.ts'
import { Deadlines } from './deadlines.ts'
import type { BufferRecord } from './records.ts'

/** Files and octets that wait for their acknowledgement. */
export interface Occupancy {
  readonly utcMs: number
  readonly files: number
  readonly octets: number
}

export class Custody {
  readonly buffer: AckBuffer
  /** The newest files that were let go, for those who wait for one. */
  readonly recent: FileStatus[] = []
  readonly deadlines: Deadlines
  readonly counters = { late: 0, dropped: 0 }
  /** How full it was when who heard changed, oldest first. */
  readonly history: Occupancy[] = []
  readonly #effects: Effects
  /** Files with a sequence number from it on have the times of this run's clock. */
  readonly #firstOfRun: number

  /** `utcMs`: when this run begins. */
  constructor(buffer: AckBuffer, effects: Effects, utcMs: number) {
    this.buffer = buffer
    this.#effects = effects
    this.#firstOfRun = buffer.nextSequence
    this.deadlines = new Deadlines(utcMs)
    for (const entry of this.#open()) this.deadlines.add(entry)
  }

  write(record: BufferRecord): void {
    this.buffer.apply(record)
    if (record.kind === 'accepted') this.deadlines.add(this.buffer.entry(record.sequence) as Entry)
    else if (record.kind === 'ended') this.deadlines.drop(record.sequence)
    this.#effects.push({ kind: 'journal', record })
  }

  /** Notes how full it is. */
  sample(utcMs: number): void {
    const { files, octets } = this.buffer
    this.history.push({ utcMs, files, octets })
    if (this.history.length > HISTORY_MAX) this.history.shift()
  }

  /** The clock was wrong by `byMs`, and shows `utcMs` now: so was every time that it gave. No file goes for that. */
  clockStepped(byMs: number, utcMs: number): void {
    if (this.buffer.files > 0) this.write({ kind: 'stepped', sequence: this.#firstOfRun, byMs })
    for (const [i, sample] of this.history.entries())
      this.history[i] = { ...sample, utcMs: sample.utcMs + byMs }
    this.deadlines.stepped(utcMs, this.#open())
  }

  /** Writes down which octets went out since the last time, and who heard. */
  writePassages(): void {
    for (const record of this.buffer.passageRecords())
      this.#effects.push({ kind: 'journal', record })
  }

  /** The transaction of a file is over. */
  end(entry: Entry, condition: number, why: string): void {
    const { sequence, name } = entry
    this.write({ kind: 'ended', sequence, condition, why })
    this.#effects.log('transfer ends', { sequence, name, condition: why })
    if (condition === CONDITION.noError) this.release(entry)
  }

  /** Lets a delivered file go: the disk is told. */
  release({ sequence, path, identity, remove }: Entry): void {
    this.#effects.push({ kind: 'release', sequence, path, identity, remove })
  }

  /** The disk was told. */
  released(sequence: number): void {
    const entry = this.buffer.entry(sequence)
    // What was dropped is no more on the disk, and the ground is still to be told.
    if (entry?.ended === undefined || entry.ended.condition !== CONDITION.noError) return
    this.remember(entry, 'done')
    this.write({ kind: 'released', sequence })
  }

  remember(entry: Entry, state: 'done' | 'failed', why?: string): void {
    const { name, sequence, mark: sentOctets } = entry
    const { octets } = entry.identity
    const acknowledgedOctets = state === 'done' ? octets : 0
    const status = { name, octets, sequence, state, sentOctets, acknowledgedOctets }
    this.recent.push(why === undefined ? status : { ...status, why })
    if (this.recent.length > RECENT_MAX) this.recent.shift()
  }

  #open(): Entry[] {
    return [...this.buffer.entries()].filter(({ ended }) => ended === undefined)
  }
}

/** More than are let go between two looks. */
const RECENT_MAX = 1_024
const HISTORY_MAX = 256
