/** Contacts as they are typed, or kept in a file. */
import { existsSync, readFileSync } from 'node:fs'
import type { Contact } from '../hal/sim/sky.ts'
import { parseUtc } from '../protocol/plan/utc.ts'
import { readDuration, UsageError } from './options.ts'

/**
 * `START/END,START/END` or a YAML or JSON file with a list of { start, end }. A time is one of
 * `instant`, +5s counted from `nowMs`. @throws UsageError
 */
export async function readContacts(typed: string, nowMs: number): Promise<Contact[]> {
  const spans = existsSync(typed) ? await spansOfFile(typed) : typed.split(',').map(spanOfText)
  const contacts = spans.map(({ start, end }) => {
    const contact = { startMs: instant(start, nowMs), endMs: instant(end, nowMs) }
    if (contact.startMs < contact.endMs) return contact
    throw new UsageError(`Cannot use contact ${start}/${end}: it ends before it starts`)
  })
  return contacts.toSorted((one, other) => one.startMs - other.startMs)
}

interface Span {
  readonly start: string
  readonly end: string
}

function spanOfText(text: string): Span {
  const [start, end, ...more] = text.split('/')
  if (start !== undefined && end !== undefined && more.length === 0) return { start, end }
  throw new UsageError(`Cannot use contact "${text}": START/END is needed, or a file that exists`)
}

async function spansOfFile(path: string): Promise<Span[]> {
  const { parse } = await import('yaml')
  const content: unknown = parse(readFileSync(path, 'utf8'))
  const list: unknown = isRecord(content) ? content['contacts'] : content
  if (!Array.isArray(list))
    throw new UsageError(`Cannot use ${path}: a list of { start, end } is needed`)
  return list.map((item: unknown) => {
    const start = isRecord(item) ? timeText(item['start']) : undefined
    const end = isRecord(item) ? timeText(item['end']) : undefined
    if (start !== undefined && end !== undefined) return { start, end }
    throw new UsageError(`Cannot use ${path}: every contact needs a start and an end`)
  })
}

/** A moment with its zone, milliseconds since 1970, or +5s: counted from `nowMs`. @throws UsageError */
export function instant(text: string, nowMs: number): number {
  if (text.startsWith('+')) return nowMs + readDuration(text.slice(1))
  const ms = /^\d+$/.test(text) ? Number(text) : parseUtc(text)
  if (ms !== undefined) return ms
  throw new UsageError(
    `"${text}": a time such as 2026-01-01T00:00:00Z, 1767225600000 or +5s is needed`,
  )
}

function timeText(value: unknown): string | undefined {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
