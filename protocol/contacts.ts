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

/** When the answer to "is there contact" changes next. */
export function contactChange(contacts: Contacts, now: Instant): Instant | undefined {
  const contact = contactAt(contacts, now)
  if (contact === undefined || contact === ALWAYS) return undefined
  return contact.start > now ? contact.start : contact.end
}

const ALWAYS: Contact = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY }
