/**
 * What lies where in the memory of the kernel, one page of 64 KiB. The host writes codeblocks to CODEBLOCK and
 * sequences to SEQUENCES, and reads CORRECTED; everything else is the kernel's own.
 *
 * Addresses of tables are multiples of 32, so that an entry never lies in two lines of a cache.
 */

/** What an octet leaves in the register with 3, 2, 1, 0 octets behind it: 4 tables of 256 entries of 32 octets. */
export const DIVISION: usize = 0
/** By factor: its product with 0 ... 15, then with 0, 16, ... 240. */
export const PRODUCTS: usize = DIVISION + 4 * 256 * 32
/** By power k of z, 0 to 16: z^k at the 255 places. Octet 255 is no place and stays zero. */
export const POWERS: usize = PRODUCTS + 256 * 32
/** By parity octet: what a one there adds to the syndromes. */
export const SYNDROMES: usize = POWERS + 17 * 256
/** By place: the power of z by which the quotient of evaluator and locator is short of the value. */
export const SCALES: usize = SYNDROMES + 32 * 32
/** Alpha to the power of the index, up to twice the period; zero from 2 * 255, which stands for the power of zero. */
export const EXP: usize = SCALES + 256
export const LOG: usize = EXP + 1024
export const INVERSES: usize = LOG + 2 * 256
/** From the octets of the basis to elements, and back. */
export const ELEMENTS: usize = INVERSES + 256
export const OCTETS: usize = ELEMENTS + 256

/** The registers of up to eight codewords, 32 octets each; those of a code with 16 are zero behind. */
export const REGISTERS: usize = OCTETS + 256
/** Parity as it would be transmitted. */
export const PARITY: usize = REGISTERS + 8 * 32
/** The odd half of the locator at the 255 places. */
export const SLOPES: usize = PARITY + 8 * 32
/** The places of the roots; one vector of z^k at these places for each k, octet by place; the evaluator there. */
export const PLACES: usize = SLOPES + 256
export const GATHERED: usize = PLACES + 32
export const EVALUATED: usize = GATHERED + 16 * 16
export const EVALUATOR: usize = EVALUATED + 16
/** Corrections of the whole codeblock: address and what to add, two octets each. */
export const CORRECTIONS: usize = EVALUATOR + 16
/** By codeword: symbols corrected, or -1. */
export const CORRECTED: usize = CORRECTIONS + 8 * 16 * 4

/** By nibble of a remainder, from the lowest: what it leaves 32 octets later, the lower octets and the higher ones. */
export const CRC_NIBBLES: usize = CORRECTED + 8
/** What an octet leaves in the CRC. */
export const CRC_OCTETS: usize = CRC_NIBBLES + 4 * 32
export const CRC_LANES: usize = CRC_OCTETS + 2 * 256

/** What randomizes a codeblock, by sequence; a vector too many, for it is laid on in vectors. */
export const SEQUENCES: usize = CRC_LANES + 64
export const SEQUENCE_OCTETS: usize = 8 * 255 + 8

/**
 * Zeros, before which nothing is read: the first step of the division may begin up to 3 * 8 octets early, the first
 * of the CRC up to 31.
 */
const LEAD: usize = SEQUENCES + 2 * SEQUENCE_OCTETS
/** Behind it is room for what is laid on too much. */
export const CODEBLOCK: usize = LEAD + 32
