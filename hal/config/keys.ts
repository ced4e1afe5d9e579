/** Keys of the configuration, as JSON Schema: those that most sections have. */
import type { Schema } from '@cfworker/json-schema'

/** A whole number from `minimum` to `maximum`; without a `fallback` it has no default. */
export function whole(
  description: string,
  minimum: number,
  maximum: number,
  fallback?: number,
): Schema {
  const schema: Schema = { description, type: 'integer', minimum, maximum }
  return fallback === undefined ? schema : { ...schema, default: fallback }
}

/** True or false. */
export function flag(description: string, fallback: boolean): Schema {
  return { description, type: 'boolean', default: fallback }
}
