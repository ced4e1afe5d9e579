/** What is said to the user of another entity to ask for an operation. */
import type { OperationRequest } from './operations.ts'
import { askForPut } from './proxied-put.ts'
import type { ReservedMessage } from './reserved-message.ts'
import { transactionField } from './transaction-field.ts'

export type Question = Exclude<OperationRequest, { kind: 'cancel proxy put' }>

/** Undefined: something in it is longer than a message can be. */
export function messagesOf(request: Question): readonly ReservedMessage[] | undefined {
  if (!contentsOf(request).every(fits)) return undefined
  if (request.kind === 'proxy put') return askForPut(request.put)
  if (request.kind === 'list directory') {
    const directoryName = UTF8.encode(request.directory)
    const fileName = UTF8.encode(request.file)
    return [{ kind: 'directory listing request', directoryName, fileName }]
  }
  const transaction = transactionField(request.id)
  if (request.kind !== 'remote status') return [{ kind: `${request.kind} request`, transaction }]
  const fileName = UTF8.encode(request.file)
  return [{ kind: 'remote status report request', transaction, fileName }]
}

/** What is of any length in each message. */
function contentsOf(request: Question): readonly (readonly Uint8Array[])[] {
  if (request.kind === 'list directory')
    return [[UTF8.encode(request.directory), UTF8.encode(request.file)]]
  if (request.kind === 'remote status') return [[UTF8.encode(request.file)]]
  if (request.kind !== 'proxy put') return []
  const { sourceName = '', destinationName = sourceName } = request.put
  const { messages = [], filestoreRequests = [], flowLabel = NOTHING } = request.put
  return [
    [UTF8.encode(sourceName), UTF8.encode(destinationName)],
    [flowLabel],
    ...messages.map(message => [message]),
    ...filestoreRequests.map(({ firstName, secondName = NOTHING }) => [firstName, secondName]),
  ]
}

function fits(contents: readonly Uint8Array[]): boolean {
  const octets = contents.reduce((sum, { length }) => sum + 1 + length, 0)
  return octets <= CONTENT_OCTETS_MAX
}

const UTF8 = new TextEncoder()
const NOTHING = new Uint8Array(0)
/** A message has 255 octets: less "cfdp", its type, and what stands before names at most, the widest id. */
const CONTENT_OCTETS_MAX = 255 - 5 - 17
