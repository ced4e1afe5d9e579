/**
 * File checksums: what EOF says of the whole file, and the receiver compares. CCSDS 727.0-B-5, 4.2 and
 * 5.2.5; the types are in the SANA registry of checksum types. All are of 32 bits.
 *
 * The modular checksum is the sum, modulo 2^32, of the file's big-endian words of 4 octets, the last one
 * filled up with zeros: an octet counts by its offset modulo 4, so segments may be summed in any order.
 */
import { crc32, crc32c } from '../coding/crc32.ts'

/** Checksum types by their number in Metadata. */
export const CHECKSUM = {
  modular: 0,
  crc32Proximity1: 1,
  crc32c: 2,
  crc32: 3,
  null: 15,
} as const

/** Whether FileChecksum knows this type. */
export function isChecksumSupported(type: number): boolean {
  return type in STEP
}

export function checksumName(type: number): string {
  return NAMES[type] ?? 'unassigned'
}

/** The checksum of a file whose octets come in order, from offset 0, in chunks of any length. */
export class FileChecksum {
  readonly #step: Step
  #octets = 0
  #value = 0

  /** @throws RangeError if the type is not supported: ask first */
  constructor(type: number) {
    const step = STEP[type]
    if (step === undefined)
      throw new RangeError(`Cannot compute checksum type ${type}: 0, 2, 3 and 15 are supported`)
    this.#step = step
  }

  /** The checksum of what has come so far, from 0 to 2^32 - 1. */
  get value(): number {
    return this.#value
  }

  update(octets: Uint8Array): void {
    this.#value = this.#step(octets, this.#value, this.#octets)
    this.#octets += octets.length
  }
}

/** What `octets` at `offset` of the file add to the modular checksum; add modulo 2^32. */
export function modularOf(octets: Uint8Array, offset: number): number {
  const end = octets.length
  let sum = 0
  let at = 0
  for (let place = offset % 4; place % 4 !== 0 && at < end; place++, at++)
    sum += (octets[at] as number) << (24 - 8 * place)
  for (; at + 4 <= end; at += 4)
    sum =
      (sum +
        (((octets[at] as number) << 24) |
          ((octets[at + 1] as number) << 16) |
          ((octets[at + 2] as number) << 8) |
          (octets[at + 3] as number))) |
      0
  for (let shift = 24; at < end; shift -= 8, at++) sum += (octets[at] as number) << shift
  return sum >>> 0
}

/** The checksum after `octets`, which stand at `offset`, from the checksum before them. */
type Step = (octets: Uint8Array, before: number, offset: number) => number

const STEP: Readonly<Record<number, Step>> = {
  [CHECKSUM.modular]: (octets, before, offset) => (before + modularOf(octets, offset)) >>> 0,
  [CHECKSUM.crc32c]: crc32c,
  [CHECKSUM.crc32]: crc32,
  [CHECKSUM.null]: () => 0,
}

const NAMES: Readonly<Record<number, string>> = {
  [CHECKSUM.modular]: 'modular',
  [CHECKSUM.crc32Proximity1]: 'crc32_proximity1',
  [CHECKSUM.crc32c]: 'crc32c',
  [CHECKSUM.crc32]: 'crc32',
  [CHECKSUM.null]: 'null',
}
