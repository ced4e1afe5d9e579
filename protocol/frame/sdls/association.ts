/**
 * Security associations: what both ends of a link agree on, by number. CCSDS 355.0-B-2, 4.2. And the layout that
 * they have in common here, for TC frames:
 *
 *      5 octets   0 or 1    2     12               ...     16      2
 *     +----------+---------+-----+---------------+- - - -+-------+------+
 *     | header   | segment | SPI | IV: a counter | data  | MAC   | FECF |
 *     +----------+---------+-----+---------------+- - - -+-------+------+
 *
 * The IV is the anti-replay sequence number too. Of the header the virtual channel is under the MAC, and the segment
 * header, and the SPI; N(S) and the length are not, so that a peer may number a frame after it was secured.
 */
import { type Aead, IV_OCTETS, MAC_OCTETS } from './aead.ts'

export interface Association {
  /** Security parameter index: 1 to 65,534. */
  readonly spi: number
  /** The data are encrypted and authenticated, or only authenticated. */
  readonly mode: 'encrypt' | 'authenticate'
  readonly aead: Aead
  /** What comes under an association that is not is refused. */
  readonly operational: boolean
}

/** What an end is told of security on its uplink. */
export interface Security {
  /** The association under which is sent. */
  readonly spi: number
  /** Those under which is received, that one among them. */
  readonly associations: readonly Association[]
  /** How far ahead of the number accepted last a frame may be. */
  readonly window: number
  /** Every field begins with a segment header. */
  readonly segmented: boolean
}

/** Octets that security adds to a frame. */
export const SECURITY_OCTETS = 2 + IV_OCTETS + MAC_OCTETS
export const SECURITY_HEADER_OCTETS = 2 + IV_OCTETS

/** What is under the MAC besides the data: header, segment header and security header, as far as the mask has them. */
export function associatedOctets(
  virtualChannel: number,
  segmentHeader: Uint8Array,
  spi: number,
): Uint8Array {
  const octets = new Uint8Array(FRAME_HEADER_OCTETS + segmentHeader.length + SECURITY_HEADER_OCTETS)
  octets[2] = virtualChannel << 2
  octets.set(segmentHeader, FRAME_HEADER_OCTETS)
  const at = FRAME_HEADER_OCTETS + segmentHeader.length
  octets[at] = spi >>> 8
  octets[at + 1] = spi
  return octets
}

/** One piece of two. */
export function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}

const FRAME_HEADER_OCTETS = 5
