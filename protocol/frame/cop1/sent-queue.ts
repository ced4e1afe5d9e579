/**
 * The Sent_Queue of FOP-1: frames of type AD that were sent and are not acknowledged, with their numbers, modulo
 * 256. CCSDS 232.1-B-2, 5.1.4.
 */
export interface SentFrame<Fdu> {
  readonly sequence: number
  readonly fdu: Fdu
  toBeSent: boolean
}

export class SentQueue<Fdu> {
  #frames: SentFrame<Fdu>[] = []
  #next = 0
  #oldest = 0

  /** V(S): the number of the next frame. */
  get next(): number {
    return this.#next
  }

  /** NN(R): the number of the oldest frame; V(S) where there is none. */
  get oldest(): number {
    return this.#oldest
  }

  get length(): number {
    return this.#frames.length
  }

  /** The oldest that is to be sent again. */
  get again(): SentFrame<Fdu> | undefined {
    return this.#frames.find(frame => frame.toBeSent)
  }

  put(fdu: Fdu): SentFrame<Fdu> {
    const frame = { sequence: this.#next, fdu, toBeSent: false }
    this.#frames.push(frame)
    this.#next = (this.#next + 1) & 255
    return frame
  }

  sendAllAgain(): void {
    for (const frame of this.#frames) frame.toBeSent = true
  }

  /** Takes those before `report` off, and answers what they carried. */
  acknowledge(report: number): Fdu[] {
    const count = (report - this.#oldest) & 255
    this.#oldest = report
    return this.#frames.splice(0, count).map(({ fdu }) => fdu)
  }

  /** Forgets all, and answers what they carried. V(S) stays, so NN(R) follows it. */
  purge(): Fdu[] {
    return this.acknowledge(this.#next)
  }

  /** Where there is no frame: the numbers go on from here. */
  restart(sequence: number): void {
    this.#next = sequence
    this.#oldest = sequence
  }
}
