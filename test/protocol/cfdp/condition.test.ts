import { readFileSync } from 'node:fs'
import t from 'tap'
import { CONDITION, conditionName } from '../../../protocol/cfdp/condition.ts'

const { meta } = JSON.parse(
  readFileSync(new URL('../../../fixtures/cfdp/cfdp.json', import.meta.url), 'utf8'),
)

t.test('conditionName() names each code as others do, and reserved ones by number', t => {
  const codes = Object.values(CONDITION)
  for (const [code, name] of Object.entries<string>(meta.enums.condition_codes)) {
    t.equal(conditionName(Number(code)), name.replace('.request', ' request'))
    t.ok(codes.some(known => known === Number(code)))
  }
  t.equal(conditionName(12), 'reserved condition 12')
  t.end()
})
