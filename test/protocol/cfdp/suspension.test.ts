import t from 'tap'
import { Suspension } from '../../../protocol/cfdp/suspension.ts'
import { Random } from '../../kit/random.ts'

t.test('Suspension: its time stands still while it is on', t => {
  const suspension = new Suspension()
  t.equal(suspension.read(10), 10)
  t.equal(suspension.when(30), 30)
  t.equal(suspension.when(undefined), undefined)
  t.equal(suspension.end(), false)
  t.equal(suspension.begin(), true)
  t.equal(suspension.begin(), false)
  t.ok(suspension.isOn)
  t.equal(suspension.read(1_000), 10)
  t.equal(suspension.when(30), undefined)
  t.equal(suspension.end(), true)
  t.notOk(suspension.isOn)
  t.equal(suspension.read(1_005), 15)
  t.equal(Math.floor(suspension.when(30) as number), 1_020)
  t.end()
})

t.test('Suspension: read() at when() is never too soon, or a loop would never end', t => {
  const random = new Random(1)
  for (let run = 0; run < 1_000; run++) {
    const suspension = new Suspension()
    for (let i = 0, now = 0; i < 5; i++) {
      now += random.next() * 1e6
      suspension.read(now)
      if (i % 2 === 0) suspension.begin()
      else suspension.end()
      now += random.next()
      suspension.read(now)
    }
    suspension.end()
    const at = random.next() * 1e9
    if (suspension.read(suspension.when(at) as number) < at) t.fail(`run ${run}`)
  }
  t.pass('1000 runs')
  t.end()
})
