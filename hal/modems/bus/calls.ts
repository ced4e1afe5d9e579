/** Transfers that wait for their answers, each with what it is for. An answer that comes twice counts once. */
import { encodeTransfer, type Transfer, transferAnswerDecoder } from './transfer.ts'

export interface Answered<What> {
  readonly what: What
  /** False: the device did not take it, or is not there. */
  readonly isDone: boolean
  /** What was read, its own. */
  readonly octets: Uint8Array
}

export class BusCalls<What> {
  readonly events = { 'answers of the past': 0, 'transfers failed': 0 }
  readonly #decoder = transferAnswerDecoder()
  /** Tags go round: one that was never answered is forgotten when its tag comes again. */
  readonly #pending = new Map<number, What>()
  #tag = 0

  /** The octets that ask for it. */
  call(what: What, transfer: Omit<Transfer, 'tag'>): Uint8Array {
    this.#tag = (this.#tag + 1) & 0xff
    this.#pending.set(this.#tag, what)
    return encodeTransfer({ tag: this.#tag, ...transfer })
  }

  /** Nobody waits for answers to these any more. */
  forget(what: What): void {
    for (const [tag, pending] of this.#pending) if (pending === what) this.#pending.delete(tag)
  }

  *answers(octets: Uint8Array): IterableIterator<Answered<What>> {
    for (const { tag, isDone, octets: read } of this.#decoder.push(octets)) {
      const what = this.#pending.get(tag)
      this.#pending.delete(tag)
      if (what === undefined) this.events['answers of the past'] += 1
      else {
        if (!isDone) this.events['transfers failed'] += 1
        yield { what, isDone, octets: read }
      }
    }
  }

  reset(): void {
    this.#decoder.reset()
    this.#pending.clear()
  }
}
