/**
 * The checksum of a file whose octets come in any order, without a look back at them: each stretch that is held has
 * its own, and they are joined as stretches meet. CCSDS 727.0-B-5, 4.2. What it says is true of what came, not of what
 * a disk made of it. It costs three numbers a stretch, so whoever bounds the stretches bounds it.
 */
import { crc32, crc32c } from '../coding/crc32.ts'
import { joinCrc32, joinCrc32c } from '../coding/crc32-join.ts'
import { CHECKSUM, modularOf } from './checksum.ts'

export class StreamedChecksum {
  readonly type: number
  readonly #crc: Crc | undefined
  // As in Spans: start[i] < end[i] < start[i + 1].
  readonly #start: number[] = []
  readonly #end: number[] = []
  readonly #value: number[] = []
  #octets = 0
  /** Of modular, all there is to know. */
  #sum = 0

  /** Of a type that isChecksumSupported(). */
  constructor(type: number) {
    this.type = type
    this.#crc = CRCS[type]
  }

  /** Octets that came, together. */
  get octets(): number {
    return this.#octets
  }

  /** Takes octets none of which came before. */
  add(octets: Uint8Array, offset: number): void {
    this.#octets += octets.length
    if (this.#crc !== undefined) this.#put(octets, offset, this.#crc)
    else if (this.type === CHECKSUM.modular) this.#sum += modularOf(octets, offset)
  }

  /** Of the file of so many octets; undefined as long as some of it has not come, or more of it has. */
  of(octets: number): number | undefined {
    if (this.#octets !== octets) return undefined
    if (this.#crc === undefined) return this.#sum % 2 ** 32
    if (octets === 0) return 0
    return this.#start.length === 1 && this.#end[0] === octets ? this.#value[0] : undefined
  }

  /** Nothing came. */
  clear(): void {
    this.#start.length = 0
    this.#end.length = 0
    this.#value.length = 0
    this.#octets = 0
    this.#sum = 0
  }

  #put(octets: Uint8Array, offset: number, crc: Crc): void {
    const at = this.#firstFrom(offset)
    const end = offset + octets.length
    const before = at - 1
    if (this.#end[before] === offset) {
      this.#value[before] = crc.of(octets, this.#value[before])
      this.#end[before] = end
      if (this.#start[at] === end) this.#join(before, crc)
      return
    }
    this.#start.splice(at, 0, offset)
    this.#end.splice(at, 0, end)
    this.#value.splice(at, 0, crc.of(octets))
    if (this.#start[at + 1] === end) this.#join(at, crc)
  }

  /** Makes one of this stretch and the one that follows it. */
  #join(at: number, crc: Crc): void {
    const next = at + 1
    const length = (this.#end[next] as number) - (this.#start[next] as number)
    this.#value[at] = crc.join(this.#value[at] as number, this.#value[next] as number, length)
    this.#end[at] = this.#end[next] as number
    for (const all of [this.#start, this.#end, this.#value]) all.splice(next, 1)
  }

  /** Index of the first stretch that starts at `offset` or after it. */
  #firstFrom(offset: number): number {
    let high = this.#start.length
    // The usual case: it follows all that came.
    if (high === 0 || (this.#start[high - 1] as number) < offset) return high
    let low = 0
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#start[middle] as number) < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}

interface Crc {
  readonly of: (octets: Uint8Array, before?: number) => number
  readonly join: (first: number, second: number, secondOctets: number) => number
}

const CRCS: Readonly<Record<number, Crc>> = {
  [CHECKSUM.crc32]: { of: crc32, join: joinCrc32 },
  [CHECKSUM.crc32c]: { of: crc32c, join: joinCrc32c },
}
