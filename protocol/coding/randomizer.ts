/**
 * The pseudo-random sequences that give the receiver its bit transitions. They start anew with every codeblock or
 * frame; to take one off is to lay it on again. Named by the bits after which they repeat:
 *
 *   TM 131,071, CCSDS 131.0-B-6, 10.4.1         x^17 + x^14 + 1                           1c 71 b9 1b a9 ...
 *   TM 255, CCSDS 131.0-B-6, 10.4.2 (legacy)    x^8 + x^7 + x^5 + x^3 + 1                 ff 48 0e c0 9a ...
 *   TC 255, CCSDS 231.0-B-4                     x^8 + x^6 + x^4 + x^3 + x^2 + x + 1       ff 39 9e 5a 68 ...
 */

/** Randomizes, or derandomizes, a TM codeblock in place, with 255 bits; the sequence starts at `start`. */
export function randomize(octets: Uint8Array, start = 0, end = octets.length): void {
  lay(TELEMETRY, octets, start, end)
}

/**
 * The same with 131,071 bits.
 * @throws RangeError beyond 16,384 octets, where no octet begins with a bit of the sequence that begins one before
 */
export function randomizeLong(octets: Uint8Array, start = 0, end = octets.length): void {
  if (end - start > LONG_OCTETS)
    throw new RangeError(`Cannot randomize ${end - start} octets: at most ${LONG_OCTETS}`)
  // Few links use it: made when one does.
  long ??= sequenceOf(
    { degree: 17, taps: 1 | (1 << 14), first: 0b1_1000_1110_0011_1000 },
    LONG_OCTETS,
  )
  lay(long, octets, start, end)
}

/** Randomizes, or derandomizes, a TC frame in place; the sequence starts at `start`. */
export function randomizeTc(octets: Uint8Array, start = 0, end = octets.length): void {
  lay(TELECOMMAND, octets, start, end)
}

/** The same octets twice: one by one, and as words, in whatever order this machine has them there. */
interface Sequence {
  readonly octets: Uint8Array
  readonly words: Uint32Array
}

function lay(sequence: Sequence, octets: Uint8Array, start: number, end: number): void {
  const isAligned = ((octets.byteOffset + start) & 3) === 0
  const period = sequence.octets.length
  for (let from = start; from < end; from += period) {
    const count = Math.min(period, end - from)
    const words = isAligned ? count >>> 2 : 0
    if (isAligned)
      layWords(sequence.words, new Uint32Array(octets.buffer, octets.byteOffset + from, words))
    for (let i = 4 * words; i < count; i++)
      octets[from + i] = (octets[from + i] as number) ^ (sequence.octets[i] as number)
  }
}

function layWords(sequence: Uint32Array, words: Uint32Array): void {
  for (let i = 0; i < words.length; i++) words[i] = (words[i] as number) ^ (sequence[i] as number)
}

interface Register {
  readonly degree: number
  /** Bit i is set where the polynomial has x^i, i from 0 to degree - 1. */
  readonly taps: number
  /** Bit i is the i-th of the sequence, i from 0 to degree - 1. */
  readonly first: number
}

function sequenceOf({ degree, taps, first }: Register, count: number): Sequence {
  const octets = new Uint8Array(count)
  // The next bits of the sequence; bit 0 comes first.
  let register = first
  for (let bit = 0; bit < 8 * count; bit++) {
    octets[bit >>> 3] = ((octets[bit >>> 3] as number) << 1) | (register & 1)
    let next = register & taps
    next ^= next >>> 16
    next ^= next >>> 8
    next ^= next >>> 4
    next ^= next >>> 2
    next ^= next >>> 1
    register = (register >>> 1) | ((next & 1) << (degree - 1))
  }
  return { octets, words: new Uint32Array(octets.buffer) }
}

// Eight times the 255 octets after which the sequence repeats: the longest codeblock in one stretch.
const SHORT_OCTETS = 8 * 255
const TELEMETRY = sequenceOf({ degree: 8, taps: 0b1010_1001, first: 0xff }, SHORT_OCTETS)
const TELECOMMAND = sequenceOf({ degree: 8, taps: 0b0101_1111, first: 0xff }, SHORT_OCTETS)

// One bit more than the period.
const LONG_OCTETS = 16_384
let long: Sequence | undefined
