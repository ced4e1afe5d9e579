/**
 * A modem behind TCP: a terminal's data port, a radio's software, a bench. As a client it connects again
 * whenever the connection is lost; as a listener it has one peer at a time, and the newest wins.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { LineModem } from './line-modem.ts'
import type { Clock } from './ports.ts'

export type TcpLine = (
  | { readonly host: string; readonly port: number }
  /** Port 0 lets the system choose; see `localPort`. */
  | { readonly listen: number; readonly host?: string }
) & {
  /** Time between attempts to connect or to listen. */
  readonly reopenMs?: number
  /** An attempt to connect that takes longer is given up. */
  readonly connectMs?: number
  /** Octets that may wait before the line. */
  readonly queueOctets?: number
}

export class TcpModem extends LineModem {
  readonly #line: TcpLine
  readonly #clock: Clock
  #socket: Socket | undefined
  #server: Server | undefined

  private constructor(line: TcpLine, clock: Clock) {
    super(line.queueOctets ?? 64 * 1024)
    this.#line = line
    this.#clock = clock
  }

  /** A listener listens when it resolves, if it can; a client may still be connecting. Never rejects. */
  static async open(line: TcpLine, clock: Clock): Promise<TcpModem> {
    const modem = new TcpModem(line, clock)
    if ('listen' in line) await modem.#listen(line.listen, line.host)
    void modem.#keepOpen()
    return modem
  }

  /** Where a listener listens; undefined while it does not. */
  get localPort(): number | undefined {
    const address = this.#server?.address()
    return typeof address === 'object' ? address?.port : undefined
  }

  async #keepOpen(): Promise<void> {
    const line = this.#line
    while (!this.isClosed) {
      if (!('listen' in line)) await this.#connect(line.host, line.port)
      else if (this.#server === undefined) await this.#listen(line.listen, line.host)
      if (this.#server !== undefined) return
      await this.#clock.until(this.#clock.now() + (line.reopenMs ?? 500), this.closing)
    }
  }

  /** Resolves when the connection is gone, or did not come about. */
  async #connect(host: string, port: number): Promise<void> {
    const socket = connect({ host, port })
    const connected = new AbortController()
    socket.once('connect', () => {
      connected.abort()
      if (hasMetItself(socket))
        socket.destroy(new Error(`Cannot connect to ${host}:${port}: nobody is there`))
      else this.#carry(socket)
    })
    const gone = this.#follow(socket)
    const deadline = this.#clock.now() + (this.#line.connectMs ?? 5_000)
    void this.#clock.until(deadline, connected.signal).then(() => {
      if (socket.connecting)
        socket.destroy(new Error(`Cannot connect to ${host}:${port}: no answer`))
      return undefined
    })
    this.#socket = socket
    await gone
    connected.abort()
  }

  async #listen(port: number, host = '127.0.0.1'): Promise<void> {
    const server = createServer({ noDelay: true }, socket => {
      this.#socket?.destroy()
      this.#socket = socket
      void this.#follow(socket)
      this.#carry(socket)
    })
    server.on('error', error => this.erred(error))
    const isListening = await new Promise<boolean>(resolve => {
      server.once('error', () => resolve(false))
      server.listen(port, host, () => resolve(true))
    })
    if (isListening && !this.isClosed) this.#server = server
    else server.close()
  }

  /** Resolves when the socket is gone. */
  #follow(socket: Socket): Promise<void> {
    return new Promise(resolve => {
      socket.on('error', error => {
        if (!this.isClosed) this.erred(error)
      })
      socket.once('close', () => {
        if (this.#socket === socket) {
          this.#socket = undefined
          this.down()
        }
        resolve()
      })
    })
  }

  #carry(socket: Socket): void {
    if (this.isClosed) return void socket.destroy()
    socket.setNoDelay(true)
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    socket.on('data', chunk => {
      // Octets of a connection that a newer one has replaced are of the past.
      if (this.#socket === socket) this.heard(new Uint8Array(chunk))
    })
    this.up({
      write: (octets, done) => {
        socket.write(octets, done)
      },
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    })
  }

  protected override async release(isStalled: boolean): Promise<void> {
    this.#server?.close()
    this.#server = undefined
    const socket = this.#socket
    if (socket === undefined) return
    const gone = new Promise<void>(resolve => {
      socket.once('close', () => resolve())
    })
    // Without a stalled write, what the kernel has still goes out before the end of the connection.
    if (isStalled || socket.connecting) socket.destroy()
    else socket.destroySoon()
    await gone
  }
}

/**
 * A caller to a port of this computer where nobody listens may be given this very port to call from. TCP connects the
 * two then: it would hear itself, and whom it waits for could not listen there any more. RFC 9293, 3.5, figure 7.
 */
export function hasMetItself(socket: Socket): boolean {
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  return localPort === remotePort && localAddress === remoteAddress
}

const KEEP_ALIVE_MS = 10_000
