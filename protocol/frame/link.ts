/**
 * The parameters of a downlink of TM or AOS frames that both ends must agree on, for nothing on the wire says them:
 * CCSDS 132.0-B-3 and 732.0-B-5 call them managed parameters (section 5), 131.0-B-6 likewise (section 12).
 *
 *       4 octets   frameOctets                                               32 * interleave
 *     +--------+----------------------------------------------------------+-----------------+
 *     | marker | header 6 | of AOS | field              | OCF 4 | FECF 2   | RS check symbols|  one CADU
 *     +--------+----------------------------------------------------------+-----------------+
 *
 * Of AOS: FHEC 2, insert zone, M_PDU header 2.
 */
export type Interleave = 0 | 1 | 2 | 3 | 4 | 5 | 8

export interface DownlinkFormat {
  /** What the packets are in: TM frames, or AOS frames with an M_PDU. */
  readonly frame: 'tm' | 'aos'
  /** Of AOS frames: every one has a header error control field. */
  readonly fhec: boolean
  /** Of AOS frames: octets of the insert zone. */
  readonly insertOctets: number
  /** 0 to 1023. */
  readonly spacecraftId: number
  /** Reed-Solomon codewords in one codeblock; 0: no Reed-Solomon. */
  readonly interleave: Interleave
  /** Which basis the Reed-Solomon symbols are written in. */
  readonly basis: 'dual' | 'conventional'
  readonly randomized: boolean
  /** With which sequence: of 255 bits, or of 131,071. 131.0-B-6 prefers the long one and calls the other legacy. */
  readonly randomizer: 'short' | 'long'
  /** Every frame has an operational control field, which carries the CLCW. */
  readonly ocf: boolean
  /** Every frame ends with a frame error control field. */
  readonly fecf: boolean
  /** Octets of one frame, from its header to its last field. */
  readonly frameOctets: number
}

/**
 * Completes what is not said. With Reed-Solomon a frame has 223 octets per codeword unless `frameOctets` says
 * less (a shortened code); without it 1115. @throws RangeError if no such link can be.
 */
export function downlinkFormat(partial: Partial<DownlinkFormat>): DownlinkFormat {
  const interleave = partial.interleave ?? 5
  const format: DownlinkFormat = {
    frame: 'tm',
    fhec: false,
    insertOctets: 0,
    spacecraftId: 42,
    basis: 'dual',
    randomized: true,
    randomizer: 'short',
    ocf: true,
    fecf: true,
    frameOctets: interleave === 0 ? 1115 : 223 * interleave,
    ...partial,
    interleave,
  }
  const { spacecraftId, frameOctets } = format
  if (!Number.isInteger(spacecraftId) || spacecraftId < 0 || spacecraftId > 1023)
    throw new RangeError(`Cannot use spacecraft id ${spacecraftId}: it must be 0 to 1023`)
  if (!Number.isInteger(frameOctets) || frameOctets > FRAME_OCTETS_MAX || fieldOctets(format) < 1)
    throw new RangeError(`Cannot use frames of ${frameOctets} octets: at most ${FRAME_OCTETS_MAX}`)
  if (interleave > 0 && (frameOctets % interleave !== 0 || frameOctets > 223 * interleave))
    throw new RangeError(
      `Cannot code frames of ${frameOctets} octets: interleave ${interleave} takes up to ` +
        `${223 * interleave}, in steps of ${interleave}`,
    )
  return format
}

/** Octets of a frame for packets: of TM the frame data field, of AOS the packet zone. */
export function fieldOctets(format: DownlinkFormat): number {
  const { frame, fhec, insertOctets, frameOctets } = format
  const ofAos = frame === 'tm' ? 0 : (fhec ? 2 : 0) + insertOctets + MPDU_HEADER_OCTETS
  return frameOctets - HEADER_OCTETS - ofAos - trailerOctets(format)
}

/** How many virtual channels the frames tell apart; the last of them is left to idle frames. */
export function virtualChannels({ frame }: Pick<DownlinkFormat, 'frame'>): number {
  return frame === 'tm' ? 8 : 64
}

/** Where the counts of a virtual channel wrap. */
export function channelCounts({ frame }: Pick<DownlinkFormat, 'frame'>): number {
  return frame === 'tm' ? 256 : 2 ** 24
}

/** Octets of marker, frame and check symbols. */
export function caduOctets(format: DownlinkFormat): number {
  return MARKER_OCTETS + format.frameOctets + 32 * format.interleave
}

/** Octets after the frame data field. */
export function trailerOctets(format: DownlinkFormat): number {
  return (format.ocf ? 4 : 0) + (format.fecf ? 2 : 0)
}

export const HEADER_OCTETS = 6
export const MARKER_OCTETS = 4
const MPDU_HEADER_OCTETS = 2

/** The first header pointer has 11 bits, of which two values are taken. */
const FRAME_OCTETS_MAX = 2048
