/**
 * What is kept of a journal that is set aside: no number that was used is used again, of files, of commands and of
 * the security of the uplink, and no file that came up comes up again. Nothing else of it counts: any of it may be what made the process die.
 */

import { Ledger } from '../../protocol/cfdp/journaled/ledger.ts'
import { receptionId } from '../../protocol/cfdp/journaled/records.ts'
import { bufferRecord } from '../buffer/records.ts'
import type { SpacecraftRecord } from '../events.ts'
import { acceptedRecord } from '../uplink/accepted.ts'
import { CLOSED_MAX } from '../uplink/uploads.ts'
import { commandState } from './commander.ts'

export function salvage(records: readonly unknown[]): readonly SpacecraftRecord[] {
  const accepted = records.flatMap(value => acceptedRecord(value) ?? [])
  const next = records.reduce<number>((most, value) => Math.max(most, firstFree(value)), 0)
  const { counter, accepted: done, rejected } = commandState(records)
  const { last: _last, refusal: _refusal, ...fresh } = commandState([])
  return [
    ...accepted,
    ...(next > 0 ? [{ kind: 'next', sequence: next } as const] : []),
    { ...fresh, counter, accepted: done, rejected },
    ...outcomes(records).snapshot(),
  ]
}

/** Files that came up and ended, whether the ground knows or not. */
function outcomes(records: readonly unknown[]): Ledger {
  const ledger = new Ledger(records, CLOSED_MAX)
  for (const { header, eof, finished } of ledger.takeKnown()) {
    if (eof === undefined || finished === undefined) continue
    const { condition } = finished
    const { fileSize, checksum } = eof
    ledger.close(receptionId(header), { condition, octets: Number(fileSize), checksum })
  }
  return ledger
}

/** The first sequence number that is free, as far as this record knows. */
function firstFree(value: unknown): number {
  const record = bufferRecord(value)
  if (record === undefined) return 0
  return record.kind === 'next' ? record.sequence : record.sequence + 1
}
