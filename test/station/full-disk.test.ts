/** A station whose archive takes nothing: what stands on it is not said, and all else goes on. */
import t from 'tap'
import { EdgeBench } from '../kit/edge-bench.ts'

t.test('a full archive holds back no command and no file for the spacecraft', t => {
  const bench = new EdgeBench()
  bench.hearMetadata(1, 800)
  bench.hearSegment(1, 400, 400)
  bench.hearEof(1, 800)
  t.type(bench.machine.receptions.deadline, 'number')
  bench.tell({ kind: 'disk failed', id: '1-1', lost: [], why: 'no space left' })
  t.equal(bench.machine.receptions.deadline, undefined, 'nothing is waited for')
  bench.tell({ kind: 'order', command: { verb: 'noop' }, token: 1 })
  t.equal(bench.commands().length, 1)
  bench.hearFile(3, 0)
  const offer = { name: 'a', file: 'a', octets: 0, checksum: 0 }
  bench.tell({ kind: 'upload', token: 2, offer })
  t.match(bench.answers(), [{ body: { kind: 'metadata' } }, { body: { kind: 'eof' } }])
  t.end()
})
