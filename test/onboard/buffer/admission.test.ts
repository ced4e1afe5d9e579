/** Quotas, room, and deadlines, by way of a whole spacecraft. */
import t from 'tap'
import { bufferListing } from '../../../onboard/buffer/listing.ts'
import { spacecraftStatus } from '../../../onboard/status.ts'
import { finishedFor } from '../../../protocol/cfdp/completion.ts'
import { SpacecraftBench } from '../../kit/spacecraft-bench.ts'
import type { LinkChoice } from '../../sim/settings.ts'

const LIMITS = { filesMax: 3, octetsMax: 1_000 }

t.test(
  'a quota is for the files that match its rule, and is free again when they are let go',
  t => {
    const rules = [{ match: 'log/*', filesMax: 2, octetsMax: 100 }]
    const bench = new SpacecraftBench({ buffer: { ...LIMITS, filesMax: 9, rules } })
    t.equal(bench.offer('/log/1', 40)?.sequence, 1)
    t.match(
      bench.offer('/log/2', 70)?.why,
      /^The quota of log\/\* is used up: 1 files of at most 2, 40 octets/,
    )
    t.equal(bench.offer('/log/2', 50)?.sequence, 2)
    t.match(bench.offer('/log/3', 0)?.why, /2 files of at most 2, 90 octets of at most 100$/)
    t.equal(bench.offer('/other', 500)?.sequence, 3)
    bench.tell({ kind: 'source failed', sequence: 1, why: 'it is gone' })
    t.equal(bench.offer('/log/3', 10)?.sequence, 4)
    const after = new SpacecraftBench({ buffer: { ...LIMITS, filesMax: 9, rules } }, [
      ...bench.machine.buffer.snapshot(),
    ])
    t.strictSame(after.machine.buffer.used('log/*'), { files: 2, octets: 60 })
    const few = new SpacecraftBench({ buffer: { ...LIMITS, rules: [{ match: '*', filesMax: 1 }] } })
    few.offer('/one', 40)
    t.match(few.offer('/two', 1)?.why, /used up: 1 files of at most 1, 40 octets$/)
    const without = new SpacecraftBench({}, [...bench.machine.buffer.snapshot()])
    t.equal(without.offer('/log/4', 5_000)?.sequence, 5, 'a rule that is no more has no quota')
    t.end()
  },
)

t.test('a full buffer drops what would be sent last: by name, not what is pinned or begun', t => {
  const bench = new SpacecraftBench({ buffer: { ...LIMITS, whenFull: 'drop' } })
  bench.offerDigested('/begun', 300, { priority: 9 })
  bench.frames(3)
  bench.offer('/pinned', 300, { priority: 9, pinned: true })
  bench.offer('/usual', 300)
  bench.take('log')
  t.match(bench.offer('/lesser', 10, { priority: 6 })?.why, /^The buffer is full/)
  t.equal(bench.offer('/urgent', 400, { priority: 1 })?.sequence, 4)
  t.match(bench.take('log')[0], {
    event: 'file dropped',
    fields: { name: 'usual', why: 'it makes way for urgent' },
  })
  t.match(bench.take('release'), [{ path: '/usual', remove: true }])
  bench.tell({ kind: 'released', sequence: 3 })
  t.match(bench.offer('/larger', 500, { priority: 0 })?.why, /no room|is full/)
  t.match(bench.offer('/urgent', 400, { priority: 0 })?.why, /in the buffer already/)
  t.match(spacecraftStatus(bench.machine, 0).buffer, { dropped: 1, pinned: 1, refused: 3 })
  t.end()
})

t.test('a file that was begun is dropped if it may be, and the ground is told', t => {
  const buffer = { ...LIMITS, whenFull: 'drop', dropBegun: true } as const
  const bench = new SpacecraftBench({ buffer })
  bench.offerDigested('/begun', 900, { priority: 9 })
  bench.frames(3)
  t.equal(
    bench.offer('/urgent', 400, { priority: 1 })?.sequence,
    undefined,
    'its end is to be told',
  )
  bench.tell({ kind: 'released', sequence: 1 })
  t.equal(bench.machine.buffer.files, 1)
  const [eof] = bench.frames(3).filter(({ body }) => body.kind === 'eof')
  t.match(eof?.body, { condition: 15 })
  bench.hear(1, { kind: 'ack', of: 'eof', condition: 15, transactionStatus: 2 })
  t.equal(bench.machine.buffer.files, 0)
  t.equal(bench.offer('/urgent', 400, { priority: 1 })?.sequence, 2)
  t.end()
})

t.test('a file that waits for those that were dropped drops no more of them', t => {
  const buffer = { filesMax: 99, octetsMax: 5_000, whenFull: 'drop', dropBegun: true } as const
  const bench = new SpacecraftBench({ buffer, contacts: [{ start: 0, end: 1_000 }] })
  for (let i = 0; i < 5; i++) bench.offerDigested(`/${i}`, 1_000, { priority: 9 })
  bench.frames(60)
  for (let now = 1_000; now < 5_000; now += 500) {
    bench.tick(now)
    t.match(bench.offer('/urgent', 100, { priority: 1 })?.why, /no room/)
  }
  const ended = [...bench.machine.buffer.entries()].filter(entry => entry.ended !== undefined)
  t.strictSame(
    ended.map(({ name }) => name),
    ['4'],
    'one makes way, when the ground has heard of it',
  )
  t.match(bench.offer('/more', 950, { priority: 1 })?.why, /no room/)
  t.equal(bench.machine.custody.counters.dropped, 1)
  t.match(bench.offer('/yet more', 1_500, { priority: 1 })?.why, /no room/)
  t.equal(bench.machine.custody.counters.dropped, 2, 'but what needs more than that has it')
  t.end()
})

t.test('nobody is dropped for a file that is refused all the same', t => {
  const rules = [{ match: 'log/*', filesMax: 1 }]
  const bench = new SpacecraftBench({ buffer: { ...LIMITS, rules, whenFull: 'drop' } })
  bench.offer('/log/1', 10, { pinned: true })
  bench.offer('/x', 10, { priority: 9 })
  bench.offer('/y', 10, { priority: 9 })
  for (const path of ['/log/2', `/${'n'.repeat(256)}`])
    t.type(bench.offer(path, 10, { priority: 1 })?.why, 'string', path)
  t.equal(bench.machine.buffer.files, 3)
  t.equal(bench.machine.custody.counters.dropped, 0)
  t.end()
})

t.test(
  'a file for which its quota and the whole buffer are too small drops what serves both',
  t => {
    const rules = [{ match: 'log/*', octetsMax: 100 }]
    const bench = new SpacecraftBench({
      buffer: { filesMax: 9, octetsMax: 150, rules, whenFull: 'drop' },
    })
    bench.offer('/log/1', 60, { priority: 8 })
    bench.offer('/other', 80, { priority: 9 })
    t.equal(bench.offer('/log/2', 65, { priority: 1 })?.sequence, 3)
    const names = () => [...bench.machine.buffer.entries()].map(({ name }) => name)
    t.strictSame(names(), ['other', 'log/2'], 'the room that it leaves is enough for both')
    t.equal(bench.offer('/log/3', 100, { priority: 0 })?.sequence, 4)
    t.strictSame(names(), ['log/3'])
    t.end()
  },
)

t.test('as many are dropped as are needed, and none where all would not do', t => {
  const bench = new SpacecraftBench({ buffer: { filesMax: 9, octetsMax: 100, whenFull: 'drop' } })
  for (const [i, octets] of [30, 30, 30].entries()) bench.offer(`/${i}`, octets)
  t.equal(bench.offer('/fits', 10)?.sequence, 4)
  t.equal(bench.offer('/larger', 50, { priority: 1 })?.sequence, 5)
  t.strictSame(
    [...bench.machine.buffer.entries()].map(({ name }) => name),
    ['0', 'larger'],
  )
  t.match(bench.offer('/huge', 101, { priority: 0 })?.why, /no room for 101 octets/)
  t.end()
})

t.test('a quota that is full drops files of its own', t => {
  const rules = [{ match: 'log/*', filesMax: 1 }]
  const bench = new SpacecraftBench({ buffer: { ...LIMITS, rules, whenFull: 'drop' } })
  bench.offer('/other', 10, { priority: 9 })
  bench.offer('/log/1', 10)
  t.equal(bench.offer('/log/2', 10, { priority: 2 })?.sequence, 3)
  t.strictSame(
    [...bench.machine.buffer.entries()].map(({ name }) => name),
    ['other', 'log/2'],
  )
  t.end()
})

t.test('a deadline that is missed is logged once; the file stays, or goes if that is said', t => {
  for (const late of ['keep', 'drop'] as const) {
    const bench = new SpacecraftBench({ contacts: [], buffer: { ...LIMITS, late } })
    bench.offer('/late', 10, { deadlineMs: 5_000 })
    bench.offer('/pinned', 10, { deadlineMs: 5_000, pinned: true })
    bench.offer('/done', 10, { deadlineMs: 4_000 })
    bench.tell({ kind: 'cancel', token: 1, sequence: 3 })
    t.equal(Math.round(bench.machine.deadline as number), 5_000)
    bench.take('log')
    bench.tick(bench.machine.deadline)
    bench.tick(6_000)
    const missed = bench.take('log').filter(({ event }) => event === 'deadline missed')
    t.strictSame(
      missed.map(({ fields }) => fields['name']),
      ['late', 'pinned'],
    )
    t.equal(bench.machine.buffer.entryAt('/late') === undefined, late === 'drop')
    t.ok(bench.machine.buffer.entryAt('/pinned'))
    t.match(spacecraftStatus(bench.machine, 6_000).buffer, { late: 2, oldestMs: 6_000 })
    const after = new SpacecraftBench({ contacts: [] }, [...bench.machine.buffer.snapshot()])
    after.tick(6_000)
    t.equal(after.take('log').length, 2 - bench.machine.custody.counters.dropped, 'named anew')
  }
  t.end()
})

t.test('collect lets go of all that failed', t => {
  const bench = new SpacecraftBench()
  bench.offerDigested('/a', 10)
  bench.offerDigested('/b', 10)
  bench.frames(6)
  bench.hear(1, finishedFor(4, true))
  bench.tell({ kind: 'collect', token: 5 })
  t.match(bench.take('answer').at(-1), { token: 5, sequence: 1 })
  t.equal(bench.machine.buffer.files, 1)
  t.end()
})

t.test('bufferListing() shows files in their order, who heard them, and when they may go', t => {
  const bench = new SpacecraftBench({
    contacts: [
      { role: 'secondary', station: 'Kourou', expectedFrameLoss: 0.1, start: 0, end: 1_000 },
      { role: 'main', station: 'Malindi', start: 60_000, end: 90_000 },
    ],
    buffer: { filesMax: 2_000, octetsMax: 2 ** 40 },
  })
  bench.offerDigested('/sent', 300)
  bench.frames(3)
  bench.offerDigested('/begun', 9_000)
  bench.frames(4)
  bench.offer('/urgent', 50, { priority: 0, deadlineMs: 70_000, pinned: true })
  const { files, more, history } = bufferListing(bench.machine, 500)
  const inMs = { sequence: 3, inMs: 59_500 }
  t.match(spacecraftStatus(bench.machine, 500).buffer.releases, [inMs, { sequence: 1 }, {}])
  t.match(files, [
    { name: 'urgent', state: 'digesting', priority: 0, pinned: true, releaseInMs: 59_500 },
    {
      name: 'sent',
      state: 'awaiting',
      ageMs: 500,
      deadlineMs: undefined,
      passages: [{ contactMs: 0, stations: 'Kourou', loss: 0.1, octets: 300, againOctets: 0 }],
    },
    { name: 'begun', state: 'sending' },
  ])
  t.equal(more, 0)
  t.match(history, [{ utcMs: 0, files: 0, octets: 0 }])
  for (let i = 0; i < 1_200; i++) bench.offerDigested(`/${i}`, 1_000_000)
  bench.tell({ kind: 'cancel', token: 1, sequence: 5 })
  const many = bufferListing(bench.machine, 500)
  t.equal(many.more, 203)
  t.match(many.files[3], { state: 'queued' })
  t.equal(many.files.at(-1)?.releaseInMs, undefined)
  const { buffer } = spacecraftStatus(bench.machine, 500)
  t.match(buffer, { waiting: 1, classes: { small: 3, medium: 1_200 } })
  for (let i = 0; i < 300; i++) bench.machine.custody.sample(i)
  t.equal(bench.machine.custody.history.length, 256)
  const silent = new SpacecraftBench({ contacts: [] })
  silent.offerDigested('/a', 10, { insist: true })
  silent.tell({ kind: 'cancel', token: 1, sequence: 1 })
  t.match(bufferListing(silent.machine, 0).files, [{ state: 'cancelled aboard' }])
  t.match(spacecraftStatus(silent.machine, 0).buffer, {
    ...{ releaseFirstMs: 0, releaseLastMs: 0, releases: [] },
  })
  t.end()
})

t.test('what goes into metrics tells of so many files when they may go, and of no more', t => {
  const bench = new SpacecraftBench({ buffer: { filesMax: 200, octetsMax: 2 ** 40 } })
  for (let i = 0; i < 120; i++) bench.offerDigested(`/${i}`, 1_000)
  const { releases, releaseLastMs } = spacecraftStatus(bench.machine, 0).buffer
  t.equal(releases.length, 100)
  t.ok(releases.every(({ inMs }, i) => inMs > (releases[i - 1]?.inMs ?? 0)))
  t.ok(releaseLastMs > (releases.at(-1)?.inMs ?? Infinity))
  t.end()
})

t.test(
  'bufferListing() promises nothing of files that are held or failed, and they hold up none',
  t => {
    const bench = new SpacecraftBench({ buffer: { filesMax: 20, octetsMax: 2 ** 40 } })
    bench.offerDigested('/failed', 1_000_000)
    bench.offerDigested('/suspended', 1_000_000)
    bench.offerDigested('/goes', 1_000, { priority: 9 })
    const releases = () =>
      bufferListing(bench.machine, 0).files.map(({ releaseInMs }) => releaseInMs)
    const before = releases()
    bench.tell({ kind: 'cancel', token: 1, sequence: 1 })
    bench.tell({ kind: 'command', token: 2, command: { verb: 'suspend', sequence: 2 } })
    const [failed, suspended, goes] = releases()
    t.equal(failed, undefined)
    t.equal(suspended, undefined)
    t.ok((goes as number) < (before[2] as number) / 100)
    t.match(bufferListing(bench.machine, 0).files, [
      {},
      { state: 'suspended' },
      { state: 'queued' },
    ])
    bench.tell({ kind: 'command', token: 3, command: { verb: 'freeze' } })
    t.strictSame(releases(), [undefined, undefined, undefined])
    t.end()
  },
)

t.test('a deadline that was counted by a wrong clock is shown by the right one', t => {
  const bench = new SpacecraftBench({})
  const identity = { octets: 10, mtimeMs: 1, inode: 1 }
  const counted = { deadlineMs: 60_000, isCounted: true }
  const offer = { path: '/a', name: 'a', identity, remove: true, ...counted }
  bench.tell({ kind: 'offer', token: 1, offer, insist: false })
  const byMs = Date.UTC(2026, 0, 1)
  bench.machine.custody.clockStepped(byMs, byMs)
  t.match(bufferListing(bench.machine, 0).files, [{ deadlineMs: byMs + 60_000 }])
  t.end()
})

t.test('what a modem puts around frames counts without a plan, too', t => {
  const inMs = (carriedBps: number | undefined) => {
    const { downlink } = new SpacecraftBench({}).settings
    const changes = { downlink: { ...downlink, carriedBps } }
    const bench = new SpacecraftBench({}, [], changes)
    bench.offerDigested('/a', 100_000)
    return bufferListing(bench.machine, 0).files[0]?.releaseInMs as number
  }
  const { rateBps } = new SpacecraftBench({}).settings.downlink
  t.ok(Math.abs(inMs(rateBps / 4) / inMs(undefined) - 4) < 0.01)
  t.equal(inMs(rateBps * 4), inMs(undefined))
  t.end()
})

t.test('the most that waited at once is remembered when it waits no more', t => {
  const bench = new SpacecraftBench({})
  bench.offerDigested('/a', 500)
  bench.offerDigested('/b', 70)
  bench.tell({ kind: 'source failed', sequence: 1, why: 'it is gone' })
  t.match(spacecraftStatus(bench.machine, 0).buffer, { octets: 70, octetsMost: 570 })
  t.end()
})

t.test('bufferListing() tells when files may go by the rates of contacts and of modems', t => {
  const rates = [{ fromMs: 0, downBps: 100_000, upBps: undefined }]
  const malindi = { role: 'main', station: 'Malindi', start: 0, end: 600_000 } as const
  const releaseMs = (choice: LinkChoice) => {
    const bench = new SpacecraftBench(choice)
    bench.offerDigested('/a', 1_000_000)
    return bufferListing(bench.machine, 0).files[0]?.releaseInMs as number
  }
  const usual = releaseMs({ contacts: [malindi] })
  t.ok(usual > 8_000 && usual < 12_000, `${usual} ms at 1 Mbit/s, with all that is around it`)
  t.equal(releaseMs({}), usual, 'without a plan too')
  const near = (ms: number, wanted: number) => t.ok(Math.abs(ms / wanted - 1) < 1e-3, `${ms} ms`)
  near(releaseMs({ contacts: [{ ...malindi, rates }] }), 10 * usual)
  const modems = [
    { name: 'uhf', rateBps: 500_000 },
    { name: 's-band', rateBps: 4_000_000 },
  ]
  near(releaseMs({ modems, contacts: [{ ...malindi, modem: 'uhf' }] }), 2 * usual)
  near(releaseMs({ modems, contacts: [{ ...malindi, modem: 's-band' }] }), usual / 4)
  near(releaseMs({ modems }), usual / 4.5)
  t.end()
})
