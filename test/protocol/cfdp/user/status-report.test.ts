import t from 'tap'
import { reportOf } from '../../../../protocol/cfdp/user/status-report.ts'
import { transactionField } from '../../../../protocol/cfdp/user/transaction-field.ts'

t.test('reportOf() says what is not known', async t => {
  const status = { direction: 'receiving', state: 'receiving', suspended: false } as const
  const more = { progress: 5, fileOctets: undefined, condition: 0 }
  t.match(
    reportOf({ source: 1, sequence: 300 }, { ...status, ...more }),
    /^transaction=1-300\ndirection=receiving\n.*progress=5\nfileOctets=unknown\ncondition=0\n$/s,
  )
})

t.test('transactionField() takes as many octets as an id needs', async t => {
  t.match(transactionField({ source: 255, sequence: 256 }), { entityOctets: 1, sequenceOctets: 2 })
  t.match(transactionField({ source: 0, sequence: 2n ** 63n }), {
    entityOctets: 1,
    sequenceOctets: 8,
  })
})
