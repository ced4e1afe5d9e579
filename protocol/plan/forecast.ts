/**
 * What a plan brings down: when octets flow, how many a day, and when files will be there. Of a contact that several
 * stations share every octet counts once, at the rate of the fastest: they all hear the same frames. It is
 * arithmetic over the plan, with the loss that the plan expects, and nothing sent twice but for that.
 */
import { type ContactPlan, type LinkRates, type PlannedContact, rateAt } from './plan.ts'

export interface Yield {
  /** Where a contact says no rates. */
  readonly link: LinkRates
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

/** Ascending and apart, from `from` on. */
export function stretches(plan: ContactPlan, yields: Yield, from: number): Stretch[] {
  const ahead = plan.contacts.filter(contact => contact.end > from)
  const times = ahead.flatMap(({ start, end, rates }) => [
    start,
    end,
    ...rates.map(step => start + step.fromMs),
  ])
  const changes = [...new Set([from, ...times])].filter(ms => ms >= from).toSorted((a, b) => a - b)
  const found: Stretch[] = []
  let next = 0
  let active: PlannedContact[] = []
  for (const [i, start] of changes.entries()) {
    for (; (ahead[next]?.start ?? Number.POSITIVE_INFINITY) <= start; next++)
      active.push(ahead[next] as PlannedContact)
    active = active.filter(contact => contact.end > start)
    if (active.length === 0) continue
    const isMain = active.some(contact => contact.role === 'main')
    const octetsPerMs = flow(active, yields, start)
    // The last change is an end, at which nobody is active.
    found.push({ start, end: changes[i + 1] as number, octetsPerMs, isMain })
  }
  return found
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
  times: readonly Stretch[],
): readonly Arrival[] {
  let at = 0
  let used = 0
  return files.map(file => {
    let left = file.octets
    for (let stretch = times[at]; stretch !== undefined; stretch = times[at]) {
      const room = (stretch.end - stretch.start) * stretch.octetsPerMs - used
      if (room > 0 && left <= room) {
        used += left
        const downAt = stretch.start + used / stretch.octetsPerMs
        return { ...file, downAt, safeAt: answerAt(times.slice(at), downAt) }
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
export function yieldByDay(times: readonly Stretch[]): DayYield[] {
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

/** Modems send side by side; of the stations that hear one of them the best counts. */
function flow(active: readonly PlannedContact[], { link, share }: Yield, at: number): number {
  const byModem = new Map<string | undefined, number>()
  for (const contact of active) {
    const { downBps } = rateAt(contact, at) ?? link
    const bps = downBps * (1 - (contact.expectedFrameLoss ?? 0))
    byModem.set(contact.modem, Math.max(bps, byModem.get(contact.modem) ?? 0))
  }
  let sum = 0
  for (const bps of byModem.values()) sum += bps
  return (sum * share) / 8_000
}

function answerAt(times: readonly Stretch[], at: number): number | undefined {
  const main = times.find(stretch => stretch.isMain && stretch.end > at)
  return main === undefined ? undefined : Math.max(main.start, at)
}

const DAY_MS = 86_400_000
