import t from 'tap'
import { counterMetrics } from '../../protocol/cfdp/entity/counter-metrics.ts'
import { encodeClcw } from '../../protocol/frame/clcw.ts'
import { edgeMetrics } from '../../station/metrics.ts'
import { edgeStatus } from '../../station/status.ts'
import { securityOf } from '../kit/commands.ts'
import { EdgeBench } from '../kit/edge-bench.ts'

function statusOf(bench: EdgeBench) {
  return edgeStatus(bench.machine, bench.now)
}

t.test('edgeStatus() follows a file from its first PDU to its end', t => {
  const bench = new EdgeBench()
  bench.hearSegment(1, 400, 100)
  t.match(statusOf(bench).files, [
    {
      source: 1,
      sequence: 1,
      name: '',
      octets: null,
      heldOctets: 100,
      gapCount: 1,
      gaps: [[0, 400]],
      state: 'receiving',
    },
  ])
  bench.hearMetadata(1, 800)
  t.match(statusOf(bench).files, [{ name: 'file.dat', octets: 800, gapCount: 2 }])
  bench.hearEof(1, 800)
  t.match(statusOf(bench).files, [{ state: 'receiving' }])
  bench.hearSegment(1, 0, 400)
  bench.hearSegment(1, 500, 300)
  t.match(statusOf(bench).files, [{ state: 'verifying', gapCount: 0, heldOctets: 800 }])
  bench.tell({ kind: 'verified', id: '1-1', checksum: 0x1234_5678 })
  t.match(statusOf(bench).files, [{ state: 'verifying' }])
  bench.tell({ kind: 'delivered', id: '1-1', path: '/archive/file.dat' })
  t.match(statusOf(bench), {
    queues: { rx: 1 },
    files: [{ state: 'delivered', path: '/archive/file.dat' }],
  })
  bench.answers()
  bench.acknowledge(1)
  t.match(statusOf(bench), {
    queues: { rx: 0 },
    files: [{ state: 'delivered', path: '/archive/file.dat' }],
  })
  t.end()
})

t.test('edgeStatus() says why a file failed, and ids beyond 2^53 as digits', t => {
  const bench = new EdgeBench()
  bench.hearFile(1, 10)
  bench.tell({ kind: 'refused', id: '1-1', why: 'its name leads out of the archive' })
  t.match(statusOf(bench).files, [
    { state: 'failed', path: undefined, why: 'its name leads out of the archive' },
  ])
  bench.hearMetadata(1, 10, { sequence: 2n ** 53n, sequenceOctets: 8 })
  t.equal(statusOf(bench).files[1]?.sequence, '9007199254740992')
  t.end()
})

t.test('edgeStatus() names at most 200 files under way and 64 gaps of each', t => {
  const bench = new EdgeBench()
  for (let i = 0; i < 100; i++) bench.hearSegment(1, 200 * i, 100)
  for (let sequence = 2; sequence <= 210; sequence++) bench.hearMetadata(sequence, 10)
  const { files, queues } = statusOf(bench)
  t.equal(files.length, 200)
  t.equal(queues.rx, 210)
  t.equal(files[0]?.gapCount, 99)
  t.equal(files[0]?.gaps.length, 64)
  t.end()
})

t.test('edgeStatus() and edgeMetrics() tell what was counted', t => {
  const contacts = [{ start: 0, end: 5_000 }]
  const bench = new EdgeBench({ contacts, transactionsMax: 1 })
  bench.hearFile(1, 500)
  bench.hearMetadata(2, 10)
  bench.hearMetadata(3, 10, { source: 9 })
  bench.answers()
  bench.tell({ kind: 'disk failed', id: '1-1', lost: [], why: 'no space left' })
  bench.hearMetadata(1, 500)
  const status = statusOf(bench)
  t.match(status, {
    role: 'station',
    contact: { open: true, endsInMs: 5_000 },
    locked: true,
    diskReady: false,
    pdus: { received: 7, sent: 1, malformed: 0, dropped: 3 },
  })
  t.equal(status.frames.good > 0, true)
  const metrics = new Map(edgeMetrics(status).map(({ name, value }) => [name, value]))
  t.strictSame(Object.fromEntries(metrics), {
    contact_open: 1,
    locked: 1,
    disk_ready: 0,
    frames_good_total: status.frames.good,
    frames_corrected_total: 0,
    frames_lost_total: 0,
    frames_bad_total: 0,
    upload_octets_waiting: 0,
    uplink_frames_total: 1,
    cop1_commands_total: 0,
    clock_steps_total: 0,
    clock_last_step_seconds: 0,
    ...Object.fromEntries(
      counterMetrics(status.counters, status.queues).map(({ name, value }) => [name, value]),
    ),
  })
  t.match(Object.fromEntries(metrics), {
    recv_pdu_total: 6,
    recv_file_data_bytes_total: 500,
    recv_error_total: 1,
    recv_dropped_total: 2,
    sent_pdu_total: 1,
    fault_file_write_total: 1,
    q_size_rx: 1,
  })
  bench.tell({ kind: 'disk ready' })
  const silent = new EdgeBench({ contacts: [] })
  const values = edgeMetrics(statusOf(silent)).slice(0, 3)
  t.strictSame(
    values.map(({ value }) => value),
    [0, 0, 1],
  )
  t.end()
})

t.test('edgeStatus() counts what was asked for, and faults', t => {
  const bench = new EdgeBench()
  bench.hearMetadata(1, 800)
  bench.hearSegment(1, 0, 400)
  bench.hearEof(1, 800)
  bench.answers()
  bench.hearSegment(1, 400, 400)
  for (let n = 0; n < 4; n++) {
    bench.tell({ kind: 'verified', id: '1-1', checksum: 0 })
    bench.hearSegment(1, 0, 400)
    bench.hearSegment(1, 400, 400)
  }
  bench.hearFile(2, 10)
  bench.tell({ kind: 'refused', id: '1-2', why: 'its name is taken' })
  const { sent, fault } = statusOf(bench).counters
  t.equal(sent.nak_segment_requests, 1)
  t.match(fault, { crc_mismatch: 1, file_rename: 1 })
  t.end()
})

t.test('edgeStatus() and edgeMetrics() tell how COP-1 and SDLS are', t => {
  const bench = new EdgeBench({ uplink: { service: 'ad', security: securityOf(3) } })
  const figures = () =>
    new Map(edgeMetrics(statusOf(bench)).map(({ name, value }) => [name, value]))
  t.match(statusOf(bench).uplink, {
    service: 'ad',
    cop1: { state: 'S6', expected: null, lockout: false },
    sdls: { spi: 3, reserved: 1 },
  })
  t.equal(figures().get('cop1_active'), 0)
  const clcw = { status: 0, cop: 1, virtualChannel: 0, noRf: false, noBitLock: false, farmB: 0 }
  const clean = { lockout: false, wait: false, retransmit: false, report: 5 }
  for (let i = 0; i < 2; i++) bench.machine.commands.hear(encodeClcw({ ...clcw, ...clean }), 0)
  t.match(statusOf(bench).uplink.cop1, { state: 'S1', next: 5, oldest: 5, expected: 5, alerts: 0 })
  t.match(Object.fromEntries(figures()), { cop1_active: 1, cop1_lockout: 0, sdls_reserved: 1 })
  bench.machine.commands.hear(encodeClcw({ ...clcw, ...clean, lockout: true }), 0)
  t.match(Object.fromEntries(figures()), { cop1_active: 0, cop1_lockout: 1, cop1_alerts_total: 1 })
  t.end()
})
