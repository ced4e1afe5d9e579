import t from 'tap'
import { spacecraftMetrics } from '../../onboard/metrics.ts'
import { fileStatuses, spacecraftStatus } from '../../onboard/status.ts'
import { finishedFor } from '../../protocol/cfdp/completion.ts'
import { counterMetrics } from '../../protocol/cfdp/entity/counter-metrics.ts'
import { lockingCommand, securityOf } from '../kit/commands.ts'
import { SpacecraftBench } from '../kit/spacecraft-bench.ts'

function statusOf(bench: SpacecraftBench) {
  return spacecraftStatus(bench.machine, bench.now)
}

t.test('spacecraftStatus() follows a file from its offer to its end', t => {
  const bench = new SpacecraftBench()
  bench.offer('/a', 500)
  const about = { name: 'a', octets: 500, sequence: 1 }
  t.strictSame(statusOf(bench).files, [
    { ...about, state: 'digesting', sentOctets: 0, acknowledgedOctets: 0 },
  ])
  bench.tell({ kind: 'digested', sequence: 1, checksum: 1 })
  t.match(statusOf(bench).files, [{ state: 'queued' }])
  bench.frames(2)
  t.match(statusOf(bench).files, [{ state: 'sending', sentOctets: 400 }])
  bench.frames(6)
  t.match(statusOf(bench).files, [{ state: 'awaiting', sentOctets: 500, acknowledgedOctets: 0 }])
  const gaps = [{ start: 100, end: 200 }]
  bench.hear(1, { kind: 'nak', scope: { start: 0, end: 500 }, wantsMetadata: false, gaps })
  t.match(statusOf(bench).files, [{ state: 'awaiting', acknowledgedOctets: 400 }])
  bench.hear(1, finishedFor(0, true))
  t.match(statusOf(bench), {
    buffer: { files: 1 },
    files: [{ state: 'done', acknowledgedOctets: 500 }],
  })
  bench.tell({ kind: 'released', sequence: 1 })
  t.match(statusOf(bench), {
    buffer: { files: 0, octets: 0 },
    files: [{ state: 'done', acknowledgedOctets: 500 }],
  })
  t.end()
})

t.test('spacecraftStatus() says why a file failed', t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 500)
  bench.tell({ kind: 'cancel', token: 1, sequence: 1 })
  t.match(statusOf(bench).files, [
    { state: 'failed', acknowledgedOctets: 0, why: 'cancelled aboard' },
  ])
  t.end()
})

t.test('spacecraftStatus() names at most 200 files that wait', t => {
  const bench = new SpacecraftBench()
  for (let i = 0; i < 210; i++) bench.offer(`/${i}`, 1)
  const { files, buffer } = statusOf(bench)
  t.equal(files.length, 200)
  t.match(buffer, { files: 210, octets: 210, filesMax: 1_000 })
  t.end()
})

t.test('spacecraftStatus() and spacecraftMetrics() tell what was counted', t => {
  const bench = new SpacecraftBench({
    contacts: [{ start: 0, end: 60_000 }],
    buffer: { filesMax: 1, octetsMax: 1_000 },
  })
  bench.offerDigested('/a', 800)
  bench.offer('/b', 1)
  bench.now = 250
  bench.frames(10)
  const gaps = [{ start: 0, end: 100 }]
  bench.now = 400
  bench.hear(1, { kind: 'nak', scope: { start: 0, end: 800 }, wantsMetadata: false, gaps })
  bench.hear(1, finishedFor(0, true), { source: 9 })
  bench.frames(1)
  const status = statusOf(bench)
  const { frameOctets } = bench.settings.downlink
  const carrying = status.frames.sent - status.frames.idle
  t.match(status, {
    role: 'onboard',
    contact: { open: true, endsInMs: 59_600 },
    buffer: { refused: 1 },
    pdus: { sent: 5, retransmitted: 1, repeated: 0 },
    frames: { sent: 11 },
    carriage: { frameOctets: carrying * frameOctets },
    uplink: { frames: 2, malformed: 0, foreign: 1 },
  })
  t.ok(status.carriage.contactMs >= 400, 'when the line has sent the newest file octets')
  const metrics = spacecraftMetrics(status).map(({ name, value }) => [name, value])
  t.strictSame(Object.fromEntries(metrics), {
    contact_open: 1,
    safe_mode: 0,
    frozen: 0,
    suspended_files: 0,
    commands_accepted_total: 0,
    commands_rejected_total: 0,
    commands_repeated_total: 0,
    commands_malformed_total: 0,
    buffer_files: 1,
    buffer_octets: 800,
    buffer_refused_total: 1,
    buffer_octets_most: 800,
    buffer_waiting_files: 1,
    buffer_pinned_files: 0,
    buffer_late_total: 0,
    buffer_dropped_total: 0,
    buffer_oldest_seconds: 0.4,
    buffer_release_first_seconds: 0,
    buffer_release_last_seconds: 0,
    buffer_small_files: 1,
    buffer_medium_files: 0,
    buffer_large_files: 0,
    buffer_huge_files: 0,
    repeated_total: 0,
    sent_again_total: 1,
    frames_sent_total: 11,
    frames_idle_total: status.frames.idle,
    carried_octets_total: carrying * frameOctets,
    uplink_frames_total: 2,
    uplink_malformed_total: 0,
    uplink_foreign_total: 1,
    cop1_lockout: 0,
    cop1_expected: 0,
    cop1_duplicate_total: 0,
    cop1_early_total: 0,
    cop1_refused_total: 0,
    buffer_file_release_seconds: 0,
    clock_steps_total: 0,
    clock_last_step_seconds: 0,
    uploads_whole_total: 0,
    uploads_failed_total: 0,
    uploads_octets: 0,
    plans_taken_total: 0,
    plans_refused_total: 0,
    inbox_ready: 1,
    ...Object.fromEntries(
      counterMetrics(status.counters, status.queues).map(({ name, value }) => [name, value]),
    ),
  })
  t.match(Object.fromEntries(metrics), {
    sent_pdu_total: 5,
    sent_file_data_bytes_total: 900,
    recv_pdu_total: 1,
    recv_error_total: 1,
    recv_nak_segment_requests_total: 1,
    q_size_txw: 1,
  })
  const silent = spacecraftMetrics(statusOf(new SpacecraftBench({ contacts: [] })))
  t.equal(silent[0]?.value, 0)
  t.end()
})

t.test('spacecraftStatus() counts strays and faults, and files by their queue', t => {
  const ack = { timeoutMs: 1_000, triesMax: 1 }
  const bench = new SpacecraftBench({ cfdp: { limits: { ack } } })
  bench.offerDigested('/a', 500)
  bench.frames(1)
  bench.offerDigested('/b', 10)
  t.match(statusOf(bench).queues, { pend: 1, txa: 1, txw: 0, rx: 0 })
  bench.tell({ kind: 'source failed', sequence: 1, why: 'it changed' })
  bench.offer('/c', 10)
  bench.tell({ kind: 'source failed', sequence: 3, why: 'it is gone' })
  bench.frames(8)
  bench.hear(77, finishedFor(0, true))
  bench.tick(60_000)
  bench.frames(8)
  bench.tick(120_000)
  t.match(statusOf(bench).counters, {
    recv: { pdu: 1, spurious: 1, error: 0 },
    fault: { file_open: 1, file_read: 1, inactivity_timer: 0 },
  })
  t.ok(statusOf(bench).counters.fault.ack_limit > 0)
  t.end()
})

t.test('spacecraftStatus() and spacecraftMetrics() tell how COP-1 and SDLS are', t => {
  const bench = new SpacecraftBench({ uplink: { security: securityOf(3) } })
  bench.hear(1, finishedFor(0, true))
  const status = statusOf(bench)
  t.match(status.uplink, { frames: 1, cop1: { state: 'open' }, sdls: { opened: 1, unknown: 0 } })
  const metrics = new Map(spacecraftMetrics(status).map(({ name, value }) => [name, value]))
  t.equal(metrics.get('sdls_opened_total'), 1)
  t.equal(metrics.get('sdls_not_operational_total'), 0)
  t.equal(metrics.get('cop1_lockout'), 0)
  bench.tell({ kind: 'octets', octets: lockingCommand() })
  const locked = new SpacecraftBench()
  locked.tell({ kind: 'octets', octets: lockingCommand() })
  const figures = spacecraftMetrics(statusOf(locked))
  t.match(
    figures.find(({ name }) => name === 'cop1_lockout'),
    { value: 1 },
  )
  t.strictSame(
    [...bench.machine.uplink.snapshot()],
    [{ kind: 'accepted number', spi: 3, number: '1' }],
  )
  t.match(bench.take('log').at(-1), { event: 'uplink refused', fields: { why: 'short' } })
  t.end()
})

t.test('fileStatuses() knows every file that waits, and those that were let go of late', t => {
  const bench = new SpacecraftBench()
  for (let i = 1; i <= 300; i++) bench.offer(`/${i}`, 1)
  for (let i = 1; i <= 70; i++)
    bench.tell({ kind: 'source failed', sequence: i, why: 'it is gone' })
  t.equal(statusOf(bench).files.length, 200 + 64, 'an answer for people is shorter')
  t.match(fileStatuses(bench.machine, [300, 1, 999, 290]), [
    { sequence: 300, state: 'digesting' },
    { sequence: 1, state: 'failed', why: 'it is gone' },
    { sequence: 290, state: 'digesting' },
  ])
  t.equal(fileStatuses(bench.machine, [999]).length, 0)
  t.end()
})

t.test('spacecraftStatus() and spacecraftMetrics() tell what it was commanded', t => {
  const bench = new SpacecraftBench({}, [], { isSafe: true })
  const sequence = bench.offerDigested('/a', 800)
  bench.command(1, { verb: 'freeze' })
  bench.command(1, { verb: 'freeze' })
  bench.command(2, { verb: 'suspend', sequence })
  bench.command(3, { verb: 'resume', sequence: sequence + 1 })
  const status = statusOf(bench)
  t.strictSame(status.modes, { safe: true, frozen: true, suspended: 1 })
  t.match(status.files, [{ sequence, suspended: true }])
  t.strictSame(status.commands, { accepted: 2, rejected: 1, repeated: 1, malformed: 0 })
  const metrics = spacecraftMetrics(status).map(({ name, value }) => [name, value])
  t.match(Object.fromEntries(metrics), {
    safe_mode: 1,
    frozen: 1,
    suspended_files: 1,
    commands_accepted_total: 2,
    commands_rejected_total: 1,
    commands_repeated_total: 1,
  })
  t.end()
})
