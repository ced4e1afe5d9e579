/** Works in order. It is looked through from its front, and changed anywhere by halving. */

export class Lane<Work> {
  readonly #compare: (one: Work, other: Work) => number
  #works: Work[] = []

  /** `compare` tells any two works apart. */
  constructor(compare: (one: Work, other: Work) => number) {
    this.#compare = compare
  }

  get length(): number {
    return this.#works.length
  }

  at(index: number): Work | undefined {
    return this.#works[index]
  }

  add(work: Work): void {
    const { length } = this.#works
    const last = this.#works[length - 1]
    // The usual case: what comes last goes last.
    if (last === undefined || this.#compare(last, work) < 0) this.#works.push(work)
    else this.#works.splice(this.#placeOf(work), 0, work)
  }

  /** Takes out a work that is in it. */
  delete(work: Work): void {
    const place = this.#placeOf(work)
    if (place === 0) this.#works.shift()
    else this.#works.splice(place, 1)
  }

  /** How many of them go before `work`. */
  #placeOf(work: Work): number {
    let low = 0
    let high = this.#works.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(this.#works[middle] as Work, work) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
