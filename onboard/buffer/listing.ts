/** The ack buffer as an operator sees it: each file with its place, what became of it, and when it may be let go. */
import { caduOctets, fieldOctets } from '../../protocol/frame/link.ts'
import type { Instant } from '../../protocol/machine.ts'
import { arrivals, type Stretch, stretches } from '../../protocol/plan/forecast.ts'
import type { Spacecraft } from '../spacecraft.ts'
import type { Entry } from './ack-buffer.ts'
import type { Occupancy } from './custody.ts'
import { type ListedPassage, listedPassage, withinFile } from './listed-passages.ts'
import { compareRanks, SIZE_CLASSES, sizeClassOf } from './rank.ts'

export interface BufferListing {
  readonly files: readonly ListedFile[]
  /** Files that are not listed, for there are too many. */
  readonly more: number
  /** How full it was when who heard changed, oldest first. */
  readonly history: readonly Occupancy[]
}

export interface ListedFile {
  readonly sequence: number
  readonly name: string
  readonly octets: number
  readonly priority: number
  /** UTC in milliseconds. */
  readonly deadlineMs: number | undefined
  readonly ageMs: number
  readonly pinned: boolean
  readonly state: string
  readonly sentOctets: number
  /** Octets that the ground said that it holds. */
  readonly groundOctets: number
  /** What went out in which contact, oldest first. */
  readonly passages: readonly ListedPassage[]
  /** Milliseconds until it is let go, as far as is planned. */
  readonly releaseInMs: number | undefined
}

/** In the order in which they go down. */
export function bufferListing(spacecraft: Spacecraft, now: Instant): BufferListing {
  const { buffer } = spacecraft
  const utcMs = spacecraft.utc.at(now)
  const entries = inOrder(spacecraft)
  const releases = releasesOf(spacecraft, entries, now)
  const files = entries.slice(0, LISTED_MAX).map((entry, i) => {
    const { sequence, name, identity, rank, acceptedMs, deadlineMs, pinned = false, ended } = entry
    const passages = buffer.passages(sequence)
    const release = releases[i]
    return {
      sequence,
      name,
      octets: identity.octets,
      priority: rank.priority,
      deadlineMs,
      ageMs: Math.round(utcMs - acceptedMs),
      pinned,
      state: ended === undefined ? stateOf(spacecraft, entry) : ended.why,
      sentOctets: sentOf(spacecraft, entry),
      groundOctets: withinFile(passages?.ground, identity.octets).octets,
      passages: (passages?.passages ?? []).map(one => listedPassage(one, identity.octets)),
      releaseInMs: release === undefined ? undefined : Math.round(release - now),
    }
  })
  return { files, more: entries.length - files.length, history: spacecraft.custody.history }
}

/** What of the buffer goes into metrics. */
export function bufferFigures(spacecraft: Spacecraft, now: Instant) {
  const { buffer, custody } = spacecraft
  const entries = inOrder(spacecraft)
  const releases = releasesOf(spacecraft, entries, now).flatMap((at, i) => {
    if (at === undefined) return []
    return [{ sequence: (entries[i] as Entry).sequence, inMs: at - now }]
  })
  const times = releases.map(({ inMs }) => inMs)
  const classes = Object.fromEntries(SIZE_CLASSES.map(({ name }) => [name, 0]))
  let [waiting, pinned, oldestMs] = [0, 0, Infinity]
  for (const entry of entries) {
    const { name } = sizeClassOf(entry.identity.octets)
    classes[name] = (classes[name] as number) + 1
    if (entry.pinned === true) pinned += 1
    if (progressOf(spacecraft, entry) === 'awaiting') waiting += 1
    oldestMs = Math.min(oldestMs, entry.acceptedMs)
  }
  const utcMs = spacecraft.utc.at(now)
  return {
    waiting,
    pinned,
    classes,
    oldestMs: entries.length === 0 ? 0 : utcMs - oldestMs,
    ...custody.counters,
    octetsMost: buffer.octetsMost,
    releaseFirstMs: times.reduce((first, ms) => Math.min(first, ms), times[0] ?? 0),
    releaseLastMs: times.reduce((last, ms) => Math.max(last, ms), 0),
    /** Of the first in the line, milliseconds until each is let go. */
    releases: releases.slice(0, RELEASES_MAX),
  }
}

function inOrder({ buffer }: Spacecraft): Entry[] {
  return [...buffer.entries()].toSorted((one, other) => compareRanks(one.rank, other.rank))
}

/** When each may be let go, if all goes as planned; undefined: not in this plan, or nothing of it is sent. */
function releasesOf(spacecraft: Spacecraft, entries: readonly Entry[], now: Instant) {
  const going = entries.filter(entry => entry.ended === undefined && !isHeld(spacecraft, entry))
  const files = going.map(entry => ({
    name: entry.name,
    octets: entry.identity.octets - sentOf(spacecraft, entry),
  }))
  const times = new Map<Entry, Instant | undefined>()
  for (const [i, { safeAt }] of arrivals(files, timesAhead(spacecraft, now)).entries())
    times.set(going[i] as Entry, safeAt)
  return entries.map(entry => times.get(entry))
}

/** An operator wants nothing of it to be sent. */
function isHeld({ holds }: Spacecraft, { sequence }: Entry): boolean {
  return holds.isFrozen || holds.suspended.has(sequence)
}

function timesAhead({ stations: { plan }, settings }: Spacecraft, now: Instant): Iterable<Stretch> {
  const { downlink, modems = [downlink] } = settings
  const { segmentOctets } = settings.cfdp
  const inPackets = segmentOctets / (segmentOctets + AROUND_OCTETS)
  const share = (inPackets * fieldOctets(downlink)) / caduOctets(downlink)
  if (plan !== undefined) return stretches(plan, { modems, share }, now)
  const each = modems.map(({ rateBps, carriedBps = rateBps }) => Math.min(rateBps, carriedBps))
  const bps = each.reduce((sum, one) => sum + one, 0)
  return [{ start: now, end: Infinity, octetsPerMs: (bps * share) / 8_000, isMain: true }]
}

function sentOf({ downlink, transfers }: Spacecraft, { sequence, mark }: Entry): number {
  const under = downlink.transaction(sequence) ?? transfers.parked(sequence)
  return under?.mark ?? mark
}

function stateOf(spacecraft: Spacecraft, entry: Entry): string {
  const isSuspended = spacecraft.holds.suspended.has(entry.sequence)
  return isSuspended ? 'suspended' : progressOf(spacecraft, entry)
}

function progressOf({ downlink, transfers }: Spacecraft, { sequence, checksum }: Entry): string {
  if (transfers.parked(sequence)?.eof !== undefined) return 'awaiting'
  const transaction = downlink.transaction(sequence)
  if (transaction !== undefined) return transaction.state
  return checksum === undefined ? 'digesting' : 'queued'
}

/** An answer stays readable, however many files wait. */
const LISTED_MAX = 1_000
/** Those who watch keep a series for each. */
const RELEASES_MAX = 100
/** Headers around a segment, roughly: only a guess at times is made of it. */
const AROUND_OCTETS = 40
