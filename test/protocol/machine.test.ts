import t from 'tap'
import { sooner } from '../../protocol/machine.ts'

t.test('sooner() is the earlier deadline; undefined is never', t => {
  t.equal(sooner(1, 2), 1)
  t.equal(sooner(2, 1), 1)
  t.equal(sooner(undefined, 2), 2)
  t.equal(sooner(0, undefined), 0)
  t.equal(sooner(undefined, undefined), undefined)
  t.end()
})
