/** What a transaction says that answers an operation: its messages, and the file that came with them. Clause 6. */
import { conditionName } from '../condition.ts'
import type { FilestoreResponse } from '../pdu/filestore.ts'
import type { Ended } from './followed-puts.ts'
import type { OperationAnswer } from './operations.ts'
import type { ProxyPutResponse } from './proxy-message.ts'
import type { ReservedMessage } from './reserved-message.ts'

export type Answer =
  | OperationAnswer
  /** It was on its way, and did not arrive whole. */
  | { readonly kind: 'lost'; readonly why: string }

/** Undefined: these messages answer nothing. */
export function answerOf(messages: readonly ReservedMessage[], ended: Ended): Answer | undefined {
  for (const message of messages) {
    const answer = answerIn(message, messages, ended.path)
    if (answer === undefined) continue
    if (ended.complete === true) return answer
    return { kind: 'lost', why: `the answer did not arrive: ${conditionName(ended.condition)}` }
  }
  return undefined
}

function answerIn(
  message: ReservedMessage,
  all: readonly ReservedMessage[],
  path: string | undefined,
): OperationAnswer | undefined {
  if (message.kind === 'proxy put response') return putAnswer(message, all)
  if (message.kind === 'directory listing response')
    return { kind: 'list directory', successful: message.successful, path }
  if (message.kind === 'remote status report response') {
    const { successful, transactionStatus } = message
    return { kind: 'remote status', successful, transactionStatus, path }
  }
  if (!('suspended' in message)) return undefined
  const { suspended, transactionStatus } = message
  const kind = message.kind === 'remote suspend response' ? 'remote suspend' : 'remote resume'
  return { kind, suspended, transactionStatus }
}

/** With the responses to filestore requests that stand beside it. */
function putAnswer(said: ProxyPutResponse, all: readonly ReservedMessage[]): OperationAnswer {
  const { condition, complete, fileStatus } = said
  const filestoreResponses: FilestoreResponse[] = []
  for (const message of all)
    if (message.kind === 'proxy filestore response') filestoreResponses.push(message.response)
  return { kind: 'proxy put', condition, complete, fileStatus, filestoreResponses }
}
