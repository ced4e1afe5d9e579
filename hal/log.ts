/** The log: one JSON object a line, written before the call returns, so that a crash loses no line. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { formatUtcMs } from '../protocol/plan/utc.ts'
import type { Clock } from './ports.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type LogFields = Readonly<Record<string, unknown>>

export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
  /** Whether lines of this level are written: to spare the work of making fields that nobody reads. */
  writes(level: LogLevel): boolean
  close(): void
}

/**
 * `time` is UTC, which may step; `ms` is the clock that does not. It is not written by Date: toISOString() loads the names
 * of time zones, 1 MB of them.
 *
 *     {"time":"2026-11-22T03:29:24.001Z","ms":12.25,"level":"info","event":"delivered","octets":4096}
 *
 * A line that cannot be written is dropped, and the next one that can says how many were. Never throws.
 * @param to a path to append to, or a file descriptor: 1 is standard output, 2 standard error
 */
export function openLog(to: string | number, clock: Clock, least: LogLevel = 'info'): Log {
  const fd = typeof to === 'number' ? to : openSync(to, 'a', 0o640)
  const writes = (level: LogLevel) => LEVELS.indexOf(level) >= LEVELS.indexOf(least)
  let dropped = 0
  const write = (level: LogLevel, event: string, fields: LogFields = {}) => {
    if (!writes(level)) return
    const head = { time: formatUtcMs(clock.utcMs()), ms: rounded(clock.now()) }
    const loss = dropped === 0 ? {} : { dropped }
    const line = JSON.stringify({ ...head, level, event, ...loss, ...fields }, plain)
    try {
      writeSync(fd, `${line}\n`)
      dropped = 0
    } catch {
      dropped += 1
    }
  }
  return {
    debug: (event, fields) => write('debug', event, fields),
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, fields) => write('error', event, fields),
    writes,
    close() {
      if (typeof to === 'string') closeSync(fd)
    },
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000
}

/** What JSON has no word for. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (value instanceof Error) return `${value.name}: ${value.message}`
  return value
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']
