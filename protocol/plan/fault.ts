/** What is wrong with a plan, and where: what a reader of a plan answers instead of one. */
import type { ContactPlan } from './plan.ts'

export interface PlanFault {
  /** `contacts.3.end` in a document, `line 7` in a text. */
  readonly place: string
  /** A sentence without a subject: what was found, what would be right. */
  readonly why: string
}

export type PlanReading = Readable | Refused

export interface Readable {
  readonly kind: 'plan'
  readonly plan: ContactPlan
  /** What was read and has no place in a plan of ours. */
  readonly notes: readonly PlanFault[]
}

export interface Refused {
  readonly kind: 'refused'
  /** Every reason, up to FAULTS_MAX. */
  readonly faults: readonly PlanFault[]
}

/** The plan, if nothing spoke against it. */
export function reading(
  plan: ContactPlan,
  faults: readonly PlanFault[],
  notes: readonly PlanFault[] = [],
): PlanReading {
  return faults.length === 0
    ? { kind: 'plan', plan, notes: notes.slice(0, FAULTS_MAX) }
    : { kind: 'refused', faults: faults.slice(0, FAULTS_MAX) }
}

export function faultText({ place, why }: PlanFault): string {
  return place === '' ? why : `${place}: ${why}`
}

/** A table of the wrong kind has a fault in every row; nobody reads them all. */
export const FAULTS_MAX = 100
