/** Which contacts of a plan are a station's own: a plan is of a whole network, and nobody sends in the contacts of others. */
import type { PlannedContact } from '../../protocol/plan/plan.ts'

interface Planned {
  readonly role: 'onboard' | 'station'
  /** What the plan calls this station; undefined: all contacts are its own. */
  readonly station?: string
  readonly contacts: readonly PlannedContact[] | undefined
}

/** A contact that names no station is its own, too. */
export function ownContacts({ station, contacts }: Planned): Planned['contacts'] {
  if (station === undefined) return contacts
  return contacts?.filter(own => own.station === station || own.station === undefined)
}

/** Whether the plan has contacts of its own for this end, and none in which it may send. */
export function isSecondary(config: Planned): boolean {
  const own = ownContacts(config)
  return own !== undefined && own.length > 0 && own.every(({ role }) => role === 'secondary')
}

export function stationFaults(config: Planned): string[] {
  const { role, station, contacts = [] } = config
  if (role === 'onboard') return []
  const names = [...new Set(contacts.flatMap(contact => contact.station ?? []))]
  if (station !== undefined)
    return names.length === 0 || names.includes(station)
      ? []
      : [`station: the plan has no contact of ${station}; it has ${names.join(', ')}`]
  const isMixed = new Set(contacts.map(contact => contact.role)).size > 1
  return names.length > 1 && isMixed
    ? [`station: the plan has ${names.join(', ')}, and not all of them may send; say which this is`]
    : []
}
