/**
 * Files of the outbox for which there was no room. They are offered again when there is more, and now and then in any
 * case: commands change limits. To offer thousands at every look would take all the time of a small board.
 */
import type { Instant } from '../../protocol/machine.ts'

/** What is taken of the buffer. */
interface Taken {
  readonly files: number
  readonly octets: number
}

export class Waiting {
  #names = new Set<string>()
  /** Those that are offered again at this look. */
  #offered: ReadonlySet<string> = new Set()
  #taken: Taken = { files: 0, octets: 0 }
  #at: Instant = Number.NEGATIVE_INFINITY

  get count(): number {
    return this.#names.size
  }

  /** There is no room for it. Answers whether that is news. */
  refused(name: string, { files, octets }: Taken, now: Instant): boolean {
    this.#taken = { files, octets }
    this.#at = now
    this.#names.add(name)
    return !this.#offered.has(name)
  }

  /** Whether it was refused before. */
  has(name: string): boolean {
    return this.#offered.has(name)
  }

  /** Those to be offered again at the next look. */
  due({ files, octets }: Taken, now: Instant): ReadonlySet<string> {
    this.#offered = new Set()
    const isMore = files < this.#taken.files || octets < this.#taken.octets
    if (!isMore && now < this.#at + AGAIN_MS) return this.#offered
    this.#offered = this.#names
    this.#names = new Set()
    return this.#offered
  }
}

const AGAIN_MS = 10_000
