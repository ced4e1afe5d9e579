/**
 * File data on its way in: what is new of a segment, and what cannot be of this file.
 * CCSDS 727.0-B-5, 4.6.1.2.7: repeated data are discarded. Octets that are held were perhaps spoken for
 * already, so only what is new is written.
 */
import type { Spans } from '../octets/spans.ts'
import type { Claims } from './claims.ts'
import type { FileData } from './pdu/pdu.ts'
import type { ReceivingLimits } from './reception.ts'

export interface Write {
  readonly kind: 'write'
  readonly offset: number
  /** Borrowed from the PDU. */
  readonly octets: Uint8Array
}

/** Where a segment lies that may be taken; undefined: it lies beyond what can be of the file. */
export function placeOf(
  data: FileData,
  reach: number,
): { readonly start: number; readonly end: number } | undefined {
  const { offset, octets } = data
  if (typeof offset === 'bigint' || offset + octets.length > reach) return undefined
  return { start: offset, end: offset + octets.length }
}

/** What of a segment, which is not empty, is not held, ascending: nearly always all of it. */
export function newOctets(octets: Uint8Array, start: number, held: Spans): readonly Write[] {
  const end = start + octets.length
  if (!held.has(start, start + 1) && held.nextEdge(start) >= end)
    return [{ kind: 'write', offset: start, octets }]
  return Array.from(held.gaps(start, end), gap => ({
    kind: 'write',
    offset: gap.start,
    octets: octets.subarray(gap.start - start, gap.end - start),
  }))
}

/** Whether a segment touches nothing of what is held. */
export function isApart({ offset, octets }: FileData, held: Spans): boolean {
  if (typeof offset === 'bigint') return false
  const next = held.firstAfter(offset - 1)
  return next === undefined || next.start > offset + octets.length
}

/** One past the last octet that is taken now. */
export function reachOf(claims: Claims, heldEnd: number, limits: ReceivingLimits): number {
  const known = claims.fileOctets ?? 0
  const { fileOctetsMax, reachOctets } = limits
  // A size of 0 in the Metadata also says that it was not known yet.
  if (known > 0 || claims.eof !== undefined) return Math.min(known, fileOctetsMax)
  return Math.min(heldEnd + reachOctets, fileOctetsMax)
}
