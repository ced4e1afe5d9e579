/** Follows the contacts of a link: says when one begins or ends, and keeps the link's contact clock. */
import { type Contacts, contactAt, contactChange } from '../contacts.ts'
import type { Instant } from '../machine.ts'
import { ContactClock } from './contact-clock.ts'

export class ContactWatch {
  /** Runs while the partner can be heard; all transactions of the link live in its time. */
  readonly clock = new ContactClock()
  #contacts: Contacts
  /** When there is something to follow: at once, at first. */
  #deadline: Instant | undefined = Number.NEGATIVE_INFINITY

  constructor(contacts: Contacts) {
    this.#contacts = contacts
  }

  get isOpen(): boolean {
    return this.clock.isOpen
  }

  get contacts(): Contacts {
    return this.#contacts
  }

  /** All contacts are so much later than was thought: follow() looks anew. */
  moved(byMs: number): void {
    this.#contacts = this.#contacts?.map(({ start, end }) => ({
      start: start + byMs,
      end: end + byMs,
    }))
    this.#deadline = Number.NEGATIVE_INFINITY
  }

  /** When to call follow() next. */
  get deadline(): Instant | undefined {
    return this.#deadline
  }

  /** What has happened since the last call. */
  follow(now: Instant): 'begins' | 'ends' | undefined {
    if (this.#deadline === undefined || now < this.#deadline) return undefined
    this.#deadline = contactChange(this.#contacts, now)
    const contact = contactAt(this.#contacts, now)
    const isOpen = contact !== undefined && contact.start <= now
    if (isOpen === this.clock.isOpen) return undefined
    if (isOpen) this.clock.open(now)
    else this.clock.close(now)
    return isOpen ? 'begins' : 'ends'
  }
}
