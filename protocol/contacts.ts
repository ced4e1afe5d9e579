/** When the partner can be heard: stretches of time, ascending and apart; undefined is always. */
import type { Instant } from './machine.ts'

export interface Contact {
  readonly start: Instant
  readonly end: Instant
}

export type Contacts = readonly Contact[] | undefined

/** The contact under way at `now`, or the next one; undefined if none is left. */
export function contactAt(contacts: Contacts, now: Instant): Contact | undefined {
  if (contacts === undefined) return ALWAYS
  return contacts.find(contact => contact.end > now)
}

/** When the contact at `at` began by the plan; undefined: it knows of none then, or of nothing else. */
export function plannedStart(contacts: Contacts, at: Instant): Instant | undefined {
  return contacts?.find(({ start, end }) => start <= at && at < end)?.start
}

/** Whether there was a plan, and none of its contacts is left. */
export function isOver(contacts: Contacts, now: Instant): boolean {
  return contacts !== undefined && contacts.every(({ end }) => end <= now)
}

/** When the answer to "is there contact" changes next. */
export function contactChange(contacts: Contacts, now: Instant): Instant | undefined {
  const contact = contactAt(contacts, now)
  if (contact === undefined || contact === ALWAYS) return undefined
  return contact.start > now ? contact.start : contact.end
}

/** What an operator is told: milliseconds until the contact begins or ends, where that is known. */
export interface ContactOutlook {
  readonly open: boolean
  readonly startsInMs?: number
  readonly endsInMs?: number
}

export function contactOutlook(contacts: Contacts, now: Instant): ContactOutlook {
  const contact = contactAt(contacts, now)
  if (contact === undefined) return { open: false }
  if (contact.start > now) return { open: false, startsInMs: Math.round(contact.start - now) }
  return contact === ALWAYS
    ? { open: true }
    : { open: true, endsInMs: Math.round(contact.end - now) }
}

const ALWAYS: Contact = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY }
