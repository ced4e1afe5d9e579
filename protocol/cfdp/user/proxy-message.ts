/**
 * Messages of proxy operations: an entity is asked to put a file to another one, or back. CCSDS 727.0-B-5, 6.2.
 * These are the fields behind the type octet:
 *
 *     00 put request             destination entity (LV), source name (LV), destination name (LV)
 *     01 message to user         message (LV)
 *     02 filestore request       LV of a request as in a TLV
 *     03 fault handler override  condition 4, handler 4
 *     04 transmission mode       spare 7, unacknowledged 1
 *     05 flow label              LV
 *     06 segmentation control    spare 7, record boundaries preserved 1
 *     07 put response            condition 4, spare 1, incomplete 1, file status 2
 *     08 filestore response      LV of a response as in a TLV
 *     09 put cancel              nothing
 *     0b closure request         spare 7, requested 1
 */
import { DecodeFault, OctetReader, type Unsigned } from '../../octets/reader.ts'
import { OctetWriter } from '../../octets/writer.ts'
import {
  decodeFilestoreRequest,
  decodeFilestoreResponse,
  encodeFilestoreRequest,
  encodeFilestoreResponse,
  type FilestoreRequest,
  type FilestoreResponse,
} from '../pdu/filestore.ts'
import { decodeLv, encodeLv } from '../pdu/tlv.ts'
import { decodeUnsigned, encodeUnsigned } from '../pdu/unsigned.ts'

export type ProxyMessage =
  | ProxyPutRequest
  | { readonly kind: 'proxy message to user'; readonly message: Uint8Array }
  | { readonly kind: 'proxy filestore request'; readonly request: FilestoreRequest }
  | {
      readonly kind: 'proxy fault handler override'
      readonly condition: number
      readonly handler: number
    }
  | { readonly kind: 'proxy transmission mode'; readonly acknowledged: boolean }
  | { readonly kind: 'proxy flow label'; readonly label: Uint8Array }
  | { readonly kind: 'proxy segmentation control'; readonly recordBoundaries: boolean }
  | ProxyPutResponse
  | { readonly kind: 'proxy filestore response'; readonly response: FilestoreResponse }
  | { readonly kind: 'proxy put cancel' }
  | { readonly kind: 'proxy closure request'; readonly closureRequested: boolean }

export interface ProxyPutRequest {
  readonly kind: 'proxy put request'
  readonly destination: Unsigned
  /** Octets of the destination's id: 1 to 8. */
  readonly entityOctets: number
  /** Names as octets, borrowed off the wire; empty: no file. */
  readonly sourceName: Uint8Array
  readonly destinationName: Uint8Array
}

export interface ProxyPutResponse {
  readonly kind: 'proxy put response'
  readonly condition: number
  readonly complete: boolean
  /** As in a Finished PDU. */
  readonly fileStatus: number
}

/** The type octet and the fields. @throws RangeError if a value does not fit: a fault of ours */
export function encodeProxyMessage(message: ProxyMessage, out: OctetWriter): void {
  out.octet(PROXY_TYPE[message.kind])
  switch (message.kind) {
    case 'proxy put request':
      out.octet(message.entityOctets)
      encodeUnsigned(message.destination, message.entityOctets, out)
      encodeLv(message.sourceName, out)
      return encodeLv(message.destinationName, out)
    case 'proxy message to user':
      return encodeLv(message.message, out)
    case 'proxy filestore request':
      return encodeLv(
        written(fields => encodeFilestoreRequest(message.request, fields)),
        out,
      )
    case 'proxy fault handler override':
      return out.octet((message.condition << 4) | message.handler)
    case 'proxy transmission mode':
      return out.octet(message.acknowledged ? 0 : 1)
    case 'proxy flow label':
      return encodeLv(message.label, out)
    case 'proxy segmentation control':
      return out.octet(message.recordBoundaries ? 1 : 0)
    case 'proxy put response':
      return out.octet(
        (message.condition << 4) | (message.complete ? 0 : 0x04) | message.fileStatus,
      )
    case 'proxy filestore response':
      return encodeLv(
        written(fields => encodeFilestoreResponse(message.response, fields)),
        out,
      )
    case 'proxy closure request':
      return out.octet(message.closureRequested ? 1 : 0)
    case 'proxy put cancel':
  }
}

/** Undefined: `type` is none of a proxy operation. @throws DecodeFault */
export function decodeProxyMessage(type: number, fields: OctetReader): ProxyMessage | undefined {
  switch (type) {
    case PROXY_TYPE['proxy put request']:
      return decodePutRequest(fields)
    case PROXY_TYPE['proxy message to user']:
      return { kind: 'proxy message to user', message: decodeLv(fields) }
    case PROXY_TYPE['proxy filestore request']:
      return { kind: 'proxy filestore request', request: decodeFilestoreRequest(within(fields)) }
    case PROXY_TYPE['proxy fault handler override']: {
      const octet = fields.octet()
      const condition = octet >>> 4
      return { kind: 'proxy fault handler override', condition, handler: octet & 0x0f }
    }
    case PROXY_TYPE['proxy transmission mode']:
      return { kind: 'proxy transmission mode', acknowledged: (fields.octet() & 1) === 0 }
    case PROXY_TYPE['proxy flow label']:
      return { kind: 'proxy flow label', label: decodeLv(fields) }
    case PROXY_TYPE['proxy segmentation control']:
      return { kind: 'proxy segmentation control', recordBoundaries: (fields.octet() & 1) === 1 }
    case PROXY_TYPE['proxy put response']:
      return decodePutResponse(fields)
    case PROXY_TYPE['proxy filestore response']:
      return { kind: 'proxy filestore response', response: decodeFilestoreResponse(within(fields)) }
    case PROXY_TYPE['proxy put cancel']:
      return { kind: 'proxy put cancel' }
    case PROXY_TYPE['proxy closure request']:
      return { kind: 'proxy closure request', closureRequested: (fields.octet() & 1) === 1 }
    default:
      return undefined
  }
}

function decodePutRequest(fields: OctetReader): ProxyPutRequest {
  const entityOctets = fields.octet()
  if (entityOctets < 1 || entityOctets > ID_OCTETS_MAX)
    throw new DecodeFault(
      `Cannot read an entity id of ${entityOctets} octets: 1 to ${ID_OCTETS_MAX} are possible`,
      fields.at - 1,
    )
  const destination = decodeUnsigned(fields, entityOctets)
  const sourceName = decodeLv(fields)
  const destinationName = decodeLv(fields)
  return { kind: 'proxy put request', destination, entityOctets, sourceName, destinationName }
}

function decodePutResponse(fields: OctetReader): ProxyPutResponse {
  const octet = fields.octet()
  return {
    kind: 'proxy put response',
    condition: octet >>> 4,
    complete: (octet & 0x04) === 0,
    fileStatus: octet & 0x03,
  }
}

/** One field that holds the others. */
function within(fields: OctetReader): OctetReader {
  return new OctetReader(decodeLv(fields))
}

function written(encode: (fields: OctetWriter) => void): Uint8Array {
  const fields = new OctetWriter()
  encode(fields)
  return fields.written()
}

export const PROXY_TYPE = {
  'proxy put request': 0x00,
  'proxy message to user': 0x01,
  'proxy filestore request': 0x02,
  'proxy fault handler override': 0x03,
  'proxy transmission mode': 0x04,
  'proxy flow label': 0x05,
  'proxy segmentation control': 0x06,
  'proxy put response': 0x07,
  'proxy filestore response': 0x08,
  'proxy put cancel': 0x09,
  'proxy closure request': 0x0b,
} as const satisfies Record<ProxyMessage['kind'], number>

const ID_OCTETS_MAX = 8
