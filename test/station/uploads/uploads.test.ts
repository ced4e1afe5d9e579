/** Files for the spacecraft at the station. Whole passes with both ends are flown in test/sim/uploads.test.ts. */
import t from 'tap'
import { finishedFor } from '../../../protocol/cfdp/completion.ts'
import { encodeHousekeeping } from '../../../protocol/command/housekeeping.ts'
import { edgeMetrics } from '../../../station/metrics.ts'
import { edgeStatus } from '../../../station/status.ts'
import { EdgeBench } from '../../kit/edge-bench.ts'
import { someHousekeeping } from '../../kit/housekeeping.ts'
import { nak, said, UploadBench } from '../../kit/upload-bench.ts'
import type { LinkChoice } from '../../sim/settings.ts'

t.test('a file goes up in segments of a frame, and is over when the spacecraft has it', t => {
  const bench = new UploadBench()
  t.match(bench.upload('plan.yaml', 500), { sequence: 1, why: undefined })
  t.match(bench.uploads, [{ name: 'plan.yaml', state: 'waiting', sentOctets: 0 }])
  t.match(bench.take('journal'), [
    { record: { kind: 'upload', sequence: 1, file: 'spool-plan.yaml' } },
  ])
  t.strictSame(said(bench.pass()), ['1: metadata', '1: 0+229', '1: 229+229', '1: 458+42', '1: eof'])
  t.match(bench.records(), [{ kind: 'upload mark', sequence: 1, mark: 500 }])
  t.match(bench.uploads, [{ state: 'awaiting', sentOctets: 500, acknowledgedOctets: 0 }])
  bench.acknowledgeEof(1)
  bench.say(1, nak(231, 240))
  t.strictSame(said(bench.pass()), ['1: 231+9'])
  t.match(bench.uploads, [{ acknowledgedOctets: 231 }])
  bench.takeKinds()
  bench.say(1, finishedFor(0, true))
  t.match(bench.takeKinds(), ['upload over', 'drop', 'log', 'room'])
  t.match(bench.uploads, [{ state: 'delivered', acknowledgedOctets: 500 }])
  t.strictSame(said(bench.pass()), ['1: ack'])
  t.equal(bench.machine.counters.sent.file_data_bytes, 509)
  t.strictSame(bench.machine.uploads.files, [])
  t.end()
})

t.test('commands and answers go before octets; of two files the earlier goes first', t => {
  const bench = new UploadBench()
  bench.upload('a', 20_000)
  bench.upload('b', 300)
  t.strictSame(said(bench.pass(2)).slice(0, 4), [
    '1: metadata',
    '2: metadata',
    '1: 0+229',
    '1: 229+229',
  ])
  bench.hearMetadata(9, 500)
  bench.hearEof(9, 500)
  bench.tell({ kind: 'order', command: { verb: 'noop' }, token: 1 })
  const sent = bench.answers()
  t.strictSame(said(sent).slice(0, 2), ['9: ack', '9: nak'])
  t.equal(bench.machine.orders.isDue, false, 'and so did the command')
  t.end()
})

t.test('an upload goes on after a restart where its journal ends; no number is used twice', t => {
  const bench = new UploadBench()
  bench.upload('a', 200_000)
  bench.pass(3)
  const records = bench.records()
  const again = new UploadBench({}, records)
  t.match(again.uploads, [{ sequence: 1, sentOctets: 65_536 + 229, state: 'sending' }])
  t.match(again.upload('b', 5), { sequence: 2 })
  again.pass(200)
  again.acknowledgeEof(1)
  again.say(1, finishedFor(0, true))
  const third = new UploadBench({}, [...again.machine.snapshot()])
  t.match(third.uploads, [
    { sequence: 1, state: 'delivered' },
    { sequence: 2, state: 'sending' },
  ])
  t.match(third.upload('c', 5), { sequence: 3 })
  t.strictSame(third.machine.uploads.files, ['spool-b', 'spool-c'])
  const fourth = new UploadBench({}, [...third.machine.snapshot(), ...third.records()])
  t.equal(fourth.uploads.length, 3)
  t.end()
})

t.test('what does not fit is refused, with the reason', t => {
  const bench = new UploadBench()
  const { machine } = bench
  const refusal = (name: string, octets: number) => machine.uploads.objection({ name, octets })
  t.match(refusal('a', 2 ** 32), /more than the 4294967295 of a file/)
  t.match(refusal('', 1), /a name of 0 octets/)
  t.match(refusal('x'.repeat(256), 1), /a name of 256 octets/)
  t.match(refusal('x'.repeat(120), 1), /does not fit a PDU of 243: see uplink.segmentation/)
  t.match(bench.upload('x'.repeat(120), 1), { why: /Cannot send x+ up: its name/ })
  t.strictSame(bench.uploads, [])
  for (let i = 0; i < 64; i++) bench.upload(`f${i}`, 1)
  t.match(refusal('a', 1), '64 files wait already')
  const small = new UploadBench()
  const uploads = {
    ...small.settings.uploads,
    octetsMax: 100,
    cfdp: { ...small.settings.uploads.cfdp, pduCrc: true },
  }
  const bounded = new EdgeBench()
  Object.assign(bounded.settings, { uploads })
  t.match(
    bounded.machine.uploads.objection({ name: 'a', octets: 101 }),
    /101 octets would wait, and 100 may/,
  )
  t.equal(bounded.machine.uploads.objection({ name: 'a', octets: 1 }), undefined)
  t.end()
})

t.test('where a frame has next to no room, segments are as long as a packet', t => {
  const uplink: LinkChoice['uplink'] = {
    frameOctetsMax: 40,
    segmentation: { map: 0, packetOctetsMax: 500 },
  }
  const bench = new UploadBench({ uplink })
  bench.upload('a', 900)
  t.strictSame(said(bench.pass()), ['1: metadata', '1: 0+480', '1: 480+420', '1: eof'])
  t.end()
})

t.test('a file that the spacecraft refuses, or calls incomplete, has failed', t => {
  const bench = new UploadBench()
  for (const name of ['a', 'b']) bench.upload(name, 10)
  bench.pass()
  bench.say(1, finishedFor(4, true))
  bench.say(2, { ...finishedFor(0, true), complete: false })
  t.match(bench.uploads, [
    { state: 'failed', why: 'filestore rejection' },
    { state: 'failed', why: 'the spacecraft says it is incomplete' },
  ])
  t.end()
})

t.test('an upload is cancelled once; the spacecraft is told', t => {
  const bench = new UploadBench()
  bench.upload('a', 1_000)
  bench.pass(1)
  bench.tell({ kind: 'cancel', id: '2-1', token: 8 })
  bench.tell({ kind: 'cancel', id: '2-1', token: 8 })
  t.match(bench.take('answer'), [{ why: undefined }, { why: /not under way/ }])
  t.match(bench.uploads, [{ state: 'failed', why: 'cancel request received' }])
  t.match(bench.pass().at(-1), { body: { kind: 'eof', condition: 15, checksum: 0 } })
  t.strictSame([...bench.machine.uploads.files], [])
  bench.acknowledgeEof(1, 15)
  t.strictSame(
    [...bench.machine.snapshot()],
    [
      {
        kind: 'upload over',
        sequence: 1,
        name: 'a',
        octets: 1_000,
        state: 'failed',
        why: 'cancel request received',
      },
    ],
  )
  t.end()
})

t.test('a file that the spool lost has failed; the spacecraft is told', t => {
  const bench = new UploadBench()
  bench.upload('a', 1_000)
  bench.tell({ kind: 'source failed', sequence: 1, why: 'gone' })
  bench.tell({ kind: 'source failed', sequence: 7, why: 'gone' })
  bench.tell({ kind: 'read', sequence: 7, offset: 0, octets: new Uint8Array(1) })
  t.match(bench.uploads, [{ state: 'failed', why: 'gone' }])
  t.equal(bench.machine.counters.fault.file_read, 1)
  t.match(bench.pass(), [{ body: { kind: 'eof', condition: 4 } }])
  t.end()
})

t.test('an EOF that is given up ends the file', t => {
  const bench = new UploadBench()
  const limits = { ack: { timeoutMs: 100, triesMax: 1 } }
  Object.assign(bench.settings, { uploads: { ...bench.settings.uploads, limits } })
  bench.upload('a', 10)
  bench.pass()
  t.type(bench.machine.deadline, 'number')
  for (let now = 0; now < 10_000; now += 100) {
    bench.tick(now)
    bench.answers()
  }
  t.match(bench.uploads, [{ state: 'failed', why: 'positive ACK limit reached' }])
  t.equal(bench.machine.counters.fault.ack_limit > 0, true)
  t.end()
})

t.test('late words of the spacecraft are answered, up to a bound', t => {
  const over = { sequence: 7, name: 'a', octets: 10, state: 'failed' } as const
  const bench = new UploadBench({}, [{ kind: 'upload over', ...over }])
  bench.say(7, finishedFor(0, true))
  bench.say(7, nak(0, 10))
  bench.acknowledgeEof(7)
  t.match(bench.pass(), [
    {
      header: { towardSender: false, sequence: 7 },
      body: { kind: 'ack', of: 'finished', transactionStatus: 2 },
    },
    { body: { kind: 'eof', condition: 15 } },
  ])
  t.equal(bench.machine.counters.recv.spurious, 3)
  bench.say(8, nak(0, 10))
  t.strictSame(bench.pass(), [], 'what another station sends is not cancelled')
  bench.tell({ kind: 'disk failed', id: '1-1', lost: [], why: 'none' })
  const deaf = new UploadBench({ contacts: [{ start: 1, end: 2 }] })
  for (let i = 0; i < 70; i++) deaf.say(7, finishedFor(0, true))
  deaf.now = 1
  deaf.tick(1)
  t.equal(deaf.pass().length, 64)
  deaf.say(7, finishedFor(0, true), { source: 3 })
  t.equal(deaf.machine.counters.recv.error, 1)
  t.end()
})

t.test('a spacecraft that started anew, and a contact that begins, are told the end again', t => {
  const bench = new UploadBench({
    contacts: [
      { start: 0, end: 10 },
      { start: 20, end: 30 },
    ],
  })
  bench.upload('a', 10)
  bench.pass()
  bench.acknowledgeEof(1)
  t.strictSame(said(bench.pass()), [])
  for (const starts of [1, 1, 2])
    bench.hearTelemetry(encodeHousekeeping(someHousekeeping({ starts })))
  t.strictSame(said(bench.pass()), ['1: eof'])
  bench.acknowledgeEof(1)
  bench.tick(10)
  bench.tick(20)
  t.strictSame(said(bench.pass()), ['1: eof'])
  t.end()
})

t.test('the newest 32 outcomes are told', t => {
  const bench = new UploadBench()
  for (let i = 1; i <= 40; i++) {
    bench.upload(`f${i}`, 0)
    bench.pass(2)
    bench.say(i, finishedFor(0, true))
  }
  t.equal(bench.uploads.length, 32)
  t.end()
})

t.test('edgeStatus() and edgeMetrics() count what waits, goes up, and is not answered', t => {
  const bench = new UploadBench()
  bench.upload('done', 0)
  bench.pass()
  bench.say(1, finishedFor(4, true))
  bench.pass()
  bench.upload('a', 300)
  bench.pass()
  bench.upload('b', 100_000)
  bench.pass(2)
  bench.upload('c', 700)
  const status = edgeStatus(bench.machine, 0)
  t.match(status.queues, { pend: 1, txa: 1, txw: 1 })
  const metrics = new Map(edgeMetrics(status).map(({ name, value }) => [name, value]))
  t.equal(metrics.get('upload_octets_waiting'), 101_000)
  t.end()
})
