/**
 * How an operator talks to a running end: HTTP with JSON over a Unix socket, and over a port of this
 * computer if asked for. The socket is for its owner alone; nothing here is for a browser.
 */
import { chmod, lstat, unlink } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { errorCode } from './file-error.ts'

/**
 * Answers a request. A string goes out as plain text, anything else as JSON.
 * @param body the JSON of the request, undefined if it had none. @throws Refusal
 */
export type Route = (body: unknown) => unknown

/** By method and path: { 'GET /status': () => ({ ... }) }. */
export type Routes = Readonly<Record<string, Route>>

export interface ControlPlace {
  readonly socketPath?: string
  /** On 127.0.0.1; 0 lets the system choose. */
  readonly port?: number
}

/** Where a configuration says that an end listens. */
export function placeOf(control: { socket: string; http: number | undefined }): ControlPlace {
  const { socket, http } = control
  return http === undefined ? { socketPath: socket } : { socketPath: socket, port: http }
}

export interface Control {
  /** Where it listens on 127.0.0.1. */
  readonly port: number | undefined
  close(): Promise<void>
}

/** The request is at fault, or comes at a wrong time. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number

  /** @param status as HTTP has them: 400 malformed, 404 no such thing, 409 not now, 507 no room */
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Another process answers at the socket: there is one runtime per state folder. */
export class SocketTaken extends Error {
  override readonly name = 'SocketTaken'
}

/**
 * Routes of a process that holds its socket and is not ready: all answer 503. Put the true ones in their place
 * with Object.assign() when it is.
 */
export function startingRoutes(names: readonly string[]): Record<string, Route> {
  return Object.fromEntries(names.map(name => [name, starting]))
}

function starting(): never {
  throw new Refusal(503, 'Cannot answer yet: it is starting')
}

/** Rejects with SocketTaken if another process answers at the socket already. Routes may change later. */
export async function serveControl(place: ControlPlace, routes: Routes): Promise<Control> {
  const servers: Server[] = []
  let port: number | undefined
  try {
    if (place.socketPath !== undefined) {
      await removeStale(place.socketPath)
      servers.push(await listening(newServer(routes), { path: place.socketPath }))
      await chmod(place.socketPath, 0o600)
    }
    if (place.port !== undefined) {
      const server = newServer(routes)
      servers.push(await listening(server, { port: place.port, host: '127.0.0.1' }))
      const address = server.address()
      if (typeof address === 'object') port = address?.port
    }
  } catch (error) {
    await Promise.all(servers.map(closed))
    throw error
  }
  return {
    port,
    async close() {
      await Promise.all(servers.map(closed))
    },
  }
}

function newServer(routes: Routes): Server {
  const server = createServer(LIMITS, (request, response) => {
    void answer(request, response, routes)
  })
  server.maxConnections = 16
  return server
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Routes,
): Promise<void> {
  try {
    const route = routeOf(request, routes)
    reply(response, 200, await route(await bodyOf(request)))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const status = error instanceof Refusal ? error.status : 500
    // What is left of a request that was refused is not read.
    if (!request.complete) response.setHeader('Connection', 'close')
    reply(response, status, { error: message })
  }
}

function routeOf(request: IncomingMessage, routes: Routes): Route {
  if (request.headers.origin !== undefined)
    throw new Refusal(403, 'Cannot serve a web page: requests with an Origin are refused')
  // Another name for this computer, as a page of a hostile site would use, is refused, too.
  if (!HERE.test(request.headers.host ?? ''))
    throw new Refusal(403, `Cannot serve host ${request.headers.host}: localhost is served`)
  const path = (request.url ?? '/').split('?', 1)[0]
  const route = `${request.method} ${path}`
  if (Object.hasOwn(routes, route)) return routes[route] as Route
  const methods = Object.keys(routes).flatMap(other => {
    const [method, otherPath] = other.split(' ')
    return otherPath === path ? [method] : []
  })
  if (methods.length === 0) throw new Refusal(404, `Cannot find ${path}`)
  throw new Refusal(405, `Cannot ${request.method} ${path}: ${methods.join(', ')} is allowed`)
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let octets = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    octets += chunk.length
    if (octets > BODY_OCTETS_MAX)
      throw new Refusal(413, `Cannot take more than ${BODY_OCTETS_MAX} octets`)
    chunks.push(chunk)
  }
  if (octets === 0) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    throw new Refusal(400, 'Cannot read the request: its body is not JSON')
  }
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  const isText = typeof value === 'string'
  const text = isText ? value : `${JSON.stringify(value ?? null, plain)}\n`
  response.writeHead(status, {
    'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  })
  response.end(text)
}

/** JSON has no bigint: sequence numbers past 2^53 go as digits. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

/** Removes a socket that nobody answers at. */
async function removeStale(path: string): Promise<void> {
  const code = await new Promise<string | undefined>(resolve => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.once('error', error => resolve(errorCode(error) ?? error.message))
  })
  if (code === undefined)
    throw new SocketTaken(`Cannot listen at ${path}: another process answers there`)
  // A plain file refuses connections, too.
  if (code === 'ECONNREFUSED' && (await lstat(path)).isSocket()) await unlink(path)
}

function listening(
  server: Server,
  place: { path: string } | { port: number; host: string },
): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // A socket gets its mode as it is made: there is no moment in which others may use it.
    const mask = process.umask(0o177)
    server.listen(place, () => resolve(server))
    process.umask(mask)
  })
}

function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

const BODY_OCTETS_MAX = 64 * 1024
const LIMITS = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 1_000,
}
const HERE = /^(?:localhost|127\.0\.0\.1|\[::1\])?(?::\d+)?$/
