/** Asks a running end over its control socket. */
import { type IncomingMessage, request } from 'node:http'
import { Refusal } from './control.ts'
import { errorCode } from './file-error.ts'

/**
 * The answer: what its JSON says, or its text. Rejects with Refusal if the runtime refuses, and with an error
 * that names the socket if nobody answers.
 */
export async function ask(
  socketPath: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await sent(socketPath, method, path, body)
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  const isJson = response.headers['content-type'] === 'application/json'
  const value: unknown = isJson ? JSON.parse(text) : text
  const status = response.statusCode ?? 500
  if (status < 400) return value
  throw new Refusal(status, isJson ? String(Object(value)['error']) : text)
}

function sent(
  socketPath: string,
  method: string,
  path: string,
  body: unknown,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json' }
    const asking = request({ socketPath, method, path, headers, agent: false }, resolve)
    asking.once('error', error => {
      const why = ABSENT.has(errorCode(error) ?? '') ? 'nothing runs there' : error.message
      reject(new Error(`Cannot ask ${socketPath}: ${why}`, { cause: error }))
    })
    asking.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

const ABSENT = new Set(['ENOENT', 'ECONNREFUSED'])
