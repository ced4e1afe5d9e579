/** Fills in what a configuration does not say, from the `default` of the schema. */
import type { Schema } from '@cfworker/json-schema'
import { referred } from './reference.ts'

/** A new value with every default in it, at any depth; nothing that was said is changed. */
export function withDefaults(value: unknown, schema: Schema, root: Schema = schema): unknown {
  if (value === undefined) return withinDefault(schema, root)
  const { properties } = referred(schema, root)
  if (properties === undefined || !isObject(value)) return value
  const filled: Record<string, unknown> = { ...value }
  for (const [key, inner] of Object.entries(properties)) {
    if (typeof inner === 'boolean') continue
    const found = withDefaults(filled[key], inner, root)
    if (found !== undefined) filled[key] = found
  }
  return filled
}

function withinDefault(schema: Schema, root: Schema): unknown {
  const fallback: unknown = schema['default']
  return fallback === undefined ? undefined : withDefaults(fallback, schema, root)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
