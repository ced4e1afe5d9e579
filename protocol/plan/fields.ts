/** Reads the fields of a document that somebody else wrote: each is taken as it should be, or told as a fault. */
import type { PlanFault } from './fault.ts'
import { parseUtc, UTC_MS_END } from './utc.ts'

export type Fields = Readonly<Record<string, unknown>>

export interface Bounds {
  readonly min: number
  readonly max: number
  /** The largest is not in it. */
  readonly open?: true
}

/** The fields of one object at `place`; asking for a field that is wrong adds to `faults` and gives undefined. */
export class FieldReader {
  readonly #fields: Fields
  readonly #place: string
  readonly #faults: PlanFault[]

  /** `known`: the keys there are; any other is a fault, for a misspelt key says nothing. */
  constructor(fields: Fields, place: string, known: readonly string[], faults: PlanFault[]) {
    this.#fields = fields
    this.#place = place
    this.#faults = faults
    for (const key of Object.keys(fields))
      if (!known.includes(key))
        this.#fault(key, `there is no such key; there are ${known.join(', ')}`)
  }

  has(key: string): boolean {
    return this.#fields[key] !== undefined
  }

  text(key: string): string | undefined {
    const value = this.#fields[key]
    if (value === undefined) return undefined
    if (typeof value === 'string' && value.length > 0 && value.length <= TEXT_MAX) return value
    return this.#wrong(key, `a text of 1 to ${TEXT_MAX} characters`)
  }

  choice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.#fields[key]
    if (value === undefined) return undefined
    const found = choices.find(choice => choice === value)
    return found ?? this.#wrong(key, `one of ${choices.join(', ')}`)
  }

  number(key: string, { min, max, open }: Bounds): number | undefined {
    const value = this.#fields[key]
    if (value === undefined) return undefined
    if (typeof value === 'number' && value >= min && (open ? value < max : value <= max))
      return value
    return this.#wrong(key, `a number from ${min} to ${open ? 'less than ' : ''}${max}`)
  }

  /** UTC in milliseconds since 1970, of a text or a number. */
  instant(key: string): number | undefined {
    const value = this.#fields[key]
    if (value === undefined) return undefined
    if (typeof value !== 'string') return this.number(key, { min: 0, max: UTC_MS_END, open: true })
    const ms = parseUtc(value)
    return ms !== undefined && ms >= 0 && ms < UTC_MS_END
      ? ms
      : this.#wrong(key, 'a time such as 2026-01-01T00:00:00Z, from 1970 on')
  }

  /** The objects of a list; none if it is absent. */
  objects(key: string, most: number): { readonly place: string; readonly fields: Fields }[] {
    const value = this.#fields[key]
    if (value === undefined) return []
    if (!Array.isArray(value) || value.length > most) {
      this.#wrong(key, `a list of at most ${most}`)
      return []
    }
    return value.flatMap((fields: unknown, i) => {
      const place = `${this.#at(key)}.${i}`
      if (isFields(fields)) return [{ place, fields }]
      this.#faults.push({ place, why: 'is no object' })
      return []
    })
  }

  /** The field of that name, which must be there. */
  required<T>(key: string, read: (key: string) => T | undefined): T | undefined {
    if (this.has(key)) return read(key)
    this.#fault(key, 'is missing')
    return undefined
  }

  #wrong(key: string, wanted: string): undefined {
    this.#fault(key, `${shown(this.#fields[key])} will not do; it must be ${wanted}`)
  }

  #fault(key: string, why: string): void {
    this.#faults.push({ place: this.#at(key), why })
  }

  #at(key: string): string {
    return this.#place === '' ? key : `${this.#place}.${key}`
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = typeof value === 'string' ? `"${value}"` : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** Characters of a name. */
export const TEXT_MAX = 120
