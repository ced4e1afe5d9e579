/**
 * Numbers that look random and are the same for the same seed on every machine: xoshiro128** with its
 * state filled by splitmix32. A test that fails names the seed, and the seed shows it again.
 */
export class Random {
  readonly #state = new Uint32Array(4)

  constructor(seed: number) {
    for (let i = 0; i < 4; i++) {
      const sum = (seed + Math.imul(i + 1, 0x9e3779b9)) >>> 0
      const once = Math.imul(sum ^ (sum >>> 16), 0x21f0aaad)
      const twice = Math.imul(once ^ (once >>> 15), 0x735a2d97)
      this.#state[i] = twice ^ (twice >>> 15)
    }
    // All four zero is the one state that never leaves itself.
    if (this.#state.every(word => word === 0)) this.#state[0] = 1
  }

  /** 32 bits, as a number from 0 to 2^32 - 1. */
  word(): number {
    const state = this.#state
    const second = state[1] as number
    const shifted = second << 9
    const answer = Math.imul(turn(Math.imul(second, 5), 7), 9) >>> 0
    state[2] = (state[2] as number) ^ (state[0] as number)
    state[3] = (state[3] as number) ^ second
    state[1] = second ^ state[2]
    state[0] = (state[0] as number) ^ state[3]
    state[2] ^= shifted
    state[3] = turn(state[3], 11)
    return answer
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    return this.word() / 0x1_0000_0000
  }

  /** A whole number from 0 to n - 1. */
  below(n: number): number {
    return Math.floor(this.next() * n)
  }

  octets(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => this.word() >>> 24)
  }

  /** `n` different whole numbers from 0 to `end` - 1, in no order. */
  places(n: number, end: number): number[] {
    const places = Array.from({ length: end }, (_, place) => place)
    for (let i = 0; i < n; i++) {
      const other = i + this.below(end - i)
      const place = places[i] as number
      places[i] = places[other] as number
      places[other] = place
    }
    return places.slice(0, n)
  }
}

function turn(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
