/** Looks on in a mission: how many files wait, whether priorities hold, and which sequence number is whose. */
import type { BufferRecord } from '../../../onboard/buffer/records.ts'
import type { Spacecraft } from '../../../onboard/spacecraft.ts'
import type { Instant } from '../../../protocol/machine.ts'
import type { VirtualFile } from '../virtual-file.ts'
import type { Orders } from './orders.ts'

export class Watchman {
  readonly broken: string[] = []
  /** The most files that waited at once. */
  filesMost = 0
  readonly faults = new Map<number, string>()
  readonly #orders: Orders
  readonly #files = new Map<number, number>()
  /** Urgent files that were not sent as a whole yet, and how much of the others was sent since. */
  readonly #urgent = new Map<number, { others: number }>()
  readonly #marks = new Map<number, number>()
  #idleBefore = { sent: 0, idle: 0 }

  constructor(orders: Orders) {
    this.#orders = orders
  }

  /** The index of the file that has this sequence number. */
  fileOf(sequence: number): number {
    return this.#files.get(sequence) ?? -1
  }

  journaled(record: BufferRecord, files: readonly VirtualFile[]): void {
    const { sequence } = record
    if (record.kind === 'accepted')
      this.#files.set(
        sequence,
        files.findIndex(({ path }) => path === record.path),
      )
    else if (record.kind === 'digested' && this.#priority(sequence) < 3)
      this.#urgent.set(sequence, { others: 0 })
    else if (record.kind === 'ended') {
      this.#urgent.delete(sequence)
      if (record.condition !== 0) this.broken.push(`file ${sequence} ended: ${record.why}`)
    }
  }

  /** What was under way is begun anew: nothing is known of it. */
  forgetRun(): void {
    this.#urgent.clear()
    this.#marks.clear()
    this.#idleBefore = { sent: 0, idle: 0 }
  }

  look(now: Instant, { buffer, downlink, transfers }: Spacecraft): void {
    this.filesMost = Math.max(this.filesMost, buffer.files)
    if (this.#urgent.size === 0) return this.#marks.clear()
    for (const { transmission, mark } of downlink.transactions()) {
      const sequence = Number(transmission.sequence)
      const grown = mark - (this.#marks.get(sequence) ?? mark)
      this.#marks.set(sequence, mark)
      if (grown > 0) this.#count(sequence, grown, now)
    }
    for (const sequence of this.#urgent.keys()) {
      const mark = downlink.transaction(sequence)?.mark ?? transfers.parked(sequence)?.mark
      const size = buffer.entry(sequence)?.identity.octets ?? 0
      if (mark !== undefined && mark >= size) this.#urgent.delete(sequence)
    }
  }

  /** Whether all frames since the last question were idle. */
  isIdle({ downlink }: Spacecraft): boolean {
    const { sent, idle } = downlink.frames
    const before = this.#idleBefore
    this.#idleBefore = { sent, idle }
    return sent > before.sent && sent - before.sent === idle - before.idle
  }

  /** So many new octets of a file went out while more urgent ones had not. */
  #count(sequence: number, octets: number, now: Instant): void {
    for (const [urgent, count] of this.#urgent) {
      if (this.#priority(sequence) <= this.#priority(urgent)) continue
      count.others += octets
      if (count.others > OTHERS_OCTETS_MAX)
        this.broken.push(`${now}: file ${sequence} went before the more urgent ${urgent}`)
    }
  }

  #priority(sequence: number): number {
    return this.#orders.files[this.fileOf(sequence)]?.priority ?? 0
  }
}

/** What may go first while the disk brings the urgent one. */
const OTHERS_OCTETS_MAX = 800
