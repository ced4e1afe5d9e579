/**
 * A downlink policy with what operators hold taken out of it: the octets of suspended files, or, frozen, all PDUs
 * of files. Directives of a suspended file go: the ground may have something to hear of it.
 */
import type { Role } from '../../protocol/plan/plan.ts'
import type { DownlinkPolicy, Work } from './policy.ts'

export class Holds implements DownlinkPolicy {
  isFrozen: boolean
  #repeats: boolean
  readonly #policy: DownlinkPolicy
  readonly #works = new Map<number, Work>()
  readonly #suspended: Set<number>

  /** `repeats`: what was sent and not answered may go once more. */
  constructor(
    policy: DownlinkPolicy,
    held: { readonly frozen: boolean; readonly suspended: Iterable<number> },
    repeats: boolean,
  ) {
    this.#policy = policy
    this.isFrozen = held.frozen
    this.#suspended = new Set(held.suspended)
    this.#repeats = repeats
  }

  set repeats(repeats: boolean) {
    this.#repeats = repeats
    for (const sequence of this.#works.keys()) this.#sort(sequence)
  }

  get suspended(): ReadonlySet<number> {
    return this.#suspended
  }

  suspend(sequence: number): void {
    this.#suspended.add(sequence)
    this.#sort(sequence)
  }

  resume(sequence: number): void {
    this.#suspended.delete(sequence)
    this.#sort(sequence)
  }

  put(work: Work): void {
    this.#works.set(work.rank.sequence, work)
    this.#sort(work.rank.sequence)
  }

  drop(sequence: number): void {
    this.#works.delete(sequence)
    this.#policy.drop(sequence)
  }

  hear(role: Role): void {
    this.#policy.hear(role)
  }

  candidate(nth: number): number | undefined {
    return this.isFrozen ? undefined : this.#policy.candidate(nth)
  }

  #sort(sequence: number): void {
    const work = this.#works.get(sequence)
    if (work === undefined) return
    const isHeld = this.#suspended.has(sequence) && work.due !== 'directive'
    if (isHeld || (work.due === 'waiting' && !this.#repeats)) this.#policy.drop(sequence)
    else this.#policy.put(work)
  }
}
