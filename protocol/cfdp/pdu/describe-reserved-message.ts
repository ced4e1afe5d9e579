/**
 * Messages to user that CFDP itself reserves: proxy, directory and remote operations.
 * CCSDS 727.0-B-5, clause 6.
 *
 *      4 octets   8 bits
 *     +----------+--------------+ - - - - -
 *     | "cfdp"   | message type | by type
 *     +----------+--------------+ - - - - -
 */
import { OctetReader } from '../../octets/reader.ts'
import { describeFilestoreRequest, describeProxyResponse } from './describe-filestore.ts'
import { hexOf, textOf } from './describe-octets.ts'
import { decodeLv } from './tlv.ts'
import { decodeUnsigned } from './unsigned.ts'

/** Undefined: an ordinary message. @throws DecodeFault if it is reserved and its fields are cut short */
export function describeReservedMessage(message: OctetReader): object | undefined {
  if (message.remaining <= PREFIX.length || textOf(message.octets(PREFIX.length)) !== PREFIX)
    return undefined
  const type = message.octet()
  const known = MESSAGES[type]
  if (known === undefined) return { type, name: 'unassigned', body_hex: hexOf(message.rest()) }
  const [name, describeFields] = known
  return { type, name, ...describeFields(message) }
}

function describePutRequest(fields: OctetReader): object {
  const destination = decodeLv(fields)
  return {
    destination_entity_id: BigInt(`0x0${hexOf(destination)}`).toString(),
    source_file_name: textOf(decodeLv(fields)),
    destination_file_name: textOf(decodeLv(fields)),
  }
}

function describeFaultHandler(fields: OctetReader): object {
  const octet = fields.octet()
  return { condition_code: octet >>> 4, handler_code: octet & 0x0f }
}

function describePutResponse(fields: OctetReader): object {
  const octet = fields.octet()
  return {
    condition_code: octet >>> 4,
    delivery_code: (octet >>> 2) & 1,
    file_status: octet & 0x03,
  }
}

function describeOriginatingId(fields: OctetReader): object {
  const widths = fields.octet()
  const entityOctets = ((widths >>> 4) & 7) + 1
  const sequenceOctets = (widths & 7) + 1
  return {
    entity_id_length: entityOctets,
    sequence_number_length: sequenceOctets,
    source_entity_id: String(decodeUnsigned(fields, entityOctets)),
    transaction_sequence_number: String(decodeUnsigned(fields, sequenceOctets)),
  }
}

function describeTransactionId(fields: OctetReader): object {
  const widths = fields.octet()
  return {
    source_entity_id: String(decodeUnsigned(fields, ((widths >>> 4) & 7) + 1)),
    transaction_sequence_number: String(decodeUnsigned(fields, (widths & 7) + 1)),
  }
}

function describeListing(fields: OctetReader): object {
  return {
    directory_name: textOf(decodeLv(fields)),
    directory_file_name: textOf(decodeLv(fields)),
  }
}

function describeListingResponse(fields: OctetReader): object {
  const code = fields.octet() >>> 7
  return { listing_response_code: code, successful: code === 0, ...describeListing(fields) }
}

function describeStatusRequest(fields: OctetReader): object {
  return { ...describeTransactionId(fields), report_file_name: textOf(decodeLv(fields)) }
}

function describeStatusReport(fields: OctetReader): object {
  const octet = fields.octet()
  const code = octet & 1
  return {
    transaction_status: octet >>> 6,
    report_response_code: code,
    successful: code === 0,
    ...describeTransactionId(fields),
  }
}

function describeSuspension(fields: OctetReader): object {
  const octet = fields.octet()
  return {
    suspended: octet >>> 7 === 1,
    transaction_status: (octet >>> 5) & 3,
    ...describeTransactionId(fields),
  }
}

/** Inside an LV: one field that holds the others. */
function within(describe: (fields: OctetReader) => object): (fields: OctetReader) => object {
  return fields => describe(new OctetReader(decodeLv(fields)))
}

const PREFIX = 'cfdp'

type Message = readonly [name: string, describeFields: (fields: OctetReader) => object]

const MESSAGES: Readonly<Record<number, Message>> = {
  0x00: ['proxy_put_request', describePutRequest],
  0x01: ['proxy_message_to_user', fields => ({ message_hex: hexOf(decodeLv(fields)) })],
  0x02: ['proxy_filestore_request', within(describeFilestoreRequest)],
  0x03: ['proxy_fault_handler_override', describeFaultHandler],
  0x04: [
    'proxy_transmission_mode',
    fields => ({ mode: (fields.octet() & 1) === 0 ? 'acknowledged' : 'unacknowledged' }),
  ],
  0x05: ['proxy_flow_label', fields => ({ flow_label_hex: hexOf(decodeLv(fields)) })],
  0x06: ['proxy_segmentation_control', fields => ({ value: fields.octet() & 1 })],
  0x07: ['proxy_put_response', describePutResponse],
  0x08: ['proxy_filestore_response', within(describeProxyResponse)],
  0x09: ['proxy_put_cancel', () => ({})],
  0x0a: ['originating_transaction_id', describeOriginatingId],
  0x0b: ['proxy_closure_request', fields => ({ closure_requested: (fields.octet() & 1) === 1 })],
  0x10: ['directory_listing_request', describeListing],
  0x11: ['directory_listing_response', describeListingResponse],
  0x20: ['remote_status_report_request', describeStatusRequest],
  0x21: ['remote_status_report_response', describeStatusReport],
  0x30: ['remote_suspend_request', describeTransactionId],
  0x31: ['remote_suspend_response', describeSuspension],
  0x38: ['remote_resume_request', describeTransactionId],
  0x39: ['remote_resume_response', describeSuspension],
}
