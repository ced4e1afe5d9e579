/** What a person reads of the answer to an operation, and the exit code that it means. */
import { readFile } from 'node:fs/promises'
import { CONDITION, conditionName } from '../../protocol/cfdp/condition.ts'
import type { OperationAnswer, UserIndication } from '../../protocol/cfdp/user/operations.ts'
import { responseText } from './filestore-option.ts'

export type Told = Exclude<UserIndication, { kind: 'asked' }>

/** Answers the exit code. */
export async function tellAnswer(
  told: Told | undefined,
  what: string,
  json: boolean,
): Promise<number> {
  if (told?.kind === 'answered') return showAnswer(told.answer, what, json)
  const why = told === undefined ? 'it was ended before the answer came' : told.why
  process.stderr.write(`downpour: not done: ${why}\n`)
  return FAILED
}

async function showAnswer(answer: OperationAnswer, what: string, json: boolean): Promise<number> {
  if (answer.kind === 'list directory' || answer.kind === 'remote status') {
    if (!answer.successful) {
      const status = 'transactionStatus' in answer ? `, it is ${wordOf(answer)}` : ''
      process.stderr.write(`downpour: not done: no answer about "${what}"${status}\n`)
      return FAILED
    }
    if (!json && answer.path !== undefined) process.stdout.write(await readFile(answer.path))
    return 0
  }
  if (answer.kind === 'proxy put') {
    if (!json)
      for (const response of answer.filestoreResponses)
        process.stdout.write(`${responseText(response)}\n`)
    if (answer.condition === CONDITION.noError) return 0
    process.stderr.write(`downpour: not done: ${conditionName(answer.condition)}\n`)
    return FAILED
  }
  const state = answer.suspended ? 'suspended' : 'not suspended'
  if (!json) process.stdout.write(`${state}, ${wordOf(answer)}\n`)
  const isAsWanted = answer.suspended === (answer.kind === 'remote suspend')
  return isAsWanted && answer.transactionStatus === ACTIVE ? 0 : FAILED
}

function wordOf({ transactionStatus }: { readonly transactionStatus: number }): string {
  return STATUS_WORDS[transactionStatus] ?? 'undefined'
}

/** By the code of the standard. */
const STATUS_WORDS = ['undefined', 'active', 'terminated', 'unrecognized']
const ACTIVE = 1
const FAILED = 1
