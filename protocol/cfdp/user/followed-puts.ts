/**
 * Puts that an operation makes, each followed from its request to its end. Their tokens are negative, so that they
 * are nobody else's.
 */
import type { Instant } from '../../machine.ts'
import type { EntityInput, PutRequest } from '../entity/events.ts'
import type { Indication } from '../entity/indications.ts'
import type { TransactionId } from '../pdu/pdu.ts'

export type Ended = Extract<Indication, { kind: 'transaction-finished' }>

/** Whoever made a put. Exactly one of refused() and ended() is called, once. */
export interface Follower {
  opened(id: TransactionId): void
  /** There is no transaction. */
  refused(why: string): void
  ended(ended: Ended, now: Instant): void
}

export class FollowedPuts {
  /** Of puts that have no transaction yet. */
  readonly #waiting = new Map<number, Follower>()
  readonly #open = new Map<string, Follower>()
  readonly #tell: (input: EntityInput) => void
  #token = 0

  /** `tell` brings an input to the entity. */
  constructor(tell: (input: EntityInput) => void) {
    this.#tell = tell
  }

  /** Answers its token. */
  put(request: PutRequest, follower: Follower): number {
    this.#token -= 1
    this.#waiting.set(this.#token, follower)
    this.#tell({ kind: 'put', token: this.#token, request })
    return this.#token
  }

  hear(indication: Indication, now: Instant): void {
    if (indication.kind === 'transaction') this.#opened(indication.token, indication.id)
    else if (indication.kind === 'put refused')
      this.#take(indication.token)?.refused(indication.why)
    else if (indication.kind === 'transaction-finished') {
      const key = keyOf(indication.id)
      const follower = this.#open.get(key)
      this.#open.delete(key)
      follower?.ended(indication, now)
    }
  }

  #opened(token: number, id: TransactionId): void {
    const follower = this.#take(token)
    if (follower === undefined) return
    this.#open.set(keyOf(id), follower)
    follower.opened(id)
  }

  #take(token: number): Follower | undefined {
    const follower = this.#waiting.get(token)
    this.#waiting.delete(token)
    return follower
  }
}

export function keyOf({ source, sequence }: TransactionId): string {
  return `${source}-${sequence}`
}
