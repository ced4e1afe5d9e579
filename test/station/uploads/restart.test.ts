/** Files for the spacecraft over restarts of the station: under another configuration, cancelled, suspended. */
import t from 'tap'
import { finishedFor } from '../../../protocol/cfdp/completion.ts'
import { nak, said, UploadBench } from '../../kit/upload-bench.ts'
import type { LinkChoice } from '../../sim/settings.ts'

/** The station starts anew with what its journal holds, or would hold made short. */
function* restarts(bench: UploadBench, choice: LinkChoice = {}): Iterable<UploadBench> {
  const records = bench.records()
  yield new UploadBench(choice, records)
  yield new UploadBench(choice, [...bench.machine.snapshot()])
  yield new UploadBench(choice, [...new UploadBench(choice, records).machine.snapshot()])
}

t.test('the spacecraft is told of a cancelled file after a restart, too', t => {
  const bench = new UploadBench()
  bench.upload('a', 5_000)
  bench.upload('b', 10)
  bench.pass(2)
  bench.tell({ kind: 'cancel', id: '2-1', token: 1 })
  for (const after of restarts(bench)) {
    t.match(after.uploads, [
      { sequence: 1, state: 'failed', why: 'cancel request received' },
      { sequence: 2 },
    ])
    t.notOk('untold' in Object(after.uploads[0]), 'nobody is shown that')
    t.strictSame(after.machine.uploads.files, ['spool-b'])
    t.strictSame(said(after.pass(1)).slice(0, 1), ['1: eof'])
    after.acknowledgeEof(1, 15)
    t.match(after.records().at(-1), { kind: 'upload told', sequence: 1 })
    const told = new UploadBench({}, [...after.machine.snapshot()])
    t.notOk(said(told.pass()).includes('1: eof'))
    t.match(told.uploads, [{ sequence: 1, state: 'failed' }, { sequence: 2 }])
  }
  t.end()
})

t.test('the end of a file is written down once, whatever the spool says then', t => {
  const bench = new UploadBench()
  bench.upload('a', 500)
  bench.pass()
  bench.say(1, finishedFor(0, true))
  bench.tell({ kind: 'source failed', sequence: 1, why: 'gone' })
  t.match(bench.uploads, [{ state: 'delivered' }])
  t.equal(bench.machine.counters.fault.file_read, 0)
  bench.upload('b', 500)
  bench.tell({ kind: 'cancel', id: '2-2', token: 1 })
  bench.take('journal')
  bench.tell({ kind: 'source failed', sequence: 2, why: 'gone' })
  t.strictSame(bench.records(), [])
  t.end()
})

t.test('cancelled files of which nobody was told take no place of others, up to a bound', t => {
  const bench = new UploadBench({ contacts: [{ start: 1e9, end: 2e9 }] })
  for (let i = 1; i <= 64; i++) {
    bench.upload(`f${i}`, 1_000)
    bench.tell({ kind: 'cancel', id: `2-${i}`, token: 1 })
  }
  t.match(bench.upload('a', 1), { why: /of 64 files the spacecraft does not know the end yet/ })
  t.end()
})

t.test('suspended: nothing but acknowledgements goes up, over restarts, until it is resumed', t => {
  const bench = new UploadBench()
  bench.upload('a', 100_000)
  bench.upload('b', 300)
  bench.pass(3)
  bench.tell({ kind: 'suspend', id: '2-1', token: 1 })
  bench.tell({ kind: 'suspend', id: '2-1', token: 2 })
  t.match(bench.take('answer').slice(-2), [{ why: undefined }, { why: undefined }])
  t.match(bench.uploads, [{ state: 'sending', suspended: true }, { suspended: undefined }])
  t.notOk(said(bench.pass()).some(text => text.startsWith('1:')))
  for (const after of restarts(bench)) {
    t.match(after.uploads, [{ sequence: 1, suspended: true }, { sequence: 2 }])
    after.say(1, nak(0, 229))
    t.notOk(said(after.pass()).some(text => text.startsWith('1:')))
    after.tell({ kind: 'resume', id: '2-1', token: 3 })
    t.match(after.records().at(-1), { kind: 'upload resumed', sequence: 1 })
    t.equal(said(after.pass(2))[0], '1: 0+229', 'what was asked for meanwhile goes first')
    const resumed = new UploadBench({}, [...after.machine.snapshot()])
    t.match(resumed.uploads, [{ suspended: undefined }, {}])
  }
  bench.tell({ kind: 'cancel', id: '2-1', token: 4 })
  bench.tell({ kind: 'resume', id: '2-1', token: 5 })
  t.match(bench.take('answer').at(-1), {
    why: /Cannot resume transaction 2-1: it is not under way/,
  })
  t.end()
})

t.test('a file that the uplink does not carry any more waits, and says why; nothing ends', t => {
  const bench = new UploadBench()
  bench.upload('x'.repeat(100), 500)
  const [short] = restarts(bench, { uplink: { frameOctetsMax: 64 } })
  t.match(short?.uploads, [{ state: 'waiting', why: /name of 100 octets does not fit/ }])
  t.strictSame(short?.pass(), [])
  t.equal(short?.machine.deadline, undefined)
  const narrow = new UploadBench({ uplink: { frameOctetsMax: 40 }, cfdp: { entityOctets: 8 } }, [
    { kind: 'upload', sequence: 1, name: 'a', file: 'f', octets: 9, checksum: 1 },
  ])
  t.match(narrow.uploads, [{ why: /does not fit/ }])
  t.strictSame(narrow.pass(), [])
  short?.tell({ kind: 'cancel', id: '2-1', token: 1 })
  t.match(short?.pass(), [{ body: { kind: 'eof', condition: 15 } }])
  t.end()
})

t.test('no sequence number is used that does not fit its octets', t => {
  const known = { kind: 'upload', name: 'a', file: 'f', octets: 9, checksum: 1 }
  const bench = new UploadBench({ uploadCfdp: { sequenceOctets: 1 } }, [
    { ...known, sequence: 255 },
    { ...known, sequence: 300 },
  ])
  t.match(bench.uploads, [{ why: undefined }, { why: /300 does not fit 1 octets/ }])
  t.match(bench.upload('b', 1), { why: /301 does not fit 1 octets; raise cfdp.sequenceOctets/ })
  const octets = said(bench.pass())
  t.strictSame(octets, ['255: metadata', '255: prompt', '255: 0+9', '255: eof'])
  t.end()
})

t.test('the checksum of a file is of the type that it was made with', t => {
  const bench = new UploadBench()
  bench.upload('a', 5)
  t.match(bench.pass(1), [{ body: { kind: 'metadata', checksumType: 2 } }])
  for (const after of restarts(bench, { uploadCfdp: { checksumType: 3 } })) {
    t.match(after.pass(1), [{ body: { kind: 'metadata', checksumType: 2 } }])
    after.upload('b', 5)
    t.match(
      after.pass().find(({ body }) => body.kind === 'metadata'),
      { body: { checksumType: 3 } },
    )
  }
  t.end()
})
