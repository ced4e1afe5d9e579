/**
 * The NAK PDU: a receiver names the octets of a file that it still lacks.
 * CCSDS 727.0-B-5, 5.2.6.
 *
 *      w octets      w octets    w octets    w octets
 *     +-------------+-----------+-----------+---------+ - - -
 *     | scope start | scope end | gap start | gap end |  ...
 *     +-------------+-----------+-----------+---------+ - - -
 *
 * w is 4, or 8 where the header says "large file". A gap that ends where it starts, or before, asks for
 * nothing and is left out; only the empty gap at 0 has a meaning of its own: the Metadata PDU is missing.
 */
import { DecodeFault, type OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import { DATA_OCTETS_MAX, fileSizeOctets, headerOctets } from './header.ts'
import type { Header, Nak, WideSpan } from './pdu.ts'
import { decodeUnsigned, encodeUnsigned } from './unsigned.ts'

export function encodeNak(nak: Nak, width: 4 | 8, out: OctetWriter): void {
  encodeSpan(nak.scope, width, out)
  if (nak.wantsMetadata) encodeSpan(METADATA, width, out)
  for (const gap of nak.gaps) encodeSpan(gap, width, out)
}

/** @throws DecodeFault and nothing else, whatever the octets are. */
export function decodeNak(fields: OctetReader, width: 4 | 8): Nak {
  const scope = decodeSpan(fields, width)
  if (scope.start > scope.end)
    throw new DecodeFault(
      `Cannot read scope [${scope.start}, ${scope.end}): it ends before it starts`,
      fields.at - 2 * width,
    )
  const gaps: WideSpan[] = []
  let wantsMetadata = false
  while (fields.remaining > 0) {
    const gap = decodeSpan(fields, width)
    if (gap.start < gap.end) gaps.push(gap)
    else if (gap.start === 0) wantsMetadata = true
  }
  return { kind: 'nak', scope, wantsMetadata, gaps }
}

/**
 * How many gaps one NAK PDU carries when the whole of it, header and CRC included, may fill `roomOctets`.
 * Asking for the Metadata costs one gap.
 */
export function gapsPerNak(roomOctets: number, header: Header): number {
  const spanOctets = 2 * fileSizeOctets(header)
  const dataOctets = Math.min(roomOctets - headerOctets(header), DATA_OCTETS_MAX)
  const forGaps = dataOctets - 1 - spanOctets - (header.crc ? 2 : 0)
  return Math.max(0, Math.floor(forGaps / spanOctets))
}

function encodeSpan(span: WideSpan, width: 4 | 8, out: OctetWriter): void {
  encodeUnsigned(span.start, width, out)
  encodeUnsigned(span.end, width, out)
}

function decodeSpan(fields: OctetReader, width: 4 | 8): WideSpan {
  return { start: decodeUnsigned(fields, width), end: decodeUnsigned(fields, width) }
}

const METADATA: WideSpan = { start: 0, end: 0 }
