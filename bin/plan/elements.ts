/** The orbit that a command line names: a TLE or an OMM in a file, or a circle in numbers. */
import { readFileSync } from 'node:fs'
import { gstime } from 'satellite.js'
import { circularOrbit } from '../../ground/orbit/circular.ts'
import { messagesOf } from '../../ground/orbit/omm-text.ts'
import type { Orbit } from '../../ground/orbit/orbit.ts'
import { type ElementsReading, orbitOfOmm, orbitOfTle, textOf } from '../../ground/orbit/sgp4.ts'
import { ConfigFault } from '../../hal/config/fault.ts'
import { parseText } from '../../hal/config/text.ts'
import { isFields } from '../../protocol/plan/fields.ts'
import { path, text, UsageError } from '../options.ts'
import { degrees, kilometres, moment } from './options.ts'

export const ELEMENT_OPTIONS = {
  tle: path('file with the two lines of a spacecraft, or of several'),
  omm: path('file with an orbit mean-elements message, in JSON, KVN, XML or CSV, or several'),
  satellite: text('the name or catalogue number of the one meant, where the file has several'),
  altitude: kilometres('circular orbit: its height above the equator'),
  inclination: degrees('circular orbit: its inclination'),
  node: degrees('circular orbit: longitude of the ascending node at the epoch, east of Greenwich'),
  raan: degrees('circular orbit, instead of --node: right ascension of the ascending node'),
  phase: degrees('circular orbit: how far from the node at the epoch [0]'),
  epoch: moment('circular orbit: when node and phase are so [--from]'),
}

export interface Elements {
  readonly tle: string | undefined
  readonly omm: string | undefined
  readonly satellite: string | undefined
  readonly altitude: number | undefined
  readonly inclination: number | undefined
  readonly node: number | undefined
  readonly raan: number | undefined
  readonly phase: number | undefined
  readonly epoch: ((base: number) => number) | undefined
}

/** @throws UsageError, ConfigFault */
export async function orbitFor(elements: Elements, fromMs: number): Promise<Orbit> {
  const { tle, omm, altitude, satellite } = elements
  const named = [tle, omm, altitude].filter(one => one !== undefined)
  if (named.length !== 1)
    throw new UsageError('Cannot tell the orbit: one of --tle, --omm and --altitude is needed')
  refuseStrays(elements)
  if (tle !== undefined) return theOne(tle, tleOrbits(readFileSync(tle, 'utf8')), satellite)
  if (omm !== undefined) return theOne(omm, await ommOrbits(omm), satellite)
  return circle(elements, fromMs)
}

/** What says something of the other kind of orbit is no mistake to pass over. */
function refuseStrays({ altitude, satellite, tle, omm: _omm, ...circular }: Elements): void {
  if (altitude !== undefined && satellite !== undefined)
    throw new UsageError('Cannot use --satellite with --altitude: it picks from --tle or --omm')
  const [stray] = Object.entries(circular).find(([, value]) => value !== undefined) ?? []
  if (altitude !== undefined || stray === undefined) return
  const file = tle === undefined ? '--omm' : '--tle'
  throw new UsageError(`Cannot use --${stray} with ${file}: it is of a circular orbit, --altitude`)
}

/** One set of elements, under the names that it goes by. */
interface Candidate {
  readonly names: readonly string[]
  readonly read: ElementsReading
}

/** Lines 1 and 2, each pair after a line with a name or without; the zero before a name is no part of it. */
function tleOrbits(content: string): Candidate[] {
  const lines = content.split('\n').map(line => line.trimEnd())
  return lines.flatMap((first, i) => {
    if (!first.startsWith('1 ')) return []
    const above = lines[i - 1] ?? ''
    const number = first.slice(2, 7).trim()
    const name = /^[12] /.test(above) ? '' : above.replace(/^0 /, '').trim()
    const read = orbitOfTle(name === '' ? number : name, first, lines[i + 1] ?? '')
    return [{ names: [name, number], read }]
  })
}

async function ommOrbits(file: string): Promise<Candidate[]> {
  const content = readFileSync(file, 'utf8')
  const isJson = /^\s*[[{]/.test(content)
  const document = isJson ? await parseText(content, file) : messagesOf(content)
  const messages: unknown[] = Array.isArray(document) ? document : [document]
  return messages.filter(isFields).map(message => ({
    names: [message['OBJECT_NAME'], message['NORAD_CAT_ID']].map(textOf),
    read: orbitOfOmm(message),
  }))
}

function theOne(file: string, all: readonly Candidate[], wanted: string | undefined): Orbit {
  const meant = wanted === undefined ? all : all.filter(one => one.names.includes(wanted))
  const [only, other] = meant
  if (only === undefined)
    throw new ConfigFault(file, [
      wanted === undefined ? 'there are no elements in it' : `"${wanted}" is not in it`,
    ])
  if (other !== undefined)
    throw new ConfigFault(file, [`${meant.length} spacecraft are in it; --satellite says which`])
  if (only.read.kind === 'refused') throw new ConfigFault(file, [only.read.why])
  return only.read.orbit
}

function circle(elements: Elements, fromMs: number): Orbit {
  const { altitude = 0, inclination, node, raan, phase = 0, epoch } = elements
  const epochMs = epoch?.(fromMs) ?? fromMs
  if (inclination === undefined)
    throw new UsageError('Cannot tell the orbit: --inclination is needed')
  if (inclination < 0 || inclination > 180)
    throw new UsageError(`Cannot use --inclination ${inclination}: 0 to 180 degrees are needed`)
  if ((node === undefined) === (raan === undefined))
    throw new UsageError('Cannot tell the orbit: one of --node and --raan is needed')
  if (altitude < ALTITUDE_KM_MIN || altitude > ALTITUDE_KM_MAX)
    throw new UsageError(
      `Cannot use --altitude ${altitude}: ${ALTITUDE_KM_MIN} to ${ALTITUDE_KM_MAX} km are needed`,
    )
  const greenwichDeg = (gstime(new Date(epochMs)) * 180) / Math.PI
  return circularOrbit({
    altitudeKm: altitude,
    inclinationDeg: inclination,
    nodeDeg: node ?? (raan ?? 0) - greenwichDeg,
    phaseDeg: phase,
    epochMs,
  })
}

const ALTITUDE_KM_MIN = 100
const ALTITUDE_KM_MAX = 50_000
