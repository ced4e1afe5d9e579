/**
 * The convolutional code of constraint length 7 and its encoder. CCSDS 131.0-B-6, 4.3 and, punctured, 4.4.
 *
 *     bit -> | 0 | 1 | 2 | 3 | 4 | 5 | 6 |  the newest bit and the six before it
 *              G1 = 1111001 (171 octal): 0, 1, 2, 3, 6       -> C1
 *              G2 = 1011011 (133 octal): 0, 2, 3, 5, 6       -> C2, inverted on the way out at rate 1/2
 *
 * Both generators have an odd number of taps: turned symbols are the code of turned bits, so that no decoder can tell
 * the polarity of a stream. The marker behind it does.
 */

export const RATES = ['1/2', '2/3', '3/4', '5/6', '7/8'] as const
export type Rate = (typeof RATES)[number]

/** How the branches C1 and C2 leave the encoder. The last three are seen in the field, not in the book. */
export const BRANCHES = ['g1-g2', 'g1-ng2', 'g2-g1', 'ng2-g1'] as const
/** `n`: inverted; the branch that is named first is sent first. */
export type Branches = (typeof BRANCHES)[number]

export interface ConvolutionalCode {
  readonly rate: Rate
  readonly branches: Branches
}

/** Which symbols of a period are sent, one entry a bit: 1 the first branch, 2 the second, 3 both. */
export const PATTERNS: Readonly<Record<Rate, readonly number[]>> = {
  '1/2': [3],
  '2/3': [3, 2],
  '3/4': [3, 2, 1],
  '5/6': [3, 2, 1, 2, 1],
  '7/8': [3, 2, 2, 2, 1, 2, 1],
}

/** The branches of the book: the second is inverted only where nothing is punctured. */
export function standardBranches(rate: Rate): Branches {
  return rate === '1/2' ? 'g1-ng2' : 'g1-g2'
}

/**
 * The codes of a rate that a receiver can tell from each other. The patterns are for G1 first. At 3/4 and 5/6 it does
 * not show whether G2 is inverted: there inverting it is adding a codeword.
 */
export function codesOf(rate: Rate): readonly ConvolutionalCode[] {
  const shows = rate !== '3/4' && rate !== '5/6'
  return BRANCHES.filter(branches => {
    const { swapped, inverted } = formOf(branches)
    return (rate === '1/2' || !swapped) && (shows || !inverted)
  }).map(branches => ({ rate, branches }))
}

/** Symbols that a period of the pattern sends. */
export function periodSymbols(rate: Rate): number {
  return PATTERNS[rate].reduce((sum, sent) => sum + (sent === 3 ? 2 : 1), 0)
}

/** By the newest seven bits, the newest lowest: twice C1 plus C2, none of them inverted. */
export const OUTPUTS = Uint8Array.from(
  { length: 128 },
  (_, register) => 2 * parity(register & 0b100_1111) + parity(register & 0b110_1101),
)

/** A stream of bits to a stream of symbols, both packed eight to an octet, the first highest. */
export class ConvolutionalEncoder {
  /** By position in the period and the newest seven bits: the symbols as `count << 2 | symbols`. */
  readonly #table: Uint8Array
  readonly #period: number
  readonly #symbolsPerPeriod: number
  #register = 0
  #position = 0
  /** Symbols that do not yet fill an octet. */
  #held = 0
  #heldCount = 0

  /** @param code its branches are those of the book unless told */
  constructor({
    rate,
    branches = standardBranches(rate),
  }: Partial<ConvolutionalCode> & { rate: Rate }) {
    const pattern = PATTERNS[rate]
    this.#period = pattern.length
    this.#symbolsPerPeriod = periodSymbols(rate)
    this.#table = Uint8Array.from({ length: 128 * pattern.length }, (_, i) =>
      symbolsOf(OUTPUTS[i & 127] as number, branches, pattern[i >>> 7] as number),
    )
  }

  /** The octets of symbols that are whole now: a new array. */
  encode(octets: Uint8Array): Uint8Array {
    const table = this.#table
    const bits = 8 * octets.length
    const symbols = new Uint8Array(
      Math.ceil(((bits / this.#period + 1) * this.#symbolsPerPeriod) / 8) + 1,
    )
    let register = this.#register
    let position = this.#position
    let held = this.#held
    let heldCount = this.#heldCount
    let filled = 0
    for (const octet of octets)
      for (let bit = 7; bit >= 0; bit--) {
        register = ((register << 1) | ((octet >>> bit) & 1)) & 127
        const sent = table[(position << 7) | register] as number
        position = position + 1 === this.#period ? 0 : position + 1
        held = (held << (sent >>> 2)) | (sent & 3)
        heldCount += sent >>> 2
        if (heldCount < 8) continue
        heldCount -= 8
        symbols[filled++] = held >>> heldCount
        held &= (1 << heldCount) - 1
      }
    this.#register = register
    this.#position = position
    this.#held = held
    this.#heldCount = heldCount
    return symbols.subarray(0, filled)
  }

  /** The symbols that fill no octet, and as many zeros; empty if there are none. Nothing may follow. */
  end(): Uint8Array {
    return this.#heldCount === 0
      ? new Uint8Array(0)
      : Uint8Array.of(this.#held << (8 - this.#heldCount))
  }
}

/** Whether the branch sent first is G2, and whether G2 is inverted. */
export function formOf(branches: Branches): {
  readonly swapped: boolean
  readonly inverted: boolean
} {
  return { swapped: branches.endsWith('-g1'), inverted: branches.includes('n') }
}

function symbolsOf(output: number, branches: Branches, sent: number): number {
  const { swapped, inverted } = formOf(branches)
  const c1 = output >>> 1
  const c2 = (output & 1) ^ (inverted ? 1 : 0)
  const [first, second] = swapped ? [c2, c1] : [c1, c2]
  if (sent === 3) return (2 << 2) | (first << 1) | second
  return (1 << 2) | (sent === 1 ? first : second)
}

function parity(bits: number): number {
  let folded = bits ^ (bits >>> 4)
  folded ^= folded >>> 2
  return (folded ^ (folded >>> 1)) & 1
}
