import t from 'tap'
import { finishedFor } from '../../protocol/cfdp/completion.ts'
import type { Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { caduOctets } from '../../protocol/frame/link.ts'
import { SpacecraftBench } from '../kit/spacecraft-bench.ts'

const DONE = finishedFor(0, true)

function kindsOf(pdus: readonly Pdu[]): readonly string[] {
  return pdus.map(({ body }) => (body.kind === 'ack' ? `ack of ${body.of}` : body.kind))
}

t.test('a file is accepted, digested, sent, acknowledged and let go, journal first', t => {
  const bench = new SpacecraftBench()
  t.strictSame(bench.takeKinds(), ['log', 'room'], 'contact begins')
  t.match(bench.offer('/a', 500), { sequence: 1, why: undefined })
  t.strictSame(bench.takeKinds(), ['journal', 'log', 'digest'])
  bench.tell({ kind: 'digested', sequence: 1, checksum: 99 })
  t.strictSame(bench.records(), [{ kind: 'digested', sequence: 1, checksum: 99 }])
  t.strictSame(kindsOf(bench.frames(6)), ['metadata', 'file data', 'file data', 'eof'])
  t.strictSame(bench.records(), [{ kind: 'mark', sequence: 1, mark: 500 }])
  bench.takeKinds()

  bench.hear(1, DONE)
  t.strictSame(bench.takeKinds(), ['journal', 'log', 'release'])
  t.strictSame(kindsOf(bench.frames(1)), ['ack of finished'])
  bench.tell({ kind: 'released', sequence: 1 })
  t.strictSame(bench.records(), [{ kind: 'released', sequence: 1 }])
  bench.tell({ kind: 'released', sequence: 1 })
  t.strictSame(bench.records(), [], 'twice is once')
  t.equal(bench.machine.buffer.files, 0)
  t.match(bench.machine.recent, [{ name: 'a', state: 'done', acknowledgedOctets: 500 }])
  t.end()
})

t.test('marks go ahead of the octets, one record a MiB', t => {
  const bench = new SpacecraftBench({
    format: { interleave: 0, frameOctets: 2_000, fecf: true },
    cfdp: { segmentOctets: 60_000 },
  })
  const octets = 3 * 1_048_576
  bench.offerDigested('/a', octets)
  let [sent, mark] = [0, 0]
  for (let frame = 0; sent < octets; frame++) {
    const pdus = bench.frames(1)
    mark = Math.max(mark, ...bench.records().map(record => (record as { mark?: number }).mark ?? 0))
    for (const { body } of pdus)
      if (body.kind === 'file data') sent = Number(body.offset) + body.octets.length
    if (sent > mark) t.fail(`${sent} octets were sent with the mark at ${mark}`)
  }
  t.equal(mark, octets)
  t.end()
})

t.test('offers are refused with a reason while the buffer is full, and answered each', t => {
  const bench = new SpacecraftBench({ buffer: { filesMax: 2, octetsMax: 1_000 } })
  t.equal(bench.offer('/a', 600)?.sequence, 1)
  t.match(bench.offer('/a', 600)?.why, /^\/a is in the buffer already/)
  t.match(bench.offer('/b', 500)?.why, /^The buffer has no room for 500 octets/)
  t.equal(bench.offer('/b', 400)?.sequence, 2)
  t.match(bench.offer('/c', 0)?.why, /^The buffer is full/)
  t.equal(bench.machine.buffer.refused, 3)
  t.end()
})

t.test('sequence numbers end where a PDU cannot carry them', t => {
  const bench = new SpacecraftBench({ cfdp: { sequenceOctets: 1 } }, [
    { kind: 'next', sequence: 255 },
  ])
  t.equal(bench.offer('/a', 1)?.sequence, 255)
  t.match(bench.offer('/b', 1)?.why, /^The sequence numbers are used up/)
  t.end()
})

t.test('a file that failed is taken again only if it changed or somebody insists', t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 500)
  bench.frames(6)
  bench.hear(1, finishedFor(4, true))
  t.equal(bench.machine.buffer.entry(1)?.ended?.condition, 4)
  t.strictSame(bench.take('release'), [], 'it stays on the disk')
  t.match(bench.offer('/a', 500)?.why, /^\/a is in the buffer already/)
  t.equal(bench.offer('/a', 500, { insist: true })?.sequence, 2)
  bench.tell({ kind: 'cancel', token: 1, sequence: 2 })
  t.equal(bench.offer('/a', 500, { mtimeMs: 2 })?.sequence, 3)
  t.equal(bench.machine.buffer.files, 1)
  t.end()
})

t.test('a Finished that says incomplete without an error does not let the file go', t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 10)
  bench.frames(4)
  bench.hear(1, { ...DONE, complete: false })
  t.match(bench.machine.buffer.entry(1)?.ended, { why: 'the ground says it is incomplete' })
  t.strictSame(bench.take('release'), [])
  t.end()
})

t.test('cancel: the ground is told; once more lets the file go', t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 5_000)
  bench.frames(3)
  bench.tell({ kind: 'cancel', token: 3, sequence: 1 })
  t.match(bench.take('answer'), [{ token: 3, sequence: 1, why: undefined }])
  const [eof] = bench.frames(3).filter(({ body }) => body.kind === 'eof')
  t.match(eof?.body, { condition: 15, faultLocation: Uint8Array.of(1) })
  bench.hear(1, { kind: 'ack', of: 'eof', condition: 15, transactionStatus: 2 })
  t.equal(bench.machine.downlink.openCount, 0)
  t.match(bench.machine.buffer.entry(1)?.ended, { why: 'cancelled aboard' })
  bench.tell({ kind: 'cancel', token: 4, sequence: 1 })
  t.equal(bench.machine.buffer.files, 0)
  bench.tell({ kind: 'cancel', token: 5, sequence: 1 })
  t.match(bench.take('answer').at(-1), {
    token: 5,
    sequence: undefined,
    why: 'Cannot cancel transaction 1: it is not in the buffer',
  })
  t.end()
})

t.test('cancel of a delivered file that is being let go comes too late', t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 10)
  bench.frames(4)
  bench.hear(1, DONE)
  bench.tell({ kind: 'cancel', token: 1, sequence: 1 })
  t.match(bench.take('answer').at(-1)?.why, /not in the buffer/)
  t.end()
})

t.test('a source that fails while it is queued or digested is let go at once', t => {
  const bench = new SpacecraftBench()
  bench.offer('/a', 10)
  bench.offer('/b', 10)
  bench.records()
  bench.tell({ kind: 'source failed', sequence: 1, why: 'it is gone' })
  t.match(bench.records(), [
    { kind: 'ended', sequence: 1, condition: 4, why: 'it is gone', gone: true },
    { kind: 'released', sequence: 1 },
  ])
  t.match(bench.take('digest').at(-1), { sequence: 2 }, 'the next is digested')
  bench.tell({ kind: 'digested', sequence: 2, checksum: 1 })
  bench.tell({ kind: 'source failed', sequence: 2, why: 'it changed' })
  t.equal(bench.machine.buffer.files, 0)
  bench.tell({ kind: 'source failed', sequence: 2, why: 'it changed' })
  bench.tell({ kind: 'digested', sequence: 2, checksum: 1 })
  t.match(bench.machine.recent, [
    { name: 'a', state: 'failed', why: 'it is gone' },
    { name: 'b', state: 'failed', why: 'it changed' },
  ])
  t.end()
})

for (const [when, frames] of [
  ['sending', 3],
  ['awaiting', 30],
] as const)
  t.test(`a source that fails while it is ${when} is let go when the ground was told`, t => {
    const bench = new SpacecraftBench()
    bench.offerDigested('/a', 2_000)
    bench.frames(frames)
    bench.tell({ kind: 'source failed', sequence: 1, why: 'it changed' })
    t.match(bench.machine.buffer.entry(1)?.ended, { gone: true })
    t.match(kindsOf(bench.frames(4)).at(-1), 'eof')
    bench.hear(1, { kind: 'ack', of: 'eof', condition: 4, transactionStatus: 2 })
    t.equal(bench.machine.buffer.files, 0)
    t.end()
  })

t.test('the disk says against a file that is over: nothing happens', t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 500)
  bench.tell({ kind: 'cancel', token: 1, sequence: 1 })
  bench.takeKinds()
  for (const sequence of [1, 99]) bench.tell({ kind: 'source failed', sequence, why: 'it is gone' })
  bench.tell({ kind: 'digested', sequence: 99, checksum: 1 })
  t.strictSame(bench.takeKinds(), [])
  t.end()
})

t.test(
  'a small file is read for its checksum beside a large one, and two large ones are not',
  t => {
    const bench = new SpacecraftBench()
    for (const [path, octets] of [
      ['/large', 2 ** 30],
      ['/larger', 2 ** 31],
      ['/small', 10],
      ['/tiny', 1],
    ] as const)
      bench.offer(path, octets)
    t.strictSame(
      bench.take('digest').map(({ path }) => path),
      ['/large', '/small'],
    )
    bench.tell({ kind: 'digested', sequence: 3, checksum: 1 })
    t.match(bench.take('digest'), [{ path: '/tiny' }])
    bench.tell({ kind: 'digested', sequence: 4, checksum: 1 })
    t.strictSame(bench.take('digest'), [])
    bench.tell({ kind: 'digested', sequence: 1, checksum: 1 })
    t.match(bench.take('digest'), [{ path: '/larger' }])
    t.end()
  },
)

t.test('what took the place of a failed source can be offered at once', t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 2_000)
  bench.frames(3)
  bench.tell({ kind: 'source failed', sequence: 1, why: 'it cannot be read' })
  t.equal(bench.offer('/a', 2_000)?.sequence, 2, 'even if it is the same')
  bench.hear(1, { kind: 'ack', of: 'eof', condition: 4, transactionStatus: 2 })
  t.equal(bench.machine.buffer.files, 1)
  t.end()
})

t.test('PDUs of other entities, and those toward the receiver, are dropped and counted', t => {
  const bench = new SpacecraftBench()
  bench.hear(1, DONE, { source: 9 })
  bench.hear(1, DONE, { destination: 9 })
  bench.hear(1, DONE, { towardSender: false })
  t.equal(bench.machine.uplink.counters.foreign, 3)
  t.strictSame(bench.frames(2), [])
  t.end()
})

t.test('class 1: a file is sent once and let go; after a restart as a whole', t => {
  const choice = { cfdp: { acknowledged: false } }
  const bench = new SpacecraftBench(choice)
  bench.offerDigested('/a', 2_000)
  bench.frames(3)
  const after = new SpacecraftBench(choice, [...bench.machine.buffer.snapshot()])
  const pdus = after.frames(20)
  t.match(pdus[0]?.body, { kind: 'metadata' })
  t.match(pdus[1]?.body, { kind: 'file data', offset: 0 })
  t.match(pdus.at(-1)?.body, { kind: 'eof', condition: 0 })
  t.match(after.records().at(-1), { kind: 'ended', condition: 0, why: 'sent once' })
  t.match(after.take('release'), [{ sequence: 1 }])
  t.end()
})

t.test('a partner that never answers: the file fails when the limit is reached', t => {
  const ack = { timeoutMs: 1_000, triesMax: 2 }
  const bench = new SpacecraftBench({ cfdp: { limits: { ack } } })
  bench.offerDigested('/a', 10)
  bench.frames(4)
  for (let i = 0; i < 20 && bench.machine.deadline !== undefined; i++) {
    bench.tick(bench.machine.deadline)
    bench.frames(3)
  }
  t.match(bench.machine.buffer.entry(1)?.ended, { why: 'positive ACK limit reached' })
  t.equal(bench.machine.downlink.openCount, 0)
  t.end()
})

t.test('outside contacts nothing is sent; a contact begins with what was not answered', t => {
  const contacts = [
    { start: 1_000, end: 2_000 },
    { start: 9_000, end: 10_000 },
  ]
  const bench = new SpacecraftBench({ contacts })
  t.equal(bench.machine.deadline, 1_000)
  t.strictSame(bench.take('room'), [])
  bench.offerDigested('/a', 10)
  bench.tick(1_000)
  t.equal(bench.take('room').length, 1)
  t.equal(bench.frames(4).length, 3)
  bench.tick(2_000)
  t.equal(bench.machine.deadline, 9_000)
  t.strictSame(bench.frames(1), [], 'room that comes late is not used')
  bench.tick(9_000)
  t.match(
    bench
      .take('log')
      .map(({ event }) => event)
      .filter(event => event.startsWith('contact')),
    ['contact begins', 'contact ends', 'contact begins'],
  )
  t.strictSame(kindsOf(bench.frames(2)), ['eof'])
  t.end()
})

t.test('room for many frames is used at once, room for less than one not at all', t => {
  const bench = new SpacecraftBench()
  const octets = caduOctets(bench.settings.downlink)
  bench.take('room')
  bench.tell({ kind: 'room', octets: 3 * octets + 5 })
  t.equal(bench.take('transmit').length, 3)
  t.equal(bench.take('room').length, 1, 'and is asked for once')
  bench.tell({ kind: 'room', octets: octets - 1 })
  t.equal(bench.take('transmit').length, 0)
  t.end()
})

t.test(
  'no more than 64 files are open, yet all are sent, and all that ended aboard are told',
  t => {
    const bench = new SpacecraftBench()
    for (let i = 0; i < 170; i++) bench.offerDigested(`/empty-${i}`, 0)
    const eofs = bench.frames(100).filter(({ body }) => body.kind === 'eof')
    t.equal(bench.machine.downlink.openCount, 64)
    t.equal(new Set(eofs.map(({ header }) => header.sequence)).size, 170)
    for (let i = 1; i <= 170; i++) bench.tell({ kind: 'cancel', token: 1, sequence: i })
    const after = new SpacecraftBench({}, [...bench.machine.buffer.snapshot()])
    const told = after.frames(100).filter(({ body }) => body.kind === 'eof')
    t.equal(new Set(told.map(({ header }) => header.sequence)).size, 170)
    t.equal(after.machine.downlink.openCount, 64)
    t.end()
  },
)

t.test('files of a few octets share frames', t => {
  const bench = new SpacecraftBench()
  for (let i = 0; i < 60; i++) bench.offerDigested(`/${i}`, 1)
  bench.frames(40)
  t.equal(bench.machine.buffer.files, 60)
  const eofs = bench.machine.downlink.pdus.sent
  t.equal(eofs, 3 * 60, `${bench.machine.downlink.frames.sent} frames`)
  t.end()
})

t.test('only the newest outcomes are remembered', t => {
  const bench = new SpacecraftBench()
  for (let i = 1; i <= 1_030; i++) {
    bench.offer(`/${i}`, 1)
    bench.tell({ kind: 'source failed', sequence: i, why: 'it is gone' })
  }
  t.equal(bench.machine.recent.length, 1_024)
  t.equal(bench.machine.recent.at(-1)?.name, '1030')
  t.end()
})

t.test('ten thousand files that wait cost a frame nothing', t => {
  const bench = new SpacecraftBench({ buffer: { filesMax: 20_000, octetsMax: 2 ** 40 } })
  for (let i = 0; i < 10_000; i++) {
    bench.offerDigested(`/${i}`, 100_000)
    bench.takeKinds()
  }
  const few = new SpacecraftBench()
  few.offerDigested('/0', 100_000)
  const visits = ({ machine: { buffer } }: SpacecraftBench, run: () => void) => {
    let count = 0
    const ready = buffer.ready.bind(buffer)
    const entries = buffer.entries.bind(buffer)
    buffer.ready = function* counted() {
      for (const entry of ready()) {
        count += 1
        yield entry
      }
    }
    buffer.entries = () => {
      count += buffer.files
      return entries()
    }
    run()
    return count
  }
  const least = visits(few, () => few.frames(50))
  t.ok(visits(bench, () => bench.frames(50)) <= 10 * (least + 50), 'entries looked at')
  t.end()
})
