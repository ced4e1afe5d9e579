/** Filestore requests and responses as objects ready for JSON. */
import { OctetReader } from '../../octets/reader.ts'
import { attempt } from './codec.ts'
import { hexOf, textOf } from './describe-octets.ts'
import {
  decodeFilestoreRequest,
  decodeFilestoreResponse,
  type FilestoreRequest,
  type FilestoreResponse,
} from './filestore.ts'

/** @throws DecodeFault */
export function describeFilestoreRequest(fields: OctetReader) {
  return describeFilestoreFields(decodeFilestoreRequest(fields))
}

export function describeFilestoreFields(request: FilestoreRequest) {
  return { action_code: request.action, ...describeNames(request) }
}

/** A response inside a proxy's message, where the message is text. */
export function describeProxyResponse({ message, ...response }: FilestoreResponse) {
  return {
    action_code: response.action,
    status_code: response.status,
    ...describeNames(response),
    message: textOf(message),
  }
}

/** A response of a Finished PDU; of one that is cut short only the octets are said, and what is wrong. */
export function describeFilestoreResponse(value: Uint8Array) {
  const response = attempt(value, octets => ({
    kind: 'response' as const,
    ...decodeFilestoreResponse(new OctetReader(octets)),
  }))
  if (response.kind === 'malformed')
    return { value_hex: hexOf(value), malformed: { why: response.why, at: response.at } }
  return {
    action_code: response.action,
    status_code: response.status,
    value_hex: hexOf(value),
    ...describeNames(response),
    message_hex: hexOf(response.message),
  }
}

function describeNames(request: FilestoreRequest) {
  return {
    first_file_name: textOf(request.firstName),
    second_file_name: request.secondName === undefined ? null : textOf(request.secondName),
  }
}
