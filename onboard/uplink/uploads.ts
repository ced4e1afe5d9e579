/** Files from the ground: taken as the ground takes those from here, and answered while the main station hears. */
import type { EntityCounters } from '../../protocol/cfdp/entity/counters.ts'
import type { ReceptionEffect } from '../../protocol/cfdp/journaled/events.ts'
import { Receptions } from '../../protocol/cfdp/journaled/receptions.ts'
import type { UploadSettings } from '../settings.ts'

export class Uploads {
  readonly receptions: Receptions
  /** Files that are whole and have their name, and files that ended otherwise, since the start. */
  readonly counters = { whole: 0, failed: 0 }

  constructor(
    settings: UploadSettings,
    counters: EntityCounters,
    push: (effect: ReceptionEffect) => void,
    records: readonly unknown[],
  ) {
    const { limits, filesMax: transactionsMax, octetsMax } = settings
    const bounds = {
      limits,
      transactionsMax,
      octetsMax,
      spansMax: SPANS_MAX,
      closedMax: CLOSED_MAX,
    }
    const follow = (effect: ReceptionEffect) => {
      push(effect)
      this.#count(effect)
    }
    this.receptions = new Receptions(bounds, counters, follow, records)
  }

  #count(effect: ReceptionEffect): void {
    if (effect.kind !== 'journal' || effect.record.kind !== 'closed') return
    if (effect.record.condition === 0) this.counters.whole += 1
    else this.counters.failed += 1
  }
}

/** Pieces in which the octets of one file may lie apart: 32 KiB of memory each way. */
const SPANS_MAX = 2_048
/** Transactions that are over and remembered one by one. */
export const CLOSED_MAX = 4_096
