/**
 * Messages of remote operations: an entity is asked about a transaction that it knows, or to suspend or resume
 * it. CCSDS 727.0-B-5, 6.4 to 6.6. The fields behind the type octet, an id as in transaction-field.ts:
 *
 *     20 status report request   id, report file name (LV)
 *     21 status report response  transaction status 2, spare 5, unsuccessful 1, id
 *     30 suspend request         id
 *     31 suspend response        suspended 1, transaction status 2, spare 5, id
 *     38 resume request          id
 *     39 resume response         as that of suspend
 */
import type { OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import { decodeLv, encodeLv } from '../pdu/tlv.ts'
import { decodeTransaction, encodeTransaction, type TransactionField } from './transaction-field.ts'

export interface StatusRequest {
  readonly kind: 'remote status report request'
  readonly transaction: TransactionField
  /** Where the requester wants the report; borrowed off the wire. */
  readonly fileName: Uint8Array
}

export interface StatusResponse {
  readonly kind: 'remote status report response'
  /** 0 undefined, 1 active, 2 terminated, 3 unrecognized. */
  readonly transactionStatus: number
  readonly successful: boolean
  readonly transaction: TransactionField
}

export interface SuspensionRequest {
  readonly kind: 'remote suspend request' | 'remote resume request'
  readonly transaction: TransactionField
}

export interface SuspensionResponse {
  readonly kind: 'remote suspend response' | 'remote resume response'
  /** Whether the transaction is suspended now. */
  readonly suspended: boolean
  readonly transactionStatus: number
  readonly transaction: TransactionField
}

export type RemoteMessage = StatusRequest | StatusResponse | SuspensionRequest | SuspensionResponse

/** The type octet and the fields. @throws RangeError if a value does not fit: a fault of ours */
export function encodeRemoteMessage(message: RemoteMessage, out: OctetWriter): void {
  out.octet(REMOTE_TYPE[message.kind])
  if (message.kind === 'remote status report response')
    out.octet((message.transactionStatus << 6) | (message.successful ? 0 : 1))
  if ('suspended' in message)
    out.octet((message.suspended ? 0x80 : 0) | (message.transactionStatus << 5))
  encodeTransaction(message.transaction, out)
  if (message.kind === 'remote status report request') encodeLv(message.fileName, out)
}

/** Undefined: `type` is none of a remote operation. @throws DecodeFault */
export function decodeRemoteMessage(type: number, fields: OctetReader): RemoteMessage | undefined {
  switch (type) {
    case REMOTE_TYPE['remote status report request']: {
      const transaction = decodeTransaction(fields)
      return { kind: 'remote status report request', transaction, fileName: decodeLv(fields) }
    }
    case REMOTE_TYPE['remote status report response']: {
      const octet = fields.octet()
      const said = { transactionStatus: octet >>> 6, successful: (octet & 1) === 0 }
      const transaction = decodeTransaction(fields)
      return { kind: 'remote status report response', ...said, transaction }
    }
    case REMOTE_TYPE['remote suspend request']:
      return { kind: 'remote suspend request', transaction: decodeTransaction(fields) }
    case REMOTE_TYPE['remote resume request']:
      return { kind: 'remote resume request', transaction: decodeTransaction(fields) }
    case REMOTE_TYPE['remote suspend response']:
      return { kind: 'remote suspend response', ...decodeSuspension(fields) }
    case REMOTE_TYPE['remote resume response']:
      return { kind: 'remote resume response', ...decodeSuspension(fields) }
    default:
      return undefined
  }
}

function decodeSuspension(fields: OctetReader): Omit<SuspensionResponse, 'kind'> {
  const octet = fields.octet()
  const transaction = decodeTransaction(fields)
  return { suspended: octet >= 0x80, transactionStatus: (octet >>> 5) & 3, transaction }
}

export const REMOTE_TYPE = {
  'remote status report request': 0x20,
  'remote status report response': 0x21,
  'remote suspend request': 0x30,
  'remote suspend response': 0x31,
  'remote resume request': 0x38,
  'remote resume response': 0x39,
} as const satisfies Record<RemoteMessage['kind'], number>
