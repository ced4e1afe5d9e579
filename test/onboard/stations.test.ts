import t from 'tap'
import type { SpacecraftContact } from '../../onboard/settings.ts'
import { Stations, type Turn } from '../../onboard/stations.ts'
import { settingsFor } from '../sim/settings.ts'

const ACK_MS = 2_000

function stationsOf(contacts: readonly SpacecraftContact[] | undefined): Stations {
  return new Stations(settingsFor({ contacts }).spacecraft)
}

/** Follows deadline by deadline up to `end`; what happened, and when. */
function follow(stations: Stations, end: number, from = 0): [number, Turn][] {
  const seen: [number, Turn][] = []
  for (let now = from; ; ) {
    for (const turn of stations.follow(now)) seen.push([now, turn])
    const { deadline } = stations
    if (deadline === undefined || deadline > end) return seen
    now = Math.max(now, deadline)
  }
}

const SECONDARY = { role: 'secondary', station: 'Kourou', expectedFrameLoss: 0.1 } as const

t.test('without a plan the main station hears always, and time runs', t => {
  const stations = stationsOf(undefined)
  t.strictSame(follow(stations, 1e9), [
    [0, 'begins'],
    [0, 'ask'],
  ])
  t.match(stations.audience, { role: 'main', until: undefined, loss: 0.01 })
  t.equal(stations.openMs(5), Infinity)
  t.strictSame(stations.heard(700), [])
  t.equal(stations.clock.read(1_000), 1_000)
  t.equal(stations.mainContacts, undefined)
  t.end()
})

t.test(
  'a main contact of the plan in which nothing is heard: no time passes, all is said again',
  t => {
    const stations = stationsOf([{ start: 1_000, end: 30_000, station: 'Malindi' }])
    t.equal(stations.openMs(0), 0)
    t.strictSame(follow(stations, 29_999), [
      [1_000, 'begins'],
      [1_000, 'ask'],
      [1_000 + ACK_MS, 'ask'],
      [1_000 + 3 * ACK_MS, 'ask'],
      [1_000 + 7 * ACK_MS, 'ask'],
      [1_000 + 11 * ACK_MS, 'ask'],
    ])
    t.equal(stations.clock.read(29_999), 0)
    t.equal(stations.line.read(29_999), 28_999)
    t.equal(stations.openMs(29_999), 1)
    t.strictSame(follow(stations, 1e9, 29_999), [[30_000, 'ends']])
    t.equal(stations.isOpen, false)
    t.strictSame(stations.mainContacts, [{ start: 1_000, end: 30_000 }])
    t.end()
  },
)

t.test('time runs while the ground is heard and a while after, and not past the contact', t => {
  const stations = stationsOf([{ start: 0, end: 30_000 }])
  follow(stations, 500)
  t.strictSame(stations.heard(500), [])
  t.strictSame(stations.heard(900), [])
  t.equal(stations.clock.read(5_000), 4_500)
  t.strictSame(follow(stations, 20_000, 500), [
    [10_900, 'ask'],
    [10_900 + 2 * ACK_MS, 'ask'],
  ])
  t.equal(stations.clock.read(20_000), 10_400)
  stations.heard(29_000)
  t.strictSame(follow(stations, 60_000, 29_000), [[30_000, 'ends']])
  t.equal(stations.clock.read(60_000), 11_400)
  t.end()
})

t.test('secondary stations: who hears, how well, how fast, until when; no time passes', t => {
  const rates = [{ fromMs: 0, downBps: 9_600, upBps: undefined }]
  const stations = stationsOf([
    { ...SECONDARY, start: 100, end: 200 },
    { ...SECONDARY, start: 50, end: 150, station: 'Malindi', rates },
    { role: 'secondary', start: 200, end: 250, modem: 'uhf', expectedFrameLoss: 0 },
  ])
  t.strictSame(follow(stations, 120), [
    [50, 'begins'],
    [100, 'changes'],
  ])
  t.match(stations.audience, { role: 'secondary', stations: 'Malindi+Kourou', until: 250 })
  t.equal(stations.audience?.rateBps, 9_600)
  t.ok(Math.abs((stations.audience?.loss ?? 0) - 0.01) < 1e-9)
  t.equal(stations.audience?.modems, undefined)
  follow(stations, 210, 120)
  t.match(stations.audience, { stations: '?', loss: 1e-6, rateBps: 1e6 })
  t.equal(stations.audience?.modems, undefined, 'there is one, whatever it is called')
  t.equal(stations.clock.read(210), 0)
  t.strictSame(follow(stations, 1_000, 210), [[250, 'ends']])
  t.end()
})

t.test('from a secondary station to the main one and back', t => {
  const stations = stationsOf([
    { ...SECONDARY, start: 0, end: 300 },
    { start: 100, end: 200 },
    { ...SECONDARY, start: 0, end: 200, station: 'Malindi' },
  ])
  t.strictSame(follow(stations, 1_000), [
    [0, 'begins'],
    [100, 'changes'],
    [100, 'ask'],
    [200, 'changes'],
    [300, 'ends'],
  ])
  t.end()
})

t.test('a frame of the uplink outside the plan is a contact, as long as frames come', t => {
  const stations = stationsOf([{ ...SECONDARY, start: 50_000, end: 90_000 }])
  follow(stations, 1_000)
  t.strictSame(stations.heard(1_000), ['begins', 'ask'])
  t.match(stations.audience, { role: 'main', stations: '', until: undefined })
  t.equal(stations.openMs(1_000), 10_000)
  stations.heard(5_000)
  t.strictSame(follow(stations, 49_000, 5_000), [[15_000, 'ends']])
  t.equal(stations.clock.read(49_000), 14_000)
  follow(stations, 60_000, 49_000)
  t.strictSame(stations.heard(60_000), ['changes', 'ask'])
  t.match(stations.audience, { role: 'main', stations: 'Kourou', modems: undefined })
  t.strictSame(follow(stations, 80_000, 60_000), [[70_000, 'changes']])
  t.equal(stations.audience?.role, 'secondary')
  t.end()
})

t.test('the plan moves when UTC steps: who was there and is there stays, without a word', t => {
  const stations = stationsOf([
    { start: 1_000, end: 60_000, station: 'Malindi' },
    { start: 100_000, end: 160_000, station: 'Malindi' },
  ])
  follow(stations, 2_000)
  stations.heard(2_000)
  t.strictSame(stations.moved(-500, 2_500), [])
  t.match(stations.audience, { until: 59_500 })
  t.equal(stations.clock.read(3_000), 1_000, 'time runs on')
  t.strictSame(stations.mainContacts?.[1], { start: 99_500, end: 159_500 })
  t.equal(stations.plan?.contacts[1]?.start, 99_500)
  t.strictSame(
    stations.moved(30 * 60_000, 3_000),
    ['changes'],
    'no contact, but the ground is heard',
  )
  t.match(stations.audience, { role: 'main', stations: '', until: undefined })
  t.strictSame(follow(stations, 500_000, 3_000), [[12_000, 'ends']])
  t.strictSame(stations.moved(-30 * 60_000 + 450_000, 500_000), ['begins', 'ask'])
  t.strictSame(stations.moved(-450_000, 500_001), ['ends'])
  t.strictSame(stationsOf(undefined).moved(5, 0), [])
  t.end()
})

t.test('a plan that is years away, and a ground that is heard: there is contact', t => {
  const stations = stationsOf([{ start: 1e12, end: 1e12 + 600_000 }])
  t.strictSame(follow(stations, 3_600_000), [])
  t.strictSame(stations.heard(3_600_000), ['begins', 'ask'])
  t.equal(stations.clock.isOpen, true)
  t.strictSame(stations.moved(3_600_000 - 1e12 - 60_000, 3_601_000), ['changes'])
  t.match(stations.audience, { stations: '?', until: 4_140_000 })
  t.equal(stations.clock.read(3_602_000), 2_000, 'the same contact')
  t.end()
})

t.test('another plan takes the place of the one in force; who is heard is heard', t => {
  const plan = (...contacts: readonly SpacecraftContact[]) => {
    const { plan: made } = stationsOf(contacts)
    return { issued: 7, contacts: made?.contacts ?? [] }
  }
  const stations = stationsOf([{ start: 1_000, end: 30_000, station: 'Malindi' }])
  follow(stations, 2_000)
  t.strictSame(stations.replace(plan({ start: 50_000, end: 60_000 }), 2_000), ['ends'])
  t.equal(stations.isOpen, false)
  t.equal(stations.plan?.issued, 7)
  t.strictSame(stations.mainContacts, [{ start: 50_000, end: 60_000 }])
  t.equal(stations.deadline, 50_000)
  t.strictSame(stations.heard(3_000), ['begins', 'ask'])
  const troll = { start: 3_500, end: 9_000, station: 'Troll' }
  t.strictSame(stations.replace(plan(troll), 4_000), ['changes'])
  t.equal(stations.clock.read(4_500), 1_500, 'time goes on')
  t.match(stations.audience, { stations: 'Troll', until: 9_000 })
  t.end()
})

t.test('the first plan of a spacecraft that had none: no time is lost that has passed', t => {
  const stations = stationsOf(undefined)
  follow(stations, 5_000)
  const { plan } = stationsOf([{ start: 90_000, end: 99_000 }])
  t.strictSame(stations.replace({ issued: undefined, contacts: plan?.contacts ?? [] }, 5_000), [])
  t.equal(stations.clock.read(6_000), 6_000)
  t.strictSame(follow(stations, 80_000, 5_000), [[15_000, 'ends']])
  t.equal(stations.clock.read(80_000), 15_000)
  t.end()
})

t.test('two short contacts that are prepared at once: nothing is said twice to nobody', t => {
  const contacts = [
    { start: 5_000, end: 5_500 },
    { start: 6_000, end: 9_000 },
  ]
  const { spacecraft } = settingsFor({ contacts })
  const stations = new Stations({ ...spacecraft, stageMs: 2_000 })
  t.strictSame(follow(stations, 4_500), [
    [3_000, 'stages'],
    [3_000, 'ask'],
  ])
  t.equal(stations.deadline, 5_000)
  t.match(stations.audience, { from: 5_000 })
  t.end()
})
