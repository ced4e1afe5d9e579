/** Files from the ground, aboard. Whole passes with both ends are flown in test/sim/uploads.test.ts. */
import t from 'tap'
import { spacecraftMetrics } from '../../../onboard/metrics.ts'
import { spacecraftStatus } from '../../../onboard/status.ts'
import type { Body, Header, Pdu } from '../../../protocol/cfdp/pdu/pdu.ts'
import { eofOf, metadataOf } from '../../../protocol/cfdp/transmission.ts'
import type { ContactPlan } from '../../../protocol/plan/plan.ts'
import { SpacecraftBench } from '../../kit/spacecraft-bench.ts'
import { someTransmission } from '../../kit/transmission.ts'
import type { LinkChoice } from '../../sim/settings.ts'

const CHECKSUM = 0x1234_5678

class InboxBench extends SpacecraftBench {
  /** The ground sends this of a file. */
  up(sequence: number, body: Body, changes: Partial<Header> = {}): void {
    const ours = { towardSender: false, source: 2, destination: 1 }
    this.hear(sequence, body, { ...ours, ...changes })
  }

  begin(sequence: number, fileSize = 100): void {
    this.up(sequence, metadataOf({ ...someTransmission({ sequence }), fileSize, checksumType: 2 }))
  }

  segment(sequence: number, offset: number, length: number): void {
    const octets = new Uint8Array(length)
    this.up(sequence, { kind: 'file data', offset, octets, segmentMetadata: undefined })
  }

  end(sequence: number, fileSize = 100): void {
    this.up(sequence, eofOf({ fileSize, checksum: CHECKSUM }))
  }

  file(sequence: number): void {
    this.begin(sequence)
    this.segment(sequence, 0, 100)
    this.end(sequence)
  }

  /** The disk finds it right, and names it. */
  store(sequence: number): void {
    this.tell({ kind: 'verified', id: `2-${sequence}`, checksum: CHECKSUM })
    this.tell({ kind: 'delivered', id: `2-${sequence}`, path: `/inbox/${sequence}` })
  }

  acknowledge(sequence: number): void {
    this.up(sequence, { kind: 'ack', of: 'finished', condition: 0, transactionStatus: 1 })
  }

  get status() {
    return spacecraftStatus(this.machine, this.now).uploads
  }
}

const kinds = (pdus: readonly Pdu[]) => pdus.map(({ body }) => body.kind)

t.test('a file comes up: on the disk before it is acknowledged, named once it is right', t => {
  const bench = new InboxBench()
  bench.file(4)
  t.match(bench.status, {
    octets: 100,
    files: [{ transaction: '2-4', name: 'file.dat', octets: 100, state: 'receiving' }],
  })
  const disk = bench.takeKinds().filter(kind => kind !== 'log' && kind !== 'room')
  const expected = ['journal', 'journal', 'write', 'journal', 'sync', 'journal', 'verify']
  t.strictSame(disk, expected)
  t.match(kinds(bench.frames(2)), ['ack'])
  bench.store(4)
  const [finished] = bench.frames(2)
  t.match(finished, {
    header: { towardSender: true, source: 2 },
    body: { kind: 'finished', condition: 0, complete: true },
  })
  bench.acknowledge(4)
  t.match(bench.status, {
    whole: 1,
    failed: 0,
    octets: 0,
    files: [{ state: 'whole', path: '/inbox/4' }],
  })
  t.equal(bench.machine.uploads?.receptions.size, 0)
  t.end()
})

t.test('a gap is asked for at once, and again when nothing comes of it', t => {
  const bench = new InboxBench()
  bench.begin(1, 300)
  bench.segment(1, 200, 100)
  t.ok((bench.machine.deadline ?? Infinity) < 51)
  bench.tick(51)
  const [nak] = bench.frames(2)
  t.match(nak?.body, { kind: 'nak', gaps: [{ start: 0, end: 200 }] })
  t.end()
})

t.test('only the main station is answered; when its contact begins it is told again', t => {
  const contacts = [
    { start: 0, end: 100, role: 'main' },
    { start: 100, end: 200, role: 'secondary' },
    { start: 20_000, end: 30_000, role: 'main' },
  ] as const
  const bench = new InboxBench({ contacts })
  bench.file(1)
  bench.tick(150)
  t.strictSame(bench.frames(2), [])
  bench.tick(20_000)
  t.match(kinds(bench.frames(2)), ['ack'])
  bench.store(1)
  t.match(kinds(bench.frames(2)), ['finished'])
  t.end()
})

t.test('a restart goes on with what is on the disk; a file that is over stays over', t => {
  const bench = new InboxBench()
  bench.begin(1)
  bench.segment(1, 0, 60)
  bench.tick(2_001)
  bench.file(2)
  bench.store(2)
  bench.frames(2)
  bench.acknowledge(2)
  const after = new InboxBench({}, bench.records())
  t.match(after.status, { octets: 60 })
  const files = after.machine.uploads?.receptions.size
  after.file(2)
  t.equal(after.machine.uploads?.receptions.size, files, 'a late duplicate begins nothing')
  t.match(kinds(after.frames(2)), ['ack', 'finished'])
  const again = new InboxBench({}, [...after.machine.snapshot()])
  t.match(again.status, { octets: 60 })
  t.end()
})

t.test('a full disk is a fault, is counted, and is asked again', t => {
  const bench = new InboxBench()
  bench.begin(1)
  bench.segment(1, 0, 60)
  bench.tell({ kind: 'disk failed', id: '2-1', lost: [{ start: 0, end: 60 }], why: 'no space' })
  t.match(bench.take('await disk'), [{}])
  bench.segment(1, 60, 40)
  t.match(bench.status, { diskReady: false, octets: 0 })
  t.match(bench.machine.counters, { fault: { file_write: 1 }, recv: { dropped: 1 } })
  bench.tell({ kind: 'disk ready' })
  t.match(bench.status, { diskReady: true })
  t.end()
})

t.test('a name that leads out of the inbox is refused', t => {
  const bench = new InboxBench()
  bench.file(1)
  bench.tell({ kind: 'verified', id: '2-1', checksum: CHECKSUM })
  bench.tell({ kind: 'refused', id: '2-1', why: 'its name' })
  t.match(bench.status, { failed: 0, files: [{ state: 'failed', why: 'its name' }] })
  t.match(bench.frames(2), [
    { body: { kind: 'ack' } },
    { body: { kind: 'finished', condition: 4 } },
  ])
  bench.acknowledge(1)
  t.match(bench.status, { failed: 1 })
  const metrics = new Map(
    spacecraftMetrics(spacecraftStatus(bench.machine, 0)).map(({ name, value }) => [name, value]),
  )
  t.equal(metrics.get('uploads_failed_total'), 1)
  t.equal(metrics.get('inbox_ready'), 1)
  bench.tell({ kind: 'disk failed', id: '2-1', lost: [], why: 'no space' })
  bench.begin(3)
  bench.tell({ kind: 'disk failed', id: '2-3', lost: [], why: 'no space' })
  const full = spacecraftMetrics(spacecraftStatus(bench.machine, 0))
  t.equal(full.find(({ name }) => name === 'inbox_ready')?.value, 0)
  t.end()
})

t.test('where no files are taken, they are for somebody else', t => {
  const bench = new InboxBench({ uploads: null, housekeeping: { periodMs: 1 } })
  t.match(bench.report(), { uploadsOpen: 0, plansTaken: 0, planIssuedMs: 0, planRefusal: '' })
  bench.file(1)
  bench.tell({ kind: 'disk ready' })
  t.equal(bench.status, undefined)
  t.equal(bench.machine.uplink.counters.foreign, 3)
  t.strictSame(bench.take('write'), [])
  bench.tick()
  t.type(bench.machine.deadline, 'undefined')
  t.equal([...bench.machine.snapshot()].length, 2)
  const metrics = spacecraftMetrics(spacecraftStatus(bench.machine, 0))
  t.notOk(metrics.some(({ name }) => name.startsWith('upload')))
  t.end()
})

t.test('a file of which nobody said the name is shown without one', t => {
  const bench = new InboxBench()
  bench.segment(1, 0, 60)
  t.match(bench.status?.files, [{ name: '', octets: null, heldOctets: 60 }])
  t.end()
})

const DOCUMENT = {
  plan: 1,
  issued: 2_000,
  contacts: [{ start: 60_000, end: 70_000, station: 'Troll' }],
}

/** A file that is the plan has come up whole, and is right. */
function planned(choice: LinkChoice = {}): InboxBench {
  const bench = new InboxBench({ uploads: { plan: 'file.dat' }, ...choice }, [], {
    epochUtcMs: 1_000,
    planIssued: 500,
  })
  bench.file(1)
  bench.tell({ kind: 'verified', id: '2-1', checksum: CHECKSUM })
  return bench
}

t.test('a plan is checked, then kept, and only then in force', t => {
  const bench = planned({ contacts: [{ start: 0, end: 30_000, station: 'Malindi' }] })
  t.match(bench.take('read plan'), [{ id: '2-1', octets: 100 }])
  t.strictSame(bench.take('deliver'), [], 'it is no file of the inbox')
  t.match(bench.report(), undefined)
  bench.tell({ kind: 'plan', id: '2-1', document: DOCUMENT })
  const [keep] = bench.take('keep plan')
  t.match(keep?.plan, {
    issued: 2_000,
    contacts: [{ end: 31_000 }, { start: 60_000, end: 70_000 }],
  })
  t.equal(bench.machine.stations.plan?.issued, 500, 'the old one is in force')
  bench.tell({ kind: 'plan kept', id: '2-1', plan: keep?.plan as ContactPlan })
  t.match(bench.machine.stations.plan, {
    issued: 1_000,
    contacts: [{ end: 30_000 }, { start: 59_000, end: 69_000, station: 'Troll' }],
  })
  t.match(bench.status, { plan: { issuedMs: 2_000, taken: 1, refused: 0 } })
  t.match(bench.frames(2).at(-1), { body: { kind: 'finished', condition: 0 } })
  bench.acknowledge(1)
  t.match(bench.status, { whole: 1, files: [{ state: 'whole', path: 'in force' }] })
  t.end()
})

t.test('a wrong plan is refused with its reason, and the old one stays', t => {
  const contacts = [{ start: 0, end: 30_000, station: 'Malindi' }]
  const bench = planned({ contacts, housekeeping: { periodMs: 1 } })
  bench.tell({ kind: 'plan', id: '2-1', document: { ...DOCUMENT, issued: 1_400 } })
  t.strictSame(bench.take('keep plan'), [])
  t.match(bench.take('log').at(-2), { event: 'plan refused', fields: { why: /is before/ } })
  t.match(bench.machine.stations.plan, { contacts })
  bench.tick(5)
  t.match(bench.report(), {
    plansRefused: 1,
    planIssuedMs: 1_500,
    planRefusal: /is before/,
    uploadsOpen: 1,
  })
  t.match(bench.frames(2).at(-1), { body: { kind: 'finished', condition: 4 } })
  bench.acknowledge(1)
  bench.file(2)
  bench.tell({ kind: 'verified', id: '2-2', checksum: CHECKSUM })
  bench.tell({ kind: 'plan unreadable', id: '2-2', why: 'no YAML' })
  t.match(bench.status, { plan: { refused: 2, why: 'no YAML' }, failed: 1 })
  const metrics = new Map(
    spacecraftMetrics(spacecraftStatus(bench.machine, 0)).map(({ name, value }) => [name, value]),
  )
  t.equal(metrics.get('plans_refused_total'), 2)
  t.end()
})

t.test('a plan for a modem that is not there is refused; one for a modem that is, is not', t => {
  const by = (modem: string) => ({ ...DOCUMENT, contacts: [{ ...DOCUMENT.contacts[0], modem }] })
  const bench = planned({ uploads: { plan: 'file.dat', modems: ['uhf'] } })
  bench.tell({ kind: 'plan', id: '2-1', document: by('s-band') })
  t.match(bench.status?.plan.why, /one is by modem s-band, which is not there/)
  bench.file(2)
  bench.tell({ kind: 'verified', id: '2-2', checksum: CHECKSUM })
  bench.tell({ kind: 'plan', id: '2-2', document: by('uhf') })
  t.equal(bench.take('keep plan').length, 1)
  const alone = planned()
  alone.tell({ kind: 'plan', id: '2-1', document: by('s-band') })
  t.equal(alone.take('keep plan').length, 1)
  t.end()
})

t.test('a disk that does not take a plan is asked again; two plans come one after the other', t => {
  const bench = planned()
  bench.tell({ kind: 'plan', id: '2-1', document: DOCUMENT })
  bench.tell({ kind: 'disk failed', id: '2-1', lost: [], why: 'no space' })
  bench.take('read plan')
  bench.tell({ kind: 'disk ready' })
  t.match(bench.take('read plan'), [{ id: '2-1' }])
  bench.tell({ kind: 'plan', id: '2-1', document: DOCUMENT })
  bench.file(2)
  bench.tell({ kind: 'verified', id: '2-2', checksum: CHECKSUM })
  bench.tell({ kind: 'plan', id: '2-2', document: { ...DOCUMENT, issued: 1_900 } })
  t.match(
    bench.status?.plan,
    { refused: 1, why: /is before/ },
    'it is measured by the one on its way',
  )
  t.equal(bench.status?.plan.issuedMs, null)
  bench.file(3)
  bench.tell({ kind: 'disk failed', id: '2-3', lost: [], why: 'no space' })
  bench.tell({ kind: 'plan', id: '2-2', document: { ...DOCUMENT, issued: 1_900 } })
  t.match(bench.status?.plan, { refused: 2 }, 'also when the disk fails for another file')
  t.end()
})

t.test('where no files are taken no plan is', t => {
  const bench = new InboxBench({ uploads: null })
  bench.tell({ kind: 'plan', id: '2-1', document: DOCUMENT })
  t.strictSame(bench.take('keep plan'), [])
  t.end()
})
