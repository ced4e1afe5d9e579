import { readFileSync } from 'node:fs'
import t from 'tap'
import { PLAN_SCHEMA } from '../../../hal/config/plan-schema.ts'
import { SCHEMA } from '../../../hal/config/schema.ts'

t.test('docs/config.schema.json is what `downpour config schema` prints', async t => {
  t.equal(readFileSync('docs/config.schema.json', 'utf8'), `${JSON.stringify(SCHEMA, null, 2)}\n`)
})

t.test('docs/plan.schema.json is what `downpour plan schema` prints', async t => {
  const text = `${JSON.stringify(PLAN_SCHEMA, null, 2)}\n`
  t.equal(readFileSync('docs/plan.schema.json', 'utf8'), text)
})

t.test('the schemas describe every key, and let no other through', async t => {
  const open: unknown[] = [SCHEMA, PLAN_SCHEMA]
  for (const schema of open) {
    if (typeof schema !== 'object' || schema === null) continue
    for (const [key, inner] of Object.entries(
      (schema as { properties?: object }).properties ?? {},
    )) {
      t.type((inner as { description?: unknown }).description, 'string', key)
      open.push(inner)
    }
    if ('properties' in schema && 'type' in schema) t.match(schema, { additionalProperties: false })
    if ('items' in schema) open.push(schema.items)
    if ('$defs' in schema) open.push(...Object.values(schema.$defs as object))
  }
})
