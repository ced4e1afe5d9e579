/**
 * Joins writes that follow each other in one file: a system call for each segment would cost more than the rest. They
 * are copied to the same octets again and again, so that none are left behind for the memory to be cleared of.
 */

/** Resolves when the disk has them; they are lent until then. */
export type Write<Id> = (id: Id, offset: number, octets: Uint8Array) => Promise<void>

export class WriteJoiner<Id> {
  readonly #write: Write<Id>
  readonly #isSame: (one: Id, other: Id) => boolean
  readonly #octetsMax: number
  #octets: Uint8Array | undefined
  #id: Id | undefined
  #start = 0
  #length = 0

  /** @param octetsMax joined at most; what is longer by itself is written by itself */
  constructor(write: Write<Id>, isSame: (one: Id, other: Id) => boolean, octetsMax: number) {
    this.#write = write
    this.#isSame = isSame
    this.#octetsMax = octetsMax
  }

  /** Whether nothing waits for flush(). */
  get isEmpty(): boolean {
    return this.#length === 0
  }

  /** Takes octets, borrowed until it resolves. Rejects when what waited before cannot be written. */
  async add(id: Id, offset: number, octets: Uint8Array): Promise<void> {
    if (!this.#continues(id, offset, octets.length)) await this.flush()
    if (octets.length >= this.#octetsMax) return this.#write(id, offset, octets)
    this.#octets ??= new Uint8Array(this.#octetsMax)
    if (this.#length === 0) {
      this.#id = id
      this.#start = offset
    }
    this.#octets.set(octets, this.#length)
    this.#length += octets.length
  }

  async flush(): Promise<void> {
    if (this.#length === 0) return
    const octets = (this.#octets as Uint8Array).subarray(0, this.#length)
    this.#length = 0
    await this.#write(this.#id as Id, this.#start, octets)
  }

  #continues(id: Id, offset: number, octets: number): boolean {
    return (
      this.#start + this.#length === offset &&
      this.#length + octets <= this.#octetsMax &&
      this.#id !== undefined &&
      this.#isSame(this.#id, id)
    )
  }
}
