/** What happens in a mission, drawn from its seed: files, losses, and everything that goes wrong. */
import type { Instant } from '../../../protocol/machine.ts'
import { Random } from '../../kit/random.ts'
import { SCENARIOS, type Scenario, scenario } from './scenario.ts'

export interface FileOrder {
  readonly at: Instant
  readonly octets: number
  readonly priority: number
  readonly deadlineMs?: number
}

export interface Trouble {
  readonly at: Instant
  readonly kind: 'spacecraft dies' | 'ground dies' | 'modem stalls' | 'credit is lost'
  readonly lastingMs: number
  /** Effects that are still performed; the clock of the spacecraft is wrong by so much afterwards. */
  readonly effects: number
  readonly clockMs: number
}

/** From `at` on the clock of the spacecraft is wrong by so much, and by so much more for each second that passes. */
export interface ClockSetting {
  readonly at: Instant
  readonly wrongMs: number
}

export interface Orders {
  readonly seed: number
  readonly scenario: Scenario
  /** Nothing goes wrong but frames that are lost as often as the plan says. */
  readonly isCalm: boolean
  readonly framesPerSecond: number
  readonly files: readonly FileOrder[]
  readonly troubles: readonly Trouble[]
  /** How the clock of the spacecraft is set while it runs, and how fast it drifts: in millionths. */
  readonly clock: { readonly settings: readonly ClockSetting[]; readonly driftPpm: number }
  /** By station: what the plan expects, and what is true. */
  readonly losses: ReadonlyMap<string, { readonly expected: number; readonly real: number }>
  /** The share of windows in which the station is not there, and of frames that arrive damaged. */
  readonly absence: number
  readonly damage: number
  readonly uplinkLoss: number
}

/** One file every so many milliseconds is the most that scenario 1 carries, says the study. */
export const FILE_EVERY_MS = 4_541_000
/** Octets of file in a frame of the missions, and of a file of 256 frames. */
export const FRAME_FILE_OCTETS = 100
const FILE_OCTETS = 256 * FRAME_FILE_OCTETS
const DAY_MS = 86_400_000
const YEAR_MS = 365.25 * DAY_MS
/** Nothing new comes so long before the end, that all may arrive. */
const REST_MS = 6 * 3_600_000

export function ordersOf(seed: number): Orders {
  const random = new Random(seed)
  const name = SCENARIOS[seed % 3] as (typeof SCENARIOS)[number]
  const one = scenario(name)
  const isCalm = Math.floor(seed / 3) % 4 === 0
  const lastMs = one.days * DAY_MS - REST_MS
  const worst = isCalm ? 0.02 : 0.2
  const losses = new Map<string, { expected: number; real: number }>()
  for (const { station } of one.windows)
    if (!losses.has(station)) {
      const expected = worst * random.next()
      losses.set(station, { expected, real: isCalm ? expected : expected * 2 * random.next() })
    }
  return {
    seed,
    scenario: one,
    isCalm,
    framesPerSecond: 0.7 + 0.6 * random.next(),
    files: isCalm ? calmFiles(lastMs) : someFiles(random, lastMs),
    troubles: isCalm ? [] : someTroubles(random, lastMs),
    clock: isCalm ? { settings: [], driftPpm: 0 } : someClock(new Random(seed ^ 0xc10c), lastMs),
    losses,
    absence: isCalm ? 0 : 0.2 * random.next(),
    damage: isCalm ? 0 : 0.05 * random.next(),
    uplinkLoss: isCalm ? 0.01 : 0.3 * random.next(),
  }
}

function calmFiles(lastMs: number): FileOrder[] {
  const count = Math.floor(lastMs / FILE_EVERY_MS)
  return Array.from({ length: count }, (_, i) => ({
    at: i * FILE_EVERY_MS,
    octets: FILE_OCTETS,
    priority: 5,
  }))
}

/** Those of the study, and small urgent ones between them. */
function someFiles(random: Random, lastMs: number): FileOrder[] {
  const files = calmFiles(lastMs).map(file => ({ ...file, at: file.at + random.below(600_000) }))
  const urgent = Array.from({ length: random.below(30) }, () => {
    const at = random.below(lastMs)
    return {
      at,
      octets: random.below(1_500),
      priority: random.below(3),
      deadlineMs: at + 7_200_000,
    }
  })
  return [...files, ...urgent].toSorted((one, other) => one.at - other.at)
}

/** Unset after a start, a wrong leap, a stale almanac: for a while, and a few times in a mission. */
function someClock(random: Random, lastMs: number): Orders['clock'] {
  const settings: ClockSetting[] = []
  const wrongs = [-56 * YEAR_MS, 19.6 * YEAR_MS, 3_600_000, -3_600_000, 18_000, -500]
  for (let left = random.below(6); left > 0; left--) {
    const at = settings.length === 0 && random.below(2) === 0 ? 0 : random.below(lastMs)
    const wrongMs = wrongs[random.below(wrongs.length)] as number
    settings.push({ at, wrongMs }, { at: at + 60_000 + random.below(3_600_000), wrongMs: 0 })
  }
  return {
    settings: settings.toSorted((one, other) => one.at - other.at),
    driftPpm: random.below(200) - 100,
  }
}

function someTroubles(random: Random, lastMs: number): Trouble[] {
  const kinds = ['spacecraft dies', 'ground dies', 'modem stalls', 'credit is lost'] as const
  return Array.from({ length: random.below(40) }, () => ({
    at: random.below(lastMs),
    kind: kinds[random.below(4)] ?? 'modem stalls',
    lastingMs: 1_000 + random.below(60_000),
    effects: random.below(6),
    clockMs: random.below(3) === 0 ? random.below(240_000) - 120_000 : 0,
  })).toSorted((one, other) => one.at - other.at)
}
