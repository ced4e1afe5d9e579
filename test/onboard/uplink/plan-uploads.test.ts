/** A plan is taken over while contacts of several modems begin, are under way and end: what is sent stays whole. */
import t, { type Test } from 'tap'
import type { SpacecraftContact } from '../../../onboard/settings.ts'
import { metadataOf } from '../../../protocol/cfdp/transmission.ts'
import { caduOctets } from '../../../protocol/frame/link.ts'
import type { ContactPlan } from '../../../protocol/plan/plan.ts'
import { Ingest } from '../../../station/ingest.ts'
import { SpacecraftBench } from '../../kit/spacecraft-bench.ts'
import { someTransmission } from '../../kit/transmission.ts'
import { settingsFor } from '../../sim/settings.ts'

const MODEMS = [
  { name: 'uhf', rateBps: 50_000 },
  { name: 's-band', rateBps: 400_000 },
]
const MALINDI = { station: 'Malindi', role: 'main', modem: 'uhf' } as const
const KOUROU = { station: 'Kourou', role: 'secondary', modem: 's-band' } as const
const OLD: readonly SpacecraftContact[] = [
  { ...MALINDI, start: 0, end: 60_000 },
  { ...KOUROU, start: 10_000, end: 40_000 },
]
const FILES = [300_000, 1_000, 700_000]
const STEP_MS = 10
/** Line time that waits before a modem. */
const AHEAD_MS = 64

/** Two modems that send at the rates of their contacts, and whoever hears them. */
class Flight {
  readonly bench = new SpacecraftBench({
    modems: MODEMS,
    contacts: OLD,
    uploads: { plan: 'plan.json', modems: MODEMS.map(({ name }) => name) },
  })
  /** Of every file, the octets that came down, by their offsets. */
  readonly segments: { sequence: number; offset: number; length: number }[] = []
  readonly #t: Test
  readonly #asked = new Set<number>()
  readonly #freeAt = [0, 0]
  readonly #ingests: readonly Ingest[]

  constructor(t: Test) {
    this.#t = t
    const { station } = settingsFor({})
    this.#ingests = MODEMS.map(() => new Ingest(station.downlink))
    for (const [i, octets] of FILES.entries()) this.bench.offerDigested(`/${i}`, octets)
  }

  until(end: number): void {
    while (this.bench.now < end) {
      this.bench.tick(this.bench.now + STEP_MS)
      // The ground speaks, so the time of transactions runs.
      if (this.bench.now % 1_000 === 0 && this.bench.now < 50_000)
        this.bench.hear(9, metadataOf(someTransmission({ sequence: 9 })), { source: 2 })
      this.#fill()
    }
  }

  /** The plan comes up, and `diskMs` later the disk has it. */
  takeOver(id: string, document: unknown, diskMs: number): ContactPlan {
    this.bench.tell({ kind: 'plan', id, document })
    const [keep] = this.bench.take('keep plan')
    this.until(this.bench.now + diskMs)
    const plan = keep?.plan as ContactPlan
    this.bench.tell({ kind: 'plan kept', id, plan })
    return plan
  }

  #fill(): void {
    const { bench } = this
    const cadu = caduOctets(bench.settings.downlink)
    for (const { modem } of bench.take('room')) this.#asked.add(modem)
    for (const modem of this.#asked) {
      const { rateBps } = MODEMS[modem] as (typeof MODEMS)[number]
      const frameMs = (8_000 * cadu) / rateBps
      const aheadMs = Math.max(0, (this.#freeAt[modem] as number) - bench.now)
      const frames = Math.floor((AHEAD_MS - aheadMs) / frameMs)
      if (frames < 1) continue
      this.#asked.delete(modem)
      bench.tell({ kind: 'room', octets: frames * cadu, modem })
      for (const { sequence, offset, length } of bench.take('read'))
        bench.tell({ kind: 'read', sequence, offset, octets: new Uint8Array(length) })
      for (const frame of bench.take('transmit')) this.#sent(frame, frameMs)
      for (const { modem: again } of bench.take('room')) this.#asked.add(again)
    }
  }

  /** What leaves a modem leaves it while its own stations hear. */
  #sent(
    { modem, octets }: { readonly modem: number; readonly octets: Uint8Array },
    ms: number,
  ): void {
    const { now, machine } = this.bench
    const freeAt = Math.max(now, this.#freeAt[modem] as number) + ms
    this.#freeAt[modem] = freeAt
    const left = machine.stations.openMs(now, MODEMS[modem]?.name)
    if (now + left < freeAt - STEP_MS)
      this.#t.fail(`${MODEMS[modem]?.name} at ${now} ms: a frame leaves when nobody hears`)
    this.#ingests[modem]?.push(octets, ({ header, body }) => {
      if (body.kind !== 'file data') return
      const { offset, octets: data } = body
      const segment = { offset: Number(offset), length: data.length }
      this.segments.push({ sequence: Number(header.sequence), ...segment })
    })
    machine.downlink.release(modem, octets)
  }
}

const NEW = {
  plan: 1,
  issued: 2_000,
  contacts: [
    { ...MALINDI, start: 0, end: 55_000 },
    { ...KOUROU, start: 15_000, end: 30_000 },
    { ...KOUROU, station: 'Perth', start: 32_000, end: 45_000 },
    { ...MALINDI, station: 'Troll', start: 90_000, end: 100_000 },
  ],
}

t.test('a plan taken over while contacts of two modems begin, last and end', async t => {
  for (const at of [5_000, 9_990, 10_000, 14_990, 20_000, 29_990, 31_000, 39_990, 40_000])
    for (const diskMs of [0, 20, 3_000]) {
      const label = `offered at ${at} ms, kept ${diskMs} ms later`
      const flight = new Flight(t)
      const { bench, segments } = flight
      flight.until(at)
      flight.takeOver('2-1', NEW, diskMs)
      flight.until(60_000)
      t.equal(bench.machine.stations.plan?.contacts.at(-1)?.station, 'Troll', label)
      for (const [i, octets] of FILES.entries()) {
        const own = segments.filter(({ sequence }) => sequence === i + 1)
        own.sort((one, other) => one.offset - other.offset)
        let end = 0
        for (const { offset, length } of own) {
          if (offset !== end) t.fail(`${label}: file ${i} has ${offset} after ${end}`)
          end = offset + length
        }
        t.equal(end, octets, `${label}: each octet of file ${i} once`)
      }
      t.notOk(bench.machine.isHeard(0), label)
      t.notOk(bench.machine.isHeard(1), label)
    }
})

t.test('a contact under way by one modem lasts when the new plan has it by another', async t => {
  const flight = new Flight(t)
  const { machine } = flight.bench
  flight.until(20_000)
  const [, , perth, troll] = NEW.contacts
  const moved = { ...MALINDI, modem: 's-band', start: 25_000, end: 50_000 }
  flight.takeOver('2-1', { ...NEW, contacts: [moved, perth, troll] }, 20)
  t.match(machine.stations.hearers('uhf'), { stations: 'Malindi', until: 60_000 })
  t.match(machine.stations.hearers('s-band'), { stations: 'Kourou', until: 50_000 })
  flight.until(26_000)
  t.match(machine.stations.hearers('s-band'), { stations: 'Kourou+Malindi' })
  flight.until(61_000)
  t.notOk(machine.stations.isOpen)
})

t.test('of three plans on their way each is measured by the one before it', async t => {
  const flight = new Flight(t)
  const { bench } = flight
  const issued = (ms: number) => ({ ...NEW, issued: ms })
  bench.tell({ kind: 'plan', id: '2-1', document: issued(10) })
  bench.tell({ kind: 'plan', id: '2-2', document: issued(30) })
  const [first] = bench.take('keep plan')
  bench.tell({ kind: 'plan kept', id: '2-1', plan: first?.plan as ContactPlan })
  bench.tell({ kind: 'plan', id: '2-3', document: issued(20) })
  t.strictSame(bench.take('keep plan'), [], 'one that is newer is on its way')
})

t.test('segments follow what a new plan expects to be lost', async t => {
  const adapts = { frameLoss: 1e-5, overheadOctets: 22 }
  const bench = new SpacecraftBench({
    cfdp: { segmentOctets: 16_000, adapts },
    contacts: OLD,
    uploads: { plan: 'plan.json' },
  })
  t.equal(bench.machine.downlink.segments.segment.octets, 16_000)
  const lossy = NEW.contacts.map(contact => ({ ...contact, expectedFrameLoss: 0.01 }))
  bench.tell({ kind: 'plan', id: '2-1', document: { ...NEW, contacts: lossy } })
  const [keep] = bench.take('keep plan')
  bench.tell({ kind: 'plan kept', id: '2-1', plan: keep?.plan as ContactPlan })
  const { octets } = bench.machine.downlink.segments.segment
  t.ok(octets < 1_000, `${octets} octets where one frame of a hundred is lost`)
})

t.test('what became of a plan is told in the next frames, not a period later', async t => {
  const bench = new SpacecraftBench({ contacts: OLD, uploads: { plan: 'plan.json' } })
  t.equal(bench.report(), undefined, 'of itself it says nothing here')
  bench.tell({ kind: 'plan', id: '2-1', document: { plan: 1, contacts: [] } })
  t.match(bench.report(), { plansRefused: 1, planRefusal: /no main contact is left/ })
  bench.tell({ kind: 'plan unreadable', id: '2-2', why: 'no JSON' })
  t.match(bench.report(), { plansRefused: 2, planRefusal: 'no JSON' })
  bench.tell({ kind: 'plan', id: '2-3', document: NEW })
  const [keep] = bench.take('keep plan')
  bench.tell({ kind: 'plan kept', id: '2-3', plan: keep?.plan as ContactPlan })
  t.match(bench.report(), { plansTaken: 1, planRefusal: '', planIssuedMs: 2_000 })
})
