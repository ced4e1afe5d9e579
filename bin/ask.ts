/** Questions to a running process, over its control socket. */
import { request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** Nobody is at the other end of a control socket. */
export class NobodyAnswers extends Error {
  override readonly name = 'NobodyAnswers'
}

/** Asks once. With a body it is a POST of JSON. @throws NobodyAnswers */
export function ask(socketPath: string, path: string, body?: unknown): Promise<Answer> {
  const method = body === undefined ? 'GET' : 'POST'
  const headers = body === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const question = request({ socketPath, path, method, headers, timeout: ANSWER_MS }, answer => {
      const chunks: Uint8Array[] = []
      answer.on('data', (chunk: Uint8Array) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      )
      answer.on('error', error => reject(silence(socketPath, error.message)))
    })
    question.on('timeout', () => question.destroy(new Error(`no answer in ${ANSWER_MS} ms`)))
    question.on('error', error => reject(silence(socketPath, error.message)))
    question.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** The JSON of an answer that must be one. @throws NobodyAnswers */
export async function askJson<T>(socketPath: string, path: string): Promise<T> {
  const { status, body } = await ask(socketPath, path)
  if (status !== 200) throw silence(socketPath, `${path} answers ${status}`)
  return JSON.parse(body) as T
}

function silence(socketPath: string, why: string): NobodyAnswers {
  return new NobodyAnswers(`Nobody answers at ${socketPath}: ${why}`)
}

const ANSWER_MS = 10_000
