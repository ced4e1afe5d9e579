import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { keepPlan } from '../../../hal/config/kept-plan.ts'
import type { Log, LogFields } from '../../../hal/log.ts'
import { beginningPlan } from '../../../onboard/shell/plans.ts'
import { contact } from '../../protocol/plan/contacts.ts'

const CONFIGURED = { issued: 1_000, contacts: [contact(0, 9_000, { modem: 's-band' })] }
const KEPT = {
  issued: 2_000,
  contacts: [contact(0, 5_000), contact(6_000, 9_000, { modem: 'uhf' })],
}

t.test('beginningPlan() takes the plan that came up last, unless there is a newer one', async t => {
  const { state, begin, errors } = bench(t.testdir())
  t.equal(await begin(['uhf', 's-band']), CONFIGURED)
  await keepPlan(state, KEPT)
  t.strictSame(await begin(['uhf', 's-band']), KEPT)
  t.strictSame(await begin(undefined), KEPT, 'one modem is called anything')
  await keepPlan(state, { ...KEPT, issued: 500 })
  t.equal(await begin(['s-band']), CONFIGURED)
  t.strictSame(errors, [])
})

t.test(
  'beginningPlan() does not take one by a modem that is not there, nor a damaged one',
  async t => {
    const { state, begin, errors } = bench(t.testdir())
    await keepPlan(state, KEPT)
    t.equal(await begin(['s-band']), CONFIGURED)
    t.strictSame(errors, ['kept plan does not count: a contact is by modem uhf'])
    writeFileSync(join(state, 'plan.json'), '{')
    t.equal(await begin(['s-band']), CONFIGURED)
    t.match(errors[1], /^kept plan is unreadable: SyntaxError/)
  },
)

function bench(state: string) {
  const errors: string[] = []
  const log = {
    error: (event: string, fields: LogFields = {}) => {
      errors.push(`${event}: ${String(fields['why'])}`)
    },
  } as Log
  const begin = (modems: readonly string[] | undefined) =>
    beginningPlan(state, { plan: CONFIGURED, modems }, log)
  return { state, begin, errors }
}
