/** Messages to user that CFDP reserves, as objects ready for JSON. CCSDS 727.0-B-5, clause 6. */
import type { OctetReader } from '../../octets/reader.ts'
import type { DirectoryMessage } from '../user/directory-message.ts'
import type { ProxyMessage } from '../user/proxy-message.ts'
import type { RemoteMessage } from '../user/remote-message.ts'
import {
  decodeReservedMessage,
  isDirectoryMessage,
  isProxyMessage,
  isRemoteMessage,
  type ReservedMessage,
  typeOf,
} from '../user/reserved-message.ts'
import type { TransactionField } from '../user/transaction-field.ts'
import { describeFilestoreFields, describeProxyResponse } from './describe-filestore.ts'
import { hexOf, textOf } from './describe-octets.ts'

/** Undefined: an ordinary message. @throws DecodeFault if it is reserved and its fields are cut short */
export function describeReservedMessage(fields: OctetReader): object | undefined {
  const message = decodeReservedMessage(fields)
  if (message === undefined) return undefined
  return {
    type: typeOf(message),
    name: message.kind.replaceAll(' ', '_'),
    ...describeFields(message),
  }
}

function describeFields(message: ReservedMessage): object {
  if (isProxyMessage(message)) return describeProxyFields(message)
  if (isDirectoryMessage(message)) return describeDirectoryFields(message)
  if (isRemoteMessage(message)) return describeRemoteFields(message)
  if (message.kind === 'unassigned') return { body_hex: hexOf(message.octets) }
  return {
    entity_id_length: message.transaction.entityOctets,
    sequence_number_length: message.transaction.sequenceOctets,
    ...describeTransaction(message.transaction),
  }
}

function describeProxyFields(message: ProxyMessage): object {
  switch (message.kind) {
    case 'proxy put request':
      return {
        destination_entity_id: String(message.destination),
        source_file_name: textOf(message.sourceName),
        destination_file_name: textOf(message.destinationName),
      }
    case 'proxy message to user':
      return { message_hex: hexOf(message.message) }
    case 'proxy filestore request':
      return describeFilestoreFields(message.request)
    case 'proxy fault handler override':
      return { condition_code: message.condition, handler_code: message.handler }
    case 'proxy transmission mode':
      return { mode: message.acknowledged ? 'acknowledged' : 'unacknowledged' }
    case 'proxy flow label':
      return { flow_label_hex: hexOf(message.label) }
    case 'proxy segmentation control':
      return { value: message.recordBoundaries ? 1 : 0 }
    case 'proxy put response': {
      const { condition, complete, fileStatus } = message
      return {
        condition_code: condition,
        delivery_code: codeOf(complete),
        file_status: fileStatus,
      }
    }
    case 'proxy filestore response':
      return describeProxyResponse(message.response)
    case 'proxy closure request':
      return { closure_requested: message.closureRequested }
    case 'proxy put cancel':
  }
  return {}
}

function describeDirectoryFields(message: DirectoryMessage): object {
  const names = {
    directory_name: textOf(message.directoryName),
    directory_file_name: textOf(message.fileName),
  }
  if (message.kind === 'directory listing request') return names
  const { successful } = message
  return { listing_response_code: codeOf(successful), successful, ...names }
}

function describeRemoteFields(message: RemoteMessage): object {
  const transaction = describeTransaction(message.transaction)
  if (message.kind === 'remote status report request')
    return { ...transaction, report_file_name: textOf(message.fileName) }
  if (!('transactionStatus' in message)) return transaction
  const { transactionStatus: transaction_status } = message
  if ('suspended' in message)
    return { suspended: message.suspended, transaction_status, ...transaction }
  const { successful } = message
  const report_response_code = codeOf(successful)
  return { transaction_status, report_response_code, successful, ...transaction }
}

function describeTransaction({ source, sequence }: TransactionField): object {
  return { source_entity_id: String(source), transaction_sequence_number: String(sequence) }
}

/** How the standard's codes say it: 0 is good. */
function codeOf(isGood: boolean): number {
  return isGood ? 0 : 1
}
