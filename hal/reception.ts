/** What was heard and not read yet. One reader. */

export class Reception implements AsyncIterable<Uint8Array> {
  readonly #resume: () => void
  #chunks: Uint8Array[] = []
  #octets = 0
  #hasEnded = false
  #arrival: (() => void) | undefined

  /** @param resume is called when it is full no longer */
  constructor(resume: () => void) {
    this.#resume = resume
  }

  /** Time to stop hearing: the reader is slow. */
  get isFull(): boolean {
    return this.#octets >= FULL_OCTETS
  }

  push(octets: Uint8Array): void {
    if (this.#hasEnded || octets.length === 0) return
    this.#chunks.push(octets)
    this.#octets += octets.length
    this.#wake()
  }

  /** No more will come; what is there can still be read. */
  end(): void {
    this.#hasEnded = true
    this.#wake()
  }

  /** Everything that waits, in one piece a turn: small pieces that pile up are joined. */
  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for (;;) {
      if (this.#chunks.length > 0) yield this.#take()
      else if (this.#hasEnded) return
      else
        await new Promise<void>(resolve => {
          this.#arrival = resolve
        })
    }
  }

  #take(): Uint8Array {
    const wasFull = this.isFull
    const first = this.#chunks[0] as Uint8Array
    const chunk = this.#chunks.length === 1 ? first : joined(this.#chunks, this.#octets)
    this.#chunks = []
    this.#octets = 0
    if (wasFull) this.#resume()
    return chunk
  }

  #wake(): void {
    this.#arrival?.()
    this.#arrival = undefined
  }
}

function joined(chunks: readonly Uint8Array[], octets: number): Uint8Array {
  const whole = new Uint8Array(octets)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

/** Half a second at 1 Mbit/s: beyond it the line is held back. */
const FULL_OCTETS = 64 * 1024
