/**
 * Contact plans of HDTN: JSON, times in seconds from when HDTN starts (or since 1970, where it is told so), rates in
 * bits per second, 0 for as fast as the link goes.
 *
 *     { "contacts": [{ "contact": 0, "source": 1, "dest": 10, "startTime": 0, "endTime": 2000,
 *                      "rateBitsPerSec": 800000, "owlt": 1 }] }
 */
import { PLAN_LIMITS } from './document.ts'
import { type PlanFault, type PlanReading, reading } from './fault.ts'
import { FieldReader, type Fields, isFields } from './fields.ts'
import { joinLanes, type Lane, laneOf, type Network } from './lanes.ts'

/** `document` is what JSON makes of the text. */
export function readHdtn(document: unknown, network: Network): PlanReading {
  const faults: PlanFault[] = []
  const notes: PlanFault[] = []
  const lanes: Lane[] = []
  if (isFields(document)) {
    const fields = new FieldReader(document, '', ['contacts'], faults)
    const items = fields.required('contacts', key => fields.objects(key, PLAN_LIMITS.contactsMax))
    for (const { place, fields: contact } of items ?? []) {
      const lane = readContact(contact, place, { network, faults, notes })
      if (lane !== undefined) lanes.push(lane)
    }
  } else faults.push({ place: '', why: 'The document is no object: `contacts` is needed' })
  const contacts = joinLanes(lanes, network, faults)
  return reading({ issued: undefined, contacts }, faults, notes)
}

interface Found {
  readonly network: Network
  readonly faults: PlanFault[]
  readonly notes: PlanFault[]
}

function readContact(fields: Fields, place: string, found: Found): Lane | undefined {
  const { network, faults, notes } = found
  const contact = new FieldReader(fields, place, KEYS, faults)
  const source = contact.required('source', key => contact.number(key, NODES))
  const destination = contact.required('dest', key => contact.number(key, NODES))
  const from = contact.required('startTime', key => contact.number(key, SECONDS))
  const to = contact.required('endTime', key => contact.number(key, SECONDS))
  const bps = contact.required('rateBitsPerSec', key => contact.number(key, RATES))
  contact.number('owlt', SECONDS)
  if (source === undefined || destination === undefined || bps === undefined) return undefined
  if (from === undefined || to === undefined) return undefined
  if (to <= from) {
    faults.push({ place, why: `ends at ${to} s; it must end after it starts, ${from} s` })
    return undefined
  }
  const lane = laneOf(network, source, destination)
  if (lane === undefined) {
    notes.push({ place, why: `nodes ${source} and ${destination}: not the spacecraft's` })
    return undefined
  }
  const start = network.referenceMs + Math.round(1_000 * from)
  const end = network.referenceMs + Math.round(1_000 * to)
  return { place, ...lane, start, end, bps: bps === 0 ? undefined : bps }
}

const KEYS = [
  'contact',
  'source',
  'dest',
  'finalDestination',
  'startTime',
  'endTime',
  'rateBitsPerSec',
  'owlt',
]
const NODES = { min: 0, max: Number.MAX_SAFE_INTEGER }
const SECONDS = { min: 0, max: 1e10 }
const RATES = { min: 0, max: PLAN_LIMITS.bpsMax }
