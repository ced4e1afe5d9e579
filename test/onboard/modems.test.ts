/** A spacecraft with several modems: which of them are filled, and how fast. */
import t from 'tap'
import { caduOctets } from '../../protocol/frame/link.ts'
import { Ingest } from '../../station/ingest.ts'
import { SpacecraftBench } from '../kit/spacecraft-bench.ts'
import { settingsFor } from '../sim/settings.ts'

const KOUROU = { role: 'secondary', station: 'Kourou' } as const
const MALINDI = { role: 'main', station: 'Malindi' } as const
const HOUR = 3_600_000
const MODEMS = [
  { name: 'uhf', rateBps: 9_600 },
  { name: 's-band', rateBps: 1_000_000 },
]

t.test('two modems are filled from one buffer, and no octet goes to both', t => {
  const bench = new SpacecraftBench({ modems: MODEMS })
  t.strictSame(
    bench.take('room').map(({ modem }) => modem),
    [0, 1],
  )
  bench.offerDigested('/a', 20_000)
  const sent = new Map<number, number>()
  for (let i = 0; i < 200; i++)
    for (const modem of [0, 1]) {
      bench.tell({ kind: 'room', octets: 259, modem })
      for (const { sequence, offset, length } of bench.take('read'))
        bench.tell({ kind: 'read', sequence, offset, octets: new Uint8Array(length) })
      for (const effect of bench.take('transmit')) t.equal(effect.modem, modem)
      const mark = bench.machine.downlink.transaction(1)?.mark ?? 0
      sent.set(modem, (sent.get(modem) ?? 0) + (mark > 0 ? 1 : 0))
    }
  t.equal(bench.machine.downlink.pdus.sent, 1 + 20_000 / 400 + 1)
  t.equal(bench.machine.downlink.frames.sent, 400)
  t.end()
})

t.test('a modem that no station of the contact hears is left alone', t => {
  const bench = new SpacecraftBench({
    modems: MODEMS,
    contacts: [{ ...KOUROU, start: 0, end: HOUR, modem: 's-band' }],
  })
  t.strictSame(
    bench.take('room').map(({ modem }) => modem),
    [1],
  )
  t.end()
})

t.test('modems that are heard at the same time go each at its own rate', t => {
  const rates = [{ fromMs: 0, downBps: 500_000, upBps: undefined }]
  const bench = new SpacecraftBench({
    modems: MODEMS,
    contacts: [
      { ...MALINDI, start: 0, end: 10_000, modem: 'uhf' },
      { ...KOUROU, start: 0, end: 10_000, modem: 's-band', rates },
      { ...KOUROU, station: 'Perth', start: 0, end: 10_000, modem: 's-band' },
    ],
  })
  const { audience } = bench.machine.stations
  t.match(audience?.modems?.get('uhf'), { stations: 'Malindi', rateBps: 9_600 })
  t.match(audience?.modems?.get('s-band'), { stations: 'Kourou+Perth', rateBps: 500_000 })
  t.strictSame([bench.machine.rateBps(0), bench.machine.rateBps(1)], [9_600, 500_000])
  const cadu = caduOctets(bench.settings.downlink)
  for (const [modem, rateBps] of [9_600, 500_000].entries()) {
    bench.tell({ kind: 'room', octets: 1e9, modem })
    const frames = bench.take('transmit').length
    t.equal(frames, Math.floor((10_000 * rateBps) / 8_000 / cadu), 'all that leave in time')
  }
  t.end()
})

t.test('a contact by another modem is another audience, though all else is alike', t => {
  const contact = { ...MALINDI, end: 2_000 }
  const bench = new SpacecraftBench({
    modems: MODEMS.map(({ name }) => ({ name, rateBps: 9_600 })),
    contacts: [
      { ...contact, start: 0, end: 1_000, modem: 'uhf' },
      { ...contact, start: 1_000, modem: 's-band' },
    ],
  })
  const heard = () => [0, 1].map(modem => bench.machine.isHeard(modem))
  t.strictSame(heard(), [true, false])
  t.strictSame(
    bench.take('room').map(({ modem }) => modem),
    [0],
  )
  bench.tick(1_000)
  t.strictSame(heard(), [false, true])
  bench.tell({ kind: 'room', octets: 10_000, modem: 0 })
  t.strictSame(bench.take('transmit'), [], 'what had room before is not filled any more')
  t.strictSame(
    bench.take('room').map(({ modem }) => modem),
    [1],
  )
  bench.tick(2_000)
  t.strictSame(heard(), [false, false])
  t.end()
})

t.test('a main station that is heard hears by the modem that the plan says', t => {
  const bench = new SpacecraftBench({
    modems: MODEMS,
    contacts: [
      { ...MALINDI, start: 0, end: 10_000, modem: 'uhf' },
      { ...KOUROU, start: 10_000, end: 20_000, modem: 's-band' },
    ],
  })
  const { stations } = bench.machine
  stations.heard(100)
  t.strictSame([...(stations.audience?.modems?.keys() ?? [])], ['uhf'])
  bench.tick(10_000)
  t.strictSame([...(stations.audience?.modems?.keys() ?? [])], ['s-band'])
  stations.heard(10_100)
  t.equal(stations.audience?.role, 'main')
  t.match(stations.hearers('s-band'), { stations: 'Kourou', until: 20_000 })
  t.match(stations.hearers('uhf'), { stations: '', until: undefined }, 'by whatever modem that is')
  t.equal(stations.openMs(10_200, 'uhf'), 9_900, 'as long as it is heard')
  t.end()
})

t.test('a modem that keeps what it is given is filled before a contact, with files only', t => {
  const bench = new SpacecraftBench({
    modems: [{ name: 'store', rateBps: 1_000_000, stores: true }, ...MODEMS],
    stageMs: 1_000,
    contacts: [
      { ...MALINDI, start: 5_000, end: 6_000, modem: 'store' },
      { ...MALINDI, start: 6_500, end: 7_000, modem: 'store' },
    ],
  })
  t.strictSame(bench.take('room'), [])
  bench.tick(4_000)
  t.strictSame(
    bench.take('room').map(({ modem }) => modem),
    [0],
    'and no other one',
  )
  bench.tell({ kind: 'room', octets: 10_000, modem: 0 })
  t.strictSame(bench.take('transmit'), [], 'nothing is to be kept')
  t.strictSame(bench.take('room'), [], 'and it is not asked again')
  bench.offerDigested('/a', 3_000)
  t.equal(bench.take('room').length, 1, 'until there may be')
  const fill = () => {
    const before = bench.take('transmit').length
    for (let i = 0; i < 20; i++) {
      bench.tell({ kind: 'room', octets: 10_000, modem: 0 })
      for (const { sequence, offset, length } of bench.take('read'))
        bench.tell({ kind: 'read', sequence, offset, octets: new Uint8Array(length) })
    }
    return before + bench.take('transmit').length
  }
  const cadu = caduOctets(bench.settings.downlink)
  const frames = fill()
  t.ok(frames * cadu > 3_000 && frames * cadu < 5_000, `${frames} frames`)
  t.equal(bench.machine.downlink.frames.idle, 0)
  t.notOk(bench.machine.isHeard(0), 'but nobody hears')
  t.equal(bench.machine.stations.openMs(4_500), 1_000, 'the whole contact is left')
  bench.take('log')
  bench.tick(5_000)
  t.ok(bench.machine.isHeard(0))
  bench.tick(6_000)
  t.notOk(bench.machine.isHeard(0), 'the next one is prepared')
  bench.tick(6_500)
  t.ok(bench.machine.isHeard(0))
  bench.tick(7_000)
  const told = bench.take('log').map(({ event }) => event)
  t.strictSame(
    told.filter(event => event.startsWith('contact')),
    ['contact begins', 'contact ends', 'contact stages', 'contact begins', 'contact ends'],
  )
  t.end()
})

t.test('what is prepared for a contact is no more than its own rate carries', t => {
  const rates = [{ fromMs: 0, downBps: 100_000, upBps: undefined }]
  const bench = new SpacecraftBench({
    stageMs: 1_000,
    contacts: [{ ...MALINDI, start: 5_000, end: 6_000, rates }],
  })
  bench.tick(4_500)
  t.match(bench.machine.stations.audience, { from: 5_000, rateBps: 100_000 })
  t.strictSame(bench.machine.stations.follow(5_000), ['begins'])
  t.equal(bench.machine.rateBps(0), 100_000)
  t.end()
})

t.test('a station that is heard before its contact hears, whatever was prepared', t => {
  const bench = new SpacecraftBench({
    stageMs: 1_000,
    contacts: [
      { ...KOUROU, start: 5_000, end: 6_000 },
      { ...MALINDI, start: 20_000, end: 30_000 },
    ],
  })
  const { stations } = bench.machine
  bench.tick(4_500)
  t.match(stations.audience, { role: 'secondary', from: 5_000 })
  t.strictSame(stations.moved(100, 4_550), [])
  t.match(stations.audience, { from: 5_100, until: 6_100 })
  t.strictSame(stations.heard(4_600), ['begins', 'ask'])
  t.match(stations.audience, { role: 'main', from: undefined })
  bench.tick(14_700)
  bench.tick(19_100)
  t.match(stations.audience, { role: 'main', from: 20_100 })
  t.strictSame(stations.lookAnew(19_150), [], 'nothing is said twice to nobody')
  t.strictSame(stations.heard(19_200), ['begins'])
  t.match(stations.audience, { role: 'main', from: undefined })
  t.end()
})

t.test('a contact that names no modem is by any, each at its own rate', t => {
  const bench = new SpacecraftBench({
    modems: MODEMS,
    contacts: [
      { ...KOUROU, start: 0, end: 10_000, modem: 'uhf' },
      { ...MALINDI, start: 0, end: 10_000 },
    ],
  })
  t.equal(bench.machine.stations.hearers('uhf')?.stations, 'Kourou+Malindi')
  t.equal(bench.machine.stations.hearers('s-band')?.stations, 'Malindi')
  const cadu = caduOctets(bench.settings.downlink)
  for (const [modem, { rateBps }] of MODEMS.entries()) {
    t.ok(bench.machine.isHeard(modem))
    bench.tell({ kind: 'room', octets: 1e9, modem })
    t.equal(bench.take('transmit').length, Math.floor((10_000 * rateBps) / 8_000 / cadu))
  }
  t.end()
})

t.test(
  'a modem whose contact ends before that of another begins nothing that cannot leave it',
  t => {
    const bench = new SpacecraftBench({
      modems: MODEMS,
      contacts: [
        { ...MALINDI, start: 0, end: 60_000, modem: 'uhf' },
        { ...KOUROU, start: 0, end: 500, modem: 's-band' },
        { ...KOUROU, station: 'Perth', start: 500, end: 1_000, modem: 's-band' },
      ],
    })
    const cadu = caduOctets(bench.settings.downlink)
    bench.tell({ kind: 'room', octets: 1e9, modem: 1 })
    const frames = bench.take('transmit').length
    t.equal(
      frames,
      Math.floor((1_000 * 1_000_000) / 8_000 / cadu),
      'until its last station is gone',
    )
    t.equal(bench.machine.stations.openMs(400, 'uhf'), 59_600)
    t.strictSame(bench.machine.stations.moved(100, 200), [], 'the same people')
    t.equal(bench.machine.stations.openMs(400, 's-band'), 700)
    bench.tick(1_100)
    t.equal(bench.machine.stations.openMs(1_100, 's-band'), 0)
    t.equal(bench.machine.rateBps(1), 1_000_000, 'its own while nobody hears it')
    t.end()
  },
)

t.test('what goes out by a modem is remembered of those who hear that modem', t => {
  const bench = new SpacecraftBench({
    modems: MODEMS,
    contacts: [
      { ...KOUROU, expectedFrameLoss: 0.5, start: 0, end: 10_000, modem: 'uhf' },
      { ...MALINDI, expectedFrameLoss: 0.001, start: 0, end: 10_000, modem: 's-band' },
    ],
  })
  bench.offerDigested('/a', 400)
  for (let i = 0; i < 4; i++) {
    bench.tell({ kind: 'room', octets: caduOctets(bench.settings.downlink), modem: 0 })
    for (const { sequence, offset, length } of bench.take('read'))
      bench.tell({ kind: 'read', sequence, offset, octets: new Uint8Array(length) })
  }
  t.match(bench.machine.buffer.passages(1)?.passages, [{ stations: 'Kourou', loss: 0.5 }])
  t.end()
})

t.test('words with the main station go by a modem that it hears, octets by all', t => {
  const bench = new SpacecraftBench({
    modems: MODEMS,
    contacts: [
      { ...MALINDI, start: 0, end: 10_000, modem: 'uhf' },
      { ...KOUROU, start: 0, end: 20_000, modem: 's-band' },
    ],
  })
  // The ground is one.
  const ingest = new Ingest(settingsFor({}).station.downlink)
  const cadu = caduOctets(bench.settings.downlink)
  const said = (modem: number) => {
    const kinds: string[] = []
    for (let i = 0; i < 9; i++) {
      bench.tell({ kind: 'room', octets: cadu, modem })
      for (const { sequence, offset, length } of bench.take('read'))
        bench.tell({ kind: 'read', sequence, offset, octets: new Uint8Array(length) })
      for (const { octets } of bench.take('transmit'))
        ingest.push(octets, ({ header, body }) => kinds.push(`${header.sequence} ${body.kind}`))
    }
    return kinds
  }
  bench.offerDigested('/a', 400)
  bench.offerDigested('/b', 800)
  const command = { verb: 'noop' } as const
  bench.command(1, command)
  t.strictSame(
    said(1).toSorted(),
    ['1 file data', '1 metadata', '2 file data', '2 file data', '2 metadata'],
    'all but EOF',
  )
  t.equal(ingest.takeHousekeeping(), undefined)
  t.strictSame(said(0), ['1 eof', '2 eof'])
  t.match(ingest.takeHousekeeping(), { lastCounter: 1 }, 'what answers a command, too')
  bench.hear(1, { kind: 'nak', scope: { start: 0, end: 400 }, wantsMetadata: true, gaps: [] })
  t.strictSame(said(1), [])
  bench.tick(10_000)
  t.ok(said(1).includes('1 metadata'), 'where there is no main station they go by any')
  t.end()
})

t.test('a station that hears nothing for a while holds up no other', t => {
  const rates = [
    { fromMs: 0, downBps: 0, upBps: 64_000 },
    { fromMs: 5_000, downBps: 100_000, upBps: 64_000 },
  ]
  const bench = new SpacecraftBench({
    contacts: [
      { ...MALINDI, start: 0, end: 10_000, rates },
      { ...KOUROU, start: 1_000, end: 10_000 },
    ],
  })
  t.strictSame(bench.take('room'), [], 'nobody hears')
  t.equal(bench.machine.rateBps(0), 1_000_000)
  bench.tick(1_000)
  t.equal(bench.take('room').length, 1)
  t.equal(bench.machine.rateBps(0), 1_000_000)
  bench.tick(5_000)
  t.equal(bench.machine.rateBps(0), 100_000, 'the slowest of those who hear')
  t.end()
})
