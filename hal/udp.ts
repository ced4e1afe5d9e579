/** Datagrams: octets that arrive whole or not at all, in any order, once or more. Nothing waits for the reader for long. */
import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'

export interface Address {
  /** A numeric address. */
  readonly host: string
  readonly port: number
}

export interface Datagram {
  /** Owned by the reader. */
  readonly octets: Uint8Array
  readonly from: Address
}

export interface UdpCounters {
  datagramsIn: number
  datagramsOut: number
  /** Came while too many waited. */
  dropped: number
  /** Sends that the system refused; the newest one's message is `lastError`. */
  errors: number
  lastError: string | undefined
}

export class UdpSocket {
  readonly counters: UdpCounters = {
    datagramsIn: 0,
    datagramsOut: 0,
    dropped: 0,
    errors: 0,
    lastError: undefined,
  }
  readonly #socket: Socket
  #waiting: Datagram[] = []
  #arrival: (() => void) | undefined
  #isClosed = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', (octets, { address, port }) => {
      if (this.#waiting.length >= WAITING_MAX) {
        this.counters.dropped += 1
        return
      }
      this.counters.datagramsIn += 1
      // Each datagram has memory of its own; only the Buffer's other methods stay behind.
      const own = new Uint8Array(octets.buffer, octets.byteOffset, octets.length)
      this.#waiting.push({ octets: own, from: { host: address, port } })
      this.#wake()
    })
    socket.on('error', error => this.#note(error))
  }

  /** Port 0 lets the system choose; see `localPort`. Rejects if the port is taken. */
  static async open({ host, port }: Address): Promise<UdpSocket> {
    const socket = createSocket({
      type: isIPv6(host) ? 'udp6' : 'udp4',
      recvBufferSize: BUFFER_OCTETS,
      sendBufferSize: BUFFER_OCTETS,
    })
    socket.bind(port, host)
    await once(socket, 'listening')
    return new UdpSocket(socket)
  }

  get localPort(): number {
    return this.#socket.address().port
  }

  /** All that waits at a time; ends on close(). One reader. */
  async *received(): AsyncIterable<readonly Datagram[]> {
    for (;;) {
      const waiting = this.#waiting
      if (waiting.length > 0) {
        this.#waiting = []
        yield waiting
      } else if (this.#isClosed) return
      else
        await new Promise<void>(resolve => {
          this.#arrival = resolve
        })
    }
  }

  /**
   * Resolves when the system has the octets, borrowed until then. What it does not take is counted, and lost
   * as on the way.
   */
  send(octets: Uint8Array, { host, port }: Address): Promise<void> {
    return new Promise(resolve => {
      if (this.#isClosed) return resolve()
      this.#socket.send(octets, port, host, error => {
        if (error === null) this.counters.datagramsOut += 1
        else this.#note(error)
        resolve()
      })
    })
  }

  /** Twice is once. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#wake()
    this.#socket.close()
    await once(this.#socket, 'close')
  }

  #note(error: Error): void {
    this.counters.errors += 1
    this.counters.lastError = error.message
  }

  #wake(): void {
    this.#arrival?.()
    this.#arrival = undefined
  }
}

/** The numeric address of a host. Rejects if there is none. */
export async function addressOf(host: string, port: number): Promise<Address> {
  const { address } = await lookup(host)
  return { host: address, port }
}

/** Datagrams that wait for the reader; what comes beyond is dropped, as the system does. */
const WAITING_MAX = 8_192
/** What is asked of the system; it may give less. */
const BUFFER_OCTETS = 4 * 1_048_576
