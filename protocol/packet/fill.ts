/**
 * Packets to frame data fields of one virtual channel: packets follow each other without a gap and span
 * fields. CCSDS 132.0-B-3, 4.1.4.2 and 4.2.2.
 *
 *     packets   | one      | two                         | idle    |
 *     fields    |----------------|----------------|----------------|
 *     pointer    0 (one)          7FF (none)       start of idle
 */
import { NO_FIRST_HEADER, ONLY_IDLE_DATA } from '../frame/tm.ts'
import { encodeSpacePacket, IDLE_APID, PACKET_HEADER_OCTETS, packetOctets } from './space-packet.ts'

/** One frame data field, full. The octets are the taker's. */
export interface FilledField {
  readonly field: Uint8Array
  /** Octet of the field at which the first packet starts. */
  readonly firstHeader: number
}

export class FieldFiller {
  readonly #fieldOctets: number
  /** Fields that hold octets, oldest first; all are full but the last, which may be. */
  readonly #fields: { readonly field: Uint8Array; firstHeader: number }[] = []
  /** Fields that came back. */
  readonly #free: Uint8Array[] = []
  /** Octets in all fields. */
  #octets = 0

  constructor(fieldOctets: number) {
    this.#fieldOctets = fieldOctets
  }

  /** Octets still free in the field that take() answers next. */
  get room(): number {
    return Math.max(0, this.#fieldOctets - this.#octets)
  }

  /** Octets that wait for the fields after that one. */
  get pending(): number {
    return Math.max(0, this.#octets - this.#fieldOctets)
  }

  /** Copies a whole packet in, over as many fields as it takes. @throws RangeError if its length field lies. */
  put(packet: Uint8Array): void {
    if (packet.length <= PACKET_HEADER_OCTETS || packetOctets(packet, 0) !== packet.length)
      throw new RangeError(
        `Cannot put ${packet.length} octets: their packet header says another length`,
      )
    for (let from = 0; from < packet.length; ) {
      const at = this.#octets % this.#fieldOctets
      if (at === 0)
        this.#fields.push({
          field: this.#free.pop() ?? new Uint8Array(this.#fieldOctets),
          firstHeader: NO_FIRST_HEADER,
        })
      const last = this.#fields[this.#fields.length - 1] as FilledField & { firstHeader: number }
      if (from === 0 && last.firstHeader === NO_FIRST_HEADER) last.firstHeader = at
      const count = Math.min(packet.length - from, this.#fieldOctets - at)
      last.field.set(packet.subarray(from, from + count), at)
      this.#octets += count
      from += count
    }
  }

  /** The oldest full field, or undefined: none is full. */
  take(): FilledField | undefined {
    if (this.#octets < this.#fieldOctets) return undefined
    this.#octets -= this.#fieldOctets
    return this.#fields.shift()
  }

  /**
   * Gives a taken field back, to be filled again: the fields of a long packet wait so long that new ones every
   * time would be collected late.
   */
  release(field: Uint8Array): void {
    this.#free.push(field)
  }

  /**
   * Fills what is begun with an idle packet, so that take() answers it. No packet has less than 7 octets: where
   * less is left, the idle packet spans into the next field, which is then begun.
   */
  close(): void {
    const used = this.#octets % this.#fieldOctets
    if (used > 0) this.put(idlePacket(this.#fieldOctets - used))
  }
}

/** What a frame carries when its channel has nothing at all to say. 132.0-B-3, 4.2.2.5. */
export function idleField(fieldOctets: number): FilledField {
  return { field: new Uint8Array(fieldOctets).fill(IDLE_OCTET), firstHeader: ONLY_IDLE_DATA }
}

function idlePacket(octets: number): Uint8Array {
  const data = new Uint8Array(Math.max(1, octets - PACKET_HEADER_OCTETS)).fill(IDLE_OCTET)
  return encodeSpacePacket({
    telecommand: false,
    secondaryHeader: false,
    apid: IDLE_APID,
    flags: 3,
    count: 0,
    data,
  })
}

/** Any value will do; alternating bits help bit synchronizers where nothing is randomized. */
const IDLE_OCTET = 0x55
