/** The power goes after every record and every octet of either journal, and the flight goes on all the same. */
import t from 'tap'
import { decodePayload, encodePayload } from '../../hal/journal/payload.ts'
import { sealRecord, wholeRecords } from '../../hal/journal/record.ts'
import { settingsFor } from './settings.ts'
import { World } from './world.ts'

type End = 'aboard' | 'ashore'

const SOON = { timeoutMs: 80, triesMax: 0 }
const FLIGHT_MS = 120_000
/** How long a process is away. */
const DOWN_MS = 50

for (const end of ['aboard', 'ashore'] as const)
  t.test(`a power cut after any octet of the journal ${end} costs no file and no promise`, t => {
    const reference = launch()
    reference.run(FLIGHT_MS)
    t.strictSame(faultsOf(reference), [])
    t.ok(reference.spacecraft.downlink.pdus.retransmitted > 0, 'something was lost on the way')
    const journal = journalOf(reference[end].durable)
    for (let cut = 0; cut < journal.length; cut++) {
      const faults = fly(end, journal.subarray(0, cut))
      if (faults.length > 0) t.fail(`cut at ${cut}`, { faults })
    }
    t.pass(`${journal.length} flights`)
    t.end()
  })

t.test('a station that is killed after any record goes on with what the disk has', t => {
  const reference = launch()
  reference.run(FLIGHT_MS)
  for (let records = 1; records <= reference.ashore.durable.length; records++) {
    const world = launch('ashore', { records, torn: false })
    dieAndGoOn(world, 'ashore', world.ashore.durable, false)
    t.strictSame(faultsOf(world), [], `killed after record ${records}`)
  }
  t.end()
})

t.test('both ends die at any record of the one, and go on from snapshots', t => {
  const reference = launch()
  reference.run(FLIGHT_MS)
  for (let records = 1; records <= reference.aboard.durable.length; records++) {
    const world = launch('aboard', { records, torn: false })
    world.run(world.now + FLIGHT_MS, () => world.isDead('aboard'))
    world.killStation()
    world.run(world.now + DOWN_MS, () => false)
    world.aboard.cut = undefined
    world.aboard.durable = [...world.spacecraft.buffer.snapshot()]
    world.ashore.durable = [...world.station.snapshot()]
    world.restartStation(false)
    world.restartSpacecraft()
    world.run(world.now + FLIGHT_MS)
    t.strictSame(faultsOf(world), [], `after record ${records}`)
  }
  t.end()
})

for (const why of ['cancelled aboard', 'its source changes'] as const)
  t.test(`a file that ends aboard (${why}) leaves nothing open, wherever either end dies`, t => {
    const reference = launch()
    endFirst(reference, why)
    reference.run(FLIGHT_MS, () => isQuiet(reference))
    t.strictSame([...reference.archive.delivered.keys()], ['second.dat'])
    for (const end of ['aboard', 'ashore'] as const)
      for (let records = 1; records <= reference[end].durable.length; records++) {
        const world = launch(end, { records, torn: false })
        endFirst(world, why)
        dieAndGoOn(world, end, world[end].durable, true)
        const label = `${end} after record ${records}`
        t.strictSame([...world.witness.broken], [], label)
        t.equal(world.archive.delivered.get('second.dat'), true, label)
        t.equal(world.station.receptions.size, 0, label)
        t.equal(world.spacecraft.downlink.openCount, 0, label)
      }
    t.end()
  })

/** The first file ends aboard while the ground has some of it. */
function endFirst(world: World, why: 'cancelled aboard' | 'its source changes'): void {
  world.at(30, () => {
    const [first] = world.files
    if (first === undefined || world.isDead('aboard')) return
    first.changed = true
    const cause =
      why === 'cancelled aboard'
        ? ({ kind: 'cancel', token: 2, sequence: 1 } as const)
        : ({ kind: 'source failed', sequence: 1, why } as const)
    world.spacecraft.receive(cause, world.now)
  })
}

/** Two small files over a line that loses some frames, so that there is something to ask for again. */
function launch(end: End = 'aboard', cut?: World['aboard']['cut']): World {
  const world = new World({
    ...settingsFor({
      format: { interleave: 0, frameOctets: 200, fecf: true },
      cfdp: { segmentOctets: 150, limits: { ack: SOON } },
      limits: { reorderMs: 10, ack: SOON, nak: SOON },
    }),
    down: { rateBps: 200_000, loss: 0.2, lossUnitOctets: 204, delayMs: 5, seed: 4 },
    up: { rateBps: 64_000, delayMs: 5 },
  })
  world[end].cut = cut
  world.addFile('first.dat', 900)
  world.addFile('second.dat', 300)
  return world
}

/** Flies until the journal at `end` is `octets`, cuts the power there, and goes on from those octets. */
function fly(end: End, octets: Uint8Array): readonly string[] {
  const records = [...wholeRecords(octets)].map(payload => decodePayload(payload)?.value)
  const torn = journalOf(records).length < octets.length || records.length === 0
  const world = launch(end, { records: records.length, torn })
  dieAndGoOn(world, end, records, true)
  return faultsOf(world)
}

function dieAndGoOn(world: World, end: End, records: readonly unknown[], powerCut: boolean): void {
  world.run(world.now + FLIGHT_MS, () => world.isDead(end))
  world.run(world.now + DOWN_MS, () => false)
  world[end].durable = [...records]
  world[end].cut = undefined
  if (end === 'aboard') world.restartSpacecraft()
  else world.restartStation(powerCut)
  world.run(world.now + FLIGHT_MS, () => world.isDone || isQuiet(world))
}

/** Neither end has anything under way. */
function isQuiet(world: World): boolean {
  const isWaiting = world.station.receptions.size > 0 || world.spacecraft.downlink.openCount > 0
  return !isWaiting && world.archive.delivered.has('second.dat')
}

/** What is wrong after a flight; nothing should be. */
function faultsOf(world: World): readonly string[] {
  const { delivered, deliveries } = world.archive
  return [
    ...world.witness.broken,
    ...(world.isDone ? [] : [`not done after ${world.now} ms`]),
    ...(delivered.size === 2 && deliveries === 2 ? [] : [`${deliveries} deliveries`]),
    ...[...delivered].filter(([, isEqual]) => !isEqual).map(([name]) => `${name} differs`),
  ]
}

/** Records as they lie on the disk. */
function journalOf(records: readonly unknown[]): Uint8Array {
  return Buffer.concat(records.map(record => sealRecord(encodePayload(record))))
}
