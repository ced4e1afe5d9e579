import t from 'tap'
import { edgeStatus } from '../../station/status.ts'
import { EdgeBench } from '../kit/edge-bench.ts'

t.test(
  'suspended at the station: nothing is asked, over a restart, too, until it is resumed',
  t => {
    const bench = new EdgeBench()
    bench.hearMetadata(1, 500)
    bench.hearSegment(1, 100, 400)
    bench.tell({ kind: 'suspend', id: '1-1', token: 5 })
    t.match(bench.records().at(-1), { kind: 'suspended' })
    const journal = [...bench.machine.snapshot()]
    t.match(journal.at(-1), { kind: 'suspended' })

    const after = new EdgeBench({}, journal)
    t.match(after.machine.receptions.get('1-1'), { transaction: { isSuspended: true } })
    t.match(edgeStatus(after.machine, 0).files, [{ state: 'receiving', suspended: true }])
    t.strictSame(after.answers(), [])
    after.tell({ kind: 'resume', id: '1-1', token: 6 })
    t.match(after.records(), [{ kind: 'resumed' }])
    t.match(after.take('answer'), [{ token: 6, why: undefined }])
    const resumed = new EdgeBench({}, [...journal, { kind: 'resumed', id: '1-1' }])
    t.match(resumed.machine.receptions.get('1-1'), { transaction: { isSuspended: false } })
    after.tell({ kind: 'suspend', id: '1-7', token: 7 })
    t.match(after.take('answer'), [{ why: 'Cannot suspend transaction 1-7: it is not under way' }])
    t.end()
  },
)

t.test('a reception that begins suspended is told of once', t => {
  const bench = new EdgeBench()
  bench.hearSegment(1, 100, 400)
  bench.tell({ kind: 'suspend', id: '1-1', token: 5 })
  t.match(bench.records(), [{ kind: 'opened' }, { kind: 'suspended' }])
  t.end()
})
