/** The contacts of a configuration: said in it, or in a plan file of their own. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readContacts, readPlan } from '../../protocol/plan/document.ts'
import { faultText, type PlanFault } from '../../protocol/plan/fault.ts'
import type { Fields } from '../../protocol/plan/fields.ts'
import type { ContactPlan, PlannedContact } from '../../protocol/plan/plan.ts'
import { ConfigFault } from './fault.ts'
import { parseText, withLines } from './text.ts'

export interface Planned {
  /** By start; undefined: always. */
  readonly contacts: readonly PlannedContact[] | undefined
  /** When their plan was made, in UTC; undefined: it does not say. */
  readonly issued?: number | undefined
  readonly faults: readonly string[]
}

/** `said` has passed the schema; relative paths are relative to `folder`. */
export async function contactsOf(
  said: { readonly contacts?: readonly Fields[]; readonly plan?: string },
  folder: string,
): Promise<Planned> {
  if (said.plan !== undefined) return contactsAt(resolve(folder, said.plan))
  if (said.contacts === undefined) return { contacts: undefined, faults: [] }
  const faults: PlanFault[] = []
  const items = said.contacts.map((fields, i) => ({ place: `contacts.${i}`, fields }))
  const contacts = readContacts(items, faults)
  return { contacts, faults: faults.map(faultText) }
}

/** @throws ConfigFault with every reason and its line; the error of the disk if it cannot be read */
export async function loadPlan(path: string): Promise<ContactPlan> {
  const text = await readFile(path, 'utf8')
  const read = readPlan(await parseText(text, path))
  if (read.kind === 'plan') return read.plan
  throw new ConfigFault(path, await withLines(text, read.faults))
}

async function contactsAt(path: string): Promise<Planned> {
  try {
    return { ...(await loadPlan(path)), faults: [] }
  } catch (error) {
    if (error instanceof ConfigFault)
      return { contacts: [], faults: error.faults.map(fault => `plan: ${path}: ${fault}`) }
    if (error instanceof Error && 'syscall' in error)
      return { contacts: [], faults: [`plan: cannot read ${path}: ${error.message}`] }
    throw error
  }
}
