/** A station that only listens: it sends nothing, whatever comes, and keeps and delivers what it hears. */
import t from 'tap'
import { edgeStatus } from '../../station/status.ts'
import { EdgeBench } from '../kit/edge-bench.ts'

function secondary(records: readonly unknown[] = []): EdgeBench {
  return new EdgeBench({ uplink: { service: 'none' } }, records)
}

t.test('a secondary station delivers what it hears whole, and says nothing', t => {
  const bench = secondary()
  bench.hearFile(1, 800)
  bench.store(1)
  t.match(bench.take('deliver'), [{ id: '1-1', octets: 800 }])
  bench.hear(2, {
    kind: 'metadata',
    closureRequested: true,
    checksumType: 2,
    fileSize: 10,
    sourceName: new Uint8Array(1),
    destinationName: new Uint8Array(1),
    options: [],
  })
  bench.hearSegment(2, 0, 10)
  bench.hearEof(2, 10)
  bench.store(2)
  t.equal(bench.machine.receptions.size, 0, 'a word that nobody hears is not waited for')
  t.strictSame(bench.take('room'), [])
  t.strictSame(bench.answers(), [], 'nor is anything sent when there is room')
  bench.hearEof(1, 800)
  t.strictSame(bench.take('room'), [])
  t.match(edgeStatus(bench.machine, 0), {
    contact: { open: false },
    uplink: { service: 'none', frames: 0 },
    files: [{ state: 'delivered' }, { state: 'delivered' }],
  })
  t.end()
})

t.test(
  'what it hears in part is kept, for as long as it takes, and filled by what is repeated',
  t => {
    const bench = secondary()
    bench.hearMetadata(1, 1_200)
    bench.hearSegment(1, 0, 400)
    bench.hearEof(1, 1_200)
    bench.tick(1e9)
    t.equal(bench.machine.deadline, undefined)
    t.strictSame(bench.take('room'), [])
    const after = secondary(bench.records())
    after.hearSegment(1, 800, 400)
    after.hearEof(1, 1_200)
    t.equal(after.machine.receptions.get('1-1')?.transaction.held.octets, 800)
    after.hearSegment(1, 400, 400)
    after.store(1)
    t.equal(after.machine.receptions.size, 0)
    t.strictSame(after.take('room'), [])
    t.end()
  },
)

t.test('an uplink that comes back asks for what is missing, and answers for what is whole', t => {
  const bench = secondary()
  bench.hearMetadata(1, 1_200)
  bench.hearSegment(1, 0, 400)
  bench.hearEof(1, 1_200)
  bench.hearFile(2, 800)
  bench.store(2)
  t.match(edgeStatus(bench.machine, 0).files, [
    { sequence: 1, state: 'receiving', waitsForUplink: true },
    { sequence: 2, state: 'delivered', waitsForUplink: undefined },
  ])
  bench.tick(1e9)
  const main = new EdgeBench({}, bench.records())
  t.match(edgeStatus(main.machine, 0).files, [{ sequence: 1, waitsForUplink: undefined }])
  t.match(main.answers(), [{ body: { kind: 'nak', gaps: [{ start: 400, end: 1_200 }] } }])
  main.hearEof(2, 800)
  t.match(main.answers(), [{ body: { kind: 'ack' } }, { body: { kind: 'finished', condition: 0 } }])
  main.hearSegment(1, 400, 400)
  main.hearSegment(1, 800, 400)
  main.store(1)
  t.match(main.answers(), [{ body: { kind: 'finished', condition: 0 } }])
  t.end()
})

t.test('an uplink that is taken away leaves nothing open that is over', t => {
  const main = new EdgeBench()
  main.hearFile(1, 800)
  main.store(1)
  t.match(main.answers().at(-1), { body: { kind: 'finished' } })
  main.hearMetadata(2, 1_200)
  main.hearSegment(2, 0, 400)
  const bench = secondary(main.records())
  t.match(bench.records(), [{ kind: 'closed', id: '1-1', condition: 0 }])
  bench.hearEof(1, 800)
  bench.hearEof(2, 1_200)
  t.equal(bench.machine.receptions.size, 1)
  t.equal(bench.machine.deadline, undefined)
  t.strictSame(bench.take('room'), [])
  bench.tell({ kind: 'cancel', id: '1-2', token: 1 })
  t.equal(bench.machine.receptions.size, 0, 'and what is cancelled is let go')
  t.end()
})

t.test('commands and files for the spacecraft are refused where nobody hears them', t => {
  const bench = secondary()
  bench.tell({ kind: 'order', command: { verb: 'noop' }, token: 5 })
  const identity = { name: 'a', octets: 1, file: 'a', checksum: 1 }
  bench.tell({ kind: 'upload', token: 6, offer: identity })
  t.strictSame(
    bench.take('answer').map(({ token, why }) => [token, why]),
    [
      [5, 'Cannot command: this station only listens'],
      [6, 'Cannot send: this station only listens'],
    ],
  )
  t.strictSame(bench.take('room'), [])
  t.end()
})
