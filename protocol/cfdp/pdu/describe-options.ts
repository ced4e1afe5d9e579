/** The options of a Metadata PDU as objects ready for JSON: each as its octets, and what they mean. */
import { OctetReader } from '../../octets/reader.ts'
import { attempt } from './codec.ts'
import { describeFilestoreRequest } from './describe-filestore.ts'
import { hexOf } from './describe-octets.ts'
import { describeReservedMessage } from './describe-reserved-message.ts'
import type { Tlv } from './pdu.ts'
import { TLV } from './tlv.ts'

export function describeOption(option: Tlv) {
  return {
    type: TYPE_NAMES[option.type] ?? 'unassigned',
    type_code: option.type,
    value_hex: hexOf(option.value),
  }
}

/** What the options mean, as far as they mean something to CFDP and are whole. */
export function describeMeanings(options: readonly Tlv[]): readonly object[] {
  return options.map(describeMeaning).filter(meaning => meaning !== undefined)
}

function describeMeaning(option: Tlv): object | undefined {
  const read = attempt(option.value, octets => ({
    kind: 'read' as const,
    meaning: decodeMeaning(option.type, new OctetReader(octets)),
  }))
  return read.kind === 'malformed' ? undefined : read.meaning
}

function decodeMeaning(type: number, value: OctetReader): object | undefined {
  switch (type) {
    case TLV.filestoreRequest:
      return { filestore_request: describeFilestoreRequest(value) }
    case TLV.messageToUser: {
      const message = describeReservedMessage(value)
      return message === undefined ? undefined : { reserved_message: message }
    }
    case TLV.faultHandler: {
      const octet = value.octet()
      return { fault_handler_override: { condition_code: octet >>> 4, handler_code: octet & 0x0f } }
    }
    case TLV.flowLabel:
      return value.remaining === 0 ? undefined : { flow_label_hex: hexOf(value.rest()) }
    default:
      return undefined
  }
}

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [TLV.filestoreRequest]: 'filestore_request',
  [TLV.filestoreResponse]: 'filestore_response',
  [TLV.messageToUser]: 'message_to_user',
  [TLV.faultHandler]: 'fault_handler',
  [TLV.flowLabel]: 'flow_label',
  [TLV.entityId]: 'entity_id',
}
