/** A put that one entity makes for another: as messages of its Metadata, as a request, and its outcome. 6.2. */
import type { PutRequest } from '../entity/events.ts'
import { overrideOption } from '../fault-handlers.ts'
import { requestOption } from '../filestore/requests.ts'
import type { FilestoreResponse } from '../pdu/filestore.ts'
import type { Tlv } from '../pdu/pdu.ts'
import { TLV } from '../pdu/tlv.ts'
import type { Ended } from './followed-puts.ts'
import type { ProxyPut } from './operations.ts'
import type { ProxyMessage, ProxyPutRequest, ProxyPutResponse } from './proxy-message.ts'
import type { ReservedMessage } from './reserved-message.ts'
import { octetsFor } from './transaction-field.ts'

/** What the originator says. */
export function askForPut(put: ProxyPut): readonly ProxyMessage[] {
  const { destination, sourceName = '', destinationName = sourceName } = put
  const { acknowledged, closureRequested, flowLabel } = put
  const messages: ProxyMessage[] = [
    {
      kind: 'proxy put request',
      destination,
      entityOctets: octetsFor(destination),
      sourceName: UTF8.encode(sourceName),
      destinationName: UTF8.encode(destinationName),
    },
  ]
  for (const message of put.messages ?? [])
    messages.push({ kind: 'proxy message to user', message })
  for (const request of put.filestoreRequests ?? [])
    messages.push({ kind: 'proxy filestore request', request })
  for (const { condition, handler } of put.faultHandlers ?? []) {
    const [octet] = overrideOption(condition, handler).value
    const code = (octet as number) & 0x0f
    messages.push({ kind: 'proxy fault handler override', condition, handler: code })
  }
  if (acknowledged !== undefined) messages.push({ kind: 'proxy transmission mode', acknowledged })
  if (closureRequested !== undefined)
    messages.push({ kind: 'proxy closure request', closureRequested })
  if (flowLabel !== undefined) messages.push({ kind: 'proxy flow label', label: flowLabel })
  return messages
}

/**
 * The put that is meant; `file` is the one that the source name leads to. `origin` goes with it, so that its receiver
 * knows whose wish it was. Record boundaries are not kept here, whatever is asked for.
 */
export function proxiedPut(
  asked: ProxyPutRequest,
  messages: readonly ReservedMessage[],
  origin: Tlv,
  file: string | undefined,
): PutRequest {
  const options: Tlv[] = [origin]
  let way: Pick<PutRequest, 'acknowledged' | 'closureRequested'> = {}
  for (const message of messages) {
    const option = optionOf(message)
    if (option !== undefined) options.push(option)
    else if (message.kind === 'proxy transmission mode')
      way = { ...way, acknowledged: message.acknowledged }
    else if (message.kind === 'proxy closure request')
      way = { ...way, closureRequested: message.closureRequested }
  }
  const sourceName = textOf(asked.sourceName)
  const destinationName = textOf(asked.destinationName)
  const names = file === undefined ? {} : { file, sourceName, destinationName }
  return { destination: asked.destination, priority: PRIORITY, ...names, ...way, options }
}

/** What the originator is told of its end. */
export function outcomeOfPut(ended: Ended): readonly ProxyMessage[] {
  const { condition, complete = condition === 0, fileStatus, filestoreResponses } = ended
  return [
    { kind: 'proxy put response', condition, complete, fileStatus } satisfies ProxyPutResponse,
    ...filestoreResponses
      .flatMap(shortened)
      .map(response => ({ kind: 'proxy filestore response' as const, response })),
  ]
}

/** Inside a message there is less room than in a Finished PDU: what people read goes first, then the response. */
function shortened(response: FilestoreResponse): readonly FilestoreResponse[] {
  const { firstName, secondName, message } = response
  const namesOctets = 1 + firstName.length + (secondName === undefined ? 0 : 1 + secondName.length)
  const room = MESSAGE_ROOM_OCTETS - 2 - namesOctets
  return room < 0 ? [] : [{ ...response, message: message.subarray(0, room) }]
}

function optionOf(message: ReservedMessage): Tlv | undefined {
  if (message.kind === 'proxy message to user')
    return { type: TLV.messageToUser, value: message.message }
  if (message.kind === 'proxy filestore request') return requestOption(message.request)
  if (message.kind === 'proxy flow label') return { type: TLV.flowLabel, value: message.label }
  if (message.kind !== 'proxy fault handler override') return undefined
  const value = Uint8Array.of((message.condition << 4) | message.handler)
  return { type: TLV.faultHandler, value }
}

export function textOf(octets: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(octets)
}

const UTF8 = new TextEncoder()
/** Lists, reports and answers go before what was asked for by others. */
const PRIORITY = 100
/** Of the 255 octets of a message: less "cfdp", its type, and the length of the response. */
const MESSAGE_ROOM_OCTETS = 255 - 6
