/**
 * What the journal says: the receptions under way, and the transactions that are over. A late PDU of a finished
 * transaction never opens it again, and the sender that asks is told its outcome, but only if it asks about
 * the very same file: a sender that lost its memory may use a number twice.
 */

import { Spans } from '../../octets/spans.ts'
import { CONDITION } from '../condition.ts'
import type { Eof } from '../pdu/pdu.ts'
import type { Known } from './reception.ts'
import { type ReceptionId, type ReceptionRecord, receptionRecord } from './records.ts'

export interface Closed {
  readonly condition: number
  readonly octets: number
  readonly checksum: number
}

export class Ledger {
  readonly #known = new Map<ReceptionId, Known>()
  /** Oldest first; the oldest are forgotten. */
  readonly #closed = new Map<ReceptionId, Closed>()

  readonly #closedMax: number

  constructor(records: readonly unknown[], closedMax: number) {
    this.#closedMax = closedMax
    for (const value of records) {
      const record = receptionRecord(value)
      if (record !== undefined) this.#apply(record)
    }
  }

  /** The receptions that were under way when the journal ended. Read once, then let go. */
  takeKnown(): readonly Known[] {
    const known = [...this.#known.values()]
    this.#known.clear()
    return known
  }

  closed(id: ReceptionId): Closed | undefined {
    return this.#closed.get(id)
  }

  close(id: ReceptionId, closed: Closed): void {
    this.#closed.set(id, closed)
    for (const oldest of this.#closed.keys()) {
      if (this.#closed.size <= this.#closedMax) break
      this.#closed.delete(oldest)
    }
  }

  *snapshot(): IterableIterator<ReceptionRecord> {
    for (const [id, closed] of this.#closed) yield { kind: 'closed', id, ...closed }
  }

  #apply(record: ReceptionRecord): void {
    const { id } = record
    if (record.kind === 'closed') {
      this.#known.delete(id)
      const { condition, octets, checksum } = record
      this.close(id, { condition, octets, checksum })
      return
    }
    if (record.kind === 'opened') {
      if (!this.#known.has(id)) this.#known.set(id, { header: record.header, held: new Spans() })
      return
    }
    const known = this.#known.get(id)
    if (known !== undefined) learn(known, record)
  }
}

/** Whether an EOF speaks of the file that was closed. */
export function isSameFile(closed: Closed, eof: Eof): boolean {
  const isFailure = closed.condition !== CONDITION.noError
  return isFailure || (closed.octets === eof.fileSize && closed.checksum === eof.checksum)
}

function learn(
  known: Known,
  record: Exclude<ReceptionRecord, { kind: 'closed' | 'opened' }>,
): void {
  switch (record.kind) {
    case 'metadata':
      known.metadata = record.metadata
      break
    case 'eof':
      known.eof = record.eof
      break
    case 'held':
      for (let i = 0; i + 1 < record.spans.length; i += 2)
        known.held.add(record.spans[i] as number, record.spans[i + 1] as number)
      break
    case 'discarded':
      known.held.clear()
      break
    case 'delivering':
      known.delivering = true
      break
    case 'suspended':
    case 'resumed':
      known.suspended = record.kind === 'suspended'
      break
    case 'finished':
      known.finished = record.finished
      if (record.path !== undefined) known.path = record.path
      break
  }
}
