/**
 * The remainder of a codeword's information by the generator polynomial: the parity of the Reed-Solomon code.
 * CCSDS 131.0-B-6, 5.3.4.
 *
 *   g(x) = product of (x - alpha^(11 j)),  j = 128 - E ... 127 + E,  2E parity octets
 *
 * The long division takes four octets a step, in the manner of a sliced CRC. What each of the four does to
 * the register comes from a table, whole words of it; conversion between bases is linear and so is in the
 * tables already. Leading zeros leave the register as it is, so virtual fill costs nothing and the first
 * step may be short.
 *
 * The tables of all codes lie in one array, and the index of each look-up is the sum of masked parts: the
 * compiler can see that no look-up leaves the array, and does not check it. It must know the array for that: a constant
 * within a function is one to it, one of a module is a variable once it is bundled, and half as fast.
 */
import { EXP, FROM_DUAL, TO_DUAL, times } from './galois.ts'

/** Which octets of a codeblock are the information of one codeword, and in which code. */
export interface Stretch {
  readonly parity: 32 | 16
  readonly dual: boolean
  /** From one octet of the codeword to the next. */
  readonly stride: number
  /** One past the information in the codeblock. */
  readonly end: number
  /** How many octets the first, short step takes: 0 to 3. */
  readonly lead: number
}

// Two bases, four places in the step, 256 octets; eight or four words.
const TABLE_32 = new Int32Array(2 * 4 * 256 * 8)
const TABLE_16 = new Int32Array(2 * 4 * 256 * 4)

type Division = (octets: Uint8Array, first: number, stretch: Stretch, parity: Int32Array) => void

/** Makes the tables of the code, once. */
export function prepareRemainder(parity: 32 | 16, dual: boolean): void {
  const words = parity / 4
  const table = parity === 32 ? TABLE_32 : TABLE_16
  const base = dual ? 4 * 256 * words : 0
  // Every element but zero leaves something in the register: so a zero here is a table not made yet.
  if (table[base + words] !== 0) return
  const generator = generatorOf(parity)
  for (let octet = 0; octet < 256; octet++) {
    const symbol = dual ? (FROM_DUAL[octet] as number) : octet
    const register = generator.map(coefficient => times(symbol, coefficient))
    packInto(table, base + (3 * 256 + octet) * words, dual ? register.map(toDual) : register)
  }
  // An octet with one more behind it: what it left is moved by one octet, and what falls out is divided again.
  for (let at = base + 3 * 256 * words - words; at >= base; at -= words) {
    const behind = at + 256 * words
    const out = (table[behind] as number) >>> 24
    const again = base + (3 * 256 + out) * words
    for (let i = 0; i < words; i++) {
      const next = i + 1 < words ? (table[behind + i + 1] as number) >>> 24 : 0
      table[at + i] = ((table[behind + i] as number) << 8) ^ next ^ (table[again + i] as number)
    }
  }
}

/** Divides the information that begins at `first`; the parity goes into the words of `parity`, first octet on top. */
export const divide32 = division32()

function division32(): Division {
  const table = TABLE_32
  return (octets, first, stretch, parity) => {
    const base = stretch.dual ? 0x2000 : 0
    const { stride, end, lead } = stretch
    let at = first
    let word = 0
    for (let i = 0; i < lead; i++, at += stride) word = (word << 8) | octets[at]!
    let r0 = 0
    let r1 = 0
    let r2 = 0
    let r3 = 0
    let r4 = 0
    let r5 = 0
    let r6 = 0
    let r7 = 0
    for (;;) {
      const a = base + ((word >>> 21) & 0x7f8)
      const b = base + 0x800 + ((word >>> 13) & 0x7f8)
      const c = base + 0x1000 + ((word >>> 5) & 0x7f8)
      const d = base + 0x1800 + ((word << 3) & 0x7f8)
      r0 = r1 ^ table[a]! ^ table[b]! ^ table[c]! ^ table[d]!
      r1 = r2 ^ table[a + 1]! ^ table[b + 1]! ^ table[c + 1]! ^ table[d + 1]!
      r2 = r3 ^ table[a + 2]! ^ table[b + 2]! ^ table[c + 2]! ^ table[d + 2]!
      r3 = r4 ^ table[a + 3]! ^ table[b + 3]! ^ table[c + 3]! ^ table[d + 3]!
      r4 = r5 ^ table[a + 4]! ^ table[b + 4]! ^ table[c + 4]! ^ table[d + 4]!
      r5 = r6 ^ table[a + 5]! ^ table[b + 5]! ^ table[c + 5]! ^ table[d + 5]!
      r6 = r7 ^ table[a + 6]! ^ table[b + 6]! ^ table[c + 6]! ^ table[d + 6]!
      r7 = table[a + 7]! ^ table[b + 7]! ^ table[c + 7]! ^ table[d + 7]!
      if (at >= end) break
      word = r0 ^ fourOctets(octets, at, stride)
      at += 4 * stride
    }
    parity[0] = r0
    parity[1] = r1
    parity[2] = r2
    parity[3] = r3
    parity[4] = r4
    parity[5] = r5
    parity[6] = r6
    parity[7] = r7
  }
}

/** The same for 16 parity octets. */
export const divide16 = division16()

function division16(): Division {
  const table = TABLE_16
  return (octets, first, stretch, parity) => {
    const base = stretch.dual ? 0x1000 : 0
    const { stride, end, lead } = stretch
    let at = first
    let word = 0
    for (let i = 0; i < lead; i++, at += stride) word = (word << 8) | octets[at]!
    let r0 = 0
    let r1 = 0
    let r2 = 0
    let r3 = 0
    for (;;) {
      const a = base + ((word >>> 22) & 0x3fc)
      const b = base + 0x400 + ((word >>> 14) & 0x3fc)
      const c = base + 0x800 + ((word >>> 6) & 0x3fc)
      const d = base + 0xc00 + ((word << 2) & 0x3fc)
      r0 = r1 ^ table[a]! ^ table[b]! ^ table[c]! ^ table[d]!
      r1 = r2 ^ table[a + 1]! ^ table[b + 1]! ^ table[c + 1]! ^ table[d + 1]!
      r2 = r3 ^ table[a + 2]! ^ table[b + 2]! ^ table[c + 2]! ^ table[d + 2]!
      r3 = table[a + 3]! ^ table[b + 3]! ^ table[c + 3]! ^ table[d + 3]!
      if (at >= end) break
      word = r0 ^ fourOctets(octets, at, stride)
      at += 4 * stride
    }
    parity[0] = r0
    parity[1] = r1
    parity[2] = r2
    parity[3] = r3
  }
}

/** Four octets of a codeword as one word, the first on top. */
export function fourOctets(octets: Uint8Array, at: number, stride: number): number {
  return (
    (octets[at]! << 24) |
    (octets[at + stride]! << 16) |
    (octets[at + 2 * stride]! << 8) |
    octets[at + 3 * stride]!
  )
}

function toDual(element: number): number {
  return TO_DUAL[element] as number
}

/** The coefficients of g(x) below the first, which is one, from the highest. */
function generatorOf(parity: number): number[] {
  let generator = [1]
  for (let j = 128 - parity / 2; j < 128 + parity / 2; j++) {
    const root = EXP[(11 * j) % 255] as number
    const scaled = [0, ...generator.map(coefficient => times(coefficient, root))]
    generator = [...generator, 0].map((coefficient, i) => coefficient ^ (scaled[i] as number))
  }
  return generator.slice(1)
}

function packInto(words: Int32Array, at: number, octets: readonly number[]): void {
  for (let i = 0; i < octets.length; i++)
    words[at + (i >>> 2)] = ((words[at + (i >>> 2)] as number) << 8) | (octets[i] as number)
}
