/** A bad way between two UDP ports: datagrams are lost, doubled or overtaken, the same ones for the same seed. */
import { systemClock } from '../../hal/system-clock.ts'
import { type Address, UdpSocket } from '../../hal/udp.ts'
import { parsePdu } from '../../protocol/cfdp/pdu/codec.ts'
import { Random } from '../kit/random.ts'

export interface Harm {
  readonly seed: number
  /** Chances, of each datagram. */
  readonly loss: number
  readonly copies: number
  /** It waits, and others go before. */
  readonly late: number
  /** The first PDUs of these kinds are lost, as kindOf() names them. */
  readonly first?: readonly string[]
}

export const NO_HARM: Harm = { seed: 1, loss: 0, copies: 0, late: 0 }

export class Relay {
  readonly #near: UdpSocket
  readonly #far: UdpSocket
  readonly #harm: Harm
  readonly #end = new AbortController()
  /** Kinds of which the first one is still to be lost. */
  readonly #doomed: Set<string>
  /** What was carried from `near` to `far`, and back. */
  readonly #log: { readonly out: UdpSocket; readonly to: Address; readonly octets: Uint8Array }[] =
    []
  readonly counters = { carried: 0, lost: 0, copied: 0, late: 0 }

  private constructor(near: UdpSocket, far: UdpSocket, harm: Harm) {
    this.#near = near
    this.#far = far
    this.#harm = harm
    this.#doomed = new Set(harm.first)
  }

  /** Carries between `near` and `far`; each speaks to its own port of the relay. */
  static async open(harm: Harm, farPort: number = 0): Promise<Relay> {
    const host = '127.0.0.1'
    const [one, other] = [
      { host, port: 0 },
      { host, port: farPort },
    ]
    return new Relay(await UdpSocket.open(one), await UdpSocket.open(other), harm)
  }

  get nearPort(): number {
    return this.#near.localPort
  }

  get farPort(): number {
    return this.#far.localPort
  }

  carry(near: Address, far: Address): void {
    const { seed } = this.#harm
    void this.#forward(this.#near, this.#far, far, new Random(seed))
    void this.#forward(this.#far, this.#near, near, new Random(seed + 1_000_003))
  }

  /** All that was carried comes once more, late. */
  async replay(): Promise<void> {
    for (const { out, to, octets } of [...this.#log]) await out.send(octets, to)
  }

  async close(): Promise<void> {
    this.#end.abort()
    await Promise.all([this.#near.close(), this.#far.close()])
  }

  async #forward(from: UdpSocket, out: UdpSocket, to: Address, chance: Random): Promise<void> {
    const { loss, copies, late } = this.#harm
    const send = (octets: Uint8Array) => {
      this.counters.carried += 1
      this.#log.push({ out, to, octets })
      return out.send(octets, to)
    }
    for await (const datagrams of from.received())
      for (const { octets } of datagrams) {
        const [isLost, isCopied, isLate] = [loss, copies, late].map(p => chance.next() < p)
        if (isLost === true || this.#doomed.delete(kindOf(octets))) {
          this.counters.lost += 1
          continue
        }
        if (isCopied === true) {
          this.counters.copied += 1
          await send(octets)
        }
        if (isLate === true) {
          this.counters.late += 1
          void this.#later(() => send(octets))
        } else await send(octets)
      }
  }

  async #later(send: () => Promise<void>): Promise<void> {
    await systemClock.until(systemClock.now() + LATE_MS, this.#end.signal)
    await send()
  }
}

/** 'metadata', 'ack eof', 'ack finished', 'file data' and so on. */
function kindOf(octets: Uint8Array): string {
  const pdu = parsePdu(octets)
  if (pdu.kind === 'malformed') return pdu.kind
  return pdu.body.kind === 'ack' ? `ack ${pdu.body.of}` : pdu.body.kind
}

const LATE_MS = 8
