/**
 * Plans of networks know contacts in one direction, from node to node. A contact of ours is what a station has with
 * the spacecraft, both ways: lanes of one station that overlap or touch are one, and where a lane begins or ends
 * inside it the rate steps.
 *
 *      down  |-------- 1M --------|----- 2M -----|        a contact of a main station
 *      up         |------ 64k ------|                     with rates from 0, 1, 2 and 3
 *            0    1               2   3
 */
import { PLAN_LIMITS } from './document.ts'
import type { PlanFault } from './fault.ts'
import type { PlannedContact, RateStep } from './plan.ts'

export interface Lane {
  /** Where it stands in what was read. */
  readonly place: string
  /** Of the station. */
  readonly node: number
  readonly direction: 'down' | 'up'
  readonly start: number
  readonly end: number
  /** undefined: as fast as the link goes. */
  readonly bps: number | undefined
}

/** What an importer must be told, for the file does not say it. */
export interface Network {
  /** The node that is the spacecraft. */
  readonly spacecraft: number
  /** Times are counted from here: UTC in milliseconds since 1970. */
  readonly referenceMs: number
  /** Names of stations; others are called by their number. */
  readonly stations: ReadonlyMap<number, string>
}

/** Contacts by start; what cannot be joined is added to `faults`. */
export function joinLanes(
  lanes: readonly Lane[],
  { stations }: Network,
  faults: PlanFault[],
): PlannedContact[] {
  const byStation = new Map<number, Lane[]>()
  for (const lane of lanes) {
    const known = byStation.get(lane.node)
    if (known === undefined) byStation.set(lane.node, [lane])
    else known.push(lane)
  }
  const contacts: PlannedContact[] = []
  for (const [node, ofStation] of byStation) {
    ofStation.sort((a, b) => a.start - b.start || a.end - b.end)
    const station = stations.get(node) ?? `node ${node}`
    for (const group of groups(ofStation, faults)) contacts.push(joined(group, station, faults))
  }
  return contacts.toSorted((a, b) => a.start - b.start || a.end - b.end)
}

/** The direction of a contact between two nodes; undefined if the spacecraft is not one of them. */
export function laneOf(
  { spacecraft }: Network,
  source: number,
  destination: number,
): Pick<Lane, 'node' | 'direction'> | undefined {
  if (source === destination) return undefined
  if (source === spacecraft) return { node: destination, direction: 'down' }
  return destination === spacecraft ? { node: source, direction: 'up' } : undefined
}

/** Lanes that overlap or touch. Two at once in one direction are a fault: one antenna has one rate. */
function groups(lanes: readonly Lane[], faults: PlanFault[]): Lane[][] {
  const found: Lane[][] = []
  const until = { down: 0, up: 0 }
  for (const lane of lanes) {
    const last = found.at(-1)
    if (last === undefined || lane.start > Math.max(until.down, until.up)) found.push([lane])
    else last.push(lane)
    if (lane.start < until[lane.direction])
      faults.push({ place: lane.place, why: 'overlaps a contact of the same two nodes' })
    until[lane.direction] = Math.max(until[lane.direction], lane.end)
  }
  return found
}

function joined(lanes: readonly Lane[], station: string, faults: PlanFault[]): PlannedContact {
  const [first] = lanes as readonly [Lane]
  const times = [...new Set(lanes.flatMap(lane => [lane.start, lane.end]))].toSorted(
    (a, b) => a - b,
  )
  const role = lanes.some(lane => lane.direction === 'up') ? 'main' : 'secondary'
  return {
    start: first.start,
    end: times.at(-1) as number,
    station,
    role,
    modem: undefined,
    rates: stepsOf(lanes, times.slice(0, -1), faults),
    expectedFrameLoss: undefined,
    elevation: [],
  }
}

/** The rates from each of `times` on; none where the link says how fast it goes. */
function stepsOf(
  lanes: readonly Lane[],
  times: readonly number[],
  faults: PlanFault[],
): readonly RateStep[] {
  const [{ place, start }] = lanes as readonly [Lane]
  if (times.length > PLAN_LIMITS.ratesMax) {
    faults.push({ place, why: `changes its rate over ${PLAN_LIMITS.ratesMax} times` })
    return []
  }
  const steps = times.map(at => stepAt(lanes, at, start))
  const unlimited = lanes.find(lane => lane.direction === 'down' && lane.bps === undefined)
  if (unlimited === undefined) return steps
  if (steps.length > 1 || steps[0]?.upBps !== undefined)
    faults.push({ place: unlimited.place, why: 'has no limit, beside other rates; give it a rate' })
  return []
}

function stepAt(lanes: readonly Lane[], at: number, start: number): RateStep {
  const under = (direction: Lane['direction']): Lane | undefined =>
    lanes.find(lane => lane.direction === direction && lane.start <= at && at < lane.end)
  const hasUplink = lanes.some(lane => lane.direction === 'up')
  const up = under('up')
  const down = under('down')
  return {
    fromMs: at - start,
    downBps: down === undefined ? 0 : (down.bps ?? 0),
    upBps: up === undefined && hasUplink ? 0 : up?.bps,
  }
}
