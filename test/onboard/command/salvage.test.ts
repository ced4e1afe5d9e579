import t from 'tap'
import { salvage } from '../../../onboard/command/salvage.ts'
import { SpacecraftBench } from '../../kit/spacecraft-bench.ts'

t.test('salvage() keeps the numbers that were used, and nothing else', async t => {
  const bench = new SpacecraftBench()
  for (const path of ['/a', '/b']) bench.offerDigested(path, 100)
  bench.command(40, { verb: 'freeze' })
  bench.command(41, { verb: 'cancel', sequence: 2 })
  const accepted = { kind: 'accepted number', spi: 3, number: '77' }
  const kept = salvage([...bench.machine.snapshot(), accepted, 'x', { kind: 'mark' }])
  t.match(kept, [accepted, { kind: 'next', sequence: 3 }, { kind: 'commanded', counter: 41 }])
  const after = new SpacecraftBench({}, kept)
  t.equal(after.machine.buffer.files, 0)
  t.notOk(after.machine.holds.isFrozen)
  t.equal(after.offer('/c', 10)?.sequence, 3)
  after.command(41, { verb: 'freeze' })
  t.notOk(after.machine.holds.isFrozen, 'its counter is used')
  t.match(after.report(), { commandsRepeated: 1, commandsAccepted: 2 })
})

t.test('salvage() of nothing is a spacecraft that was never commanded', async t => {
  t.match(salvage([]), [{ kind: 'commanded', counter: 0 }])
})
