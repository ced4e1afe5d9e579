/** Questions to a running process, with what a command makes of silence. */
import { Refusal } from '../hal/control.ts'
import { ask as askOnce } from '../hal/control-client.ts'
import { UsageError } from './options.ts'
import type { Status } from './statuses.ts'

/** Nobody is at the other end of a control socket. */
export class NobodyAnswers extends Error {
  override readonly name = 'NobodyAnswers'
}

/** The answer. With a body the question is a POST. @throws Refusal, NobodyAnswers */
export async function ask<Answer>(socket: string, path: string, body?: unknown): Promise<Answer> {
  try {
    return (await askOnce(socket, body === undefined ? 'GET' : 'POST', path, body)) as Answer
  } catch (error) {
    if (error instanceof Refusal || !(error instanceof Error)) throw error
    throw new NobodyAnswers(error.message, { cause: error })
  }
}

/** @param intent in words: `send to` @throws UsageError if another end is there, and as ask() does */
export async function needSpacecraft(socket: string, intent: string): Promise<void> {
  const { role } = await ask<Pick<Status, 'role'>>(socket, '/status')
  if (role !== 'onboard')
    throw new UsageError(`Cannot ${intent} the ${role} at ${socket}: a spacecraft end is needed`)
}
