import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ConfigFault } from '../../../hal/config/fault.ts'
import { keepPlan, keptPlan } from '../../../hal/config/kept-plan.ts'
import { contact } from '../../protocol/plan/contacts.ts'

t.test('keepPlan() keeps what keptPlan() finds, whole and in one step', async t => {
  const state = t.testdir()
  t.equal(await keptPlan(state), undefined)
  const plan = { issued: 5_000, contacts: [contact(1_000, 2_000, { station: 'Troll' })] }
  await keepPlan(state, plan)
  t.strictSame(await keptPlan(state), plan)
  const newer = { ...plan, issued: undefined }
  await keepPlan(state, newer)
  t.strictSame(await keptPlan(state), newer)
  t.notOk(existsSync(join(state, 'plan.json.part')))
  // A write that was cut short leaves the old one.
  writeFileSync(
    join(state, 'plan.json.part'),
    readFileSync(join(state, 'plan.json')).subarray(0, 9),
  )
  t.strictSame(await keptPlan(state), newer)
})

t.test('keptPlan() says what is wrong with a damaged one', async t => {
  await t.rejects(keptPlan(t.testdir({ 'plan.json': '{' })), SyntaxError)
  await t.rejects(keptPlan(t.testdir({ 'plan.json': '{ "plan": 2 }' })), ConfigFault)
})
