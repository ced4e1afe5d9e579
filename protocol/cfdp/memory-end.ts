/**
 * One end of a link with its files in memory: an entity, and an owner that does at once what it asks. Whoever has
 * a link, or another such end, carries the PDUs:
 *
 *     to.receive({ kind: 'pdu', octets: from.next(1_200, now).octets }, now)
 */
import type { Instant } from '../machine.ts'
import type { EntityInput } from './entity/events.ts'
import type { Indication } from './entity/indications.ts'
import { MemoryFiles } from './entity/memory-files.ts'
import type { CfdpEntity, OutgoingPdu } from './entity.ts'

export class MemoryEnd {
  readonly entity: CfdpEntity
  readonly #files = new MemoryFiles()
  #indications: Indication[] = []

  constructor(entity: CfdpEntity) {
    this.entity = entity
  }

  /** Files to send, and those that were received, by name. */
  get files(): Map<string, Uint8Array> {
    return this.#files.whole
  }

  /** When tick() is due. */
  get deadline(): Instant | undefined {
    return this.entity.deadline
  }

  receive(input: EntityInput, now: Instant): void {
    this.entity.receive(input, now)
    this.#settle(now)
  }

  tick(now: Instant): void {
    this.entity.tick(now)
    this.#settle(now)
  }

  /** The next PDU, of at most `roomOctets`, borrowed until it is asked again. */
  next(roomOctets: number, now: Instant): OutgoingPdu | undefined {
    const pdu = this.entity.next(roomOctets, now)
    // Of a file that was not read yet there is none, but now it is read.
    if (!this.#settle(now) || pdu !== undefined) return pdu
    return this.next(roomOctets, now)
  }

  /** What the user was told since the last call, oldest first. */
  drain(): readonly Indication[] {
    const indications = this.#indications
    if (indications.length > 0) this.#indications = []
    return indications
  }

  /** Answers whether there was anything to do. */
  #settle(now: Instant): boolean {
    const effects = this.entity.drain()
    if (effects.length === 0) return false
    for (const effect of effects) {
      if (effect.kind === 'indication') this.#indications.push(effect.indication)
      const answer = this.#files.perform(effect)
      if (answer !== undefined) this.entity.receive(answer, now)
    }
    this.#settle(now)
    return true
  }
}
