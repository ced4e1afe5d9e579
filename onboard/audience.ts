/**
 * Those who hear the spacecraft at a moment. Each modem has hearers of its own: a contact is by the modem that it
 * names, or by any, and what goes out by one is not heard by those who listen to another.
 *
 *     uhf      |------- Malindi -------|
 *     s-band        |--- Kourou ---|              until: of each its own
 *              |<----- audience ------>|
 */
import type { Instant } from '../protocol/machine.ts'
import { type PlannedContact, type Role, sharedBps } from '../protocol/plan/plan.ts'
import type { SpacecraftSettings } from './settings.ts'

/** Who hears one modem. */
export interface Hearers {
  /** The main station is one of them. */
  readonly role: Role
  /** Their names, joined by +. */
  readonly stations: string
  /** The share of frames that none of them is expected to hear. */
  readonly loss: number
  /** When nobody hears it any more; undefined: nobody planned that. */
  readonly until: Instant | undefined
  /** Bits per second of the channel; of several the slowest. */
  readonly rateBps: number
}

/** Those who hear now, by whatever modem. */
export interface Audience extends Hearers {
  /** When they begin to hear: until then frames are made for a modem that keeps them; undefined: they hear. */
  readonly from: Instant | undefined
  /** Where modems have names: those that are heard. */
  readonly modems: ReadonlyMap<string, Hearers> | undefined
}

/** The contacts of one modem at a moment, and when the last of those that follow on them ends. */
export interface Listening {
  readonly contacts: readonly PlannedContact[]
  readonly until: Instant | undefined
}

export type NamedModems = NonNullable<SpacecraftSettings['modems']>

/** Those who hear a modem of so many bits per second where a contact does not say; nobody planned: the ground. */
export function hearersOf({ contacts, until }: Listening, rateBps: number, now: Instant): Hearers {
  if (contacts.length === 0)
    return { role: 'main', stations: '', loss: LOSS_USUAL, until: undefined, rateBps }
  return {
    role: contacts.some(({ role }) => role === 'main') ? 'main' : 'secondary',
    stations: contacts.map(({ station }) => station ?? '?').join('+'),
    loss: contacts.reduce((loss, contact) => loss * lossOf(contact), 1),
    until,
    rateBps: sharedBps(contacts, rateBps, now),
  }
}

/** The same a while later: the contacts were found to be by so much elsewhere. */
export function shiftedAudience(audience: Audience, byMs: number): Audience {
  const { from, modems } = audience
  const later = (at: Instant | undefined) => (at === undefined ? undefined : at + byMs)
  const shifted = <Of extends Hearers>(one: Of): Of => ({ ...one, until: later(one.until) })
  return {
    ...shifted(audience),
    from: later(from),
    modems: modems && new Map([...modems].map(([name, hearers]) => [name, shifted(hearers)])),
  }
}

export function isAlike(one: Audience | undefined, other: Audience | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  return (
    one.from === other.from &&
    areAlike(one, other) &&
    one.modems?.size === other.modems?.size &&
    [...(one.modems ?? [])].every(([name, hearers]) => areAlike(hearers, other.modems?.get(name)))
  )
}

function areAlike(one: Hearers, other: Hearers | undefined): boolean {
  return (
    one.role === other?.role &&
    one.stations === other.stations &&
    one.loss === other.loss &&
    one.until === other.until &&
    one.rateBps === other.rateBps
  )
}

/** Never 0: what went out only once was heard less surely than what went out twice. */
function lossOf({ expectedFrameLoss = LOSS_USUAL }: PlannedContact): number {
  return Math.max(expectedFrameLoss, LOSS_LEAST)
}

/** The share of frames that are lost where nobody says. */
const LOSS_USUAL = 0.01
const LOSS_LEAST = 1e-6
