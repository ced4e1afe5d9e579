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
  if (octets.length < SHORT_OCTETS) return ofOctets(octets, 0, octets.length, offset) >>> 0
  const first = -octets.byteOffset & 3
  const words = (octets.length - first) >>> 2
  const last = first + 4 * words
  const view = new Uint32Array(octets.buffer, octets.byteOffset + first, words)
  const sum = ofOctets(octets, 0, first, offset) + ofWords(view, offset + first)
  return (sum + ofOctets(octets, last, octets.length, offset)) >>> 0
}

function ofOctets(octets: Uint8Array, from: number, to: number, offset: number): number {
  let sum = 0
  for (let at = from; at < to; at++) sum += (octets[at] as number) << (24 - 8 * ((offset + at) % 4))
  return sum
}

/** Two octets of a word are summed at once, in 16 bits each, as long as those suffice. */
function ofWords(words: Uint32Array, offset: number): number {
  const lanes = [0, 0, 0, 0]
  for (let at = 0; at < words.length; ) {
    const end = Math.min(words.length, at + SUMMED_WORDS)
    let [even, odd] = [0, 0]
    for (; at < end; at++) {
      const word = words[at] as number
      even += word & 0x00ff00ff
      odd += (word >>> 8) & 0x00ff00ff
    }
    lanes[0] = (lanes[0] as number) + (even & 0xffff)
    lanes[1] = (lanes[1] as number) + (odd & 0xffff)
    lanes[2] = (lanes[2] as number) + (even >>> 16)
    lanes[3] = (lanes[3] as number) + (odd >>> 16)
  }
  return lanes.reduce((sum, lane, i) => {
    const place = (offset + (PLACES[i] as number)) % 4
    return sum + (lane << (24 - 8 * place))
  }, 0)
}

/** Not worth a view of words. */
const SHORT_OCTETS = 64
/** So often 255 goes into 16 bits. */
const SUMMED_WORDS = 257
/** Which octet in memory bits 0 to 7 of a word are, and 8 to 15, and so on: the machine decides. */
const PLACES = [0, 1, 2, 3].map(lane =>
  new Uint8Array(Uint32Array.of(0x03020100).buffer).indexOf(lane),
)

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
