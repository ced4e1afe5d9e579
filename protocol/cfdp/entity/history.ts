/** The transactions of one peer that are over: what comes late is answered from here, and touches no file. */
import type { Unsigned } from '../../octets/reader.ts'
import type { Eof, Finished } from '../pdu/pdu.ts'

export interface Ended {
  readonly condition: number
  readonly finished: Finished | undefined
  /** What the sender said of the file, where this is a reception. */
  readonly eof: Eof | undefined
}

export class History {
  readonly #max: number
  /** By sequence number, the oldest end first. */
  readonly #ended = new Map<Unsigned, Ended>()

  constructor(max: number) {
    this.#max = max
  }

  find(sequence: Unsigned): Ended | undefined {
    return this.#ended.get(sequence)
  }

  add(sequence: Unsigned, ended: Ended): void {
    this.#ended.set(sequence, ended)
    if (this.#ended.size <= this.#max) return
    const [oldest] = this.#ended.keys()
    this.#ended.delete(oldest as Unsigned)
  }
}
