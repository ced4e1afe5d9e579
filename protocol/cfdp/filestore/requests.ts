/** Filestore requests as options of a Metadata PDU, and their responses as values of a Finished PDU. */
import { OctetReader } from '../../octets/reader.ts'
import { OctetWriter } from '../../octets/writer.ts'
import { attempt } from '../pdu/codec.ts'
import {
  decodeFilestoreRequest,
  decodeFilestoreResponse,
  encodeFilestoreRequest,
  encodeFilestoreResponse,
  type FilestoreRequest,
  type FilestoreResponse,
  hasTwoNames,
} from '../pdu/filestore.ts'
import type { Tlv } from '../pdu/pdu.ts'
import { TLV } from '../pdu/tlv.ts'

/** A request as it came: what cannot be read has empty names. */
export interface ReadRequest {
  readonly request: FilestoreRequest
  readonly isReadable: boolean
}

export function requestOption(request: FilestoreRequest): Tlv {
  const out = new OctetWriter(64)
  encodeFilestoreRequest(request, out)
  return { type: TLV.filestoreRequest, value: out.written() }
}

/** In order, as the options have them. */
export function readRequests(options: readonly Tlv[]): readonly ReadRequest[] {
  const requests: ReadRequest[] = []
  for (const { type, value } of options)
    if (type === TLV.filestoreRequest) requests.push(readRequest(value))
  return requests
}

/** In at most 255 octets: the message is cut to what is left, and then the longer name. */
export function responseValue(response: FilestoreResponse): Uint8Array {
  const { firstName, secondName } = response
  const namesOctets = 1 + firstName.length + (secondName === undefined ? 0 : 1 + secondName.length)
  const room = VALUE_OCTETS_MAX - 2 - namesOctets
  const out = new OctetWriter(64)
  if (room >= 0)
    encodeFilestoreResponse({ ...response, message: response.message.subarray(0, room) }, out)
  else {
    const isFirst = firstName.length >= (secondName?.length ?? 0)
    const cut = isFirst
      ? { firstName: firstName.subarray(0, room) }
      : { secondName: secondName?.subarray(0, room) }
    encodeFilestoreResponse({ ...response, ...cut, message: NOTHING }, out)
  }
  return out.written()
}

/** Those that can be read; they borrow nothing. */
export function readResponses(values: readonly Uint8Array[]): readonly FilestoreResponse[] {
  const responses: FilestoreResponse[] = []
  for (const value of values) {
    const read = attempt(value.slice(), octets => ({
      kind: 'read' as const,
      response: decodeFilestoreResponse(new OctetReader(octets)),
    }))
    if (read.kind === 'read') responses.push(read.response)
  }
  return responses
}

function readRequest(value: Uint8Array): ReadRequest {
  const read = attempt(value, octets => ({
    kind: 'read' as const,
    request: decodeFilestoreRequest(new OctetReader(octets)),
  }))
  if (read.kind === 'read') return { request: read.request, isReadable: true }
  const action = (value[0] ?? 0) >>> 4
  const secondName = hasTwoNames(action) ? NOTHING : undefined
  return { request: { action, firstName: NOTHING, secondName }, isReadable: false }
}

const NOTHING = new Uint8Array(0)
const VALUE_OCTETS_MAX = 255
