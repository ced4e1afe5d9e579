/** Frames of either kind as far as a decoder cares: which channel, which count, which packets. */
import { AOS_COUNTS, decodeAosFrame } from '../../protocol/frame/aos.ts'
import type { Malformed } from '../../protocol/frame/malformed.ts'
import { decodeTmFrame } from '../../protocol/frame/tm.ts'
import type { LinkFormat } from './link-options.ts'

export interface HeardFrame {
  readonly kind: 'tm frame' | 'aos frame'
  readonly spacecraftId: number
  readonly virtualChannel: number
  readonly channelCount: number
  readonly firstHeader: number
  /** Borrowed from the frame. */
  readonly field: Uint8Array
  readonly ocf: number | undefined
}

/** @param expected only this kind; without it each frame is read as its version says */
export function readFrame(
  octets: Uint8Array,
  format: LinkFormat,
  expected: 'tm' | 'aos' | undefined,
): HeardFrame | Malformed {
  const kind = expected ?? ((octets[0] as number) >>> 6 === 1 ? 'aos' : 'tm')
  if (kind === 'aos') return decodeAosFrame(octets, format.aos)
  return decodeTmFrame(octets, format.tm)
}

/** Where the channel counts of such frames wrap. */
export function countsOf(kind: HeardFrame['kind']): number {
  return kind === 'aos frame' ? AOS_COUNTS : TM_COUNTS
}

const TM_COUNTS = 256
