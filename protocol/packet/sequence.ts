/**
 * Units longer than a packet, over several: the sequence flags say which part a packet holds, and the count that no
 * part is missing. CCSDS 133.0-B-2, 4.1.3.4.
 *
 *     flags   1 first      0 continuing   0 continuing   2 last
 *     count   n            n + 1          n + 2          n + 3     modulo 16384
 */
import { MAX_DATA, type SpacePacket } from './space-packet.ts'

/** The packets of one unit: as `packet`, whose data are the unit and whose count is that of the first. */
export function* packetsOf(
  packet: SpacePacket,
  octetsMax = MAX_DATA,
): IterableIterator<SpacePacket> {
  const { data, count } = packet
  for (let at = 0, part = 0; at < data.length; at += octetsMax, part++) {
    const isFirst = at === 0 ? FIRST : CONTINUING
    const isLast = at + octetsMax >= data.length ? LAST : CONTINUING
    yield {
      ...packet,
      flags: isFirst | isLast,
      count: (count + part) % COUNTS,
      data: data.subarray(at, at + octetsMax),
    }
  }
}

/** Puts the units of one APID together. */
export class UnitReader {
  readonly #octetsMax: number
  /** Of the unit that was begun: its parts, their octets, and the count that comes next. */
  #parts: Uint8Array[] = []
  #octets = 0
  #next = 0
  /** Units that were begun and not ended, and parts of those. */
  dropped = 0

  /** Units of more octets are dropped. */
  constructor(octetsMax: number) {
    this.#octetsMax = octetsMax
  }

  /** The data of a unit that is whole with this packet, borrowed if it is alone in it; or undefined. */
  push({ flags, count, data }: SpacePacket): Uint8Array | undefined {
    if (flags === WHOLE) {
      this.#cut()
      return data
    }
    const isFirst = flags === FIRST
    if (isFirst) this.#cut()
    else if (this.#parts.length === 0 || count !== this.#next) {
      this.#cut()
      this.dropped += 1
      return undefined
    }
    if (this.#octets + data.length > this.#octetsMax) {
      this.#cut()
      this.dropped += isFirst ? 1 : 0
      return undefined
    }
    this.#parts.push(Uint8Array.from(data))
    this.#octets += data.length
    this.#next = (count + 1) % COUNTS
    return flags === LAST ? this.#finish() : undefined
  }

  #finish(): Uint8Array {
    const unit = new Uint8Array(this.#octets)
    let at = 0
    for (const part of this.#parts) {
      unit.set(part, at)
      at += part.length
    }
    this.#parts = []
    this.#octets = 0
    return unit
  }

  #cut(): void {
    if (this.#parts.length > 0) this.dropped += 1
    this.#parts = []
    this.#octets = 0
  }
}

const CONTINUING = 0
const FIRST = 1
const LAST = 2
const WHOLE = 3
const COUNTS = 16_384
