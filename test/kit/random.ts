/** Chance for tests: the same numbers for the same seed. A test that fails names the seed, and the seed shows it again. */
import { Chance } from '../../hal/sim/random.ts'

export class Random extends Chance {
  constructor(seed: number) {
    // A stream that no channel has: what a test draws is not what its line draws.
    super(seed, -1)
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
