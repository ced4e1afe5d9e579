/** Contact plans that come up: read, parsed and kept, as the machine asks. What they are worth it says. */
import { ConfigFault } from '../../hal/config/fault.ts'
import { keepPlan, keptPlan } from '../../hal/config/kept-plan.ts'
import { parseText } from '../../hal/config/text.ts'
import type { Archive } from '../../hal/files/archive.ts'
import type { Inbox } from '../../hal/inbox.ts'
import type { Log } from '../../hal/log.ts'
import { fileIdOf } from '../../protocol/cfdp/journaled/records.ts'
import type { ContactPlan } from '../../protocol/plan/plan.ts'
import { planToBegin } from '../../protocol/plan/take-over.ts'
import type { SpacecraftEffect, SpacecraftInput } from '../events.ts'

interface Parts {
  readonly archive: Archive
  readonly state: string
  readonly inbox: Inbox<SpacecraftInput>
  readonly log: Log
}

export class Plans {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async read({ id, octets }: SpacecraftEffect & { kind: 'read plan' }): Promise<void> {
    const { archive, inbox } = this.#parts
    if (octets > OCTETS_MAX) {
      const why = `${octets} octets are more than the ${OCTETS_MAX} of a plan`
      return inbox.post({ kind: 'plan unreadable', id, why })
    }
    let content: Uint8Array
    try {
      content = await archive.content(fileIdOf(id), octets)
    } catch (error) {
      return inbox.post({ kind: 'disk failed', id, lost: [], why: String(error) })
    }
    inbox.post({ ...(await documentOf(new TextDecoder().decode(content))), id })
  }

  async keep({ id, plan }: SpacecraftEffect & { kind: 'keep plan' }): Promise<void> {
    const { state, inbox } = this.#parts
    try {
      await keepPlan(state, plan)
      inbox.post({ kind: 'plan kept', id, plan })
    } catch (error) {
      inbox.post({ kind: 'disk failed', id, lost: [], why: String(error) })
    }
  }
}

/** What a configuration says. */
interface Configured {
  readonly plan: ContactPlan | undefined
  /** What contacts may call its modems; undefined: anything, for there is one. */
  readonly modems: readonly string[] | undefined
}

/**
 * The plan to begin with. One on the disk that cannot be read, or that names a modem which the configuration has no
 * more, is as good as none, and is told: nobody would be sent to.
 */
export async function beginningPlan(
  state: string,
  { plan: configured, modems }: Configured,
  log: Log,
): Promise<ContactPlan | undefined> {
  try {
    const plan = planToBegin(configured, await keptPlan(state))
    const stranger = plan === configured ? undefined : strangerIn(plan, modems)
    if (stranger === undefined) return plan
    log.error('kept plan does not count', { why: `a contact is by modem ${stranger}` })
  } catch (error) {
    log.error('kept plan is unreadable', { why: String(error) })
  }
  return configured
}

/** The modem of a contact that is not there. */
function strangerIn(plan: ContactPlan | undefined, modems: Configured['modems']) {
  const called = plan?.contacts.map(({ modem }) => modem) ?? []
  return called.find(name => name !== undefined && modems?.includes(name) === false)
}

type Reading =
  | { readonly kind: 'plan'; readonly document: unknown }
  | { readonly kind: 'plan unreadable'; readonly why: string }

async function documentOf(text: string): Promise<Reading> {
  const isJson = text.trimStart().startsWith('{')
  if (!isJson && text.length > YAML_CHARACTERS_MAX) {
    const why = `YAML of ${text.length} characters is not read aboard; JSON is`
    return { kind: 'plan unreadable', why }
  }
  try {
    return { kind: 'plan', document: await parseText(text, 'plan') }
  } catch (error) {
    if (error instanceof ConfigFault) return { kind: 'plan unreadable', why: error.message }
    throw error
  }
}

/** Months of contacts. What is made of them in memory is ten times that. */
const OCTETS_MAX = 1_048_576
const YAML_CHARACTERS_MAX = 131_072
