/** What the control socket of the station takes: bodies are checked here, and the machine answers. */
import { Refusal, type Route } from '../../hal/control.ts'
import type { Questions } from '../../hal/questions.ts'
import { commandOf } from '../../protocol/command/command.ts'
import type { EdgeInput } from '../events.ts'
import type { Answer } from './answer.ts'
import type { UploadShell } from './uploads.ts'

type Asked = Questions<EdgeInput, Answer>

export const REQUESTS = [
  'POST /cancel',
  'POST /suspend',
  'POST /resume',
  'POST /command',
  'POST /uplink',
] as const

export function requests(
  questions: Asked,
  uploads: UploadShell,
): Record<(typeof REQUESTS)[number], Route> {
  return {
    'POST /cancel': body => change('cancel', uploads.named(body), questions),
    'POST /suspend': body => change('suspend', uploads.named(body), questions),
    'POST /resume': body => change('resume', uploads.named(body), questions),
    'POST /command': body => order(body, questions),
    'POST /uplink': body => uploads.take(body),
  }
}

async function change(
  kind: 'cancel' | 'suspend' | 'resume',
  transaction: unknown,
  questions: Asked,
): Promise<unknown> {
  if (typeof transaction !== 'string')
    throw new Refusal(
      400,
      `Cannot ${kind}: { "transaction": "source-sequence" }, or { "upload": sequence }, is missing`,
    )
  const { why } = await questions.ask(token => ({ kind, id: transaction, token }))
  if (why !== undefined) throw new Refusal(404, why)
  return { transaction }
}

/** For the spacecraft. */
async function order(body: unknown, questions: Asked): Promise<unknown> {
  const command = commandOf(body)
  if (typeof command === 'string') throw new Refusal(400, command)
  const { why, counter } = await questions.ask(token => ({ kind: 'order', command, token }))
  if (why !== undefined) throw new Refusal(409, why)
  return { state: 'waiting', counter }
}
