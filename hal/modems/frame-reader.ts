/**
 * Finds frames in octets that may hold others: the next octet after one that no frame begins with is tried, so that a
 * modem that was cut off, or prints lines of text, costs the frames that it spoiled and no more.
 */

/** The frame at `at`; 'cut': it may be one, but its end is not here; undefined: none begins there. */
export type FindFrame<Frame> = (
  octets: Uint8Array,
  at: number,
) => { readonly frame: Frame; readonly end: number } | 'cut' | undefined

export class FrameReader<Frame> {
  /** Octets that belonged to no frame. */
  stray = 0
  readonly #find: FindFrame<Frame>
  #kept: Uint8Array = NONE

  constructor(find: FindFrame<Frame>) {
    this.#find = find
  }

  *push(octets: Uint8Array): IterableIterator<Frame> {
    const all = new Uint8Array(this.#kept.length + octets.length)
    all.set(this.#kept)
    all.set(octets, this.#kept.length)
    let at = 0
    while (at < all.length) {
      const found = this.#find(all, at)
      if (found === 'cut') break
      if (found === undefined) {
        this.stray += 1
        at += 1
      } else {
        yield found.frame
        at = found.end
      }
    }
    this.#kept = all.slice(at)
  }

  reset(): void {
    this.stray += this.#kept.length
    this.#kept = NONE
  }
}

const NONE = new Uint8Array(0)
