/** How files come in: they are offered, refused or accepted, and read once for their checksum. */
import type { Effects } from '../effects.ts'
import type { SpacecraftInput } from '../events.ts'
import { type Entry, isDelivered, type Offer } from './ack-buffer.ts'
import type { Custody } from './custody.ts'

export class Admission {
  readonly #custody: Custody
  readonly #effects: Effects
  /** The files being read for their checksum, and whether they are small. */
  readonly #digesting = new Map<number, boolean>()

  readonly #letGo: (sequence: number) => void

  /** `letGo` is called for a file that failed and makes way for another. */
  constructor(custody: Custody, effects: Effects, letGo: (sequence: number) => void) {
    this.#custody = custody
    this.#effects = effects
    this.#letGo = letGo
  }

  offer(
    { token, offer, insist }: SpacecraftInput & { readonly kind: 'offer' },
    utcMs: number,
  ): void {
    const { buffer } = this.#custody
    const failed = this.#failedBefore(offer, insist)
    if (failed !== undefined) this.#letGo(failed.sequence)
    const why = buffer.refusal(offer)
    if (why !== undefined) {
      buffer.refused += 1
      this.#effects.push({ kind: 'answer', token, sequence: undefined, why })
      return
    }
    const sequence = buffer.nextSequence
    this.#custody.write({ kind: 'accepted', sequence, ...offer, acceptedMs: utcMs })
    this.#effects.push({ kind: 'answer', token, sequence, why: undefined })
    const { name, identity } = offer
    this.#effects.log('file accepted', { sequence, name, octets: identity.octets })
    this.digestNext()
  }

  /** Reads the file that goes first; and, while that is a large one, one that is not. */
  digestNext(): void {
    const { buffer } = this.#custody
    for (let nth = 0; nth <= this.#digesting.size; nth++) {
      const entry = buffer.undigested(nth)
      if (entry === undefined || this.#digesting.has(entry.sequence)) continue
      const { sequence, path, identity } = entry
      const isSmall = identity.octets <= SMALL_OCTETS_MAX
      if (this.#digesting.size > 0 && (!isSmall || this.#isReadingSmall)) return
      this.#digesting.set(sequence, isSmall)
      this.#effects.push({ kind: 'digest', sequence, path, identity })
    }
  }

  /** The checksum of a file is known. Answers the file, if it is still to be sent. */
  digested(sequence: number, checksum: number): Entry | undefined {
    this.#digesting.delete(sequence)
    const entry = this.#custody.buffer.entry(sequence)
    const isWanted = entry !== undefined && entry.ended === undefined
    if (isWanted) this.#custody.write({ kind: 'digested', sequence, checksum })
    this.digestNext()
    return isWanted ? this.#custody.buffer.entry(sequence) : undefined
  }

  /** The disk says against a file. Answers it, if it was still to be sent. */
  failed(sequence: number): Entry | undefined {
    this.#digesting.delete(sequence)
    const entry = this.#custody.buffer.entry(sequence)
    return entry?.ended === undefined ? entry : undefined
  }

  get #isReadingSmall(): boolean {
    return [...this.#digesting.values()].includes(true)
  }

  /** An entry of the same path that failed, and that makes way for this offer. */
  #failedBefore(offer: Offer, insist: boolean): Entry | undefined {
    const entry = this.#custody.buffer.entryAt(offer.path)
    if (entry?.ended === undefined || isDelivered(entry.ended)) return undefined
    const isSame =
      entry.identity.octets === offer.identity.octets &&
      entry.identity.mtimeMs === offer.identity.mtimeMs &&
      entry.identity.inode === offer.identity.inode
    return insist || entry.ended.gone || !isSame ? entry : undefined
  }
}

/** A file of so many octets is read in a moment, even from a card. */
const SMALL_OCTETS_MAX = 4 * 2 ** 20
