/**
 * Says what is wrong with a value by the schema, in words for people. The validator answers with places in the
 * schema and its own sentences; of these only the innermost count, and the words come from the schema.
 */
import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema'
import { referred } from './reference.ts'

/** One sentence per fault; none if the value is what the schema asks for. */
export function faultsOf(value: unknown, schema: Schema): string[] {
  // The validator marks references in what it is given, and the schema is printed, too.
  const { errors } = new Validator(structuredClone(schema), '2020-12', false).validate(value)
  // A key that is not known is told twice: by the rule, and as a value that nothing may take.
  const unknown = errors
    .filter(error => isUnknownKey(error, schema))
    .map(error => `${error.instanceLocation}/${quoted(error.error)}`)
  const faults = errors
    .filter(error => error.keyword !== 'false' || !unknown.includes(error.instanceLocation))
    .map(error => describe(error, value, schema))
  return [...new Set(faults.filter(fault => fault !== undefined))]
}

function describe(error: OutputUnit, value: unknown, schema: Schema): string | undefined {
  const key = pathOf(error.instanceLocation).join('.')
  const place = pathOf(error.keywordLocation)
  const isBranch = place.includes('anyOf') && error.keyword !== 'anyOf'
  const isUnknown = isUnknownKey(error, schema)
  if (isBranch || (WRAPPERS.has(error.keyword) && !isUnknown)) return undefined
  const rule = rulesAt(schema, place)
  const around = rulesAt(schema, place.slice(0, -1))
  const found = show(at(value, pathOf(error.instanceLocation)))
  if (error.keyword === 'required') return describeMissing(error, key, schema)
  if (isUnknown) {
    const known = Object.keys(
      isRecord(around) && isRecord(around['properties']) ? around['properties'] : {},
    )
    const name = quoted(error.error)
    return `${dotted(key, name)}: there is no such key; there are ${known.join(', ')}`
  }
  if (error.keyword === 'false') return `${key}: has no meaning here (${found})`
  return `${key}: ${found} will not do; it must be ${wanted(error.keyword, rule, around)}`
}

/** No key of that name is let through; where names are free, what it stands for is wrong, which is said by itself. */
function isUnknownKey({ keyword, keywordLocation }: OutputUnit, schema: Schema): boolean {
  return keyword === 'additionalProperties' && rulesAt(schema, pathOf(keywordLocation)) === false
}

function describeMissing(error: OutputUnit, key: string, schema: Schema): string {
  const name = quoted(error.error)
  const owner = ownerOf(key === '' ? [] : key.split('.'), schema)
  const about = at(owner, ['properties', name, 'description'])
  return `${dotted(key, name)}: is missing${typeof about === 'string' ? `. ${about}` : ''}`
}

function wanted(keyword: string, rule: unknown, around: unknown): string {
  if (keyword === 'type') return `${article(String(rule))} ${String(rule)}`
  if (keyword === 'enum' && Array.isArray(rule)) return `one of ${rule.map(show).join(', ')}`
  if (keyword === 'minimum') return `at least ${String(rule)}`
  if (keyword === 'maximum') return `at most ${String(rule)}`
  if (keyword === 'exclusiveMaximum') return `less than ${String(rule)}`
  if (keyword === 'minLength') return 'longer'
  if (keyword === 'maxLength') return `at most ${String(rule)} characters`
  if (keyword === 'maxItems') return `at most ${String(rule)} of them`
  const description = isRecord(around) ? around['description'] : undefined
  return typeof description === 'string' ? `as described: ${description}` : `as ${keyword} says`
}

/** Keywords that only say that something inside them is wrong. */
const WRAPPERS = new Set([
  'properties',
  'additionalProperties',
  'items',
  'allOf',
  'if',
  'then',
  'else',
  '$ref',
])

/** The parts of `#/modem/path`, unescaped. */
function pathOf(location: string): string[] {
  return location
    .split('/')
    .slice(1)
    .map(part => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The schema of a value. */
function ownerOf(path: readonly string[], root: Schema): unknown {
  let owner: unknown = root
  for (const part of path) {
    const { items, properties, additionalProperties } = referred(Object(owner), root)
    owner = /^\d+$/.test(part) ? items : (properties?.[part] ?? additionalProperties)
  }
  return referred(Object(owner), root)
}

/** What the validator names as the place of a rule, which goes through references. */
function rulesAt(root: Schema, place: readonly string[]): unknown {
  let rule: unknown = root
  for (const part of place) {
    if (part === '$ref') rule = referred(Object(rule), root)
    else rule = at(rule, [part])
  }
  return rule
}

function at(root: unknown, path: readonly string[]): unknown {
  let value = root
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)]
    else value = isRecord(value) ? value[part] : undefined
  }
  return value
}

function quoted(text: string): string {
  return /"([^"]*)"/.exec(text)?.[1] ?? text
}

function dotted(key: string, name: string): string {
  return key === '' ? name : `${key}.${name}`
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? 'an' : 'a'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
