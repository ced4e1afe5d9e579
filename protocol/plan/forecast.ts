/**
 * What a plan brings down: when octets flow, how many a day, and when files will be there. Of a contact that several
 * stations share every octet counts once: they all hear the same frames, which leave at the slowest of their rates.
 * It is arithmetic over the plan, with the loss that the plan expects, and nothing sent twice but for that.
 */
import { type ContactPlan, isBy, type PlannedContact, sharedBps } from './plan.ts'

/** What sends: a modem that contacts name, or the only one. */
export interface Outlet {
  readonly name?: string
  /** Bits per second where a contact says no rates. */
  readonly rateBps: number
  /** The most of them that are CADUs, for a modem that puts more around these; undefined: all may be. */
  readonly carriedBps?: number | undefined
}

export interface Yield {
  readonly modems: readonly Outlet[]
  /** File octets in an octet of the channel, 0 to 1: headers, check symbols and markers are the rest. */
  readonly share: number
}

/** A time in which nothing changes, and in which somebody hears. */
export interface Stretch {
  readonly start: number
  readonly end: number
  /** File octets that arrive in a millisecond. */
  readonly octetsPerMs: number
  /** Somebody there can answer. */
  readonly isMain: boolean
}

/** Ascending and apart, from `from` on; each is reckoned when it is asked for. */
export function* stretches(
  { contacts }: ContactPlan,
  yields: Yield,
  from: number,
): IterableIterator<Stretch> {
  let next = 0
  let active: PlannedContact[] = []
  for (let start = from; ; ) {
    for (; (contacts[next]?.start ?? Infinity) <= start; next++)
      active.push(contacts[next] as PlannedContact)
    active = active.filter(contact => contact.end > start)
    const begins = contacts[next]?.start ?? Infinity
    const end = active.reduce((first, one) => Math.min(first, changeAfter(one, start)), begins)
    if (active.length > 0) {
      const isMain = active.some(contact => contact.role === 'main')
      yield { start, end, octetsPerMs: flow(active, yields, start), isMain }
    }
    if (end === Infinity) return
    start = end
  }
}

export interface FileAhead {
  readonly name: string
  /** Of the file, and what goes with it once: Metadata, EOF. */
  readonly octets: number
}

export interface Arrival extends FileAhead {
  /** When its last octet is on the ground; undefined: not within the plan. */
  readonly downAt: number | undefined
  /** When the spacecraft may hear that it is safe there: with a main station. */
  readonly safeAt: number | undefined
}

/** When each of the files will be there, sent one after the other. */
export function arrivals(
  files: readonly FileAhead[],
  stretchesAhead: Iterable<Stretch>,
): readonly Arrival[] {
  const times = new Drawn(stretchesAhead)
  let at = 0
  let used = 0
  let answering = 0
  const safeAfter = (downAt: number): number | undefined => {
    for (let one = times.at(answering); one !== undefined; one = times.at(++answering))
      if (one.isMain && one.end > downAt) return Math.max(one.start, downAt)
    return undefined
  }
  return files.map(file => {
    let left = file.octets
    for (let stretch = times.at(at); stretch !== undefined; stretch = times.at(at)) {
      const room = (stretch.end - stretch.start) * stretch.octetsPerMs - used
      if (room > 0 && left <= room) {
        used += left
        const downAt = stretch.start + used / stretch.octetsPerMs
        return { ...file, downAt, safeAt: safeAfter(downAt) }
      }
      left -= room
      used = 0
      at += 1
    }
    return { ...file, downAt: undefined, safeAt: undefined }
  })
}

export interface DayYield {
  /** 0 h UTC. */
  readonly dayMs: number
  readonly contactMs: number
  readonly fileOctets: number
}

/** Days in which somebody hears, in order. */
export function yieldByDay(times: Iterable<Stretch>): DayYield[] {
  const days = new Map<number, { contactMs: number; fileOctets: number }>()
  for (const { start, end, octetsPerMs } of times) {
    for (let from = start; from < end; ) {
      const dayMs = Math.floor(from / DAY_MS) * DAY_MS
      const until = Math.min(end, dayMs + DAY_MS)
      const day = days.get(dayMs) ?? { contactMs: 0, fileOctets: 0 }
      day.contactMs += until - from
      day.fileOctets += (until - from) * octetsPerMs
      days.set(dayMs, day)
      from = until
    }
  }
  return [...days].map(([dayMs, day]) => ({ dayMs, ...day }))
}

/** Stretches as far as anybody has asked. */
class Drawn {
  readonly #source: Iterator<Stretch>
  readonly #drawn: Stretch[] = []

  constructor(stretchesAhead: Iterable<Stretch>) {
    this.#source = stretchesAhead[Symbol.iterator]()
  }

  at(index: number): Stretch | undefined {
    while (this.#drawn.length <= index) {
      const { done, value } = this.#source.next()
      if (done === true) return undefined
      this.#drawn.push(value)
    }
    return this.#drawn[index]
  }
}

/** When the contact is next otherwise than at `at`: a rate begins, or it ends. */
function changeAfter({ start, end, rates }: PlannedContact, at: number): number {
  const step = rates.find(({ fromMs }) => start + fromMs > at)
  return step === undefined ? end : start + step.fromMs
}

/** Modems send side by side; of the stations that hear one of them the best counts. */
function flow(active: readonly PlannedContact[], { modems, share }: Yield, at: number): number {
  let sum = 0
  for (const { name, rateBps, carriedBps = Infinity } of modems) {
    const hearers = name === undefined ? active : active.filter(contact => isBy(contact, name))
    const heard = hearers.map(({ expectedFrameLoss = 0 }) => 1 - expectedFrameLoss)
    sum += Math.min(carriedBps, sharedBps(hearers, rateBps, at)) * Math.max(0, ...heard)
  }
  return (sum * share) / 8_000
}

const DAY_MS = 86_400_000
