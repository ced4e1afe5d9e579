/**
 * The ack buffer with all that binds the spacecraft about it: what is said of a file is written into the journal
 * before it counts, and a file that is safe on the ground is let go.
 */
import { CONDITION } from '../../protocol/cfdp/condition.ts'
import type { Effects } from '../effects.ts'
import type { FileStatus } from '../file-status.ts'
import type { AckBuffer, Entry } from './ack-buffer.ts'
import type { BufferRecord } from './records.ts'

export class Custody {
  readonly buffer: AckBuffer
  /** The newest files that were let go, for those who look. */
  readonly recent: FileStatus[] = []
  readonly #effects: Effects

  constructor(buffer: AckBuffer, effects: Effects) {
    this.buffer = buffer
    this.#effects = effects
  }

  write(record: BufferRecord): void {
    this.buffer.apply(record)
    this.#effects.push({ kind: 'journal', record })
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
    if (entry === undefined) return
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
}

const RECENT_MAX = 64
