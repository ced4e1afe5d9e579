/**
 * A log whose lines say which file and which contact they are about, in words that both ends have in common: the
 * transaction as CFDP identifies it, and the contact by when it begins in UTC, by the plan where it is in one.
 *
 *     {"time":..., "event":"transfer begins","transaction":"1-512","contact":"2026-11-22T10:00:00.000Z","sequence":512,...}
 */
import { formatUtcMs } from '../protocol/plan/utc.ts'
import type { Log, LogFields } from './log.ts'

export interface Subject {
  /** The entity that numbers the files of this end. */
  readonly entity: number | bigint
  /** The contact under way, by its beginning in milliseconds since 1970; undefined: there is none. */
  readonly contactMs: number | undefined
}

/** `subject` is asked at every line. A line may name the contact itself, as `contactMs`: one that has just ended. */
export function contactLog(log: Log, subject: () => Subject): Log {
  const about = (fields: LogFields = {}) => {
    const { entity, contactMs: current } = subject()
    const { contactMs = current, ...rest } = fields
    const { sequence, transaction } = rest
    return {
      ...(typeof sequence === 'number' && transaction === undefined
        ? { transaction: `${entity}-${sequence}` }
        : {}),
      ...(typeof contactMs === 'number' ? { contact: formatUtcMs(contactMs) } : {}),
      ...rest,
    }
  }
  return {
    debug: (event, fields) => log.debug(event, about(fields)),
    info: (event, fields) => log.info(event, about(fields)),
    warn: (event, fields) => log.warn(event, about(fields)),
    error: (event, fields) => log.error(event, about(fields)),
    writes: level => log.writes(level),
    close: () => log.close(),
  }
}
