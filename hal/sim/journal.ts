/** A journal in memory that can lose its power. For the octets on the disk, see disk.ts. */
import { decodePayload, encodePayload } from '../journal/payload.ts'
import type { Journal } from '../ports.ts'

export class SimJournal implements Journal {
  #flushed: Uint8Array[] = []
  #queue: Uint8Array[] = []
  #recovered: readonly unknown[]
  /** While true the disk refuses. */
  isRefusing = false

  constructor(payloads: readonly Uint8Array[] = []) {
    this.#flushed = [...payloads]
    this.#recovered = payloads.map(payload => decodePayload(payload)?.value)
  }

  takeRecovered(): readonly unknown[] {
    const records = this.#recovered
    this.#recovered = []
    return records
  }

  append(record: unknown): void {
    this.#queue.push(encodePayload(record))
  }

  async flush(): Promise<void> {
    this.#requireDisk()
    this.#flushed.push(...this.#queue.splice(0))
  }

  async compact(records: readonly unknown[]): Promise<void> {
    this.#requireDisk()
    this.#flushed = records.map(encodePayload)
    this.#queue = []
  }

  get octets(): number {
    return this.#flushed.reduce((sum, payload) => sum + payload.length, 0)
  }

  async close(): Promise<void> {
    if (!this.isRefusing) await this.flush()
  }

  /** The journal when the power is back; `luck` records that were not flushed reached the disk after all. */
  powered(luck = 0): SimJournal {
    return new SimJournal([...this.#flushed, ...this.#queue.slice(0, luck)])
  }

  #requireDisk(): void {
    if (this.isRefusing)
      throw Object.assign(new Error('ENOSPC: the disk refuses'), { code: 'ENOSPC' })
  }
}
