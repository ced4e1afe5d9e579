/**
 * Generic Stream Encapsulation: packets of any length in the data fields of baseband frames. ETSI TS 102 606-1, 4.2.
 *
 *     whole   | 1 1 | LT 2 | length 12 | protocol 2 |  PDU
 *     first   | 1 0 | LT 2 | length 12 | fragment 1 | total length 2 | protocol 2 | PDU ...
 *     next    | 0 0 | LT 2 | length 12 | fragment 1 | ... PDU ...
 *     last    | 0 1 | LT 2 | length 12 | fragment 1 | ... PDU | CRC-32
 *
 * The length is that of all behind it, the total length that of protocol, label and PDU, and the CRC goes over total length,
 * protocol, label and PDU. Labels are not used (LT 2: every receiver); where a PDU goes on, LT is 3, and receivers refuse
 * others. PDUs of several fragment numbers may come among each other. A header of zeros: only padding follows.
 */

/** Octets of GSE around a PDU that goes whole. */
export const GSE_HEADER_OCTETS = 4
export const GSE_PACKET_OCTETS_MAX = 4_096

/** Cuts PDUs to fill data fields to the last octet. */
export class GseEncapsulator {
  readonly #protocol: number
  #fragment = 0
  #pdu: Uint8Array = NONE
  /** Octets of the PDU that are in data fields; undefined: none is under way. */
  #at: number | undefined
  #crc = 0

  constructor(protocol: number) {
    this.#protocol = protocol
  }

  /** Whether nothing is left of the PDUs it was given. */
  get isEmpty(): boolean {
    return this.#pdu.length === 0
  }

  /** The next PDU, when it is empty; borrowed until it is empty again. */
  put(pdu: Uint8Array): void {
    this.#pdu = pdu
    this.#at = undefined
  }

  /** Writes what fits into `field`. Answers how many octets that was; fewer than all: it is empty, or it is no use. */
  fill(field: Uint8Array): number {
    if (this.isEmpty) return 0
    const { length } = this.#pdu
    if (this.#at === undefined && field.length >= GSE_HEADER_OCTETS + length && isShort(length))
      return this.#whole(field)
    if (this.#at === undefined) return this.#first(field)
    return this.#rest(field, this.#at)
  }

  #whole(field: Uint8Array): number {
    const view = new DataView(field.buffer, field.byteOffset)
    view.setUint16(0, START | END | NO_LABEL | (2 + this.#pdu.length))
    view.setUint16(2, this.#protocol)
    field.set(this.#pdu, GSE_HEADER_OCTETS)
    const octets = GSE_HEADER_OCTETS + this.#pdu.length
    this.#pdu = NONE
    return octets
  }

  #first(field: Uint8Array): number {
    const room = Math.min(field.length, GSE_PACKET_OCTETS_MAX) - FIRST_OCTETS
    if (room < LEAST_OCTETS) return 0
    const count = Math.min(room, this.#pdu.length - 1)
    const view = new DataView(field.buffer, field.byteOffset)
    this.#fragment = (this.#fragment + 1) & 0xff
    view.setUint16(0, START | NO_LABEL | (FIRST_OCTETS - 2 + count))
    view.setUint8(2, this.#fragment)
    view.setUint16(3, 2 + this.#pdu.length)
    view.setUint16(5, this.#protocol)
    field.set(this.#pdu.subarray(0, count), FIRST_OCTETS)
    this.#crc = crc32Mpeg(field.subarray(3, FIRST_OCTETS))
    this.#crc = crc32Mpeg(this.#pdu, this.#crc)
    this.#at = count
    return FIRST_OCTETS + count
  }

  #rest(field: Uint8Array, at: number): number {
    const room = Math.min(field.length, GSE_PACKET_OCTETS_MAX) - NEXT_OCTETS
    const left = this.#pdu.length - at
    if (room < LEAST_OCTETS) return 0
    const isLast = left + CRC_OCTETS <= room
    // The checksum stays whole: what is left of the PDU may go before it.
    const count = isLast ? left : Math.min(room, left - 1)
    if (count === 0) return 0
    const tail = isLast ? CRC_OCTETS : 0
    const view = new DataView(field.buffer, field.byteOffset)
    view.setUint16(0, (isLast ? END : 0) | SAME_LABEL | (1 + count + tail))
    view.setUint8(2, this.#fragment)
    field.set(this.#pdu.subarray(at, at + count), NEXT_OCTETS)
    if (isLast) view.setUint32(NEXT_OCTETS + count, this.#crc)
    if (isLast) this.#pdu = NONE
    else this.#at = at + count
    return NEXT_OCTETS + count + tail
  }
}

export interface GseCounters {
  /** Packets that are none: of no use, with all that follows in their field. */
  malformed: number
  /** PDUs that came in fragments of which one was lost, or whose checksum is wrong. */
  broken: number
  /** PDUs of another protocol. */
  foreign: number
}

export class GseReassembler {
  readonly counters: GseCounters = { malformed: 0, broken: 0, foreign: 0 }
  readonly #protocol: number
  /** PDUs that are not whole, by the number of their fragments, oldest first; and the octets of all. */
  readonly #begun = new Map<number, Begun>()
  #octets = 0

  constructor(protocol: number) {
    this.#protocol = protocol
  }

  /** The PDUs that are whole with this data field; each an array of its own. */
  *push(field: Uint8Array): IterableIterator<Uint8Array> {
    for (let at = 0; at + 2 <= field.length; ) {
      const head = ((field[at] as number) << 8) | (field[at + 1] as number)
      if (head >>> 12 === 0) return
      const end = at + 2 + (head & 0x0fff)
      if (end > field.length) {
        this.counters.malformed += 1
        return
      }
      const pdu = this.#take(head, field.subarray(at + 2, end))
      if (pdu !== undefined) yield pdu
      at = end
    }
  }

  reset(): void {
    for (const fragment of this.#begun.keys()) this.#giveUp(fragment)
  }

  #take(head: number, body: Uint8Array): Uint8Array | undefined {
    const isStart = (head & START) !== 0
    const isEnd = (head & END) !== 0
    if (isStart && isEnd) return this.#pdu(body, head)
    const [fragment = 0] = body
    if (isStart) {
      this.#giveUp(fragment)
      this.#begun.set(fragment, { head, parts: [], octets: 0 })
    }
    const begun = this.#begun.get(fragment)
    if (begun === undefined) return undefined
    begun.parts.push(body.slice(1))
    begun.octets += body.length
    this.#octets += body.length
    if (begun.octets > PDU_OCTETS_MAX) this.#giveUp(fragment)
    for (const oldest of this.#begun.keys()) {
      if (this.#octets <= BEGUN_OCTETS_MAX) break
      this.#giveUp(oldest)
    }
    return isEnd && this.#begun.has(fragment) ? this.#whole(fragment, begun) : undefined
  }

  #giveUp(fragment: number): void {
    if (this.#forget(fragment)) this.counters.broken += 1
  }

  #forget(fragment: number): boolean {
    this.#octets -= this.#begun.get(fragment)?.octets ?? 0
    return this.#begun.delete(fragment)
  }

  #whole(fragment: number, { head, parts }: Begun): Uint8Array | undefined {
    this.#forget(fragment)
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      all.set(part, at)
      at += part.length
    }
    const end = all.length - CRC_OCTETS
    const view = new DataView(all.buffer)
    const isRight =
      end > 4 &&
      view.getUint16(0) === end - 2 &&
      crc32Mpeg(all.subarray(0, end)) === view.getUint32(end)
    if (isRight) return this.#pdu(all.subarray(2, end), head)
    this.counters.broken += 1
    return undefined
  }

  /** From the protocol on. A label before the PDU is passed over. */
  #pdu(body: Uint8Array, head: number): Uint8Array | undefined {
    const start = 2 + (LABEL_OCTETS[(head >>> 12) & 3] as number)
    const protocol = ((body[0] ?? 0) << 8) | (body[1] ?? 0)
    if (body.length > start && protocol === this.#protocol) return body.slice(start)
    this.counters.foreign += 1
    return undefined
  }
}

/** A PDU of which the first fragment came, with the header of that: only it says which label there is. */
interface Begun {
  readonly head: number
  readonly parts: Uint8Array[]
  octets: number
}

/** The CRC of MPEG: most significant bit first, from all ones, not inverted. Continues from `crc`. */
export function crc32Mpeg(octets: Uint8Array, crc = 0xffff_ffff): number {
  let word = crc
  for (const octet of octets)
    word = ((word << 8) ^ (TABLE[((word >>> 24) ^ octet) & 0xff] as number)) >>> 0
  return word
}

function tableOf(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, octet) => {
    let word = octet << 24
    for (let bit = 0; bit < 8; bit++) word = word < 0 ? (word << 1) ^ polynomial : word << 1
    return word
  })
}

function isShort(pduOctets: number): boolean {
  return pduOctets + GSE_HEADER_OCTETS <= GSE_PACKET_OCTETS_MAX
}

const TABLE = tableOf(0x04c11db7)
const START = 0x8000
const END = 0x4000
const NO_LABEL = 0x2000
const SAME_LABEL = 0x3000
const LABEL_OCTETS = [6, 3, 0, 0]
const FIRST_OCTETS = 7
const NEXT_OCTETS = 3
const CRC_OCTETS = 4
/** A fragment with less is not worth its header. */
const LEAST_OCTETS = 8
const PDU_OCTETS_MAX = 65_536
/** Of all PDUs that are not whole. */
const BEGUN_OCTETS_MAX = 4 * PDU_OCTETS_MAX
const NONE = new Uint8Array(0)
