/** Files up, beside files down, over links that lose and with ends that die. `make sim SEED=17` replays one. */
import t from 'tap'
import type { EdgeSettings } from '../../station/settings.ts'
import { securityOf } from '../kit/commands.ts'
import { Random } from '../kit/random.ts'
import { type LinkChoice, settingsFor } from './settings.ts'
import { World } from './world.ts'

const FIRST = Number(process.env['SEED'] ?? 1)
const COUNT = process.env['SEED'] === undefined ? Number(process.env['FLIGHTS'] ?? 40) : 1
/** Too short for all files. */
const CONTACTS = Array.from({ length: 400 }, (_, i) => ({
  start: 20_000 * i,
  end: 20_000 * i + 6_000,
}))

/** `ashore`: what the station has otherwise. */
function worldOf(
  random: Random,
  choice: LinkChoice = {},
  ashore: Partial<EdgeSettings> = {},
): World {
  const service = random.below(2) === 0 ? 'ad' : 'bd'
  const isSegmented = random.below(2) === 0
  const secured = random.below(3) === 0 ? securityOf(9, 1) : undefined
  const settings = settingsFor({
    uplink: {
      service,
      frameOctetsMax: 80 + random.below(170),
      segmentation: isSegmented ? { map: 3, packetOctetsMax: 900 } : undefined,
      security: secured && { ...secured, segmented: isSegmented },
    },
    cfdp: { pduCrc: true, entityOctets: 1 + random.below(4) },
    contacts: random.below(2) === 0 ? CONTACTS : undefined,
    ...(random.below(2) === 0 ? { urgentChannel: 3 } : {}),
    housekeeping: { periodMs: random.below(2) * 2_000 },
    limits: { nakMode: random.below(2) === 0 ? 'immediate' : 'deferred' },
    ...choice,
  })
  const world = new World({
    spacecraft: settings.spacecraft,
    station: { ...settings.station, ...ashore },
    down: { rateBps: 200_000, loss: 0.1 * random.next(), lossUnitOctets: 259, seed: random.word() },
    up: {
      rateBps: 19_200,
      ber: random.below(2) === 0 ? 0 : 10 ** -(3 + 2 * random.next()),
      loss: random.below(2) === 0 ? 0 : 0.2 * random.next(),
      delayMs: random.below(200),
      seed: random.word(),
    },
  })
  world.witness.isBlind = true
  return world
}

function someDeaths(world: World, random: Random, after = 0): void {
  for (let i = random.below(6); i > 0; i--) {
    const at = after + random.below(30_000)
    const [effects, isAboard, powerCut] = [random.below(8), random.below(2) === 0, random.below(2)]
    world.at(at, () => (isAboard ? world.killSpacecraft(effects) : world.killStation(effects)))
    world.at(at + 1 + random.below(2_000), () =>
      isAboard ? world.restartSpacecraft() : world.restartStation(powerCut === 0),
    )
  }
}

t.test('every file that was accepted appears aboard, equal and once, whoever dies', t => {
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const random = new Random(seed)
    const world = worldOf(random)
    const heard: Uint8Array[] = []
    world.upAir = octets => {
      heard.push(octets)
      return [octets]
    }
    const [files, uploads] = [random.below(3), 1 + random.below(3)]
    for (let i = 0; i < files; i++) world.addFile(`down-${i}`, random.below(20_000))
    for (let i = 0; i < uploads; i++) world.addUpload(`up-${i}`, random.below(12_000))
    someDeaths(world, random)
    world.run(7_200_000)
    const { inbox, archive, station } = world
    const faults = [
      ...(world.isDone ? [] : [`not done after ${world.now} ms`]),
      ...[...inbox.delivered].filter(([, isEqual]) => !isEqual).map(([name]) => `${name} differs`),
      ...(inbox.deliveries === uploads ? [] : [`${inbox.deliveries} of ${uploads} came up`]),
      ...(archive.deliveries === files ? [] : [`${archive.deliveries} of ${files} came down`]),
      ...station.uploads.status
        .filter(({ state }) => state !== 'delivered')
        .map(({ name }) => name),
    ]
    // All that ever went up, once more.
    for (const octets of heard) world.spacecraft.receive({ kind: 'octets', octets }, world.now)
    world.run(world.now + 1_000, () => false)
    if (inbox.deliveries !== uploads) faults.push('a late duplicate made a file')
    if (faults.length > 0) t.fail(`make sim SEED=${seed}`, { faults })
    if (COUNT === 1) for (const line of world.logs) t.comment(line)
  }
  t.pass(`${COUNT} flights from seed ${FIRST}`)
  t.end()
})

t.test('a plan that comes up is in force, through deaths, and one that is wrong is not', t => {
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const random = new Random(seed)
    const world = worldOf(random, { contacts: CONTACTS, uploads: { plan: 'plan.yaml' } })
    const contacts = CONTACTS.map(({ start, end }) => ({ start, end: end + 1_000, station: 'new' }))
    const documents = [
      { plan: 1, issued: 5, contacts },
      { plan: 1, issued: 4, contacts },
      { plan: 1, issued: 6, contacts: [{ start: 0, end: 1 }] },
    ]
    for (const document of documents) world.addPlan('plan.yaml', document)
    someDeaths(world, random)
    world.run(7_200_000)
    const { stations, uploads } = world.spacecraft
    const ended = world.station.uploads.status.toSorted((a, b) => a.sequence - b.sequence)
    const states = ended.map(({ state }) => state)
    const faults = [
      ...(world.isDone ? [] : ['not done']),
      ...(stations.plan?.issued === 5 ? [] : [`in force is that of ${stations.plan?.issued}`]),
      ...(stations.plan?.contacts.at(-1)?.station === 'new'
        ? []
        : ['the contacts are the old ones']),
      ...(states.join() === 'delivered,failed,failed' ? [] : [states.join()]),
      ...(uploads?.plans.counters.refused === 0 && world.keptPlan === undefined ? ['none'] : []),
      ...(world.inbox.deliveries === 0 ? [] : ['a plan lies in the inbox']),
    ]
    if (faults.length > 0) t.fail(`make sim SEED=${seed}`, { faults })
  }
  t.pass(`${COUNT} flights from seed ${FIRST}`)
  t.end()
})

t.test(
  'a spacecraft whose plan is over, and speaks only when it is spoken to, gets a new one',
  t => {
    for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
      const random = new Random(seed)
      const aboard = { contacts: [{ start: 0, end: 1 }], uploads: { plan: 'plan.yaml' } }
      const world = worldOf(random, aboard, { contacts: undefined })
      const contacts = CONTACTS.map(({ start, end }) => ({ start: start + 1, end }))
      world.at(20_000, () => world.addUpload('large', 9_000))
      world.at(20_000, () => world.addPlan('plan.yaml', { plan: 1, issued: 5, contacts }))
      someDeaths(world, random, 30_000)
      world.run(7_200_000, () => world.now > 60_000 && world.isDone)
      const faults = [
        ...(world.isDone ? [] : [`not done after ${world.now} ms`]),
        ...(world.spacecraft.stations.plan?.issued === 5 ? [] : ['the plan is not in force']),
      ]
      if (faults.length > 0) t.fail(`make sim SEED=${seed}`, { faults })
    }
    t.pass(`${COUNT} flights from seed ${FIRST}`)
    t.end()
  },
)
