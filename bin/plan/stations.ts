/**
 * The stations for which a plan is computed, in YAML or JSON:
 *
 *     stations:
 *       - { name: Kiruna, latitude: 67.857, longitude: 20.964, altitude: 400, downBps: 2000000, upBps: 64000 }
 *       - { name: Delft, latitude: 51.99, longitude: 4.37, role: secondary, mask: 10 }
 */
import { readFileSync } from 'node:fs'
import type { Watcher } from '../../ground/orbit/windows.ts'
import { ConfigFault } from '../../hal/config/fault.ts'
import { parseText, withLines } from '../../hal/config/text.ts'
import { PLAN_LIMITS } from '../../protocol/plan/document.ts'
import type { PlanFault } from '../../protocol/plan/fault.ts'
import { FieldReader, type Fields, isFields } from '../../protocol/plan/fields.ts'
import type { PlannedContact } from '../../protocol/plan/plan.ts'

/** A station, and what is the same in all of its contacts. */
export interface PlanStation
  extends Watcher,
    Pick<PlannedContact, 'role' | 'modem' | 'rates' | 'expectedFrameLoss'> {}

/** @throws ConfigFault with every reason and its line */
export async function readStations(path: string, maskDeg: number): Promise<PlanStation[]> {
  const text = readFileSync(path, 'utf8')
  const document = await parseText(text, path)
  const faults: PlanFault[] = []
  const stations: PlanStation[] = []
  if (isFields(document)) {
    const list = new FieldReader(document, '', ['stations'], faults)
    const items = list.required('stations', key => list.objects(key, STATIONS_MAX))
    for (const { place, fields } of items ?? [])
      stations.push(readStation(fields, place, { maskDeg, faults }))
  } else faults.push({ place: '', why: 'It is no object: `stations` is needed' })
  if (faults.length === 0 && stations.length === 0)
    faults.push({ place: 'stations', why: 'is empty; a station is needed' })
  for (const [i, { name }] of stations.entries())
    if (stations.findIndex(other => other.name === name) < i)
      faults.push({ place: `stations.${i}.name`, why: `"${name}" is there twice` })
  if (faults.length > 0) throw new ConfigFault(path, await withLines(text, faults))
  return stations
}

function readStation(
  fields: Fields,
  place: string,
  { maskDeg, faults }: { maskDeg: number; faults: PlanFault[] },
): PlanStation {
  const station = new FieldReader(fields, place, KEYS, faults)
  const degrees = (key: string, most: number) =>
    station.required(key, () => station.number(key, { min: -most, max: most })) ?? 0
  const rate = { min: 0, max: PLAN_LIMITS.bpsMax }
  const downBps = station.number('downBps', rate)
  const upBps = station.number('upBps', rate)
  if (upBps !== undefined && downBps === undefined)
    faults.push({ place: `${place}.downBps`, why: 'is missing, beside upBps' })
  return {
    name: station.required('name', key => station.text(key)) ?? '',
    latitudeDeg: degrees('latitude', 90),
    longitudeDeg: degrees('longitude', 360),
    altitudeKm: (station.number('altitude', { min: -500, max: 9_000 }) ?? 0) / 1_000,
    maskDeg: station.number('mask', { min: 0, max: 89 }) ?? maskDeg,
    role: station.choice('role', ['main', 'secondary']) ?? 'main',
    modem: station.text('modem'),
    rates: downBps === undefined ? [] : [{ fromMs: 0, downBps, upBps }],
    expectedFrameLoss: station.number('expectedFrameLoss', { min: 0, max: 1, open: true }),
  }
}

const STATIONS_MAX = 1_000
const KEYS = [
  'name',
  'latitude',
  'longitude',
  'altitude',
  'mask',
  'role',
  'modem',
  'downBps',
  'upBps',
  'expectedFrameLoss',
]
