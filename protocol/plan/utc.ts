/**
 * UTC in milliseconds since 1970-01-01T00:00:00Z, to and from the calendar, without the clock of the machine that
 * runs: CCSDS 301.0-B-4, 3.5.1 (time code A) and its profile RFC 3339. No leap second has a number of its own.
 */

/** The first moment of the year 10000: a year has four digits. */
export const UTC_MS_END = 253_402_300_800_000

/** `2026-01-01T00:00:00.5Z`, seconds and their fraction as one likes; undefined if it is on no calendar. */
export function parseUtc(text: string): number | undefined {
  const found = UTC.exec(text)?.groups
  if (found === undefined) return undefined
  const ms = calendarMs({
    year: Number(found['year']),
    month: Number(found['month']),
    day: Number(found['day']),
    hour: Number(found['hour']),
    minute: Number(found['minute']),
    second: Number(found['second'] ?? 0),
  })
  const zone = zoneMs(found['zone'] as string)
  return ms === undefined || zone === undefined ? undefined : ms - zone
}

/** `2026-01-01T00:00:00Z`, or with three digits more where there is a fraction of a second. */
export function formatUtc(ms: number): string {
  const text = formatUtcMs(ms)
  return text.endsWith(WHOLE) ? `${text.slice(0, -WHOLE.length)}Z` : text
}

/** `2026-01-01T00:00:00.000Z`: as long as any other, of the years 0 to 9999. */
export function formatUtcMs(ms: number): string {
  const days = Math.floor(ms / DAY_MS)
  const { year, month, day } = civil(days)
  const rest = Math.floor(ms) - days * DAY_MS
  const hours = digits(Math.floor(rest / 3_600_000))
  const minutes = digits(Math.floor(rest / 60_000) % 60)
  const seconds = digits(Math.floor(rest / 1_000) % 60)
  const date = `${digits(year, 4)}-${digits(month)}-${digits(day)}`
  return `${date}T${hours}:${minutes}:${seconds}.${digits(rest % 1_000, 3)}Z`
}

export interface Calendar {
  readonly year: number
  /** From 1. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  /** May have a fraction. */
  readonly second: number
}

/** undefined where the calendar has no such moment. */
export function calendarMs(at: Calendar): number | undefined {
  const { year, month, day, hour, minute, second } = at
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined
  if (hour > 23 || minute > 59 || second >= 60) return undefined
  const seconds = (hour * 60 + minute) * 60 + second
  return daysSince1970(year, month, day) * DAY_MS + Math.round(seconds * 1_000)
}

/** Days of the Gregorian calendar: months counted from March, so that the odd day is the last of a year. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1
  const m = month > 2 ? month - 3 : month + 9
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  return 365 * y + leaps + Math.floor((153 * m + 2) / 5) + day - 1 - DAYS_TO_1970
}

/** The year is looked for from below the mean one: at most two steps up. */
function civil(days: number): { year: number; month: number; day: number } {
  let year = 1969 + Math.floor(days / 365.2425)
  while (daysSince1970(year + 1, 1, 1) <= days) year += 1
  let month = 1
  while (month < 12 && daysSince1970(year, month + 1, 1) <= days) month += 1
  return { year, month, day: days - daysSince1970(year, month, 1) + 1 }
}

function daysOf(year: number, month: number): number {
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 }
  return daysSince1970(next.year, next.month, 1) - daysSince1970(year, month, 1)
}

/** `Z`, `+01:30`; undefined: there is none such. */
function zoneMs(zone: string): number | undefined {
  if (zone === 'Z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4))]
  if (hours > 23 || minutes > 59) return undefined
  const ms = (hours * 60 + minutes) * 60_000
  return zone.startsWith('-') ? -ms : ms
}

function digits(value: number, least = 2): string {
  return String(value).padStart(least, '0')
}

const UTC =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T(?<hour>\d\d):(?<minute>\d\d)(:(?<second>\d\d(\.\d+)?))?(?<zone>Z|[+-]\d\d:\d\d)$/
const WHOLE = '.000Z'
const DAY_MS = 86_400_000
/** From 1 March of the year 0. */
const DAYS_TO_1970 = 719_468
