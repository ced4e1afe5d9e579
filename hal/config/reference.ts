/** `$ref: '#/$defs/name'` of a JSON Schema, followed. */
import type { Schema } from '@cfworker/json-schema'

/** What the schema stands for: what it refers to, with what it says itself before that. */
export function referred(schema: Schema, root: Schema): Schema {
  const name = /^#\/\$defs\/(\w+)$/.exec(schema.$ref ?? '')?.[1]
  const definition: unknown = name === undefined ? undefined : root.$defs?.[name]
  return typeof definition === 'object' && definition !== null
    ? { ...definition, ...schema }
    : schema
}
