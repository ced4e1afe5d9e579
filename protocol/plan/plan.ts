/**
 * The contact plan: who hears the spacecraft, from when to when, how fast and how well. Several stations at once
 * are the rule, so contacts overlap; what no plan holds is one terminal in two contacts at once.
 *
 *      main       |-------------|              |------------|      uplink and downlink
 *      secondary      |---------------|                            downlink only
 *      secondary          |-----|       |---------------|
 *
 * Times are milliseconds: UTC since 1970 in a document, of a machine's own clock after shifted(). The checks that
 * make a plan out of a document are in document.ts; here every plan is a good one.
 */
import type { Contact } from '../contacts.ts'

export interface ContactPlan {
  /** When it was made; a spacecraft does not go back to an older one. */
  readonly issued: number | undefined
  /** By start, then by end. */
  readonly contacts: readonly PlannedContact[]
}

export interface PlannedContact extends Contact {
  /** Who hears. */
  readonly station: string | undefined
  /** main: hears and sends. secondary: only hears. */
  readonly role: 'main' | 'secondary'
  /** Which modem of the spacecraft it is for; undefined: the only one. */
  readonly modem: string | undefined
  /** Ascending, the first at 0. None: the rates of the link, as configured. */
  readonly rates: readonly RateStep[]
  /** The share of frames that will be lost, 0 to 1; undefined: nobody knows. */
  readonly expectedFrameLoss: number | undefined
  /** Ascending; none where nobody computed it. */
  readonly elevation: readonly ElevationSample[]
}

/** Bits per second of the channel, markers and check symbols counted, from here to the next step or the end. */
export interface RateStep {
  /** Milliseconds from the start of the contact. */
  readonly fromMs: number
  readonly downBps: number
  /** undefined: the rate of the link, as configured. */
  readonly upBps: number | undefined
}

export interface ElevationSample {
  /** Milliseconds from the start of the contact. */
  readonly atMs: number
  /** Above the horizon of the station. */
  readonly degrees: number
}

export type Role = PlannedContact['role']

/** The contacts under way at `at`. Linear in the plan: ask again at nextChange(), not for every frame. */
export function hearing(plan: ContactPlan, at: number): PlannedContact[] {
  const contacts: PlannedContact[] = []
  for (const contact of plan.contacts) {
    if (contact.start > at) break
    if (at < contact.end) contacts.push(contact)
  }
  return contacts
}

/** Whether a contact is by a modem of that name: it names it, or none. */
export function isBy({ modem }: PlannedContact, name: string): boolean {
  return modem === undefined || modem === name
}

/** Whether a contact that names the one, or none, is by a modem of a contact that names the other, or none. */
export function isSameModem(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other
}

/** When nobody hears a modem any more, counted on from those who do at `at`; undefined: nobody does. */
export function heardUntil(
  contacts: readonly PlannedContact[],
  at: number,
  modem: string,
): number | undefined {
  let until: number | undefined
  for (const contact of contacts) {
    if (contact.start > (until ?? at)) break
    if (contact.end > at && isBy(contact, modem)) until = Math.max(until ?? at, contact.end)
  }
  return until
}

/** The main contact under way, or the next one; undefined if none is left. */
export function nextMain(plan: ContactPlan, at: number): PlannedContact | undefined {
  return plan.contacts.find(contact => contact.role === 'main' && contact.end > at)
}

/** When something is next otherwise than it is at `at`: a contact begins or ends, or a rate. */
export function nextChange(plan: ContactPlan, at: number): number | undefined {
  let next: number | undefined
  for (const contact of plan.contacts) {
    if (contact.end <= at) continue
    if (next !== undefined && contact.start >= next) break
    for (const change of changesOf(contact))
      if (change > at && (next === undefined || change < next)) next = change
  }
  return next
}

/** The step in force at `at`; undefined outside the contact, and where the rates of the link hold. */
export function rateAt(contact: PlannedContact, at: number): RateStep | undefined {
  if (at < contact.start || at >= contact.end) return undefined
  return contact.rates.findLast(step => contact.start + step.fromMs <= at)
}

/**
 * Bits per second of a modem that all of these hear: the slowest of their rates, `ownBps` where a contact says none.
 * One that hears nothing for a while (a rate of 0) holds up no other.
 */
export function sharedBps(contacts: readonly PlannedContact[], ownBps: number, at: number): number {
  const rates = contacts.map(contact => rateAt(contact, at)?.downBps ?? ownBps)
  const flowing = rates.filter(rateBps => rateBps > 0)
  return flowing.length === 0 ? 0 : Math.min(...flowing)
}

export interface LinkRates {
  readonly downBps: number
  readonly upBps: number
  /** The most that goes down, whatever the contact says; undefined: no less than it says. */
  readonly mostBps?: number | undefined
}

/**
 * Octets that go over the channel in a contact, of every kind and both ways: nothing goes up to a spacecraft from
 * a secondary station. `link` is what holds where the contact says no rate.
 */
export function channelOctets(
  contact: PlannedContact,
  link: LinkRates,
): { readonly down: number; readonly up: number } {
  const steps = contact.rates.length > 0 ? contact.rates : [{ fromMs: 0, ...link }]
  let [downBits, upBits] = [0, 0]
  for (const [i, step] of steps.entries()) {
    const untilMs = steps[i + 1]?.fromMs ?? contact.end - contact.start
    const seconds = (untilMs - step.fromMs) / 1_000
    downBits += Math.min(step.downBps, link.mostBps ?? Infinity) * seconds
    upBits += (step.upBps ?? link.upBps) * seconds
  }
  return {
    down: Math.floor(downBits / 8),
    up: contact.role === 'main' ? Math.floor(upBits / 8) : 0,
  }
}

/** The mean over the time of the contacts that say which share of frames will be lost; a small share if none does. */
export function expectedLoss(contacts: readonly PlannedContact[]): number {
  let [weighted, total] = [0, 0]
  for (const { start, end, expectedFrameLoss } of contacts) {
    if (expectedFrameLoss === undefined) continue
    weighted += expectedFrameLoss * (end - start)
    total += end - start
  }
  return total === 0 ? FRAME_LOSS_UNKNOWN : weighted / total
}

/** When anybody hears, or anybody of that role: ascending and apart, for whom the number of stations is nothing. */
export function coverage(plan: ContactPlan, role?: Role): Contact[] {
  const spans: { start: number; end: number }[] = []
  for (const contact of plan.contacts) {
    if (role !== undefined && contact.role !== role) continue
    const last = spans.at(-1)
    if (last === undefined || contact.start > last.end)
      spans.push({ start: contact.start, end: contact.end })
    else last.end = Math.max(last.end, contact.end)
  }
  return spans
}

/** The same plan on a clock that shows `byMs` more. */
export function shifted(plan: ContactPlan, byMs: number): ContactPlan {
  return {
    issued: plan.issued === undefined ? undefined : plan.issued + byMs,
    contacts: plan.contacts.map(contact => ({
      ...contact,
      start: contact.start + byMs,
      end: contact.end + byMs,
    })),
  }
}

function changesOf(contact: PlannedContact): number[] {
  const steps = contact.rates.map(step => contact.start + step.fromMs)
  return [contact.start, ...steps, contact.end]
}

/**
 * Nobody said how many frames will be lost: the largest segments, which lose 64 KB with one frame, would be a
 * bet on none. The most that keeps the overhead of a 10 MB file below 1.2 % of frames of 1,115 octets.
 */
const FRAME_LOSS_UNKNOWN = 3e-5
