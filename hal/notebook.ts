/**
 * A journal that does not give up: a write that the disk refuses is tried again until it succeeds, and
 * nothing that depends on it happens before. It is compacted when it has outgrown what it has to say.
 */
import type { Log } from './log.ts'
import type { Clock, Journal } from './ports.ts'

export class Notebook {
  readonly #journal: Journal & { readonly canGrow: boolean }
  readonly #snapshot: () => Iterable<unknown>
  readonly #clock: Clock
  readonly #log: Log
  #isDirty = false
  #trouble: string | undefined
  #compactAtOctets: number

  constructor(
    journal: Journal & { readonly canGrow: boolean },
    snapshot: () => Iterable<unknown>,
    clock: Clock,
    log: Log,
  ) {
    this.#journal = journal
    this.#snapshot = snapshot
    this.#clock = clock
    this.#log = log
    this.#compactAtOctets = Math.max(COMPACT_OCTETS, journal.octets)
  }

  get isDirty(): boolean {
    return this.#isDirty
  }

  /** Whether there is more than the reserve, which is for what was begun. A disk that was full is asked again. */
  async hasRoom(): Promise<boolean> {
    if (!this.#journal.canGrow) await this.#tried(() => this.#journal.flush())
    return this.#journal.canGrow
  }

  /** Whether nothing is left but the reserve, as far as is known. */
  get isFull(): boolean {
    return !this.#journal.canGrow
  }

  /** What the disk says against the journal now. */
  get trouble(): string | undefined {
    return this.#trouble
  }

  write(record: unknown): void {
    this.#journal.append(record)
    this.#isDirty = true
  }

  /** Resolves when all that was written is on the disk. */
  async flush(): Promise<void> {
    if (!this.#isDirty) return
    while (!(await this.#tried(() => this.#journal.flush()))) await this.#pause()
    this.#isDirty = false
  }

  /**
   * Makes the journal short again if it has grown long. Only between two steps of the machine: within one,
   * the machine is ahead of the disk, and its snapshot says what is not there yet.
   */
  async compact(): Promise<void> {
    if (this.#journal.octets < this.#compactAtOctets) return
    await this.#tried(() => this.#journal.compact([...this.#snapshot()]))
    this.#compactAtOctets = Math.max(COMPACT_OCTETS, 2 * this.#journal.octets)
  }

  async close(): Promise<void> {
    await this.#journal.close()
  }

  async #tried(act: () => Promise<void>): Promise<boolean> {
    try {
      await act()
      this.#trouble = undefined
      return true
    } catch (error) {
      this.#trouble = `the journal cannot be written: ${String(error)}`
      this.#log.error('journal fails', { why: String(error) })
      return false
    }
  }

  #pause(): Promise<void> {
    return this.#clock.until(this.#clock.now() + RETRY_MS, new AbortController().signal)
  }
}

const COMPACT_OCTETS = 1_048_576
const RETRY_MS = 1_000
