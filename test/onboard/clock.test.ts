/** A spacecraft whose UTC steps while it runs: its contacts move, and nothing else does. */
import t from 'tap'
import { bufferListing } from '../../onboard/buffer/listing.ts'
import { spacecraftMetrics } from '../../onboard/metrics.ts'
import type { SpacecraftSettings } from '../../onboard/settings.ts'
import { spacecraftStatus } from '../../onboard/status.ts'
import { SpacecraftBench } from '../kit/spacecraft-bench.ts'

const TODAY = Date.UTC(2026, 10, 22)
const HOUR = 3_600_000
const LIMITS = { filesMax: 10, octetsMax: 10_000 }

/** Main contacts at 10:00 and 11:30 of today, for a clock that shows 0 at `epochUtcMs`. */
function contactsFrom(epochUtcMs: number): SpacecraftSettings['contacts'] {
  return [10, 11.5].map(hour => {
    const start = TODAY + hour * HOUR - epochUtcMs
    return { start, end: start + 600_000, station: 'Malindi' }
  })
}

function set(bench: SpacecraftBench, utcMs: number): void {
  const epochUtcMs = utcMs - bench.now
  bench.tell({ kind: 'vitals', token: 9, memoryOctets: 1, epochUtcMs })
}

function contactsOf(bench: SpacecraftBench): string[] {
  const logs = bench.take('log').map(({ event }) => event)
  return logs.filter(event => event.startsWith('contact') || event.startsWith('clock'))
}

t.test('a clock that is set minutes after the start puts contacts where they are', t => {
  const bench = new SpacecraftBench({ contacts: contactsFrom(0) })
  bench.offerDigested('/a', 100)
  bench.tick(5 * 60_000)
  t.equal(bench.machine.stations.isOpen, false)
  set(bench, TODAY + 10 * HOUR + 1_000)
  t.strictSame(contactsOf(bench), ['contact begins', 'clock stepped'])
  t.equal(bench.take('answer').length, 1)
  const history = () => bench.machine.custody.history.map(({ utcMs }) => utcMs)
  t.strictSame(history(), [TODAY + 10 * HOUR + 1_000], 'by the clock that begins the contact')
  t.ok(bench.frames(1).length > 0)
  set(bench, TODAY + 10 * HOUR + 1_000)
  t.strictSame(contactsOf(bench), [], 'it is told every second')
  bench.tick(bench.now + 599_000)
  t.strictSame(contactsOf(bench), ['contact ends'])
  const status = spacecraftStatus(bench.machine, bench.now)
  t.match(status.clock, { steps: 1, utcMs: TODAY + 10 * HOUR + 600_000 })
  t.match(status.contact, { open: false, startsInMs: 1.5 * HOUR - 600_000 })
  t.match(spacecraftMetrics(status).find(({ name }) => name === 'clock_steps_total')?.value, 1)
  bench.tick(bench.now + 1.5 * HOUR - 600_000)
  t.strictSame(contactsOf(bench), ['contact begins'])
  t.match(bench.report(), undefined)
  t.end()
})

t.test(
  'steps and drift within a contact begin no other, repeat nothing, and let no timer fire',
  t => {
    const limits = { ack: { timeoutMs: 2_000, triesMax: 3 } }
    const bench = new SpacecraftBench(
      { contacts: contactsFrom(TODAY + 10 * HOUR), cfdp: { limits } },
      [],
      {
        epochUtcMs: TODAY + 10 * HOUR,
      },
    )
    bench.offerDigested('/a', 100)
    bench.frames(4)
    bench.hear(77, { kind: 'prompt', wants: 'nak' })
    bench.take('log')
    const { sent } = bench.machine.downlink.pdus
    for (const stepMs of [60_000, -30_000, 45_000, 70, -80, 500_000, -500_000]) {
      set(bench, bench.machine.utc.at(bench.now) + stepMs)
      bench.tick(bench.now)
      bench.frames(2)
    }
    t.strictSame(contactsOf(bench), Array(5).fill('clock stepped'))
    t.equal(bench.machine.downlink.pdus.sent, sent)
    t.match(spacecraftStatus(bench.machine, bench.now).counters.fault, { ack_limit: 0 })
    set(bench, TODAY + 10 * HOUR + 700_000)
    t.ok(bench.machine.stations.isOpen, 'it is still heard')
    bench.tick(10_000)
    t.notOk(bench.machine.stations.isOpen)
    bench.tick(12 * HOUR)
    t.equal(bench.machine.buffer.files, 1, 'no step gives a file up')
    t.end()
  },
)

t.test('times of files go with the clock that gave them, and no step drops a file', t => {
  const buffer: SpacecraftSettings['buffer'] = {
    ...LIMITS,
    late: 'drop',
    rules: [{ match: '*', deadlineS: 3_600 }],
  }
  const bench = new SpacecraftBench({ contacts: [], buffer })
  bench.offer('/counted', 10)
  bench.tick(60_000)
  set(bench, TODAY)
  t.strictSame(
    bench.records().slice(-1),
    [{ kind: 'stepped', sequence: 1, byMs: TODAY - 60_000 }],
    'the journal knows',
  )
  const listed = () => bufferListing(bench.machine, bench.now).files[0]
  t.match(listed(), { ageMs: 60_000 })
  t.equal(Math.round(bench.machine.deadline as number), 3_600_000)
  set(bench, TODAY + 24 * HOUR)
  set(bench, TODAY)
  t.match(listed(), { ageMs: 60_000 })
  t.match(bench.machine.custody.history, [])
  bench.tick(3_600_000)
  t.equal(bench.machine.buffer.files, 0, 'an hour has passed')
  t.equal(bench.machine.custody.counters.late, 1)
  bench.tell({ kind: 'released', sequence: 1 })
  bench.records()
  set(bench, TODAY + 48 * HOUR)
  t.strictSame(bench.records(), [], 'no file, no record')
  t.end()
})

t.test(
  'a deadline that a step skips is missed when the clock has run on, and not with the step',
  t => {
    const bench = new SpacecraftBench({ buffer: { ...LIMITS, late: 'drop' } }, [], {
      epochUtcMs: TODAY,
    })
    bench.offer('/said', 10, { deadlineMs: TODAY + HOUR })
    bench.tick(1_000)
    set(bench, TODAY + 20 * 365 * 24 * HOUR)
    bench.tick(60_000)
    t.equal(bench.machine.buffer.files, 1)
    set(bench, TODAY + 60_000)
    bench.tick(HOUR - 1)
    t.equal(bench.machine.buffer.files, 1)
    bench.tick(HOUR)
    t.equal(bench.machine.buffer.files, 0)
    t.match(bench.machine.custody.history, [{ utcMs: TODAY }])
    t.end()
  },
)

t.test('what is noted of an earlier time is put right, too', t => {
  const contacts = [{ start: 0, end: HOUR, station: 'Malindi' }]
  const bench = new SpacecraftBench({ contacts }, [], { epochUtcMs: TODAY })
  const history = () => bench.machine.custody.history.map(({ utcMs }) => utcMs)
  t.strictSame(history(), [TODAY])
  set(bench, TODAY + 60_000)
  t.strictSame(history(), [TODAY + 60_000])
  t.end()
})

t.test('a deadline that was told is of UTC; one that is counted goes with the clock', t => {
  const rules = [{ match: 'counted', deadlineS: 3_600 }]
  const buffer: SpacecraftSettings['buffer'] = { ...LIMITS, late: 'drop', rules }
  const bench = new SpacecraftBench({ contacts: [], buffer }, [], { epochUtcMs: TODAY })
  bench.offer('/counted', 10)
  bench.offer('/told', 10, { deadlineMs: TODAY + 2 * HOUR })
  set(bench, TODAY + HOUR / 2)
  for (const sequence of [1, 2]) bench.tell({ kind: 'digested', sequence, checksum: 99 })
  t.match(bufferListing(bench.machine, bench.now).files, [{ ageMs: 0 }, { ageMs: 0 }])
  const names = () => [...bench.machine.buffer.entries()].map(({ name }) => name)
  bench.tick(HOUR - 1)
  t.strictSame(names(), ['counted', 'told'])
  bench.tick(HOUR)
  t.strictSame(names(), ['told'], 'an hour has passed')
  bench.tick(1.5 * HOUR - 1)
  t.strictSame(names(), ['told'])
  bench.tick(bench.machine.deadline)
  t.strictSame(names(), [], 'it is two hours later by UTC')
  t.end()
})

t.test(
  'files of an earlier run get right times if its clock had never been set, and keep others',
  t => {
    for (const epochUtcMs of [0, TODAY]) {
      const earlier = new SpacecraftBench({ contacts: [] }, [], { epochUtcMs })
      earlier.offerDigested('/a', 10)
      const later = new SpacecraftBench({ contacts: [] }, earlier.records(), { epochUtcMs })
      set(later, TODAY + HOUR)
      const ageMs = epochUtcMs === 0 ? 0 : HOUR
      t.match(bufferListing(later.machine, 0).files, [{ name: 'a', ageMs }])
      const after = new SpacecraftBench({ contacts: [] }, [...later.machine.snapshot()], {
        epochUtcMs: TODAY + HOUR,
      })
      t.match(bufferListing(after.machine, 0).files, [{ name: 'a', ageMs }])
    }
    t.end()
  },
)
