import t from 'tap'
import { Waiting } from '../../../onboard/shell/waiting.ts'

t.test('Waiting offers again when there is more room, and now and then', async t => {
  const waiting = new Waiting()
  const full = { files: 5, octets: 500 }
  t.strictSame([...waiting.due(full, 0)], [], 'nobody waits')
  t.equal(waiting.refused('a', full, 0), true)
  t.equal(waiting.refused('b', full, 0), true)
  t.equal(waiting.count, 2)
  t.strictSame([...waiting.due(full, 9_999)], [], 'nothing has changed')
  for (const less of [
    { files: 4, octets: 500 },
    { files: 5, octets: 499 },
  ]) {
    t.strictSame([...waiting.due(less, 1)], ['a', 'b'])
    t.ok(waiting.has('a'), 'it is known that it waited')
    t.equal(waiting.refused('a', full, 1), false, 'no news')
    t.equal(waiting.refused('b', full, 1), false)
    t.strictSame([...waiting.due(full, 2)], [])
    t.notOk(waiting.has('a'), 'a file of its name that comes now is a new one')
  }
  t.strictSame([...waiting.due(full, 10_001)], ['a', 'b'])
  t.equal(waiting.refused('b', full, 10_001), false)
  t.equal(waiting.count, 1, 'the other one was taken, or is gone')
})
