/**
 * The pseudo-random sequences that give the receiver its bit transitions. Both have a period of 255 bits,
 * start from all ones, and start anew with every codeblock or frame; to take one off is to lay it on again.
 *
 *   TM, CCSDS 131.0-B-6, 10.4.2 (legacy)   x^8 + x^7 + x^5 + x^3 + 1               ff 48 0e c0 9a ...
 *   TC, CCSDS 231.0-B-4                    x^8 + x^6 + x^4 + x^3 + x^2 + x + 1     ff 39 9e 5a 68 ...
 */

/** Randomizes, or derandomizes, a TM codeblock in place; the sequence starts at `start`. */
export function randomize(octets: Uint8Array, start = 0, end = octets.length): void {
  lay(TELEMETRY, octets, start, end)
}

/** Randomizes, or derandomizes, a TC frame in place; the sequence starts at `start`. */
export function randomizeTc(octets: Uint8Array, start = 0, end = octets.length): void {
  lay(TELECOMMAND, octets, start, end)
}

function lay(sequence: Uint8Array, octets: Uint8Array, start: number, end: number): void {
  for (let from = start; from < end; from += SEQUENCE_OCTETS) {
    const count = Math.min(SEQUENCE_OCTETS, end - from)
    for (let i = 0; i < count; i++)
      octets[from + i] = (octets[from + i] as number) ^ (sequence[i] as number)
  }
}

/** `taps` has bit i set where the polynomial has x^i, i from 0 to 7. */
function sequenceOf(taps: number): Uint8Array {
  const octets = new Uint8Array(SEQUENCE_OCTETS)
  // The last eight bits of the sequence; bit 0 is the oldest.
  let register = 0xff
  for (let bit = 0; bit < 8 * SEQUENCE_OCTETS; bit++) {
    octets[bit >>> 3] = ((octets[bit >>> 3] as number) << 1) | (register & 1)
    let next = register & taps
    next ^= next >>> 4
    next ^= next >>> 2
    next ^= next >>> 1
    register = (register >>> 1) | ((next & 1) << 7)
  }
  return octets
}

// Eight times the 255 octets after which the sequence repeats: the longest codeblock in one stretch.
const SEQUENCE_OCTETS = 8 * 255
const TELEMETRY = sequenceOf(0b1010_1001)
const TELECOMMAND = sequenceOf(0b0101_1111)
