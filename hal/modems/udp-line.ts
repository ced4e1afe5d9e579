/** Datagrams to and from one place, as the line of a driver. */
import type { ModemCounters, SendOutcome } from '../ports.ts'
import { type Address, addressOf, UdpSocket } from '../udp.ts'
import type { HostLine } from './driver.ts'

export interface UdpPlace {
  /** Where datagrams go; undefined: to whom the newest one came from. */
  readonly to: { readonly host: string; readonly port: number } | undefined
  /** Where they come; port 0 lets the system choose. */
  readonly listen: Address
}

/** The line of an emulated modem, and the free port where its driver is to listen. */
export async function udpPair(
  host: string,
  port: number,
): Promise<{ readonly line: UdpLine; readonly listen: number }> {
  const free = await UdpSocket.open({ host, port: 0 })
  const listen = free.localPort
  // Let go last: else the line could be given this very port.
  const line = await UdpLine.open({ to: { host, port: listen }, listen: { host, port } })
  await free.close()
  return { line, listen }
}

export class UdpLine implements HostLine {
  readonly #socket: UdpSocket
  #to: Address | undefined
  #octetsIn = 0
  #octetsOut = 0
  #isOpen = true

  private constructor(socket: UdpSocket, to: Address | undefined) {
    this.#socket = socket
    this.#to = to
  }

  /** Rejects if the port is taken, or the host has no address. */
  static async open({ to, listen }: UdpPlace): Promise<UdpLine> {
    const address = to && (await addressOf(to.host, to.port))
    return new UdpLine(await UdpSocket.open(listen), address)
  }

  get localPort(): number {
    return this.#socket.localPort
  }

  async *received(): AsyncIterable<Uint8Array> {
    for await (const datagrams of this.#socket.received())
      for (const { octets, from } of datagrams) {
        this.#octetsIn += octets.length
        this.#to ??= from
        yield octets
      }
  }

  async send(octets: Uint8Array): Promise<SendOutcome> {
    if (this.#to === undefined) return 'unknown'
    await this.#socket.send(octets, this.#to)
    this.#octetsOut += octets.length
    return 'accepted'
  }

  /** Nobody can tell whether somebody listens. */
  watch(watcher: (isThere: boolean) => void): void {
    watcher(true)
  }

  get counters(): ModemCounters {
    const { errors, lastError } = this.#socket.counters
    const isOpen = this.#isOpen
    const [octetsIn, octetsOut] = [this.#octetsIn, this.#octetsOut]
    return { octetsIn, octetsOut, opens: 1, errors, lastError, isOpen }
  }

  async close(): Promise<void> {
    this.#isOpen = false
    await this.#socket.close()
  }
}
