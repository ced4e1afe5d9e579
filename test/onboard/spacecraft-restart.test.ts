import t from 'tap'
import { finishedFor } from '../../protocol/cfdp/completion.ts'
import type { Nak, Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { SpacecraftBench } from '../kit/spacecraft-bench.ts'

const DONE = finishedFor(0, true)

function kindsOf(pdus: readonly Pdu[]): readonly string[] {
  return pdus.map(({ body }) => (body.kind === 'ack' ? `ack of ${body.of}` : body.kind))
}

/** A NAK of [0, `end`) that lacks `gaps`. */
function nak(end: number, ...gaps: readonly [number, number][]): Nak {
  const named = gaps.map(([start, stop]) => ({ start, end: stop }))
  return { kind: 'nak', scope: { start: 0, end }, wantsMetadata: false, gaps: named }
}

t.test('a file that ended aboard is told of after a restart', t => {
  const bench = new SpacecraftBench()
  for (const path of ['/a', '/b', '/c']) bench.offerDigested(path, 2_000)
  bench.offer('/d', 10)
  bench.frames(3)
  for (const sequence of [1, 3, 4]) bench.tell({ kind: 'cancel', token: 1, sequence })
  bench.tell({ kind: 'source failed', sequence: 2, why: 'it changed' })
  const after = new SpacecraftBench({}, [...bench.machine.buffer.snapshot()])
  const told = after.frames(12).filter(({ body }) => body.kind === 'eof')
  t.match(
    told.map(({ header, body }) => [header.sequence, (body as { condition?: number }).condition]),
    [
      [1, 15],
      [2, 4],
      [3, 15],
    ],
    'not of the one that was never digested',
  )
  after.hear(2, { kind: 'ack', of: 'eof', condition: 4, transactionStatus: 2 })
  t.equal(after.machine.buffer.entry(2), undefined)
  t.equal(after.machine.buffer.files, 3)
  t.end()
})

t.test('a file that nobody heard of is not told of, and one let go meanwhile neither', t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 10)
  const restart = new SpacecraftBench({}, [...bench.machine.buffer.snapshot()])
  restart.tell({ kind: 'cancel', token: 1, sequence: 1 })
  restart.tell({ kind: 'cancel', token: 1, sequence: 1 })
  t.equal(restart.machine.buffer.files, 0)
  t.strictSame(restart.frames(4), [])
  t.end()
})

t.test('a restart takes up what was ended and not let go', t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 10)
  bench.frames(4)
  bench.hear(1, DONE)
  const after = new SpacecraftBench({}, [...bench.machine.buffer.snapshot()])
  t.match(after.take('release'), [{ sequence: 1, path: '/a', remove: true }])
  t.end()
})

t.test('a repeated Finished is acknowledged, of a closed file and of one never heard of', t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 10)
  bench.frames(4)
  bench.hear(1, DONE)
  bench.frames(1)
  bench.hear(1, DONE)
  bench.hear(50, DONE)
  const acks = bench.frames(2)
  t.match(
    acks.map(pdu => [pdu.header.sequence, pdu.body]),
    [
      [1, { kind: 'ack', of: 'finished', transactionStatus: 2 }],
      [50, { kind: 'ack', of: 'finished', transactionStatus: 3 }],
    ],
  )
  t.end()
})

t.test('a Finished that was said before a restart counts after it', t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 10)
  bench.frames(4)
  const after = new SpacecraftBench({}, [...bench.machine.buffer.snapshot()])
  after.hear(1, DONE)
  t.match(after.take('release'), [{ sequence: 1 }])
  t.strictSame(kindsOf(after.frames(1)), ['ack of finished'])
  t.end()
})

t.test('a NAK for a file that is no more is answered with an end; for one that waits, not', t => {
  const records = [
    { kind: 'next', sequence: 8 },
    {
      kind: 'accepted',
      sequence: 8,
      path: '/a',
      name: 'a',
      identity: { octets: 9, mtimeMs: 1, inode: 1 },
      remove: false,
    },
  ]
  const bench = new SpacecraftBench({}, records)
  bench.hear(3, nak(100, [0, 100]))
  bench.hear(8, nak(100, [0, 100]))
  bench.hear(9, nak(100, [0, 100]))
  bench.hear(3, { kind: 'ack', of: 'eof', condition: 0, transactionStatus: 2 })
  t.match(bench.frames(3), [{ header: { sequence: 3 }, body: { kind: 'eof', condition: 15 } }])
  t.end()
})

t.test('strays beyond a bound are not answered', t => {
  const bench = new SpacecraftBench()
  for (let i = 0; i < 100; i++) bench.hear(i, DONE)
  t.equal(bench.frames(40).length, 64)
  t.end()
})

t.test('a Finished for a file that has not left frees nothing', t => {
  const bench = new SpacecraftBench()
  bench.offer('/a', 500)
  bench.takeKinds()
  bench.hear(1, finishedFor(0, true))
  t.notOk(bench.takeKinds().includes('release'))
  t.equal(bench.machine.buffer.entry(1)?.ended, undefined)
  t.end()
})

t.test('a Finished that was said before a restart counts, of a file without octets, too', t => {
  for (const [said, why] of [
    [DONE, 'no error'],
    [{ ...DONE, complete: false }, 'the ground says it is incomplete'],
  ] as const) {
    const bench = new SpacecraftBench()
    bench.offerDigested('/none', 0)
    bench.frames(3)
    const after = new SpacecraftBench({}, [...bench.machine.buffer.snapshot()])
    after.hear(1, said)
    t.match(after.machine.buffer.entry(1)?.ended, { why })
    t.strictSame(kindsOf(after.frames(2)), ['ack of finished'])
  }
  t.end()
})
