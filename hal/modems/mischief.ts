/** What a misbehaving modem does and when: drawn from a seed, and counted. */
import { Chance } from '../sim/random.ts'
import { MISBEHAVIOURS, type Misbehaviour } from './emulator.ts'

export class Mischief {
  readonly #kinds: ReadonlySet<Misbehaviour>
  readonly #chances: ReadonlyMap<Misbehaviour, Chance>
  readonly counters: Partial<Record<Misbehaviour, number>> = {}

  constructor(kinds: Iterable<Misbehaviour> = [], seed = 1) {
    this.#kinds = new Set(kinds)
    this.#chances = new Map(MISBEHAVIOURS.map((kind, stream) => [kind, new Chance(seed, stream)]))
    for (const kind of this.#kinds) this.counters[kind] = 0
  }

  /** Whether it does `kind` this time, of which there are so many between two. If so it counts. */
  strikes(kind: Misbehaviour, oneIn: number): boolean {
    if (!this.#kinds.has(kind) || this.#chance(kind).next() * oneIn >= 1) return false
    this.count(kind)
    return true
  }

  /** How many octets pass until it does `kind`, with a mean of `octets`; Infinity: it never does. */
  gap(kind: Misbehaviour, octets: number): number {
    return this.#kinds.has(kind) ? Math.ceil(this.#chance(kind).wait(octets)) : Infinity
  }

  count(kind: Misbehaviour): void {
    this.counters[kind] = (this.counters[kind] ?? 0) + 1
  }

  /** `count` octets of nothing. */
  noise(kind: Misbehaviour, count: number): Uint8Array {
    const chance = this.#chance(kind)
    return Uint8Array.from({ length: count }, () => chance.word() >>> 24)
  }

  #chance(kind: Misbehaviour): Chance {
    return this.#chances.get(kind) as Chance
  }
}
