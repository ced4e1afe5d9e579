/** The days of a plan as lines of signs, one line a station. */
import type { ContactPlan, PlannedContact } from '../../protocol/plan/plan.ts'
import { formatUtc } from '../../protocol/plan/utc.ts'

export function timeline(plan: ContactPlan): string[] {
  const names = [...new Set(plan.contacts.map(nameOf))]
  const width = Math.max(DATE_CHARACTERS, ...names.map(name => name.length))
  const days = daysOf(plan)
  const shown = days.slice(0, DAYS_SHOWN).flatMap((dayMs, i) => {
    const ofDay = plan.contacts.filter(({ start, end }) => start < dayMs + DAY_MS && end > dayMs)
    const rows = names.map(name => {
      const own = ofDay.filter(contact => nameOf(contact) === name)
      return `${name.padEnd(width)} ${line(own, dayMs)}`
    })
    const date = formatUtc(dayMs).slice(0, DATE_CHARACTERS).padEnd(width)
    return [...(i === 0 ? [] : ['']), `${date} ${HOURS}`, ...rows]
  })
  return days.length > DAYS_SHOWN ? [...shown, '', `the first ${DAYS_SHOWN} days`] : shown
}

/** One sign a quarter of an hour: who hears in it at any time. */
function line(contacts: readonly PlannedContact[], dayMs: number): string {
  const signs = Array.from({ length: DAY_MS / SIGN_MS }, () => '.')
  for (const { start, end, role } of contacts) {
    const first = Math.max(0, Math.floor((start - dayMs) / SIGN_MS))
    const last = Math.min(signs.length, Math.ceil((end - dayMs) / SIGN_MS))
    for (let i = first; i < last; i++) if (signs[i] !== '#') signs[i] = role === 'main' ? '#' : '-'
  }
  return signs.join('')
}

/** Midnights of the days in which somebody hears, up to one more than are shown. */
function daysOf(plan: ContactPlan): number[] {
  const days = new Set<number>()
  for (const { start, end } of plan.contacts) {
    let ms = Math.floor(start / DAY_MS) * DAY_MS
    for (; ms < end && days.size <= DAYS_SHOWN; ms += DAY_MS) days.add(ms)
  }
  return [...days].toSorted((a, b) => a - b)
}

function nameOf(contact: PlannedContact): string {
  return contact.station ?? '-'
}

const DATE_CHARACTERS = 10
const DAYS_SHOWN = 31
const DAY_MS = 86_400_000
const SIGN_MS = 900_000
const HOURS = Array.from({ length: 8 }, (_, i) => `${String(3 * i).padStart(2, '0')}h`.padEnd(12))
  .join('')
  .trimEnd()
