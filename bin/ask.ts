/** Questions to a running process, with what a command makes of silence. */
import { Refusal } from '../hal/control.ts'
import { ask as askOnce } from '../hal/control-client.ts'

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
