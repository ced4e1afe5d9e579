/**
 * Overrides from the environment: DOWNPOUR_MODEM__BAUD_RATE=9600 is `modem.baudRate: 9600`. Two underscores go one
 * level down, one underscore begins a word. Values are JSON where they can be, text where they cannot.
 */
import type { Schema } from '@cfworker/json-schema'
import { referred } from './reference.ts'

const PREFIX = 'DOWNPOUR_'

export interface Overridden {
  readonly value: unknown
  /** Variables that name no key. A misspelt override that does nothing would be found in orbit. */
  readonly faults: readonly string[]
}

export function withEnvironment(
  value: unknown,
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): Overridden {
  const result: unknown = structuredClone(value)
  const faults: string[] = []
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || text === undefined) continue
    const path = name.slice(PREFIX.length).split('__').map(camel)
    if (!isKey(path, schema)) faults.push(`${name}: there is no key ${path.join('.')} to override`)
    else set(result, path, read(text))
  }
  return { value: result, faults }
}

function camel(words: string): string {
  return words.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function isKey(path: readonly string[], schema: Schema): boolean {
  let inner: Schema | boolean | undefined = schema
  for (const key of path) {
    inner = typeof inner === 'object' ? within(referred(inner, schema), key) : undefined
  }
  return inner !== undefined
}

/** A key of its own, or, where the names are free, any. */
function within({ properties, additionalProperties }: Schema, key: string) {
  return (
    properties?.[key] ??
    (typeof additionalProperties === 'object' ? additionalProperties : undefined)
  )
}

function set(root: unknown, path: readonly string[], value: unknown): void {
  let owner = root
  for (const [i, key] of path.entries()) {
    if (typeof owner !== 'object' || owner === null) return
    const keys = owner as Record<string, unknown>
    if (i === path.length - 1) keys[key] = value
    else owner = keys[key] ??= {}
  }
}

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
