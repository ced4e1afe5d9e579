import t from 'tap'
import { finishedFor } from '../../protocol/cfdp/completion.ts'
import type { Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { encodeClcw } from '../../protocol/frame/clcw.ts'
import { securityOf } from '../kit/commands.ts'
import { EdgeBench } from '../kit/edge-bench.ts'

function kindsOf(pdus: readonly Pdu[]): readonly string[] {
  return pdus.map(({ body }) => (body.kind === 'ack' ? `ack of ${body.of}` : body.kind))
}

t.test(
  'a file comes in, is written, synced, journaled, read back, named, and said to be there',
  t => {
    const bench = new EdgeBench()
    t.strictSame(bench.takeKinds(), ['log'], 'contact begins')
    bench.hearFile(1, 500)
    t.strictSame(bench.takeKinds(), [
      'log',
      'opened',
      'metadata',
      'write',
      'write',
      'eof',
      'sync',
      'held',
      'verify',
      'room',
    ])
    t.strictSame(kindsOf(bench.answers()), ['ack of eof'])
    bench.store(1)
    t.strictSame(bench.takeKinds(), ['delivering', 'deliver', 'log', 'finished', 'discard', 'room'])
    t.match(bench.answers(), [{ body: finishedFor(0, true) }])
    bench.acknowledge(1)
    t.strictSame(bench.takeKinds(), ['closed', 'log'])
    t.equal(bench.machine.receptions.size, 0)
    t.match(bench.machine.receptions.recent, [{ id: '1-1', path: '/archive/1' }])
    t.match(bench.machine.receptions.ledger.closed('1-1'), { condition: 0, octets: 500 })
    t.end()
  },
)

t.test('before a NAK leaves, what it says to be held is synced and in the journal', t => {
  const bench = new EdgeBench()
  bench.hearMetadata(1, 1_000)
  bench.hearSegment(1, 0, 400)
  bench.hearSegment(1, 800, 200)
  bench.hearEof(1, 1_000)
  bench.takeKinds()
  bench.tell({ kind: 'room', octets: 10_000 })
  t.strictSame(bench.takeKinds(), ['sync', 'held', 'transmit', 'transmit'])
  t.end()
})

t.test('room for one answer sends one', t => {
  const bench = new EdgeBench()
  for (const sequence of [1, 2]) bench.hearFile(sequence, 0)
  bench.take('transmit')
  bench.tell({ kind: 'room', octets: bench.machine.commands.octetsMax })
  t.equal(bench.take('transmit').length, 1)
  t.ok(bench.take('room').length > 0, 'and asks for more')
  t.end()
})

t.test('what is received goes to the journal in time, or when there is much of it', t => {
  const bench = new EdgeBench()
  bench.hearSegment(1, 0, 400)
  t.strictSame(bench.records(), [])
  bench.tick(2_000)
  t.match(bench.records(), [{ kind: 'opened' }, { kind: 'held', spans: [0, 400] }])
  const much = new EdgeBench({ format: { interleave: 0, frameOctets: 2_000 } })
  for (let at = 0; at < 9 * 1_048_576; at += 65_000) much.hearSegment(1, at, 65_000)
  t.match(much.records(), [{ kind: 'opened' }, { kind: 'held' }])
  t.end()
})

t.test('late PDUs of a closed file open nothing; its EOF is answered with its outcome', t => {
  const bench = new EdgeBench()
  bench.hearFile(1, 500)
  bench.store(1)
  bench.answers()
  bench.acknowledge(1)
  const after = new EdgeBench({}, [...bench.machine.snapshot()])
  for (const one of [bench, after]) {
    one.hearSegment(1, 0, 400)
    t.strictSame(one.answers(), [])
    one.hearEof(1, 500)
    t.strictSame(kindsOf(one.answers()), ['ack of eof', 'finished'])
    one.hearEof(1, 501)
    t.strictSame(one.answers(), [], 'that of another file with the same number is not')
    t.equal(one.machine.counters.recv.spurious, 3)
    t.equal(one.machine.receptions.size, 0)
  }
  t.end()
})

t.test('a file whose end was a cancellation: its EOF is acknowledged again', t => {
  const bench = new EdgeBench()
  bench.hearMetadata(1, 500)
  bench.hearEof(1, 0, 15)
  t.strictSame(kindsOf(bench.answers()), ['ack of eof'])
  bench.hearEof(1, 0, 15)
  t.strictSame(kindsOf(bench.answers()), ['ack of eof'])
  t.match(bench.machine.receptions.ledger.closed('1-1'), { condition: 15 })
  t.end()
})

t.test('a late EOF of class 1 is not answered, and no more than 64 answers wait', t => {
  const bench = new EdgeBench()
  bench.hearFile(1, 0, { acknowledged: false })
  bench.store(1)
  bench.hearEof(1, 0, 0, { acknowledged: false })
  t.strictSame(bench.answers(), [])
  bench.hearFile(2, 0)
  bench.store(2)
  bench.answers()
  bench.acknowledge(2)
  for (let i = 0; i < 100; i++) bench.hearEof(2, 0)
  t.equal(bench.answers().length, 64)
  t.end()
})

t.test('PDUs of other entities, and those toward the sender, are dropped and counted', t => {
  const bench = new EdgeBench()
  bench.hearEof(1, 0, 0, { source: 9 })
  bench.hearEof(1, 0, 0, { destination: 9 })
  bench.hearEof(1, 0, 0, { towardSender: true })
  t.equal(bench.machine.counters.recv.error, 3)
  t.equal(bench.machine.receptions.size, 0)
  t.end()
})

t.test('no more transactions are open than is allowed; one that ends makes way', t => {
  const bench = new EdgeBench({ transactionsMax: 2 })
  for (const sequence of [1, 2, 3]) bench.hearMetadata(sequence, 100)
  t.equal(bench.machine.receptions.size, 2)
  t.equal(bench.machine.counters.recv.dropped, 1)
  bench.hearEof(1, 0, 15)
  bench.answers()
  bench.hearMetadata(3, 100)
  t.ok(bench.machine.receptions.has('1-3'))
  t.end()
})

t.test(
  'a write that the disk refuses: nothing is taken until there is room, then asked again',
  t => {
    const bench = new EdgeBench()
    bench.hearMetadata(1, 800)
    bench.hearSegment(1, 0, 400)
    bench.takeKinds()
    const lost = [{ start: 0, end: 400 }]
    bench.tell({ kind: 'disk failed', id: '1-1', lost, why: 'no space left' })
    bench.tell({ kind: 'disk failed', id: '1-1', lost: [], why: 'no space left' })
    t.strictSame(bench.takeKinds(), ['log', 'await disk'], 'once')
    t.notOk(bench.machine.receptions.isDiskReady)
    bench.hearSegment(1, 400, 400)
    bench.hearEof(1, 800)
    t.equal(bench.machine.counters.recv.dropped, 2)
    t.strictSame(bench.answers(), [])
    bench.tick(2_000)
    bench.tick(4_000)
    t.strictSame(bench.takeKinds(), [], 'and nothing is journaled meanwhile')

    bench.tell({ kind: 'disk ready' })
    bench.hearEof(1, 800)
    t.match(bench.answers().at(-1)?.body, { kind: 'nak', gaps: [{ start: 0, end: 800 }] })
    t.match(bench.records(), [{ kind: 'opened' }, { kind: 'metadata' }, { kind: 'eof' }])
    t.end()
  },
)

t.test('a sync that fails loses spans that were held; they are asked for again', t => {
  const bench = new EdgeBench()
  bench.hearFile(1, 500)
  bench.answers()
  bench.tell({ kind: 'disk failed', id: '1-1', lost: [{ start: 0, end: 500 }], why: 'EIO' })
  bench.tell({ kind: 'verified', id: '1-1', checksum: 1 })
  bench.takeKinds()
  bench.tell({ kind: 'disk ready' })
  t.match(bench.answers().at(-1)?.body, { kind: 'nak', gaps: [{ start: 0, end: 500 }] })
  bench.hearSegment(1, 0, 500)
  bench.store(1)
  t.match(bench.answers().at(-1)?.body, { kind: 'finished', complete: true })
  t.end()
})

t.test('a delivery that fails is tried again when there is room', t => {
  const bench = new EdgeBench()
  bench.hearFile(1, 500)
  bench.tell({ kind: 'verified', id: '1-1', checksum: 0x1234_5678 })
  t.equal(bench.take('deliver').length, 1)
  bench.tell({ kind: 'disk failed', id: '1-1', lost: [], why: 'no space left' })
  bench.tell({ kind: 'disk ready' })
  t.equal(bench.take('deliver').length, 1)
  bench.tell({ kind: 'delivered', id: '1-1', path: '/archive/1' })
  t.match(bench.answers().at(-1)?.body, { kind: 'finished', complete: true })
  t.end()
})

t.test('a file that the archive refuses fails, and the spacecraft is told', t => {
  const bench = new EdgeBench()
  bench.hearFile(1, 500)
  bench.tell({ kind: 'verified', id: '1-1', checksum: 0x1234_5678 })
  bench.tell({ kind: 'refused', id: '1-1', why: 'its name leads out of the archive' })
  t.match(bench.answers().at(-1)?.body, { kind: 'finished', condition: 4, complete: false })
  bench.acknowledge(1, 4)
  t.match(bench.machine.receptions.recent, [
    { path: undefined, why: 'its name leads out of the archive' },
  ])
  t.end()
})

t.test('answers of the disk for receptions that are over change nothing', t => {
  const bench = new EdgeBench()
  bench.takeKinds()
  bench.store(9)
  t.strictSame(bench.takeKinds(), [])
  t.end()
})

t.test('a file whose octets are wrong is asked for again as a whole', t => {
  const bench = new EdgeBench()
  bench.hearFile(1, 500)
  bench.answers()
  bench.takeKinds()
  bench.tell({ kind: 'verified', id: '1-1', checksum: 1 })
  t.strictSame(bench.takeKinds(), ['discarded', 'discard', 'room'])
  t.match(bench.answers().at(-1)?.body, { kind: 'nak', gaps: [{ start: 0, end: 500 }] })
  t.end()
})

t.test('cancel at the station: the file is thrown away and the spacecraft told', t => {
  const bench = new EdgeBench()
  bench.hearMetadata(1, 500)
  bench.hearSegment(1, 0, 400)
  bench.tell({ kind: 'cancel', id: '1-1', token: 5 })
  t.match(bench.take('answer'), [{ token: 5, why: undefined }])
  t.equal(bench.take('discard').length, 1)
  t.match(bench.answers(), [{ body: { kind: 'finished', condition: 15, complete: false } }])
  bench.hearSegment(2, 0, 400)
  bench.tell({ kind: 'cancel', id: '1-2', token: 6 })
  bench.answers()
  bench.acknowledge(2, 15)
  t.strictSame(bench.machine.receptions.ledger.closed('1-2'), {
    condition: 15,
    octets: 0,
    checksum: 0,
  })
  bench.take('answer')
  bench.tell({ kind: 'cancel', id: '1-7', token: 6 })
  t.match(bench.take('answer'), [
    { token: 6, why: 'Cannot cancel transaction 1-7: it is not under way' },
  ])
  t.end()
})

t.test('class 1: a whole file is delivered and nothing is said; with closure Finished is', t => {
  const bench = new EdgeBench()
  bench.hearFile(1, 500, { acknowledged: false })
  bench.store(1)
  t.strictSame(bench.answers(), [])
  t.equal(bench.machine.receptions.size, 0)
  t.equal(bench.machine.receptions.recent[0]?.path, '/archive/1')
  t.end()
})

t.test('outside contacts nothing is asked; a contact begins anew', t => {
  const contacts = [
    { start: 1_000, end: 2_000 },
    { start: 9_000, end: 10_000 },
  ]
  const bench = new EdgeBench({ contacts })
  t.equal(bench.machine.deadline, 1_000)
  bench.hearMetadata(1, 500)
  bench.hearEof(1, 500)
  t.equal(bench.take('room').length, 0)
  t.strictSame(bench.answers(), [])
  bench.tick(1_000)
  t.equal(bench.take('room').length, 1)
  t.strictSame(kindsOf(bench.answers()), ['ack of eof', 'nak'])
  t.equal(bench.machine.deadline, 2_000, 'the contact ends before the NAK is repeated')
  bench.tick(2_000)
  bench.tick(9_000)
  t.strictSame(kindsOf(bench.answers()), ['nak'], 'what was not answered is asked again')
  t.match(
    bench
      .take('log')
      .map(({ event }) => event)
      .filter(event => event.startsWith('contact')),
    ['contact begins', 'contact ends', 'contact begins'],
  )
  t.end()
})

t.test('only the newest outcomes are remembered', t => {
  const bench = new EdgeBench()
  for (let sequence = 1; sequence <= 70; sequence++) {
    bench.hearFile(sequence, 0, { acknowledged: false })
    bench.store(sequence)
  }
  t.equal(bench.machine.receptions.recent.length, 64)
  t.equal(bench.machine.receptions.recent.at(-1)?.id, '1-70')
  t.end()
})

t.test('a station from the snapshot of another goes on where that one was, at any stage', t => {
  const stages: readonly ((bench: EdgeBench) => void)[] = [
    bench => bench.hearMetadata(1, 800),
    bench => bench.hearSegment(1, 0, 400),
    bench => bench.tick(2_000),
    bench => bench.hearEof(1, 800),
    bench => bench.answers(),
    bench => bench.hearSegment(1, 400, 400),
    bench => bench.tell({ kind: 'verified', id: '1-1', checksum: 0x1234_5678 }),
    bench => bench.tell({ kind: 'delivered', id: '1-1', path: '/archive/1' }),
    bench => bench.answers(),
    bench => bench.acknowledge(1),
  ]
  for (let count = 0; count <= stages.length; count++) {
    const bench = new EdgeBench()
    for (const stage of stages.slice(0, count)) stage(bench)
    const after = new EdgeBench({}, [...bench.machine.snapshot()])
    t.equal(after.machine.receptions.size, bench.machine.receptions.size, `after ${count}`)
    if (count === stages.length) break
    after.hearFile(1, 800)
    if (after.machine.receptions.get('1-1')?.path === undefined) after.store(1)
    t.match(after.answers().at(-1)?.body, { kind: 'finished', complete: true }, `after ${count}`)
    after.acknowledge(1)
    t.equal(after.machine.receptions.size, 0)
  }
  t.end()
})

t.test('a reception that has ended and waits to say so does not come back from a snapshot', t => {
  const bench = new EdgeBench()
  bench.hearMetadata(1, 500)
  bench.hearEof(1, 0, 15)
  t.equal(bench.machine.receptions.size, 1, 'the EOF waits for its acknowledgement')
  const after = new EdgeBench({}, [...bench.machine.snapshot()])
  t.equal(after.machine.receptions.size, 0)
  after.hearEof(1, 0, 15)
  t.strictSame(kindsOf(after.answers()), ['ack of eof'])
  t.end()
})

t.test('SDLS: a reservation is in the journal before the first frame that uses it', t => {
  const bench = new EdgeBench({ uplink: { security: securityOf(4) } })
  bench.hearFile(1, 0)
  bench.store(1)
  bench.hearMetadata(2, 10)
  bench.takeKinds()
  bench.tell({ kind: 'room', octets: 10_000 })
  const kinds = bench.takeKinds()
  t.equal(kinds.filter(kind => kind === 'reserved').length, 1)
  t.ok(kinds.indexOf('reserved') < kinds.indexOf('transmit'), kinds.join(' '))
  const [first] = bench.machine.snapshot()
  t.strictSame(first, { kind: 'reserved', spi: 4, next: 257 })
  t.end()
})

t.test('AD: answers wait until a CLCW was heard, and go again until one acknowledges them', t => {
  const bench = new EdgeBench({ uplink: { service: 'ad' } })
  bench.hearFile(1, 0)
  bench.store(1)
  // The frames of this bench have a CLCW of zeros: COP-1 not in use.
  t.strictSame(bench.take('transmit'), [])
  const clcw = { status: 0, cop: 1, virtualChannel: 0, noRf: false, noBitLock: false, farmB: 0 }
  const clean = { lockout: false, wait: false, retransmit: false, report: 0 }
  const { commands } = bench.machine
  for (let i = 0; i < 2; i++) commands.hear(encodeClcw({ ...clcw, ...clean }), 0)
  bench.tick(1)
  t.match(bench.take('log').at(-1), { event: 'AD service begins' })
  bench.tell({ kind: 'room', octets: 10_000 })
  const sent = bench.take('transmit')
  t.ok(sent.length > 0 && sent.every(({ id }) => id === '1-1'))
  t.ok((bench.machine.deadline ?? 9_999) <= 502, 'T1 runs')
  bench.tick(600)
  bench.tell({ kind: 'room', octets: 10_000 })
  t.equal(bench.take('transmit').length, sent.length, 'all of them again')
  bench.tell({ kind: 'disk failed', id: '1-1', lost: [], why: 'no space left' })
  bench.tell({ kind: 'disk ready' })
  t.ok(bench.take('log').some(({ event }) => event === 'AD service ends: TERM'))
  t.end()
})
