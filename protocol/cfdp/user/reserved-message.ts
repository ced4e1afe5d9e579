/**
 * Messages to user that CFDP itself reserves: proxy, directory and remote operations.
 * CCSDS 727.0-B-5, clause 6.
 *
 *      4 octets   8 bits
 *     +----------+--------------+ - - - - -
 *     | "cfdp"   | message type | by type
 *     +----------+--------------+ - - - - -
 *
 * Each family has a file of its own; here is the message that all of them share: the id of the transaction that
 * an answer answers, type 0a.
 */
import { OctetReader } from '../../octets/reader.ts'
import { OctetWriter } from '../../octets/writer.ts'
import { attempt } from '../pdu/codec.ts'
import type { Tlv } from '../pdu/pdu.ts'
import { TLV } from '../pdu/tlv.ts'
import {
  DIRECTORY_TYPE,
  type DirectoryMessage,
  decodeDirectoryMessage,
  encodeDirectoryMessage,
} from './directory-message.ts'
import {
  decodeProxyMessage,
  encodeProxyMessage,
  PROXY_TYPE,
  type ProxyMessage,
} from './proxy-message.ts'
import {
  decodeRemoteMessage,
  encodeRemoteMessage,
  REMOTE_TYPE,
  type RemoteMessage,
} from './remote-message.ts'
import { decodeTransaction, encodeTransaction, type TransactionField } from './transaction-field.ts'

export type ReservedMessage =
  | ProxyMessage
  | DirectoryMessage
  | RemoteMessage
  | { readonly kind: 'originating transaction id'; readonly transaction: TransactionField }
  /** Of a type that the standard has not given a meaning yet. */
  | { readonly kind: 'unassigned'; readonly type: number; readonly octets: Uint8Array }

/** The octet that says what a message is. */
export function typeOf(message: ReservedMessage): number {
  return message.kind === 'unassigned' ? message.type : TYPE[message.kind]
}

export function isProxyMessage(message: ReservedMessage): message is ProxyMessage {
  return message.kind in PROXY_TYPE
}

export function isDirectoryMessage(message: ReservedMessage): message is DirectoryMessage {
  return message.kind in DIRECTORY_TYPE
}

export function isRemoteMessage(message: ReservedMessage): message is RemoteMessage {
  return message.kind in REMOTE_TYPE
}

/** The option of a Metadata PDU. It may turn out longer than an option can be, and is refused then. */
export function messageOption(message: ReservedMessage): Tlv {
  const out = new OctetWriter(64)
  out.octets(PREFIX)
  encodeByFamily(message, out)
  return { type: TLV.messageToUser, value: out.written() }
}

/** Undefined: an ordinary message. @throws DecodeFault if it is reserved and its fields are cut short */
export function decodeReservedMessage(fields: OctetReader): ReservedMessage | undefined {
  if (fields.remaining <= PREFIX.length) return undefined
  for (const octet of PREFIX) if (fields.octet() !== octet) return undefined
  const type = fields.octet()
  if (type === ORIGINATING)
    return { kind: 'originating transaction id', transaction: decodeTransaction(fields) }
  return (
    decodeProxyMessage(type, fields) ??
    decodeDirectoryMessage(type, fields) ??
    decodeRemoteMessage(type, fields) ?? { kind: 'unassigned', type, octets: fields.rest() }
  )
}

/** The reserved messages among the options, in order, and how many could not be read. */
export function readMessages(options: readonly Tlv[]): {
  readonly messages: readonly ReservedMessage[]
  readonly malformed: number
} {
  const messages: ReservedMessage[] = []
  let malformed = 0
  for (const { type, value } of options) {
    if (type !== TLV.messageToUser) continue
    const read = attempt(value, octets => ({
      kind: 'read' as const,
      message: decodeReservedMessage(new OctetReader(octets)),
    }))
    if (read.kind === 'malformed') malformed += 1
    else if (read.message !== undefined) messages.push(read.message)
  }
  return { messages, malformed }
}

function encodeByFamily(message: ReservedMessage, out: OctetWriter): void {
  if (isProxyMessage(message)) encodeProxyMessage(message, out)
  else if (isDirectoryMessage(message)) encodeDirectoryMessage(message, out)
  else if (isRemoteMessage(message)) encodeRemoteMessage(message, out)
  else {
    out.octet(typeOf(message))
    if (message.kind === 'unassigned') out.octets(message.octets)
    else encodeTransaction(message.transaction, out)
  }
}

/** "cfdp" */
const PREFIX = Uint8Array.of(0x63, 0x66, 0x64, 0x70)
const ORIGINATING = 0x0a
const TYPE = {
  ...PROXY_TYPE,
  ...DIRECTORY_TYPE,
  ...REMOTE_TYPE,
  'originating transaction id': ORIGINATING,
} as const satisfies Record<Exclude<ReservedMessage['kind'], 'unassigned'>, number>
