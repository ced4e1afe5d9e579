/**
 * Who hears the spacecraft, by the plan and by what is really heard, and the two times that follow from it.
 *
 *     main         |------------------|                                 planned: hears and sends
 *     secondary               |--------------|                          planned: only hears
 *     heard             ^ ^  ^                          ^               frames of the uplink
 *     audience     |main  main        |second|          |main-|
 *     clock             |--------|                      |-----|         time of transactions
 *
 * The clock of the transactions runs while the ground is heard, and for HEARD_MS after that; so no timer counts
 * the time behind the Earth, and none the time in which a planned contact is not there. While the main station
 * should hear and says nothing, what is not answered is said again (`ask`), and counted against nobody.
 * Without a plan there is contact always, and the clock runs.
 */
import { ContactClock } from '../protocol/cfdp/contact-clock.ts'
import { type Contact, type Contacts, plannedStart } from '../protocol/contacts.ts'
import { type Instant, sooner } from '../protocol/machine.ts'
import {
  type ContactPlan,
  coverage,
  heardUntil,
  hearing,
  isBy,
  nextChange,
  type PlannedContact,
  shifted,
} from '../protocol/plan/plan.ts'
import {
  type Audience,
  type Hearers,
  hearersOf,
  isAlike,
  type Listening,
  type NamedModems,
  shiftedAudience,
} from './audience.ts'
import type { SpacecraftContact, SpacecraftSettings } from './settings.ts'

interface Planned extends Listening {
  /** When they begin, if that is still to come. */
  readonly from: Instant | undefined
  /** Of each modem that has a name, in their order. */
  readonly byModem: readonly Listening[]
}

/** What has happened: the audience will be there soon, is, is another one, or is gone; or what waits is to be said again. */
export type Turn = 'stages' | 'begins' | 'changes' | 'ends' | 'ask'

export class Stations {
  /** Runs while the ground is heard; all transactions live in its time. */
  readonly clock = new ContactClock()
  /** Runs while anybody hears; frames are sent in its time. */
  readonly line = new ContactClock()
  #plan: ContactPlan | undefined
  #mainContacts: Contacts
  #coverage: readonly Contact[] = []
  readonly #askMs: number
  /** How long before a contact frames are made for it. */
  readonly #stageMs: number
  readonly #downlink: { readonly rateBps: number }
  readonly #modems: NamedModems
  #audience: Audience | undefined
  /** When the plan says something else: at once, at first. */
  #changeAt: Instant | undefined = Number.NEGATIVE_INFINITY
  /** Who hears by the plan until then, and when nobody does any more. */
  #planned: Planned = { contacts: [], from: undefined, until: undefined, byModem: [] }
  #heardUntil: Instant = Number.NEGATIVE_INFINITY
  #askAt: Instant | undefined
  #asks = 0

  constructor({
    contacts,
    planIssued: issued,
    cfdp,
    downlink,
    modems = [],
    stageMs = 0,
  }: SpacecraftSettings) {
    if (contacts !== undefined)
      this.#take({ issued, contacts: contacts.map(planned).toSorted(byStart) })
    this.#askMs = cfdp.limits.ack.timeoutMs
    this.#downlink = downlink
    this.#modems = modems
    this.#stageMs = stageMs
  }

  /** Undefined: contact always. */
  get plan(): ContactPlan | undefined {
    return this.#plan
  }

  /** When the main station should hear; undefined: always. */
  get mainContacts(): Contacts {
    return this.#mainContacts
  }

  get isOpen(): boolean {
    return this.#audience !== undefined
  }

  get audience(): Audience | undefined {
    return this.#audience
  }

  /** When to call follow() next. */
  get deadline(): Instant | undefined {
    const heard = this.#isPlanned && this.clock.isOpen ? this.#heardUntil : undefined
    return sooner(sooner(this.#changeAt, heard), this.#askAt)
  }

  /** A frame of the uplink has come, after follow(). */
  heard(now: Instant): readonly Turn[] {
    if (!this.#isPlanned) return []
    const isNews = !this.clock.isOpen
    this.#heardUntil = now + HEARD_MS
    this.clock.open(now)
    this.#askAt = undefined
    // A contact that no plan knew of.
    const isEarly = this.#audience?.from !== undefined
    const isOutside = isNews && (isEarly || this.#audience?.role !== 'main')
    return isOutside ? this.#turnTo(this.#audienceAt(now), now) : []
  }

  /** When the contact under way, or kept for, begins by the plan: that of the main station if it is one. */
  plannedStart(now: Instant): Instant | undefined {
    const at = this.#audience?.from ?? now
    return plannedStart(this.#mainContacts, at) ?? plannedStart(this.#coverage, at)
  }

  /** Those who hear a modem; one that has no name is the only one. Undefined: nobody does. */
  hearers(modem: string | undefined): Hearers | undefined {
    const { modems } = this.#audience ?? {}
    return modem === undefined || modems === undefined ? this.#audience : modems.get(modem)
  }

  /** Milliseconds until nobody hears a modem any more, as far as is known. */
  openMs(now: Instant, modem?: string): number {
    const hearers = this.hearers(modem)
    if (hearers === undefined) return 0
    const unplanned = this.#isPlanned ? this.#heardUntil : Number.POSITIVE_INFINITY
    return (hearers.until ?? unplanned) - Math.max(now, this.#audience?.from ?? now)
  }

  /** Rates are other ones, after follow(). Who is heard is heard. */
  lookAnew(now: Instant): readonly Turn[] {
    return this.#turnTo(this.#audienceAt(now), now)
  }

  /**
   * The contacts are so much later than was thought: UTC, which the plan is in, was another. Who was there all the
   * time is still there, and who is heard is heard.
   */
  moved(byMs: number, now: Instant): readonly Turn[] {
    if (this.#plan === undefined) return []
    this.#take(shifted(this.#plan, byMs))
    this.#planned = this.#plannedAt(now)
    this.#changeAt = this.#nextChange(now)
    if (this.#audience !== undefined) this.#audience = shiftedAudience(this.#audience, byMs)
    return this.#turnTo(this.#audienceAt(now), now)
  }

  /** Another plan is in force from now on. Who is heard is heard; without a plan the ground was, all the time. */
  replace(plan: ContactPlan, now: Instant): readonly Turn[] {
    if (!this.#isPlanned) this.#heardUntil = now + HEARD_MS
    this.#take(plan)
    this.#planned = this.#plannedAt(now)
    this.#changeAt = this.#nextChange(now)
    return this.#turnTo(this.#audienceAt(now), now)
  }

  /** What has happened since the last call. */
  follow(now: Instant): readonly Turn[] {
    const { deadline } = this
    if (deadline === undefined || now < deadline) return []
    if (this.#plan === undefined) {
      this.#changeAt = undefined
      this.clock.open(now)
      return this.#turnTo(this.#audienceAt(now), now)
    }
    if (this.#heardUntil <= now) this.clock.close(this.#heardUntil)
    if (this.#changeAt !== undefined && now >= this.#changeAt) {
      this.#planned = this.#plannedAt(now)
      this.#changeAt = this.#nextChange(now)
      this.#endHearing(now)
    }
    const turns = this.#turnTo(this.#audienceAt(now), now)
    return turns.includes('ask') ? turns : [...turns, ...this.#askAgain(now)]
  }

  get #isPlanned(): boolean {
    return this.#plan !== undefined
  }

  #take(plan: ContactPlan): void {
    this.#plan = plan
    this.#coverage = coverage(plan)
    this.#mainContacts = coverage(plan, 'main')
  }

  /** What was heard in a contact of the plan says nothing of the time after it. */
  #endHearing(now: Instant): void {
    const wasMain = this.#audience?.role === 'main'
    const { contacts, from } = this.#planned
    const isMain = from === undefined && contacts.some(({ role }) => role === 'main')
    if (!wasMain || isMain) return
    this.#heardUntil = Number.NEGATIVE_INFINITY
    this.clock.close(now)
  }

  #plannedAt(now: Instant): Planned {
    const { contacts } = this.#plan as ContactPlan
    const next = this.#coverage.find(({ end }) => end > now)
    const isStaged = next !== undefined && next.start > now && next.start - this.#stageMs <= now
    const at = isStaged ? next.start : now
    const under = hearing(this.#plan as ContactPlan, at)
    const from = isStaged ? at : undefined
    const byModem = this.#modems.map(({ name }) => ({
      contacts: under.filter(contact => isBy(contact, name)),
      until: heardUntil(contacts, at, name),
    }))
    return { contacts: under, from, until: next?.end, byModem }
  }

  /** When the plan says something else, or a contact is to be prepared. */
  #nextChange(now: Instant): Instant | undefined {
    const stage = this.#coverage.find(({ start }) => start - this.#stageMs > now)
    return sooner(nextChange(this.#plan as ContactPlan, now), stage && stage.start - this.#stageMs)
  }

  #turnTo(audience: Audience | undefined, now: Instant): readonly Turn[] {
    const before = this.#audience
    if (isAlike(before, audience)) return []
    this.#audience = audience
    if (audience === undefined) {
      this.line.close(now)
      this.#askAt = undefined
      return ['ends']
    }
    if (audience.from !== undefined) return this.#stage(audience, before, now)
    this.line.open(now)
    const isStaged = before?.from !== undefined
    const turn = before === undefined || isStaged ? 'begins' : 'changes'
    const isMainNow = audience.role === 'main' && before?.role !== 'main'
    if (audience.role !== 'main') this.#askAt = undefined
    if (!isMainNow && !isStaged) return [turn]
    this.#asks = 0
    this.#waitToAsk(now)
    return isMainNow ? [turn, 'ask'] : [turn]
  }

  /** What waits for the main station is said again in the first frames that it hears. */
  #stage({ role }: Audience, before: Audience | undefined, now: Instant): readonly Turn[] {
    this.line.close(now)
    this.#askAt = undefined
    const hadAudience = before !== undefined && before.from === undefined
    const staged: readonly Turn[] = role === 'main' ? ['stages', 'ask'] : ['stages']
    return hadAudience ? ['ends', ...staged] : staged
  }

  #askAgain(now: Instant): readonly Turn[] {
    if (this.#audience?.role !== 'main' || this.clock.isOpen) return []
    if (this.#audience.from !== undefined) return []
    if (this.#askAt !== undefined && now < this.#askAt) return []
    this.#asks += 1
    this.#waitToAsk(now)
    return ['ask']
  }

  #waitToAsk(now: Instant): void {
    if (this.clock.isOpen || this.#audience?.role !== 'main') return
    this.#askAt = now + this.#askMs * 2 ** Math.min(this.#asks, DOUBLINGS_MAX)
  }

  #audienceAt(now: Instant): Audience | undefined {
    const { contacts, from, until, byModem } = this.#planned
    // What is prepared leaves at the rate with which the contact begins.
    const at = Math.max(now, from ?? now)
    const isHeard = this.#plan === undefined || this.clock.isOpen
    if (contacts.length === 0 && !isHeard) return undefined
    const isMainPlanned = contacts.some(({ role }) => role === 'main')
    // Nobody knows which modem a main station hears that no plan knew of: any.
    const isAny = isHeard && !isMainPlanned
    const modems = this.#modems.flatMap(({ name, rateBps }, i) => {
      const own = byModem[i] ?? NOBODY
      if (!isAny && own.contacts.length === 0) return []
      const hearers = hearersOf(own, rateBps, at)
      return [[name, isAny ? { ...hearers, role: 'main' as const } : hearers] as const]
    })
    return {
      ...hearersOf({ contacts, until }, this.#downlink.rateBps, at),
      ...(isHeard ? { role: 'main' as const } : {}),
      from: isHeard ? undefined : from,
      modems: this.#modems.length === 0 ? undefined : new Map(modems),
    }
  }
}

function planned(contact: SpacecraftContact): PlannedContact {
  const unsaid = { station: undefined, role: 'main', modem: undefined, rates: [] } as const
  return { ...unsaid, expectedFrameLoss: undefined, elevation: [], ...contact }
}

function byStart(one: Contact, other: Contact): number {
  return one.start - other.start || one.end - other.end
}

/** How long the ground counts as there after a frame of it was heard. */
const HEARD_MS = 10_000
const DOUBLINGS_MAX = 2
const NOBODY: Listening = { contacts: [], until: undefined }
