/** How files end, by way of a whole spacecraft. */
import t from 'tap'
import { finishedFor } from '../../../protocol/cfdp/completion.ts'
import type { Body } from '../../../protocol/cfdp/pdu/pdu.ts'
import { SpacecraftBench } from '../../kit/spacecraft-bench.ts'

const NAK: Body = {
  ...{ kind: 'nak', scope: { start: 0, end: 100 }, wantsMetadata: false },
  gaps: [{ start: 0, end: 100 }],
}
const ACK: Body = { kind: 'ack', of: 'eof', condition: 0, transactionStatus: 1 }

/** A file of it came down, and was let go. */
function delivered(): SpacecraftBench {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 100)
  bench.frames(4)
  bench.hear(1, finishedFor(0, true))
  bench.tell({ kind: 'released', sequence: 1 })
  bench.frames(2)
  return bench
}

function said(bench: SpacecraftBench): readonly Body[] {
  return bench.frames(4).map(({ body }) => body)
}

t.test('who asks for octets of a file of an earlier run that is no more is told to give up', t => {
  const before = delivered()
  before.hear(1, NAK)
  t.strictSame(said(before), [], 'not in the run that let it go: the ground knows')
  const after = new SpacecraftBench({}, before.records())
  after.hear(1, ACK)
  t.strictSame(said(after), [], 'who asks for nothing is told nothing')
  after.hear(1, NAK)
  t.match(said(after), [{ kind: 'eof', condition: 15, fileSize: 0 }])
  after.hear(2, NAK)
  t.strictSame(said(after), [], 'this number is to come')
  t.end()
})

t.test('of a file that was abandoned the ground hears nothing, and nothing changes its end', t => {
  const before = new SpacecraftBench()
  before.offerDigested('/a', 100)
  before.frames(4)
  before.command(1, { verb: 'abandon', sequence: 1 })
  const bench = new SpacecraftBench({}, before.records())
  bench.records()
  bench.hear(1, NAK)
  t.strictSame(said(bench), [])
  bench.hear(1, finishedFor(0, true))
  t.match(said(bench), [{ kind: 'ack', of: 'finished' }])
  t.strictSame(bench.records(), [])
  t.end()
})

t.test('a Finished that comes again is acknowledged by whether its number was used', t => {
  const bench = delivered()
  bench.hear(1, finishedFor(4, true))
  t.match(said(bench), [{ kind: 'ack', of: 'finished', condition: 4, transactionStatus: 2 }])
  bench.hear(2, finishedFor(0, true))
  t.match(said(bench), [{ kind: 'ack', of: 'finished', condition: 0, transactionStatus: 3 }])
  t.equal(bench.machine.counters.recv.spurious, 2)
  t.end()
})

t.test('a file that is lost aboard is counted by whether it was open', t => {
  for (const isOpen of [false, true]) {
    const bench = new SpacecraftBench()
    bench.offerDigested('/a', 10_000)
    if (isOpen) bench.frames(3)
    bench.tell({ kind: 'source failed', sequence: 1, why: 'it is gone' })
    const { file_open, file_read } = bench.machine.counters.fault
    t.strictSame({ file_open, file_read }, { file_open: isOpen ? 0 : 1, file_read: isOpen ? 1 : 0 })
    const [log] = bench.take('log').filter(({ event }) => event === 'file lost aboard')
    t.strictSame(log?.fields, { sequence: 1, name: 'a', why: 'it is gone' })
    t.match(bench.machine.recent, [{ name: 'a', state: 'failed', why: 'it is gone' }])
  }
  t.end()
})

t.test('a fault of a transaction is counted once, and what is no fault is none', t => {
  const limits = { ack: { timeoutMs: 1_000, triesMax: 2 } }
  const bench = new SpacecraftBench({ cfdp: { limits } })
  bench.offerDigested('/a', 100)
  for (let now = 0; now < 5_000; now += 500) {
    bench.tick(now)
    bench.frames(2)
  }
  t.equal(bench.machine.counters.fault.ack_limit, 1)
  const counts = Object.values(bench.machine.counters.fault)
  t.equal(
    counts.reduce((sum, count) => sum + count, 0),
    1,
  )
  t.strictSame(
    Object.values(delivered().machine.counters.fault).filter(count => count > 0),
    [],
  )
  t.end()
})

t.test('of a file that never left nothing is said when it is cancelled', t => {
  const bench = new SpacecraftBench()
  bench.offer('/a', 100)
  bench.tell({ kind: 'cancel', token: 1, sequence: 1 })
  t.strictSame(said(bench), [])
  t.end()
})
