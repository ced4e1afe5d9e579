/**
 * When a line is heard: contacts, the cable, and outages that come at random times (exponential waits, counted
 * from the first octet) and last a fixed time.
 */
import type { Instant } from '../../protocol/machine.ts'
import { Chance } from './random.ts'

export interface SkyPlan {
  /** Absent: always in contact. In order, on the same clock as `now`. */
  readonly contacts?: readonly Contact[]
  readonly outages?: Outages | undefined
  readonly seed?: number
}

export interface Contact {
  readonly startMs: Instant
  readonly endMs: Instant
}

export interface Outages {
  /** Mean time from the end of one outage to the start of the next. */
  readonly everyMs: number
  readonly lastingMs: number
}

/** Octets [start, end) of a chunk, that were heard or were not. */
export interface Stretch {
  readonly start: number
  readonly end: number
  readonly heard: boolean
}

export class Sky {
  pulled = false
  readonly #contacts: readonly Contact[] | undefined
  readonly #outages: Outages | undefined
  readonly #chance: Chance
  /** The outage that is next, or now. */
  #outage: Contact | undefined

  constructor(plan: SkyPlan) {
    this.#contacts = plan.contacts
    this.#outages = plan.outages
    this.#chance = new Chance(plan.seed ?? 1, OUTAGE_STREAM)
  }

  /** Cuts a chunk of `octets`, the first of which passes at `at`, where it begins and ends to be heard. */
  split(octets: number, at: Instant, octetMs: number): Stretch[] {
    const stretches: Stretch[] = []
    for (let start = 0; start < octets; ) {
      const state = this.#state(at + start * octetMs)
      const next = Math.ceil((state.until - at) / octetMs)
      const end = Math.min(octets, Math.max(start + 1, next))
      stretches.push({ start, end, heard: state.open })
      start = end
    }
    return stretches
  }

  contact(now: Instant): { open: boolean; until: Instant } {
    if (this.#contacts === undefined) return { open: true, until: Infinity }
    const next = this.#contacts.find(contact => contact.endMs > now)
    if (next === undefined) return { open: false, until: Infinity }
    if (next.startMs > now) return { open: false, until: next.startMs }
    return { open: true, until: next.endMs }
  }

  #state(now: Instant): { open: boolean; until: Instant } {
    if (this.pulled) return { open: false, until: Infinity }
    const contact = this.contact(now)
    if (!contact.open || this.#outages === undefined) return contact
    let outage = this.#outage ?? this.#nextOutage(now, this.#outages)
    while (outage.endMs <= now) outage = this.#nextOutage(outage.endMs, this.#outages)
    this.#outage = outage
    if (outage.startMs <= now) return { open: false, until: Math.min(contact.until, outage.endMs) }
    return { open: true, until: Math.min(contact.until, outage.startMs) }
  }

  #nextOutage(from: Instant, { everyMs, lastingMs }: Outages): Contact {
    const startMs = from + this.#chance.wait(everyMs)
    return { startMs, endMs: startMs + Math.max(lastingMs, MIN_LASTING_MS) }
  }
}

const OUTAGE_STREAM = 4
/** Outages shorter than this would make the search for the next one long. */
const MIN_LASTING_MS = 0.1
