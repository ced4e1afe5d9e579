/**
 * The contact plan as a file that comes up under a name of its own: checked as `downpour plan check` does it, brought
 * to the disk, and only then in force. One that is not right is refused, and the old one stays.
 *
 *     whole file --read, parsed--> document --checked against the plan in force--> kept on the disk --> in force
 */
import type { ReceptionId } from '../../protocol/cfdp/journaled/records.ts'
import { faultText } from '../../protocol/plan/fault.ts'
import type { ContactPlan } from '../../protocol/plan/plan.ts'
import { takeOver } from '../../protocol/plan/take-over.ts'
import type { SpacecraftEffect } from '../events.ts'
import type { UploadSettings } from '../settings.ts'

export class PlanUploads {
  /** Plans taken over and refused since the start. */
  readonly counters = { taken: 0, refused: 0 }
  readonly #name: string | undefined
  readonly #modems: readonly string[] | undefined
  readonly #push: (effect: SpacecraftEffect) => void
  #refusal: string | undefined
  /** Accepted, and on its way to the disk: the next one is measured by it. */
  #pending: { readonly id: ReceptionId; readonly plan: ContactPlan } | undefined

  constructor(
    { plan: name, modems }: Pick<UploadSettings, 'plan' | 'modems'>,
    push: (effect: SpacecraftEffect) => void,
  ) {
    this.#name = name
    this.#modems = modems
    this.#push = push
  }

  /** Why the newest plan was refused; undefined: it was not. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  isPlan(name: Uint8Array): boolean {
    return this.#name !== undefined && TEXT.decode(name) === this.#name
  }

  /** What a file says, beside the plan in force; both, and `utcMs`, in UTC. Answers why it is refused. */
  offered(
    id: ReceptionId,
    document: unknown,
    { inForce, utcMs }: { readonly inForce: ContactPlan | undefined; readonly utcMs: number },
  ): string | undefined {
    const outcome = takeOver(this.#pending?.plan ?? inForce, document, utcMs)
    if (outcome.kind === 'refused')
      return this.refused(id, outcome.faults.map(faultText).join('; '))
    const stranger = outcome.plan.contacts.find(({ modem }) => !this.#hasModem(modem))
    if (stranger !== undefined)
      return this.refused(id, `contacts: one is by modem ${stranger.modem}, which is not there`)
    this.#pending = { id, plan: outcome.plan }
    this.#push({ kind: 'keep plan', id, plan: outcome.plan })
    return undefined
  }

  refused(id: ReceptionId, why: string): string {
    this.counters.refused += 1
    this.#refusal = why
    this.#log('plan refused', { transaction: id, why })
    return why
  }

  /** The disk has it. */
  kept(id: ReceptionId, { issued, contacts }: ContactPlan): void {
    // A later one may be on its way already.
    this.forget(id)
    this.#refusal = undefined
    this.counters.taken += 1
    this.#log('plan taken over', { transaction: id, issued, contacts: contacts.length })
  }

  /** The disk did not take what this one needs, and it is offered again; or it is in force. */
  forget(id: ReceptionId): void {
    if (this.#pending?.id === id) this.#pending = undefined
  }

  #hasModem(name: string | undefined): boolean {
    return name === undefined || this.#modems === undefined || this.#modems.includes(name)
  }

  #log(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#push({ kind: 'log', event, fields })
  }
}

const TEXT = new TextDecoder()
