/** `downpour plan compute`: a plan from an orbit and a list of stations. */
import type { Orbit } from '../../ground/orbit/orbit.ts'
import { elevationProfile, type Window, windows } from '../../ground/orbit/windows.ts'
import { PLAN_LIMITS } from '../../protocol/plan/document.ts'
import type { PlannedContact } from '../../protocol/plan/plan.ts'
import { formatUtc } from '../../protocol/plan/utc.ts'
import { lasting, percentText } from '../figures.ts'
import {
  type Command,
  duration,
  type Options,
  path,
  readCommandLine,
  UsageError,
} from '../options.ts'
import { ELEMENT_OPTIONS, orbitFor } from './elements.ts'
import { degrees, moment } from './options.ts'
import { OUTPUT_OPTIONS, putPlan } from './output.ts'
import { totals } from './show.ts'
import { type PlanStation, readStations } from './stations.ts'

export async function compute(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const { stations: file, mask, from, until, profile, output, json, ...elements } = given.values
  if (file === undefined) throw new UsageError('Cannot tell who hears: --stations is needed')
  if (mask < 0 || mask > MASK_DEG_MAX)
    throw new UsageError(`Cannot use --mask ${mask}: 0 to ${MASK_DEG_MAX} degrees are needed`)
  const now = Date.now()
  const fromMs = Math.round(from?.(now) ?? now)
  const untilMs = until(fromMs)
  if (untilMs <= fromMs) throw new UsageError('Cannot use --until: it must be after --from')
  if (untilMs - fromMs > SPAN_MS_MAX)
    throw new UsageError('Cannot use --until: two years from --from are the most')
  const orbit = await orbitFor(elements, fromMs)
  const stations = await readStations(file, mask)
  if (!holds(orbit, untilMs, elements.altitude === undefined)) return 1
  const seen = windows(orbit, stations, { fromMs, untilMs }, progress(fromMs, untilMs))
  const contacts = seen.flatMap(window => contactIn(orbit, window, profile))
  if (contacts.length > PLAN_LIMITS.contactsMax)
    throw new UsageError(
      `Cannot write ${contacts.length} contacts: ${PLAN_LIMITS.contactsMax} are the most; take a shorter span`,
    )
  const plan = { issued: now, contacts }
  await putPlan(plan, { output, json })
  const { contactMs, mainMs } = totals(plan)
  process.stderr.write(
    `${contacts.length} contacts of ${stations.length} stations: ${lasting(contactMs)} in contact, ` +
      `${lasting(mainMs)} with an uplink, of ${lasting(untilMs - fromMs)}\n`,
  )
  return 0
}

/**
 * Says what is not to be trusted of the orbit at the end of the plan: `measured` elements age.
 * @returns false if it is none by then
 */
function holds(orbit: Orbit, untilMs: number, measured: boolean): boolean {
  if (orbit.position(untilMs) === undefined) {
    process.stderr.write(
      `downpour: the orbit ends before ${formatUtc(untilMs)}: these elements lead into the ground\n`,
    )
    return false
  }
  const ageMs = Math.abs(untilMs - orbit.epochMs)
  if (measured && ageMs > OLD_MS)
    process.stderr.write(
      `downpour: at the end the elements are ${lasting(ageMs)} old; seconds of error a day are usual\n`,
    )
  return true
}

/** Whole milliseconds inside the window; nothing of one that holds none. */
function contactIn(
  orbit: Orbit,
  window: Window<PlanStation>,
  everyMs: number,
): readonly PlannedContact[] {
  const start = Math.ceil(window.start)
  const end = Math.floor(window.end)
  if (start >= end) return []
  const { name: station, role, modem, rates, expectedFrameLoss } = window.station
  const samples =
    everyMs === 0 ? 0 : Math.min(PLAN_LIMITS.elevationMax, 1 + Math.ceil((end - start) / everyMs))
  const elevation = elevationProfile(orbit, { ...window, start, end }, Math.max(2, samples)).map(
    ({ atMs, degrees: exact }) => ({ atMs, degrees: Math.round(exact * 100) / 100 }),
  )
  return [
    {
      start,
      end,
      station,
      role,
      modem,
      rates,
      expectedFrameLoss,
      elevation: samples === 0 ? [] : elevation,
    },
  ]
}

/** How far it has come, on a terminal, once it has lasted a second. */
function progress(fromMs: number, untilMs: number): (utcMs: number) => void {
  let nextMs = performance.now() + QUIET_MS
  let isShown = false
  return utcMs => {
    const isLast = utcMs >= untilMs
    if (!process.stderr.isTTY || (performance.now() < nextMs && !(isLast && isShown))) return
    nextMs = performance.now() + REDRAWN_MS
    isShown = true
    const line = `${formatUtc(utcMs).slice(0, 10)}, ${percentText(utcMs - fromMs, untilMs - fromMs)}`
    process.stderr.write(isLast ? '\r\x1b[K' : `\r${line}\x1b[K`)
  }
}

const QUIET_MS = 1_000
const REDRAWN_MS = 200
const OLD_MS = 14 * 86_400_000
const SPAN_MS_MAX = 2 * 366 * 86_400_000
const MASK_DEG_MAX = 89

const COMMAND = {
  synopsis:
    'downpour plan compute (--tle FILE | --omm FILE | --altitude KM ...) --stations FILE [options]',
  about: 'Computes when stations see a spacecraft, and writes it as a contact plan.',
  options: {
    ...ELEMENT_OPTIONS,
    stations: path('the stations: name, latitude, longitude, altitude (m), role, mask, rates'),
    mask: degrees('elevation from which on a station hears that says no mask of its own', '5'),
    from: moment('when the plan begins [now]'),
    until: moment('when it ends; +3d counts from --from', '+3d'),
    profile: duration('how often the elevation is told; 0: not at all', '1min'),
    ...OUTPUT_OPTIONS,
  },
  notes: [
    'A stations file: { stations: [{ name: Kiruna, latitude: 67.86, longitude: 20.96, altitude: 400 }] }.',
    'Exit codes: 0 written; 1 elements or stations cannot be used; 2 the command line is wrong.',
  ].join('\n'),
} satisfies Command<Options>
