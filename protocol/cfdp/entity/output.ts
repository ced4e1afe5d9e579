/** Where the parts of an entity leave their effects and indications, in order, and what they count. */
import type { FaultHandler } from '../fault-handlers.ts'
import type { TransactionId } from '../pdu/pdu.ts'
import { countFault, newCounters } from './counters.ts'
import type { EntityEffect } from './events.ts'
import type { Indication } from './indications.ts'

export interface Fault {
  readonly condition: number
  readonly handler: FaultHandler
  readonly progress: number
  readonly why?: string | undefined
}

export class Output {
  readonly counters = newCounters()
  #effects: EntityEffect[] = []

  push(effect: EntityEffect): void {
    this.#effects.push(effect)
  }

  tell(indication: Indication): void {
    this.#effects.push({ kind: 'indication', indication })
  }

  /** Fault.indication. */
  fault(id: TransactionId, { condition, handler, progress, why }: Fault): void {
    countFault(this.counters, condition)
    this.tell({ kind: 'fault', id, condition, handler, progress, why })
  }

  drain(): readonly EntityEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }
}
