/** How files come in: they are offered, refused or accepted, and read once for their checksum. */

import type { Closing } from '../downlink/closing.ts'
import type { Effects } from '../effects.ts'
import type { SpacecraftInput } from '../events.ts'
import type { BufferSettings } from '../settings.ts'
import { type Entry, isDelivered, type Offer } from './ack-buffer.ts'
import type { Custody } from './custody.ts'
import { victimsFor } from './eviction.ts'
import { ruled } from './rules.ts'

export class Admission {
  readonly #custody: Custody
  readonly #effects: Effects
  /** The files being read for their checksum, and whether they are small. */
  readonly #digesting = new Map<number, boolean>()

  readonly #settings: BufferSettings
  readonly #closing: Closing

  constructor(settings: BufferSettings, custody: Custody, effects: Effects, closing: Closing) {
    this.#settings = settings
    this.#custody = custody
    this.#effects = effects
    this.#closing = closing
  }

  offer(input: SpacecraftInput & { readonly kind: 'offer' }, utcMs: number): void {
    const { token, insist, waited = false } = input
    const offer = ruled(input.offer, this.#settings.rules ?? [], utcMs)
    const { buffer } = this.#custody
    const failed = this.#failedBefore(offer, insist)
    if (failed !== undefined) this.#closing.letGo(failed.sequence)
    if (this.#settings.whenFull === 'drop') this.#makeRoom(offer, utcMs)
    const why = buffer.refusal(offer)
    if (why !== undefined) {
      if (!waited) buffer.refused += 1
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

  /** Logs the files whose deadline has passed, and drops them if the settings have it so. */
  tick(utcMs: number): void {
    const { buffer, counters, deadlines } = this.#custody
    for (let late = deadlines.takeLate(utcMs); late !== undefined; ) {
      const { sequence, name, pinned, deadlineMs } = buffer.entry(late) as Entry
      counters.late += 1
      this.#effects.log('deadline missed', { sequence, name, deadlineMs })
      const isDropped = this.#settings.late === 'drop' && pinned !== true
      if (isDropped) this.#closing.drop(buffer.entry(late) as Entry, 'its deadline has passed')
      late = deadlines.takeLate(utcMs)
    }
  }

  /** Drops what must go, if enough may; what will be refused whatever goes makes nobody go. */
  #makeRoom(offer: Offer, utcMs: number): void {
    const { buffer } = this.#custody
    const shortages = buffer.shortages(offer)
    if (shortages.length === 0 || buffer.unfit(offer) !== undefined) return
    const rank = buffer.rankOf({ ...offer, sequence: buffer.nextSequence }, utcMs)
    const begun = this.#settings.dropBegun === true
    const victims = victimsFor({ ...offer, rank }, shortages, buffer, begun)
    for (const entry of victims ?? []) this.#closing.drop(entry, `it makes way for ${offer.name}`)
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
