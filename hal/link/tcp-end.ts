/** An end of the line as a TCP port of this computer, for where there are no pseudo-terminals. */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { LineEnd } from './end.ts'

/** One caller at a time: a new one takes the place of the last, as a cable does in a socket. */
export async function openTcpEnd(): Promise<LineEnd> {
  const server = createServer()
  server.listen(0, HOST)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error(`Cannot listen on ${HOST}`)
  return new TcpEnd(server, address.port)
}

class TcpEnd implements LineEnd {
  readonly where
  readonly #server: Server
  #socket: Socket | undefined

  constructor(server: Server, port: number) {
    this.#server = server
    this.where = { kind: 'tcp' as const, host: HOST, port }
    server.on('connection', socket => this.#plug(socket))
  }

  read(most: number): Uint8Array | undefined {
    const there = Math.min(most, this.#socket?.readableLength ?? 0)
    if (there === 0) return undefined
    const octets: unknown = this.#socket?.read(there)
    return octets instanceof Uint8Array ? Uint8Array.from(octets) : undefined
  }

  write(octets: Uint8Array): number {
    // Nobody listens: the octets are gone, as they are on the air.
    if (this.#socket === undefined) return octets.length
    if (this.#socket.writableLength > QUEUE_OCTETS) return 0
    this.#socket.write(octets)
    return octets.length
  }

  async hangUp(): Promise<void> {
    this.#socket?.destroy()
    this.#socket = undefined
    if (!this.#server.listening) return
    this.#server.close()
    await once(this.#server, 'close')
  }

  async plugIn(): Promise<void> {
    if (this.#server.listening) return
    this.#server.listen(this.where.port, HOST)
    await once(this.#server, 'listening')
  }

  close(): Promise<void> {
    return this.hangUp()
  }

  #plug(socket: Socket): void {
    this.#socket?.destroy()
    this.#socket = socket
    socket.setNoDelay(true)
    // A listener makes the socket read ahead to its mark and no further: the caller feels the rate.
    socket.on('readable', () => {})
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.destroy())
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined
    })
  }
}

const HOST = '127.0.0.1'
const QUEUE_OCTETS = 65_536
