/**
 * ApplySecurity: frames of type AD and BD get a security header and a MAC. Control commands (BC) are outside of
 * SDLS. CCSDS 355.0-B-2, 3.2 and 4.2.3.
 *
 * Every frame has an IV of its own, one that is sent again too. Numbers are reserved in blocks before the first of
 * them is used: whoever keeps the reservation never uses one twice, whatever stops between.
 */
import type { TcFrame } from '../tc.ts'
import { IV_OCTETS, MAC_OCTETS } from './aead.ts'
import {
  type Association,
  associatedOctets,
  joined,
  SECURITY_HEADER_OCTETS,
} from './association.ts'

export class SecuritySender {
  readonly #association: Association
  readonly #segmented: boolean
  #next: number
  #reserved: number
  #isToldOf: number

  /** `first`: no number before it is used; what was reserved by an earlier run counts as used. */
  constructor(association: Association, segmented: boolean, first: number) {
    this.#association = association
    this.#segmented = segmented
    this.#next = first
    this.#reserved = first
    this.#isToldOf = first
  }

  get spi(): number {
    return this.#association.spi
  }

  /** Numbers below this one are used or reserved. */
  get reserved(): number {
    return this.#reserved
  }

  /** The frame as it goes out. Ask takeReservation() before it leaves. @throws RangeError when numbers are used up */
  apply(frame: TcFrame): TcFrame {
    if (this.#next >= NUMBERS)
      throw new RangeError(`Cannot secure a frame under SPI ${this.spi}: its numbers are used up`)
    const number = this.#next
    this.#next += 1
    if (this.#next > this.#reserved) this.#reserved = this.#next + RESERVED_AHEAD
    const header = frame.field.subarray(0, this.#segmented ? 1 : 0)
    const data = frame.field.subarray(header.length)
    const iv = ivOf(number)
    const field = new Uint8Array(header.length + SECURITY_HEADER_OCTETS + data.length + MAC_OCTETS)
    field.set(header)
    field[header.length] = this.spi >>> 8
    field[header.length + 1] = this.spi
    field.set(iv, header.length + 2)
    const associated = associatedOctets(frame.virtualChannel, header, this.spi)
    const { aead, mode } = this.#association
    const at = header.length + SECURITY_HEADER_OCTETS
    if (mode === 'encrypt') field.set(aead.seal(iv, associated, data), at)
    else {
      field.set(data, at)
      field.set(aead.seal(iv, joined(associated, data), NOTHING), at + data.length)
    }
    return { ...frame, field }
  }

  /** The reservation that must be kept before the frame leaves; undefined: an earlier one holds. */
  takeReservation(): number | undefined {
    if (this.#isToldOf === this.#reserved) return undefined
    this.#isToldOf = this.#reserved
    return this.#reserved
  }
}

/** Of 96 bits, big-endian, the upper ones zero. */
function ivOf(number: number): Uint8Array {
  const iv = new Uint8Array(IV_OCTETS)
  const view = new DataView(iv.buffer)
  view.setUint32(4, Math.floor(number / 2 ** 32))
  view.setUint32(8, number % 2 ** 32)
  return iv
}

/** One record in the journal for so many frames, and so many numbers lost when the process is. */
const RESERVED_AHEAD = 255
const NUMBERS = Number.MAX_SAFE_INTEGER - RESERVED_AHEAD
const NOTHING = new Uint8Array(0)
