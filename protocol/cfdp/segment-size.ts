/**
 * How many octets of file one PDU carries. docs/decisions/0005-segment-size.md
 *
 * A segment of s octets costs h/s of overhead, h octets around each, and with a share p of frames of f octets lost
 * it is itself lost, and sent again, about p * s/f of the time. The sum is least at s = sqrt(h * f / p).
 */

export interface Segment {
  /** File octets of one PDU. */
  readonly octets: number
  /** One packet fills one frame exactly, so that a lost frame costs one segment. */
  readonly aligned: boolean
}

/**
 * With no loss the largest is best. Under two frames it is better to fill one frame exactly: nothing then reaches into
 * a second one.
 *
 * @param field octets of a frame data field
 * @param overheadOctets of packet header, PDU header, offset and CRC around one segment
 * @param frameLoss share of frames, 0 to 1
 */
export function chooseSegment(field: number, overheadOctets: number, frameLoss: number): Segment {
  const least = field - overheadOctets
  const best = Math.floor(Math.sqrt((overheadOctets * field) / frameLoss))
  if (best < 2 * field && least > 0) return { octets: least, aligned: true }
  return { octets: Math.max(1, Math.min(best, SEGMENT_OCTETS_MAX)), aligned: false }
}

/** A space packet holds 65,536 octets: this much file, and the longest header, offset and CRC of a PDU (38). */
export const SEGMENT_OCTETS_MAX = 65_498
