/**
 * Transfers on an I2C bus, as octets on a line: what a bridge between the two carries. Ours, for emulated buses and for
 * whoever writes a bridge; no chip speaks it.
 *
 *     to the bus     | tag 1 | address 1 | read 2 | written 2 | octets that are written |
 *     from the bus   | tag 1 | status 1  | read 2 |             octets that were read   |   status 0: done
 *
 * The tag of an answer is that of its transfer, so that one that is lost or comes twice is known as such. Transfers are
 * done in the order in which they come. An address above those of I2C, which has 7 bits, is an SPI device: what is
 * written goes to it, and nothing is read.
 */

/** The address of the one SPI device. */
export const SPI_ADDRESS = 0x80

export interface Transfer {
  readonly tag: number
  readonly address: number
  readonly write: Uint8Array
  /** Octets to be read behind it. */
  readonly read: number
}

export interface TransferAnswer {
  readonly tag: number
  readonly isDone: boolean
  /** Its own. */
  readonly octets: Uint8Array
}

export function encodeTransfer({ tag, address, write, read }: Transfer): Uint8Array {
  const octets = new Uint8Array(6 + write.length)
  const view = new DataView(octets.buffer)
  octets.set([tag, address])
  view.setUint16(2, read)
  view.setUint16(4, write.length)
  octets.set(write, 6)
  return octets
}

export function encodeTransferAnswer({ tag, isDone, octets }: TransferAnswer): Uint8Array {
  const out = new Uint8Array(4 + octets.length)
  out.set([tag, isDone ? 0 : 1])
  new DataView(out.buffer).setUint16(2, octets.length)
  out.set(octets, 4)
  return out
}

/** Whole messages out of a line; `headOctets` of each, the last two of which are the length of the rest. */
export class BusDecoder<Message> {
  readonly #headOctets: number
  readonly #read: (head: DataView, octets: Uint8Array) => Message
  #kept: Uint8Array = new Uint8Array(0)

  constructor(headOctets: number, read: (head: DataView, octets: Uint8Array) => Message) {
    this.#headOctets = headOctets
    this.#read = read
  }

  *push(octets: Uint8Array): IterableIterator<Message> {
    const all = new Uint8Array(this.#kept.length + octets.length)
    all.set(this.#kept)
    all.set(octets, this.#kept.length)
    const view = new DataView(all.buffer)
    let at = 0
    while (at + this.#headOctets <= all.length) {
      const start = at + this.#headOctets
      const end = start + view.getUint16(start - 2)
      if (end > all.length) break
      yield this.#read(new DataView(all.buffer, at, this.#headOctets), all.slice(start, end))
      at = end
    }
    this.#kept = all.slice(at)
  }

  reset(): void {
    this.#kept = new Uint8Array(0)
  }
}

export function transferDecoder(): BusDecoder<Transfer> {
  return new BusDecoder(6, (head, write) => ({
    tag: head.getUint8(0),
    address: head.getUint8(1),
    read: head.getUint16(2),
    write,
  }))
}

export function transferAnswerDecoder(): BusDecoder<TransferAnswer> {
  return new BusDecoder(4, (head, octets) => ({
    tag: head.getUint8(0),
    isDone: head.getUint8(1) === 0,
    octets,
  }))
}
