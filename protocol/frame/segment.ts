/**
 * Units longer than a TC frame, cut into segments: the first octet of the frame's field says which part of a unit
 * follows it, and to which multiplexer access point (MAP) the unit belongs. CCSDS 232.0-B-4, 4.1.3.2.2.
 *
 *       2       6     bits
 *     +-------+-----+- - - - - -+
 *     | flags | MAP | part      |
 *     +-------+-----+- - - - - -+
 *
 * Flags: 1 the first part, 0 a further one, 2 the last one, 3 the whole unit. Parts have no number, so a lost one
 * shows in nothing but the length of the unit: whoever reads it must look.
 */
export const SEGMENT_HEADER_OCTETS = 1

/** The fields of the frames that carry `unit`, each at most `roomOctets` long, its header with it. */
export function* segmentsOf(
  unit: Uint8Array,
  map: number,
  roomOctets: number,
): IterableIterator<Uint8Array> {
  const part = roomOctets - SEGMENT_HEADER_OCTETS
  for (let at = 0; at < unit.length; at += part) {
    const isFirst = at === 0
    const isLast = at + part >= unit.length
    const flags = (isFirst ? FIRST : CONTINUING) | (isLast ? LAST : CONTINUING)
    const octets = unit.subarray(at, at + part)
    const field = new Uint8Array(SEGMENT_HEADER_OCTETS + octets.length)
    field[0] = (flags << 6) | map
    field.set(octets, SEGMENT_HEADER_OCTETS)
    yield field
  }
}

/** Bounds of a reader: its memory is at most twice their product. */
export interface SegmentLimits {
  /** Octets of one unit. */
  readonly unitOctetsMax: number
  /** MAPs with a unit that is begun; beyond that the oldest is dropped. */
  readonly mapsMax?: number
}

interface Begun {
  octets: Uint8Array
  held: number
}

export class SegmentReader {
  readonly #unitOctetsMax: number
  readonly #mapsMax: number
  /** Begun units, by MAP, the one begun first in front. */
  readonly #begun = new Map<number, Begun>()
  /** Units handed out; parts, and units that were begun, of no use. */
  readonly counters = { units: 0, dropped: 0 }

  constructor({ unitOctetsMax, mapsMax = 4 }: SegmentLimits) {
    this.#unitOctetsMax = unitOctetsMax
    this.#mapsMax = mapsMax
  }

  /** The unit that is whole with this field, borrowed from it if it is alone in it; or undefined. */
  push(field: Uint8Array): Uint8Array | undefined {
    if (field.length <= SEGMENT_HEADER_OCTETS) return this.#drop()
    const header = field[0] as number
    const [flags, map] = [header >>> 6, header & 63]
    const part = field.subarray(SEGMENT_HEADER_OCTETS)
    if (flags & FIRST) {
      if (this.#begun.delete(map)) this.#drop()
      if (flags === WHOLE) return this.#finish(part)
      if (part.length > this.#unitOctetsMax) return this.#drop()
      this.#begin(map, part)
      return undefined
    }
    const begun = this.#begun.get(map)
    if (begun === undefined) return this.#drop()
    if (begun.held + part.length > this.#unitOctetsMax) {
      this.#begun.delete(map)
      return this.#drop()
    }
    append(begun, part)
    if (flags !== LAST) return undefined
    this.#begun.delete(map)
    return this.#finish(begun.octets.subarray(0, begun.held))
  }

  #begin(map: number, part: Uint8Array): void {
    this.#begun.set(map, { octets: Uint8Array.from(part), held: part.length })
    if (this.#begun.size <= this.#mapsMax) return
    const [oldest] = this.#begun.keys()
    this.#begun.delete(oldest as number)
    this.#drop()
  }

  #finish(unit: Uint8Array): Uint8Array {
    this.counters.units += 1
    return unit
  }

  #drop(): undefined {
    this.counters.dropped += 1
  }
}

function append(begun: Begun, part: Uint8Array): void {
  const held = begun.held + part.length
  if (held > begun.octets.length) {
    const larger = new Uint8Array(2 * held)
    larger.set(begun.octets.subarray(0, begun.held))
    begun.octets = larger
  }
  begun.octets.set(part, begun.held)
  begun.held = held
}

const CONTINUING = 0
const FIRST = 1
const LAST = 2
const WHOLE = 3
