/**
 * PDUs <-> octets: the header, then the body, then the CRC where the header says so.
 * CCSDS 727.0-B-5, 4.1.3 (CRC) and 5.1 to 5.3.
 *
 *     +--------+ - - - - - - - - - - - - - - - - - - +---------+
 *     | header | directive code and body, or segment | CRC-16  |
 *     +--------+ - - - - - - - - - - - - - - - - - - +---------+
 *              |<- data field, as many octets as the header says ->|
 *
 * Octets beyond the data field are fill of whatever carried the PDU and none of its business. This file
 * holds the only `catch` of the protocol.
 */
import { crc16 } from '../../coding/crc16.ts'
import { DecodeFault, OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import { decodeAck, encodeAck } from './ack.ts'
import { DIRECTIVE } from './directive-code.ts'
import { decodeEof, encodeEof } from './eof.ts'
import { decodeFileData, encodeFileData } from './file-data.ts'
import { decodeFinished, encodeFinished } from './finished.ts'
import {
  DATA_OCTETS_MAX,
  decodeHeader,
  encodeHeader,
  fileSizeOctets,
  headerOctets,
  VERSION,
} from './header.ts'
import { decodeKeepAlive, encodeKeepAlive } from './keep-alive.ts'
import { decodeMetadata, encodeMetadata } from './metadata.ts'
import { decodeNak, encodeNak } from './nak.ts'
import type { Body, Directive, Malformed, Pdu } from './pdu.ts'
import { decodePrompt, encodePrompt } from './prompt.ts'

export { headerOctets } from './header.ts'

/** Writes after what `out` holds already. @throws RangeError if a value does not fit: a fault of ours */
export function encodePdu(pdu: Pick<Pdu, 'header' | 'body'>, out: OctetWriter): void {
  const { header, body } = pdu
  const start = out.length
  encodeHeader(header, body, out)
  encodeBody(body, fileSizeOctets(header), out)
  const bodyOctets = out.length - start - headerOctets(header)
  const dataOctets = bodyOctets + (header.crc ? CRC_OCTETS : 0)
  if (dataOctets > DATA_OCTETS_MAX)
    throw new RangeError(`Cannot write ${dataOctets} octets of data field: ${DATA_OCTETS_MAX} fit`)
  out.patch16(start + 1, dataOctets)
  if (header.crc) out.uint(crc16(out.written(), start), CRC_OCTETS)
}

/** Borrows from `octets`. Never throws, whatever they are. */
export function parsePdu(octets: Uint8Array): Pdu | Malformed {
  const first = octets[0]
  if (first !== undefined && first >>> 5 !== VERSION) return ofForeignVersion(first >>> 5)
  return attempt(octets, decodePdu)
}

/** What `decode` makes of the octets, or why it could not. */
export function attempt<Meaning>(
  octets: Uint8Array,
  decode: (octets: Uint8Array) => Meaning,
): Meaning | Malformed {
  try {
    return decode(octets)
  } catch (fault) {
    if (fault instanceof DecodeFault) return { kind: 'malformed', why: fault.message, at: fault.at }
    throw fault
  }
}

function decodePdu(octets: Uint8Array): Pdu {
  const head = new OctetReader(octets)
  const { header, isFileData, hasSegmentMetadata, dataOctets } = decodeHeader(head)
  if (dataOctets > head.remaining)
    throw new DecodeFault(
      `Cannot read a data field of ${dataOctets} octets: ${head.remaining} are left`,
      head.at,
    )
  const end = head.at + dataOctets
  const fields = new OctetReader(octets, head.at, header.crc ? checked(octets, head.at, end) : end)
  const width = fileSizeOctets(header)
  const body = isFileData
    ? decodeFileData(fields, width, hasSegmentMetadata)
    : decodeDirective(fields, width)
  return { kind: 'pdu', header, body }
}

/** Where the body ends that a CRC follows, if the CRC is right. */
function checked(octets: Uint8Array, bodyStart: number, end: number): number {
  const bodyEnd = end - CRC_OCTETS
  if (bodyEnd < bodyStart)
    throw new DecodeFault(`Cannot read a CRC: the data field has ${end - bodyStart} octets`, end)
  const found = new OctetReader(octets, bodyEnd, end).uint(CRC_OCTETS)
  const right = crc16(octets, 0, bodyEnd)
  if (found === right) return bodyEnd
  throw new DecodeFault(
    `Cannot trust CRC ${inHex(found, 4)}: ${inHex(right, 4)} would be right`,
    bodyEnd,
  )
}

function encodeBody(body: Body, width: 4 | 8, out: OctetWriter): void {
  switch (body.kind) {
    case 'file data':
      return encodeFileData(body, width, out)
    case 'metadata':
      out.octet(DIRECTIVE.metadata)
      return encodeMetadata(body, width, out)
    case 'eof':
      out.octet(DIRECTIVE.eof)
      return encodeEof(body, width, out)
    case 'finished':
      out.octet(DIRECTIVE.finished)
      return encodeFinished(body, out)
    case 'ack':
      out.octet(DIRECTIVE.ack)
      return encodeAck(body, out)
    case 'nak':
      out.octet(DIRECTIVE.nak)
      return encodeNak(body, width, out)
    case 'prompt':
      out.octet(DIRECTIVE.prompt)
      return encodePrompt(body, out)
    case 'keep alive':
      out.octet(DIRECTIVE.keepAlive)
      return encodeKeepAlive(body, width, out)
  }
}

function decodeDirective(fields: OctetReader, width: 4 | 8): Directive {
  const directive = decodeByCode(fields, width)
  if (fields.remaining === 0) return directive
  // Fields of another width than the header says would be read as wrong values, not as no values.
  throw new DecodeFault(
    `Cannot read ${fields.remaining} octets after the last field of the directive "${directive.kind}"`,
    fields.at,
  )
}

function decodeByCode(fields: OctetReader, width: 4 | 8): Directive {
  const code = fields.octet()
  switch (code) {
    case DIRECTIVE.metadata:
      return decodeMetadata(fields, width)
    case DIRECTIVE.eof:
      return decodeEof(fields, width)
    case DIRECTIVE.finished:
      return decodeFinished(fields)
    case DIRECTIVE.ack:
      return decodeAck(fields)
    case DIRECTIVE.nak:
      return decodeNak(fields, width)
    case DIRECTIVE.prompt:
      return decodePrompt(fields)
    case DIRECTIVE.keepAlive:
      return decodeKeepAlive(fields, width)
    default:
      throw new DecodeFault(
        `Cannot read directive ${inHex(code, 2)}: it is reserved`,
        fields.at - 1,
      )
  }
}

function ofForeignVersion(version: number): Malformed {
  const why = `Cannot read a PDU of version ${version}: only version ${VERSION} is known`
  return { kind: 'malformed', why, at: 0, version }
}

function inHex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`
}

const CRC_OCTETS = 2
