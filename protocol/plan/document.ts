/**
 * The plan as a document: what YAML or JSON makes of the text, in docs/plan.schema.json. Reading it does not trust
 * it: it may have come up the link, or from a table that a person keeps.
 *
 *     plan: 1
 *     issued: 2026-01-01T00:00:00Z
 *     contacts:
 *       - start: 2026-01-01T00:10:00Z
 *         end: 2026-01-01T00:18:00Z
 *         station: Kiruna
 *         rates: [{ downBps: 1000000, upBps: 64000 }]
 */
import { type PlanFault, type PlanReading, reading } from './fault.ts'
import { FieldReader, type Fields, isFields } from './fields.ts'
import {
  type ContactPlan,
  type ElevationSample,
  isSameModem,
  type PlannedContact,
  type RateStep,
} from './plan.ts'
import { formatUtc } from './utc.ts'

/** Bounds of one plan: months of contacts of fifty stations. */
export const PLAN_LIMITS = {
  contactsMax: 20_000,
  ratesMax: 64,
  elevationMax: 64,
  bpsMax: 1e12,
} as const

/** The plan that a document holds, or every reason why it is none. */
export function readPlan(document: unknown): PlanReading {
  const faults: PlanFault[] = []
  if (!isFields(document)) {
    faults.push({
      place: '',
      why: 'The document is no object: `plan: 1` and `contacts` are needed',
    })
    return reading(EMPTY, faults)
  }
  const fields = new FieldReader(document, '', ['plan', 'issued', 'contacts'], faults)
  fields.required('plan', key => fields.number(key, { min: VERSION, max: VERSION }))
  const issued = fields.instant('issued')
  const items = fields.required('contacts', key => fields.objects(key, PLAN_LIMITS.contactsMax))
  const contacts = readContacts(items ?? [], faults)
  return reading({ issued, contacts }, faults)
}

/** Contacts by start, of the objects of a list and their places in it; what is wrong is added to `faults`. */
export function readContacts(
  items: readonly { readonly place: string; readonly fields: Fields }[],
  faults: PlanFault[],
): PlannedContact[] {
  const placed = items.flatMap(({ place, fields }) => {
    const contact = readContact(fields, place, faults)
    return contact === undefined ? [] : [{ place, contact }]
  })
  placed.sort((a, b) => a.contact.start - b.contact.start || a.contact.end - b.contact.end)
  const busy = new Map<string, Busy[]>()
  for (const { place, contact } of placed) {
    const { start, end, station = '', modem } = contact
    const terminals = busy.get(station) ?? []
    busy.set(station, terminals)
    let until = start
    for (const other of terminals)
      if (isSameModem(other.modem, modem)) until = Math.max(until, other.until)
    if (start < until) {
      const why = `starts at ${formatUtc(start)}; the one before it lasts until ${formatUtc(until)}`
      faults.push({ place, why: station === '' ? why : `${why}, at ${station} too` })
    }
    const own = terminals.find(other => other.modem === modem)
    if (own === undefined) terminals.push({ modem, until: end })
    else own.until = Math.max(own.until, end)
  }
  return placed.map(({ contact }) => contact)
}

/** A document that readPlan() reads as the same plan. */
export function writePlan(plan: ContactPlan): Fields {
  return {
    plan: VERSION,
    ...(plan.issued === undefined ? {} : { issued: written(plan.issued) }),
    contacts: plan.contacts.map(writeContact),
  }
}

/** How long a modem of a station is in a contact. */
interface Busy {
  readonly modem: string | undefined
  until: number
}

function readContact(
  fields: Fields,
  place: string,
  faults: PlanFault[],
): PlannedContact | undefined {
  const contact = new FieldReader(fields, place, CONTACT_KEYS, faults)
  const start = contact.required('start', key => contact.instant(key))
  const end = contact.required('end', key => contact.instant(key))
  const about = {
    station: contact.text('station'),
    role: contact.choice('role', ['main', 'secondary']) ?? 'main',
    modem: contact.text('modem'),
    expectedFrameLoss: contact.number('expectedFrameLoss', { min: 0, max: 1, open: true }),
    rates: readRates(contact, faults),
    elevation: readElevation(contact, faults),
  }
  if (start === undefined || end === undefined) return undefined
  if (end <= start) {
    const why = `ends at ${formatUtc(end)}; it must end after it starts, ${formatUtc(start)}`
    faults.push({ place, why })
    return undefined
  }
  const lastMs = end - start
  const steps = about.rates.map(step => step.fromMs)
  inOrder(steps, `${place}.rates`, lastMs - STEP_MS_MIN, faults)
  const samples = about.elevation.map(sample => sample.atMs)
  inOrder(samples, `${place}.elevation`, lastMs, faults)
  if ((about.rates[0]?.fromMs ?? 0) !== 0)
    faults.push({ place: `${place}.rates.0.fromMs`, why: 'the first rate must begin at 0' })
  return { start, end, ...about }
}

function readRates(contact: FieldReader, faults: PlanFault[]): RateStep[] {
  return contact.objects('rates', PLAN_LIMITS.ratesMax).map(({ place, fields }) => {
    const step = new FieldReader(fields, place, ['fromMs', 'downBps', 'upBps'], faults)
    const rate = { min: 0, max: PLAN_LIMITS.bpsMax }
    return {
      fromMs: step.number('fromMs', OFFSET) ?? 0,
      downBps: step.required('downBps', key => step.number(key, rate)) ?? 0,
      upBps: step.number('upBps', rate),
    }
  })
}

function readElevation(contact: FieldReader, faults: PlanFault[]): ElevationSample[] {
  return contact.objects('elevation', PLAN_LIMITS.elevationMax).map(({ place, fields }) => {
    const sample = new FieldReader(fields, place, ['atMs', 'degrees'], faults)
    return {
      atMs: sample.required('atMs', key => sample.number(key, OFFSET)) ?? 0,
      degrees: sample.required('degrees', key => sample.number(key, { min: -90, max: 90 })) ?? 0,
    }
  })
}

/** Milliseconds that ascend, up to `lastMs`. */
function inOrder(
  offsets: readonly number[],
  place: string,
  lastMs: number,
  faults: PlanFault[],
): void {
  for (const [i, ms] of offsets.entries()) {
    const before = offsets[i - 1]
    if (ms > lastMs) faults.push({ place: `${place}.${i}`, why: `${ms} ms is after the contact` })
    else if (before !== undefined && ms <= before)
      faults.push({ place: `${place}.${i}`, why: `${ms} ms is not after ${before} ms before it` })
  }
}

function writeContact(contact: PlannedContact): Fields {
  const { start, end, station, role, modem, rates, expectedFrameLoss, elevation } = contact
  return {
    start: written(start),
    end: written(end),
    ...(station === undefined ? {} : { station }),
    role,
    ...(modem === undefined ? {} : { modem }),
    ...(rates.length === 0 ? {} : { rates: rates.map(writeRate) }),
    ...(expectedFrameLoss === undefined ? {} : { expectedFrameLoss }),
    ...(elevation.length === 0 ? {} : { elevation }),
  }
}

function writeRate({ fromMs, downBps, upBps }: RateStep): Fields {
  return { fromMs, downBps, ...(upBps === undefined ? {} : { upBps }) }
}

/** Parts of a millisecond stay what they are. */
function written(ms: number): string | number {
  return Number.isInteger(ms) ? formatUtc(ms) : ms
}

const VERSION = 1
const EMPTY: ContactPlan = { issued: undefined, contacts: [] }
const CONTACT_KEYS = [
  'start',
  'end',
  'station',
  'role',
  'modem',
  'rates',
  'expectedFrameLoss',
  'elevation',
]
/** A day: no contact is longer in which anything changes. */
const OFFSET = { min: 0, max: 86_400_000 }
/** A rate holds for a millisecond at least. */
export const STEP_MS_MIN = 1
