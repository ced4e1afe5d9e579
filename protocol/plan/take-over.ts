/**
 * A new plan takes the place of the one in force, whole or not at all. What it must not do is cut the spacecraft
 * off: a plan without a main contact ahead would leave nobody who could send a better one.
 */
import { PLAN_LIMITS, readPlan, STEP_MS_MIN } from './document.ts'
import type { PlanFault } from './fault.ts'
import { type ContactPlan, isSameModem, type PlannedContact } from './plan.ts'
import { formatUtc } from './utc.ts'

export type TakeOver =
  | { readonly kind: 'taken'; readonly plan: ContactPlan }
  /** `plan` is the one that stays in force. */
  | {
      readonly kind: 'refused'
      readonly plan: ContactPlan | undefined
      readonly faults: readonly PlanFault[]
    }

/**
 * The plan in force from `now` (UTC, in milliseconds since 1970) on, after `document` was offered. Contacts that
 * are over are dropped from it. The contacts under way stay until they end, or until the new plan lets that
 * station end: what brought the plan up is not hung up by it.
 */
export function takeOver(old: ContactPlan | undefined, document: unknown, now: number): TakeOver {
  const read = readPlan(document)
  const faults = read.kind === 'refused' ? read.faults : objections(old, read.plan, now)
  if (read.kind === 'refused' || faults.length > 0) return { kind: 'refused', plan: old, faults }
  const { issued } = read.plan
  const ahead = read.plan.contacts.filter(contact => contact.end > now)
  const kept = (old?.contacts ?? [])
    .filter(contact => contact.start <= now && now < contact.end)
    .flatMap(contact => untilTaken(contact, ahead, now))
  const contacts = [...kept, ...ahead].toSorted((a, b) => a.start - b.start || a.end - b.end)
  if (contacts.length > PLAN_LIMITS.contactsMax) {
    const why = `${contacts.length} with those under way are too many; ${PLAN_LIMITS.contactsMax} are the most`
    return { kind: 'refused', plan: old, faults: [{ place: 'contacts', why }] }
  }
  return { kind: 'taken', plan: { issued, contacts } }
}

/**
 * The plan to begin with: the one that was taken over last, unless the configuration has a newer one. Where the
 * configuration does not say when its plan was made, what came up counts.
 */
export function planToBegin(
  configured: ContactPlan | undefined,
  kept: ContactPlan | undefined,
): ContactPlan | undefined {
  if (kept === undefined || configured?.issued === undefined) return kept ?? configured
  return kept.issued === undefined || kept.issued < configured.issued ? configured : kept
}

function objections(old: ContactPlan | undefined, plan: ContactPlan, now: number): PlanFault[] {
  const faults: PlanFault[] = []
  const last = old?.issued
  if (last !== undefined && plan.issued === undefined)
    faults.push({ place: 'issued', why: `is missing; the plan in force has ${formatUtc(last)}` })
  else if (last !== undefined && plan.issued !== undefined && plan.issued < last) {
    const issued = formatUtc(plan.issued)
    faults.push({
      place: 'issued',
      why: `${issued} is before ${formatUtc(last)}, the plan in force`,
    })
  }
  if (!plan.contacts.some(contact => contact.role === 'main' && contact.end > now))
    faults.push({
      place: 'contacts',
      why: `no main contact is left at ${formatUtc(now)}; nobody could send the next plan`,
    })
  return faults
}

/** What is left of a contact under way, until the new plan has the same terminal in another; nothing if at once. */
function untilTaken(
  contact: PlannedContact,
  ahead: readonly PlannedContact[],
  now: number,
): readonly PlannedContact[] {
  const next = ahead.find(
    one =>
      one.station === contact.station &&
      isSameModem(one.modem, contact.modem) &&
      one.start < contact.end,
  )
  if (next === undefined) return [contact]
  if (next.start <= now) return []
  const lastMs = next.start - contact.start
  return [
    {
      ...contact,
      end: next.start,
      rates: contact.rates.filter(step => step.fromMs <= lastMs - STEP_MS_MIN),
      elevation: contact.elevation.filter(sample => sample.atMs <= lastMs),
    },
  ]
}
