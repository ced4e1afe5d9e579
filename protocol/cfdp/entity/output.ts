/** Where the parts of an entity leave their effects and indications, in order, and what they count. */
import { CONDITION } from '../condition.ts'
import type { TransactionId } from '../pdu/pdu.ts'
import { faultName, newCounters } from './counters.ts'
import type { EntityEffect, Indication } from './events.ts'

export interface Fault {
  readonly condition: number
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

  /** Fault.indication. No fault, and a cancellation that somebody asked for, are none. */
  fault(id: TransactionId, { condition, progress, why }: Fault): void {
    if (condition === CONDITION.noError || condition === CONDITION.cancelRequestReceived) return
    const name = faultName(condition)
    if (name !== undefined) this.counters.fault[name] += 1
    this.tell({ kind: 'fault', id, condition, progress, why })
  }

  drain(): readonly EntityEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }
}
