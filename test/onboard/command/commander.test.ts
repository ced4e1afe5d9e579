import t from 'tap'
import { commandRecord } from '../../../onboard/command/record.ts'
import type { Command } from '../../../protocol/command/command.ts'
import { SpacecraftBench } from '../../kit/spacecraft-bench.ts'

t.test('a command is journaled, executed once, and answered in housekeeping each time', async t => {
  const bench = new SpacecraftBench()
  bench.takeKinds()
  t.equal(bench.report(), undefined, 'of itself it says nothing here')
  bench.takeKinds()
  bench.command(5, { verb: 'freeze' })
  t.strictSame(bench.takeKinds(), ['journal', 'log'])
  t.match(bench.report(), { isFrozen: true, lastCounter: 5, lastExecuted: 1, commandsAccepted: 1 })
  bench.command(6, { verb: 'thaw' })
  bench.command(5, { verb: 'freeze' })
  const last = { isFrozen: false, lastCounter: 6, commandsAccepted: 2, commandsRepeated: 1 }
  t.match(bench.report(), last)
  t.equal(bench.report(), undefined, 'once')
})

t.test('a command that cannot be executed is rejected with a reason', async t => {
  const bench = new SpacecraftBench()
  const wrong: readonly [Command, RegExp][] = [
    [{ verb: 'recover' }, /this is no safe mode/],
    [{ verb: 'cancel', sequence: 9 }, /Cannot cancel transaction 9: it is not in the buffer/],
    [{ verb: 'suspend', sequence: 9 }, /Cannot suspend transaction 9/],
    [{ verb: 'set', parameter: 'cfdp.ackMs', value: 0 }, /from 1 to/],
  ]
  for (const [i, [command, why]] of wrong.entries()) {
    bench.command(i + 1, command)
    const rejected = { commandsRejected: i + 1, lastExecuted: 0, commandRefusal: why }
    t.match(bench.report(), rejected)
  }
  const sequence = bench.offerDigested('/a', 10)
  bench.command(9, { verb: 'resume', sequence })
  t.match(bench.report(), { commandRefusal: /Cannot resume transaction 1: it is not suspended/ })
})

t.test('what is no command is malformed, or rejected as unknown', async t => {
  const bench = new SpacecraftBench()
  const { uplink } = bench.machine
  const fresh = new SpacecraftBench({ housekeeping: { periodMs: 1 } })
  t.match(fresh.report(), { lastVerb: 255 }, 'it was never commanded')
  t.notOk(bench.machine.commander.hear(new Uint8Array(3)))
  t.ok(bench.machine.commander.hear(Uint8Array.of(1, 99, 0, 0, 0, 4)))
  t.match(bench.machine.commander.state, { counter: 4, refusal: /not known here/ })
  t.equal(bench.machine.commander.counters.malformed, 1)
  t.strictSame(uplink.takeCommands(), [])
  bench.command(7, { verb: 'noop' })
  t.match(bench.report(), { uplinkMalformed: 1, lastVerb: 0 })
})

t.test('a command that comes outside every contact is answered', async t => {
  const bench = new SpacecraftBench({ contacts: [{ start: 1e9, end: 2e9 }] })
  bench.offerDigested('/a', 500)
  bench.tick(5_000)
  for (const [counter, at] of [
    [1, 5_000],
    [2, 9_000],
    [2, 30_000],
  ] as const) {
    bench.now = at
    bench.tick()
    bench.command(counter, { verb: 'noop' })
    t.match(bench.report(), { lastCounter: counter, lastExecuted: 1 }, `at ${at} ms`)
  }
  bench.tick(40_001)
  t.equal(bench.machine.stations.audience, undefined, 'nobody was heard since')
})

t.test('a rate that is commanded holds at once, and the contact goes on', async t => {
  for (const contacts of [undefined, [{ start: 0, end: 1e6 }], [{ start: 1e9, end: 2e9 }]]) {
    const bench = new SpacecraftBench({ contacts })
    bench.now = 1_000
    bench.tick()
    bench.command(1, { verb: 'set', parameter: 'downlink.rateBps', value: 4_711 })
    t.match(bench.machine.stations.audience, { role: 'main', rateBps: 4_711 })
    t.notOk(bench.take('log').some(({ event }) => event === 'contact ends'))
  }
})

t.test('frozen, no file octet leaves; thawed, what was not answered is said again', async t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 500)
  bench.command(1, { verb: 'freeze' })
  t.strictSame(bench.frames(3), [])
  t.equal(bench.machine.deadline, undefined, 'no time counts')
  bench.tick(60_000)
  bench.command(2, { verb: 'thaw' })
  t.match(bench.frames(4), [{ body: { kind: 'metadata' } }, {}, {}, { body: { kind: 'eof' } }])
  const other = new SpacecraftBench({ contacts: [] })
  other.tell({ kind: 'command', token: 1, command: { verb: 'freeze' } })
  other.tell({ kind: 'command', token: 2, command: { verb: 'thaw' } })
  t.match(other.take('answer'), [{ token: 1, why: undefined }, { token: 2 }])
})

t.test('a suspended file waits, through a restart, until it is resumed', async t => {
  const bench = new SpacecraftBench()
  const sequence = bench.offerDigested('/a', 500)
  bench.command(1, { verb: 'suspend', sequence })
  t.strictSame(bench.frames(3), [])
  const after = new SpacecraftBench({}, [...bench.machine.snapshot()])
  t.strictSame(after.frames(3), [])
  after.command(1, { verb: 'resume', sequence })
  t.match(after.report(), { filesSuspended: 1, commandsRepeated: 1 }, 'its counter is used')
  after.command(2, { verb: 'resume', sequence })
  t.equal(after.frames(4).length, 4)
})

t.test(
  'suspended files are forgotten when they are gone, and no more than a few are kept',
  async t => {
    const bench = new SpacecraftBench()
    for (let i = 1; i <= 256; i++) {
      bench.offer(`/${i}`, 1)
      bench.tell({ kind: 'command', token: i, command: { verb: 'suspend', sequence: i } })
    }
    bench.offer('/more', 1)
    const suspend = { verb: 'suspend', sequence: 257 } as const
    bench.take('answer')
    bench.tell({ kind: 'command', token: 300, command: suspend })
    t.match(bench.take('answer'), [{ why: /more than 256 files/ }])
    bench.tell({ kind: 'cancel', token: 1, sequence: 1 })
    bench.tell({ kind: 'cancel', token: 1, sequence: 1 })
    bench.tell({ kind: 'command', token: 2, command: { verb: 'noop' } })
    t.equal(bench.machine.holds.suspended.size, 255)
  },
)

t.test('cancel tells the ground, abandon does not, neither after a restart', async t => {
  for (const verb of ['cancel', 'abandon'] as const) {
    const bench = new SpacecraftBench()
    const sequence = bench.offerDigested('/a', 5_000)
    bench.frames(2)
    bench.command(1, { verb, sequence })
    const said = bench.frames(5).filter(({ body }) => body.kind === 'eof')
    t.equal(said.length, verb === 'cancel' ? 1 : 0, verb)
    const after = new SpacecraftBench({}, [...bench.machine.snapshot()])
    const again = after.frames(5).filter(({ body }) => body.kind === 'eof')
    t.equal(again.length, verb === 'cancel' ? 1 : 0, verb)
    after.command(2, { verb, sequence })
    t.match(after.records(), [{ last: { verb } }, { kind: 'released', sequence }], 'let go')
  }
})

t.test('purge ends what has not begun, and no more after a restart', async t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 5_000)
  bench.frames(2)
  for (const path of ['/b', '/c']) bench.offerDigested(path, 500)
  bench.command(1, { verb: 'purge' })
  bench.offerDigested('/d', 500)
  const states = (from: SpacecraftBench) =>
    [...from.machine.buffer.entries()].map(({ name, ended }) => `${name} ${ended?.why ?? 'waits'}`)
  const expected = ['a waits', 'b purge: by command', 'c purge: by command', 'd waits']
  t.strictSame(states(bench), expected)
  t.strictSame(states(new SpacecraftBench({}, [...bench.machine.snapshot()])), expected)
})

t.test(
  'a stop behind the record of a command: what it asked for is done at the next start',
  async t => {
    for (const verb of ['cancel', 'purge'] as const) {
      const bench = new SpacecraftBench()
      const sequence = bench.offerDigested('/a', 500)
      const before = [...bench.machine.buffer.snapshot()]
      bench.command(3, verb === 'purge' ? { verb } : { verb, sequence })
      const [record] = bench.records().filter(one => commandRecord(one) !== undefined)
      const after = new SpacecraftBench({}, [...before, record])
      t.match(after.machine.buffer.entry(sequence), { ended: { why: `${verb}: by command` } })
      t.match(
        after.machine.commander.state,
        { counter: 3, accepted: 1 },
        'and is not counted again',
      )
    }
    const bench = new SpacecraftBench({}, [{ ...STATE, last: { verb: 'abandon', sequence: 4 } }])
    t.strictSame(bench.records(), [], 'a file that is gone')
  },
)

t.test('set changes what is in force, through a restart', async t => {
  const bench = new SpacecraftBench()
  const { settings } = bench.machine
  const values = {
    'downlink.rateBps': 9_600,
    'buffer.filesMax': 1,
    'buffer.octetsMax': 600,
    'cfdp.ackMs': 77,
    'cfdp.ackLimit': 3,
    'housekeeping.periodMs': 1_000,
    'downlink.repeats': 0,
  } as const
  for (const [parameter, value] of Object.entries(values))
    bench.tell({ kind: 'command', token: 1, command: { verb: 'set', parameter, value } as Command })
  for (const one of [bench, new SpacecraftBench({}, [...bench.machine.snapshot()])]) {
    const { machine } = one
    t.equal(machine.settings.downlink.rateBps, 9_600)
    t.match(machine.settings.cfdp.limits.ack, { timeoutMs: 77, triesMax: 3 })
    t.match(one.offer('/large', 601), { why: /of at most 600/ })
    one.offer('/a', 6)
    t.match(one.offer('/b', 6), { why: /of at most 1/ })
    one.tick(5_000)
    t.match(one.report(), { uptimeS: 5 })
    t.equal(one.report(), undefined)
    one.tick(6_000)
    t.match(one.report(), { uptimeS: 6 }, 'a period later')
  }
  t.equal(bench.machine.stations.audience?.rateBps, 9_600)
  t.equal(settings.buffer.filesMax, 1)
})

t.test('the rate of one of several modems is set, and outlives a restart', async t => {
  const modems = [
    { name: 'uhf', rateBps: 9_600 },
    { name: 's-band', rateBps: 1_000_000 },
  ]
  const bench = new SpacecraftBench({ modems })
  const rate = (value: number, modem?: number) =>
    ({
      verb: 'set',
      parameter: 'downlink.rateBps',
      value,
      ...(modem === undefined ? {} : { modem }),
    }) as const
  bench.command(1, rate(500_000, 2))
  t.strictSame([bench.machine.rateBps(0), bench.machine.rateBps(1)], [9_600, 500_000])
  for (const wrong of [rate(1), rate(1, 3)]) {
    bench.tell({ kind: 'command', token: 1, command: wrong })
    t.match(bench.take('answer').at(-1), {
      why: 'Cannot set downlink.rateBps: each modem has its own; which is needed, of 1 uhf, 2 s-band',
    })
  }
  bench.command(2, { verb: 'set', parameter: 'cfdp.ackMs', value: 77 })
  const again = new SpacecraftBench({ modems }, [...bench.machine.snapshot()]).machine
  t.strictSame([again.rateBps(0), again.rateBps(1)], [9_600, 500_000])
  t.equal(again.settings.cfdp.limits.ack.timeoutMs, 77)
  const alone = new SpacecraftBench()
  alone.command(1, rate(5, 1))
  t.match(alone.report(), { commandRefusal: /of modem 1: there is one/ })
})

t.test('in safe mode recover is an effect, and housekeeping says it', async t => {
  const bench = new SpacecraftBench({}, [], { isSafe: true, starts: 7, epochUtcMs: 1_000 })
  bench.tell({ kind: 'vitals', token: 4, memoryOctets: 2_048, epochUtcMs: 1_000 })
  t.match(bench.take('answer'), [{ token: 4, why: undefined }])
  bench.command(1, { verb: 'recover' })
  t.strictSame(bench.take('recover'), [{ kind: 'recover' }])
  t.match(bench.report(), { isSafe: true, starts: 7, memoryKib: 2, utcMs: 1_000 })
})

t.test('commandRecord() takes whole records alone', async t => {
  t.strictSame(commandRecord(STATE), STATE)
  const wrong = [undefined, {}, { kind: 'mark' }]
  const changes = [
    { counter: 1.5 },
    { frozen: 1 },
    { suspended: 3 },
    { suspended: ['a'] },
    { last: { verb: 'jump' } },
    { refusal: 3 },
    { parameters: { 'cfdp.ackMs': 'x' } },
  ]
  for (const value of [...wrong, ...changes.map(change => ({ ...STATE, ...change }))])
    t.equal(commandRecord(value), undefined)
})

const STATE = {
  kind: 'commanded',
  counter: 1,
  accepted: 1,
  rejected: 0,
  below: 0,
  frozen: false,
  suspended: [],
  parameters: {},
}
