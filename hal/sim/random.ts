/**
 * Chance with a seed: the same numbers on every machine, so that a bad pass can be flown again. xoshiro128**,
 * its state filled by splitmix32. A channel has one of these per kind of harm; so what one kind draws does not
 * move where another one strikes.
 */
export class Chance {
  readonly #state = new Uint32Array(4)

  /** @param stream tells apart sources that share a seed */
  constructor(seed: number, stream = 0) {
    const start = (seed ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0
    for (let i = 0; i < 4; i++) {
      const sum = (start + Math.imul(i + 1, 0x9e3779b9)) >>> 0
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

  /** How many trials fail before the next one hits, each with the chance `p`; Infinity where p is 0. */
  gap(p: number): number {
    if (p <= 0) return Infinity
    if (p >= 1) return 0
    return Math.floor(Math.log(1 - this.next()) / Math.log1p(-p))
  }

  /** A waiting time with this mean: what lies between events that know nothing of each other. */
  wait(mean: number): number {
    return -mean * Math.log(1 - this.next())
  }
}

function turn(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
