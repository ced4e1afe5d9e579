/** Which operation the messages of a transaction ask for. CCSDS 727.0-B-5, clause 6. */
import { CONDITION } from '../condition.ts'
import type { ListingRequest } from './directory-message.ts'
import type { Operation } from './operations.ts'
import type { ProxyMessage, ProxyPutRequest } from './proxy-message.ts'
import type { StatusRequest, SuspensionRequest } from './remote-message.ts'
import type { ReservedMessage } from './reserved-message.ts'

export type Request =
  | ProxyPutRequest
  | Extract<ProxyMessage, { kind: 'proxy put cancel' }>
  | ListingRequest
  | StatusRequest
  | SuspensionRequest

/** The first that asks for something; the others only say more of it. */
export function requestIn(messages: readonly ReservedMessage[]): Request | undefined {
  return messages.find(isRequest)
}

export function operationOf(request: Request): Operation {
  return OPERATION[request.kind]
}

/** The answer to what is not done. */
export function negativeAnswer(
  request: Exclude<Request, { kind: 'proxy put cancel' }>,
  condition: number = CONDITION.cancelRequestReceived,
): ReservedMessage {
  if (request.kind === 'proxy put request')
    return { kind: 'proxy put response', condition, complete: false, fileStatus: UNREPORTED }
  if (request.kind === 'directory listing request') {
    const { directoryName, fileName } = request
    return { kind: 'directory listing response', successful: false, directoryName, fileName }
  }
  const { transaction } = request
  const transactionStatus = UNDEFINED
  if (request.kind === 'remote status report request') {
    const kind = 'remote status report response'
    return { kind, successful: false, transactionStatus, transaction }
  }
  const isSuspend = request.kind === 'remote suspend request'
  const kind = isSuspend ? 'remote suspend response' : 'remote resume response'
  return { kind, suspended: false, transactionStatus, transaction }
}

function isRequest(message: ReservedMessage): message is Request {
  return message.kind in OPERATION
}

const OPERATION = {
  'proxy put request': 'proxy-put',
  'proxy put cancel': 'proxy-put',
  'directory listing request': 'directory-listing',
  'remote status report request': 'remote-status',
  'remote suspend request': 'remote-suspend',
  'remote resume request': 'remote-resume',
} as const satisfies Record<Request['kind'], Operation>

/** A file status, and a transaction status. */
const UNREPORTED = 3
const UNDEFINED = 0
