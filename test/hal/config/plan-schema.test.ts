import fc from 'fast-check'
import t from 'tap'
import { PLAN_SCHEMA } from '../../../hal/config/plan-schema.ts'
import { faultsOf } from '../../../hal/config/validate.ts'
import { readPlan } from '../../../protocol/plan/document.ts'
import { DRAWN } from '../../kit/drawn.ts'

const CONTACT = {
  start: '2026-01-01T00:10:00Z',
  end: '2026-01-01T00:18:00Z',
  station: 'Kiruna',
  role: 'main',
  modem: 's-band',
  rates: [{ fromMs: 0, downBps: 1e6, upBps: 64e3 }],
  expectedFrameLoss: 0.001,
  elevation: [{ atMs: 0, degrees: 5 }],
}
const WHOLE = { plan: 1, issued: '2026-01-01T00:00:00Z', contacts: [CONTACT] }

/** Where one thing is made otherwise; start and end apart, for a schema cannot tell which is first. */
const PLACES: readonly (readonly (string | number)[])[] = [
  ...['plan', 'issued', 'contacts', 'more'].map(key => [key]),
  ...[...Object.keys(CONTACT), 'more'].map(key => ['contacts', 0, key]),
  ...['fromMs', 'downBps', 'upBps', 'more'].map(key => ['contacts', 0, 'rates', 0, key]),
  ...['atMs', 'degrees', 'more'].map(key => ['contacts', 0, 'elevation', 0, key]),
]

const VALUES = fc.oneof(
  fc.constantFrom<unknown[]>(
    undefined,
    null,
    true,
    '',
    'x',
    'main',
    'secondary',
    [],
    {},
    [1],
    [{}],
  ),
  fc.constantFrom<unknown[]>('x'.repeat(120), 'x'.repeat(121), 0, 1, -1, 0.5, 1e12, 1e13, 90.5),
  fc.constantFrom<unknown[]>('2026-01-01', '2026-01-01T00:12Z', '2026-01-01T00:12:00+00:00'),
)

t.test('PLAN_SCHEMA and readPlan() are of one mind', async t => {
  t.strictSame(faultsOf(WHOLE, PLAN_SCHEMA), [])
  const property = fc.property(fc.constantFrom(...PLACES), VALUES, (place, value) => {
    const document = changed(WHOLE, place, value)
    if (isBackwards(document)) return
    const bySchema = faultsOf(document, PLAN_SCHEMA)
    const read = readPlan(document)
    const why = `${place.join('.')}: ${JSON.stringify(value)}`
    t.equal(read.kind === 'plan', bySchema.length === 0, why)
  })
  fc.assert(property, { ...DRAWN, numRuns: 400 })
})

/** A copy with `value` there, or without the key. */
function changed(
  root: unknown,
  [key, ...rest]: readonly (string | number)[],
  value: unknown,
): unknown {
  if (key === undefined) return value
  const copy: Record<string | number, unknown> | unknown[] = Array.isArray(root)
    ? [...root]
    : { ...(root as object) }
  const inner = (copy as Record<string | number, unknown>)[key]
  const made = changed(inner, rest, value)
  if (made === undefined) delete (copy as Record<string | number, unknown>)[key]
  else (copy as Record<string | number, unknown>)[key] = made
  return copy
}

/** What no schema says: a contact that ends before it starts, a step after its end. */
function isBackwards(document: unknown): boolean {
  const read = readPlan(document)
  if (read.kind === 'plan') return false
  return read.faults.every(({ why }) =>
    /must end after|is after the contact|must begin at 0/.test(why),
  )
}
