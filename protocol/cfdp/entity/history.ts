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
  /** Filestore responses that are kept with them, to be said again. */
  #responses = 0

  constructor(max: number) {
    this.#max = max
  }

  find(sequence: Unsigned): Ended | undefined {
    return this.#ended.get(sequence)
  }

  add(sequence: Unsigned, ended: Ended): void {
    this.#ended.set(sequence, ended)
    this.#responses += responsesOf(ended)
    for (const [oldest, end] of this.#ended) {
      if (this.#ended.size <= this.#max && this.#responses <= RESPONSES_MAX) return
      this.#ended.delete(oldest)
      this.#responses -= responsesOf(end)
    }
  }
}

function responsesOf({ finished }: Ended): number {
  return finished?.filestoreResponses.length ?? 0
}

/** Each has up to 255 octets: as many as 64 transactions may have, or as very many have with few. */
const RESPONSES_MAX = 4_096
