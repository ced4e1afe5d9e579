/** Questions to the line over HTTP, on a Unix socket. */
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Reply } from './control.ts'

/** @returns what ends it */
export async function serve(
  socketPath: string,
  reply: (question: string, body: unknown) => Reply,
): Promise<() => void> {
  const server = createServer((question, response) => {
    void answer(question, response, reply)
  })
  // What an earlier line left behind would keep this one from listening.
  rmSync(socketPath, { force: true })
  server.listen(socketPath)
  await once(server, 'listening')
  return () => {
    server.close()
    server.closeAllConnections()
  }
}

async function answer(
  question: IncomingMessage,
  response: ServerResponse,
  reply: (question: string, body: unknown) => Reply,
): Promise<void> {
  const body = await textOf(question)
  const path = (question.url ?? '/').split('?')[0] ?? '/'
  const { status, body: answered } = answerTo(`${question.method} ${path}`, body, reply)
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(answered)}\n`)
}

function answerTo(
  question: string,
  body: string,
  reply: (question: string, body: unknown) => Reply,
): Reply {
  try {
    return reply(question, body === '' ? undefined : JSON.parse(body))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return { status: 400, body: { why: `The body is not JSON: ${error.message}` } }
  }
}

async function textOf(question: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of question) if (body.length < BODY_MAX) body += String(chunk)
  return body
}

const BODY_MAX = 65_536
