/**
 * Orbits by SGP4, from the mean elements that are published for every spacecraft: two lines of text (TLE), or an
 * orbit mean-elements message (CCSDS 502.0-B-3, section 4). The model is that of satellite.js;
 * what it does not check of the elements is checked here. UT1 is taken for UTC: 0.9 s at most, 0.4 km on the ground.
 */
import {
  gstime,
  json2satrec,
  type OMMJsonObject,
  type SatRec,
  sgp4,
  twoline2satrec,
} from 'satellite.js'
import { parseUtc } from '../../protocol/plan/utc.ts'
import type { Orbit } from './orbit.ts'

/** Elements, or why they are none. */
export type ElementsReading =
  | { readonly kind: 'orbit'; readonly name: string; readonly orbit: Orbit }
  | { readonly kind: 'refused'; readonly why: string }

/** Two lines of 69 characters, each with its checksum. */
export function orbitOfTle(name: string, first: string, second: string): ElementsReading {
  for (const [number, line] of [
    ['1', first],
    ['2', second],
  ] as const) {
    const refused = (why: string): ElementsReading => ({
      kind: 'refused',
      why: `line ${number} of ${name}: ${why}`,
    })
    if (line.length !== LINE_CHARACTERS || !line.startsWith(`${number} `))
      return refused(
        `${line.length} characters will not do; 69 are needed, the first of them ${number}`,
      )
    const sum = checksum(line)
    if (sum !== line.at(-1)) return refused(`checksum ${line.at(-1)} will not do; it is ${sum}`)
  }
  if (first.slice(2, 7) !== second.slice(2, 7))
    return { kind: 'refused', why: `${name}: the lines are of two spacecraft` }
  return orbitOf(name, twoline2satrec(first, second))
}

/** An object of JSON, or of a text (omm-text.ts); numbers may be texts. */
export function orbitOfOmm(message: Readonly<Record<string, unknown>>): ElementsReading {
  const name = typeof message['OBJECT_NAME'] === 'string' ? message['OBJECT_NAME'] : 'no name'
  const refused = (why: string): ElementsReading => ({ kind: 'refused', why: `${name}: ${why}` })
  for (const [key, only] of Object.entries(ONLY)) {
    const value = message[key]
    if (value !== undefined && !only.includes(textOf(value)))
      return refused(`${key} ${JSON.stringify(value)} will not do; it must be ${only.join(' or ')}`)
  }
  for (const key of NUMBERS) {
    const value = message[key]
    if (Number.isNaN(numberOf(value)))
      return refused(`${key} ${JSON.stringify(value) ?? 'is missing'}; a number is needed`)
  }
  const epoch = textOf(message['EPOCH'])
  if (parseUtc(epoch.endsWith('Z') ? epoch : `${epoch}Z`) === undefined)
    return refused(`EPOCH "${epoch}" will not do; such as 2026-01-01T00:00:00 is needed`)
  const elements = { NORAD_CAT_ID: 0, MEAN_MOTION_DOT: 0, MEAN_MOTION_DDOT: 0, ...message }
  return orbitOf(name, json2satrec(elements as unknown as OMMJsonObject))
}

function orbitOf(name: string, elements: SatRec): ElementsReading {
  const epochMs = (elements.jdsatepoch - JULIAN_1970) * DAY_MS
  const orbit: Orbit = {
    epochMs,
    periodMs: (2 * Math.PI * MINUTE_MS) / elements.no,
    position(utcMs) {
      const state = sgp4(elements, (utcMs - epochMs) / MINUTE_MS)
      if (state === null || !Number.isFinite(state.position.x)) return undefined
      const angle = gstime(JULIAN_1970 + utcMs / DAY_MS)
      const { x, y, z } = state.position
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
      return { x: x * cos + y * sin, y: y * cos - x * sin, z }
    },
  }
  if (orbit.position(epochMs) === undefined)
    return { kind: 'refused', why: `${name}: SGP4 finds no orbit in these elements` }
  return { kind: 'orbit', name, orbit }
}

/** The digits of a line but the last, a minus counted as 1: the last digit of their sum. */
function checksum(line: string): string {
  let sum = 0
  for (const character of line.slice(0, -1)) {
    if (character === '-') sum += 1
    else if (character >= '0' && character <= '9') sum += Number(character)
  }
  return String(sum % 10)
}

function numberOf(value: unknown): number {
  const text = textOf(value)
  return text === '' ? Number.NaN : Number(text)
}

/** A text or a number of a message as text; anything else is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}

const LINE_CHARACTERS = 69
const JULIAN_1970 = 2_440_587.5
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
/** Of other centres, frames and theories nothing is known here. */
const ONLY = {
  CENTER_NAME: ['EARTH'],
  REF_FRAME: ['TEME'],
  TIME_SYSTEM: ['UTC'],
  EPHEMERIS_TYPE: ['0'],
  MEAN_ELEMENT_THEORY: ['SGP4', 'SGP/SGP4'],
}
const NUMBERS = [
  'MEAN_MOTION',
  'ECCENTRICITY',
  'INCLINATION',
  'RA_OF_ASC_NODE',
  'ARG_OF_PERICENTER',
  'MEAN_ANOMALY',
  'BSTAR',
]
