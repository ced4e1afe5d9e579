/** Filestore requests and their responses as one types and reads them: `rename OLD NEW`. */
import { outcomeOf } from '../../protocol/cfdp/filestore/outcome.ts'
import { requestOption } from '../../protocol/cfdp/filestore/requests.ts'
import {
  FILESTORE_ACTION,
  type FilestoreResponse,
  hasTwoNames,
} from '../../protocol/cfdp/pdu/filestore.ts'
import type { Tlv } from '../../protocol/cfdp/pdu/pdu.ts'
import { printable } from '../figures.ts'
import { repeated, UsageError, valued } from '../options.ts'

/** May be typed any number of times; executed in that order. */
export const filestoreRequests = repeated(valued('REQUEST', readRequest))

/** "rename a b: exists, the new name is taken" */
export function responseText(response: FilestoreResponse): string {
  const { action, outcome, names, message } = describeResponse(response)
  return printable(
    `${[action, ...names].join(' ')}: ${outcome}${message === '' ? '' : `, ${message}`}`,
  )
}

export function describeResponse(response: FilestoreResponse) {
  const { action, status, firstName, secondName, message } = response
  const text = new TextDecoder()
  const names = [firstName, secondName].filter(name => name !== undefined)
  return {
    action: WORDS[action] ?? `action ${action}`,
    names: names.map(name => text.decode(name)),
    outcome: outcomeOf(action, status),
    message: text.decode(message),
  }
}

function readRequest(typed: string): Tlv {
  const [word = '', first, second, ...more] = wordsOf(typed)
  const action = WORDS.indexOf(word)
  if (action < 0) throw new UsageError(`"${typed}": one of ${WORDS.join(', ')} is needed`)
  const isTwo = hasTwoNames(action)
  if (first === undefined || (second !== undefined) !== isTwo || more.length > 0)
    throw new UsageError(`"${typed}": ${word} takes ${isTwo ? 'two names' : 'one name'}`)
  const firstName = Buffer.from(first)
  const secondName = second === undefined ? undefined : Buffer.from(second)
  const octets = firstName.length + (secondName?.length ?? 0)
  if (octets > NAMES_OCTETS_MAX)
    throw new UsageError(`"${typed}": names of ${NAMES_OCTETS_MAX} octets are possible`)
  return requestOption({ action, firstName, secondName })
}

/** Divided by blanks; "what has blanks" in double quotes. */
function wordsOf(typed: string): readonly string[] {
  return [...typed.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

/** By action code. */
const WORDS: readonly string[] = Object.entries({
  create: FILESTORE_ACTION.createFile,
  delete: FILESTORE_ACTION.deleteFile,
  rename: FILESTORE_ACTION.renameFile,
  append: FILESTORE_ACTION.appendFile,
  replace: FILESTORE_ACTION.replaceFile,
  mkdir: FILESTORE_ACTION.createDirectory,
  rmdir: FILESTORE_ACTION.removeDirectory,
  deny: FILESTORE_ACTION.denyFile,
  'deny-dir': FILESTORE_ACTION.denyDirectory,
})
  .toSorted(([, one], [, other]) => one - other)
  .map(([word]) => word)
/** So that the request, and the response to it, fit one option. */
const NAMES_OCTETS_MAX = 250
