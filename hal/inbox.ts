/** Where inputs wait for their machine: posted from anywhere, taken by the one loop. */

export class Inbox<Input> {
  #inputs: Input[] = []
  #first = 0
  #arrival: (() => void) | undefined
  #room: (() => void)[] = []

  get length(): number {
    return this.#inputs.length - this.#first
  }

  post(input: Input): void {
    this.#inputs.push(input)
    this.wake()
  }

  /** Before all others: they must not be heard without it. */
  postFirst(input: Input): void {
    this.#inputs.splice(this.#first, 0, input)
    this.wake()
  }

  /** The oldest input, or undefined if none waits. */
  take(): Input | undefined {
    if (this.length === 0) return undefined
    const input = this.#inputs[this.#first] as Input
    this.#first += 1
    if (this.#first >= FORGET_AFTER || this.length === 0) {
      this.#inputs = this.#inputs.slice(this.#first)
      this.#first = 0
    }
    for (const resolve of this.#room.splice(0)) resolve()
    return input
  }

  /**
   * Resolves when an input waits, or at wake(). One taker: a later call takes the place of an earlier one, whose
   * promise then stays as it is, so that years of waiting leave nothing behind.
   */
  arrival(): Promise<void> {
    if (this.length > 0) return Promise.resolve()
    return new Promise(resolve => {
      this.#arrival = resolve
    })
  }

  /** Lets the taker look, though nothing may be there. */
  wake(): void {
    this.#arrival?.()
    this.#arrival = undefined
  }

  /** Resolves when fewer than `count` inputs wait. */
  async below(count: number): Promise<void> {
    while (this.length >= count) await new Promise<void>(resolve => this.#room.push(resolve))
  }
}

/**
 * Posts what a source yields, and stops reading while `highWater` inputs wait: the source then holds its
 * sender back. Ends with the source.
 */
export async function pump<Item, Input>(
  source: AsyncIterable<Item>,
  inbox: Inbox<Input>,
  toInput: (item: Item) => Input,
  highWater: number,
): Promise<void> {
  for await (const item of source) {
    inbox.post(toInput(item))
    await inbox.below(highWater)
  }
}

/** Inputs taken before the array is cut: rare enough to cost nothing, soon enough to keep no memory. */
const FORGET_AFTER = 1_024
