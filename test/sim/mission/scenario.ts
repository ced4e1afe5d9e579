/** The three scenarios of the study: who hears a satellite over three days. Without them, their first day. */
import { existsSync, readFileSync } from 'node:fs'
import type { Role } from '../../../protocol/plan/plan.ts'

export interface Window {
  readonly station: string
  readonly role: Role
  /** Milliseconds since the scenario began. */
  readonly start: number
  readonly end: number
}

export interface Scenario {
  readonly name: string
  readonly days: number
  /** By start. */
  readonly windows: readonly Window[]
}

export const SCENARIOS = ['S1', 'S2', 'S3'] as const

export function scenario(name: (typeof SCENARIOS)[number]): Scenario {
  let one = READ.get(name)
  if (one === undefined) {
    one = read(name)
    READ.set(name, one)
  }
  return one
}

function read(name: (typeof SCENARIOS)[number]): Scenario {
  const shared = new URL(`../../../../shared/scenarios/windows_${name}_mask5.json`, import.meta.url)
  const [windows, days] = existsSync(shared) ? [whole(shared), 3] : [excerpt(name), 1]
  return { name, days, windows: windows.toSorted((one, other) => one.start - other.start) }
}

export function isMain({ role }: Window): boolean {
  return role === 'main'
}

function whole(url: URL): Window[] {
  const { windows } = JSON.parse(readFileSync(url, 'utf8')) as {
    windows: readonly { st: string; role: 'MGS' | 'SGS'; aos: number; los: number }[]
  }
  return windows.map(({ st, role, aos, los }) => ({
    station: st,
    role: role === 'MGS' ? 'main' : 'secondary',
    start: 1_000 * aos,
    end: 1_000 * los,
  }))
}

/** Its first day, which is in the repository. */
export function excerpt(name: string): Window[] {
  const url = new URL('../../../fixtures/scenarios/day.json', import.meta.url)
  const all = JSON.parse(readFileSync(url, 'utf8')) as Record<
    string,
    { stations: string[]; mains: string[]; windows: [number, number, number][] }
  >
  const { stations, mains, windows } = all[name] as (typeof all)[string]
  return windows.map(([index, aos, los]) => {
    const station = stations[index] as string
    const role = mains.includes(station) ? 'main' : 'secondary'
    return { station, role, start: 1_000 * aos, end: 1_000 * los }
  })
}

const READ = new Map<string, Scenario>()
