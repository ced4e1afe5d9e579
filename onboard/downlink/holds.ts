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
  /** What was taken out. */
  readonly #held = new Map<number, Work>()
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
    for (const work of [...this.works()]) this.put(work)
  }

  get suspended(): ReadonlySet<number> {
    return this.#suspended
  }

  suspend(sequence: number): void {
    this.#suspended.add(sequence)
    this.#putAnew(sequence)
  }

  resume(sequence: number): void {
    this.#suspended.delete(sequence)
    this.#putAnew(sequence)
  }

  put(work: Work): void {
    const { sequence } = work.rank
    const isHeld = this.#suspended.has(sequence) && work.due !== 'directive'
    this.#held.delete(sequence)
    if (!isHeld && (work.due !== 'waiting' || this.#repeats)) return this.#policy.put(work)
    this.#policy.drop(sequence)
    this.#held.set(sequence, work)
  }

  drop(sequence: number): void {
    this.#held.delete(sequence)
    this.#policy.drop(sequence)
  }

  work(sequence: number): Work | undefined {
    return this.#held.get(sequence) ?? this.#policy.work(sequence)
  }

  *works(): IterableIterator<Work> {
    yield* this.#held.values()
    yield* this.#policy.works()
  }

  hear(role: Role): void {
    this.#policy.hear(role)
  }

  candidate(nth: number, aside?: boolean): number | undefined {
    return this.isFrozen ? undefined : this.#policy.candidate(nth, aside)
  }

  #putAnew(sequence: number): void {
    const work = this.work(sequence)
    if (work !== undefined) this.put(work)
  }
}
