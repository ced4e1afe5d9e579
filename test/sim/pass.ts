/** One whole flight by seed: files, a bad link, contacts, processes that die. Everything follows from the seed. */
import type { Contact } from '../../protocol/contacts.ts'
import { Random } from '../kit/random.ts'
import { settingsFor } from './settings.ts'
import { World } from './world.ts'

export interface Flight {
  readonly world: World
  readonly files: number
  readonly endMs: number
}

/** Flies until all files are let go, or for a simulated hour of contacts. */
export function fly(seed: number): Flight {
  const random = new Random(seed)
  const contacts = random.below(2) === 0 ? undefined : someContacts(random)
  const aligned = random.below(3) === 0
  const settings = settingsFor({
    format: {
      interleave: random.below(4) === 0 ? 0 : 1,
      frameOctets: [223, 223, 128][random.below(3)] as number,
      ocf: random.below(2) === 0,
      basis: random.below(2) === 0 ? 'dual' : 'conventional',
      randomized: random.below(4) > 0,
      randomizer: seed % 2 === 0 ? 'long' : 'short',
      ...(seed % 3 === 0 ? { frame: 'aos', fhec: seed % 4 < 2, insertOctets: seed % 5 } : {}),
    },
    cfdp: {
      aligned,
      segmentOctets: aligned ? 1_024 : 50 + random.below(1_000),
      checksumType: [0, 2, 3][random.below(3)] as number,
      pduCrc: random.below(2) === 0,
      entityOctets: 1 + random.below(4),
    },
    contacts,
    limits: { nakMode: random.below(2) === 0 ? 'immediate' : 'deferred' },
  })
  const harm = () => ({
    ber: random.below(2) === 0 ? 0 : 10 ** -(3 + 3 * random.next()),
    loss: random.below(2) === 0 ? 0 : 0.2 * random.next(),
    lossUnitOctets: 259,
    slipOctets: random.below(3) === 0 ? 5_000 + random.below(50_000) : 0,
    inverted: random.below(4) === 0,
    ...(random.below(3) === 0 ? { outages: { everyMs: 1_500, lastingMs: 250 } } : {}),
    delayMs: random.below(200),
    seed: random.word(),
  })
  const world = new World({
    ...settings,
    down: { rateBps: 200_000, ...harm() },
    up: { rateBps: 19_200, ...harm(), loss: 0 },
  })
  const disorder = random.below(3) === 0 ? 0.1 * random.next() : 0
  world.fate = () => {
    const fate = random.next()
    if (fate >= disorder) return 'sent'
    return fate < disorder / 2 ? 'twice' : 'late'
  }
  const files = 1 + random.below(4)
  for (let i = 0; i < files; i++) world.addFile(`file-${i}`, sizeOf(random))
  someDeaths(world, random)
  world.run(7_200_000)
  return { world, files, endMs: world.now }
}

function sizeOf(random: Random): number {
  const kind = random.below(10)
  if (kind === 0) return 0
  return kind === 1 ? 1 : random.below(kind < 8 ? 8_000 : 40_000)
}

function someContacts(random: Random): readonly Contact[] {
  const contacts: Contact[] = []
  for (let at = random.below(1_000); contacts.length < 400; at += 500 + random.below(60_000)) {
    const end = at + 300 + random.below(8_000)
    contacts.push({ start: at, end })
    at = end
  }
  return contacts
}

/** Both ends die now and then, some effects into a step, and come back after a while. */
function someDeaths(world: World, random: Random): void {
  const deaths = random.below(3) === 0 ? 0 : random.below(6)
  for (let i = 0; i < deaths; i++) {
    const at = random.below(20_000)
    const down = 1 + random.below(2_000)
    const effects = random.below(6)
    const which = random.below(3)
    const powerCut = random.below(2) === 0
    world.at(at, () => {
      if (which !== 1) world.killSpacecraft(effects)
      if (which !== 0) world.killStation(effects)
    })
    world.at(at + down, () => {
      if (which !== 1) world.restartSpacecraft()
      if (which !== 0) world.restartStation(powerCut)
    })
  }
}
