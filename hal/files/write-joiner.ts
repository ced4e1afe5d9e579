/** Joins writes that follow each other in one file: a system call for each segment would cost more than the rest. */
import type { TransactionId } from '../../protocol/cfdp/pdu/pdu.ts'

export class WriteJoiner {
  readonly #write: (id: TransactionId, offset: number, octets: Uint8Array) => Promise<void>
  #id: TransactionId | undefined
  #start = 0
  #end = 0
  #parts: Uint8Array[] = []

  constructor(write: (id: TransactionId, offset: number, octets: Uint8Array) => Promise<void>) {
    this.#write = write
  }

  /** Takes octets, borrowed until flush(). */
  async add(id: TransactionId, offset: number, octets: Uint8Array): Promise<void> {
    const isNext =
      this.#id?.sequence === id.sequence && this.#id.source === id.source && this.#end === offset
    if (!isNext || this.#end - this.#start >= JOINED_OCTETS) await this.flush()
    if (this.#parts.length === 0) {
      this.#id = id
      this.#start = offset
    }
    this.#parts.push(octets)
    this.#end = offset + octets.length
  }

  async flush(): Promise<void> {
    const parts = this.#parts
    const first = parts[0]
    if (first === undefined) return
    this.#parts = []
    const octets = parts.length === 1 ? first : Buffer.concat(parts)
    await this.#write(this.#id as TransactionId, this.#start, octets)
  }
}

const JOINED_OCTETS = 256 * 1_024
