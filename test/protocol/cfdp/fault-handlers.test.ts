import t from 'tap'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import {
  type FaultHandler,
  overridden,
  overrideOption,
} from '../../../protocol/cfdp/fault-handlers.ts'
import { hex } from '../../kit/hex.ts'

t.test('overridden() reads what overrideOption() writes', t => {
  const octets: readonly [FaultHandler, Uint8Array][] = [
    ['cancel', hex`71`],
    ['suspend', hex`72`],
    ['ignore', hex`73`],
    ['abandon', hex`74`],
  ]
  for (const [handler, value] of octets) {
    const option = overrideOption(CONDITION.nakLimitReached, handler)
    t.strictSame(option, { type: 4, value })
    t.strictSame(overridden([option]), { 7: handler })
  }
  t.end()
})

t.test('overridden() leaves the handlers of other conditions, and those it is given', t => {
  const handlers = { 7: 'ignore', 8: 'ignore' } as const
  const options = [overrideOption(7, 'suspend'), overrideOption(7, 'abandon')]
  t.strictSame(overridden(options, handlers), { 7: 'abandon', 8: 'ignore' })
  t.strictSame(handlers, { 7: 'ignore', 8: 'ignore' })
  t.end()
})

t.test('overridden() knows every fault of table 5-5, and no other condition', t => {
  const faults = Array.from({ length: 16 }, (_, condition) => condition).filter(condition => {
    const handlers = overridden([overrideOption(condition, 'ignore')])
    return handlers[condition] === 'ignore'
  })
  t.strictSame(faults, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  t.end()
})

t.test('overridden() takes nothing from what is no override', t => {
  for (const value of [hex``, hex`7273`, hex`70`, hex`75`, hex`02`, hex`c3`, hex`e3`, hex`f3`])
    t.strictSame(overridden([{ type: 4, value }]), {})
  t.strictSame(overridden([{ type: 2, value: hex`72` }]), {})
  t.end()
})
