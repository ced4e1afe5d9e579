import t from 'tap'
import { finishedFor } from '../../protocol/cfdp/completion.ts'
import { SpacecraftBench } from '../kit/spacecraft-bench.ts'

t.test('a Finished for a file that has not left frees nothing', t => {
  const bench = new SpacecraftBench()
  bench.offer('/a', 500)
  bench.takeKinds()
  bench.hear(1, finishedFor(0, true))
  t.notOk(bench.takeKinds().includes('release'))
  t.equal(bench.machine.buffer.entry(1)?.ended, undefined)
  t.end()
})
