/** Files from the ground: taken as the ground takes those from here, and answered while the main station hears. */
import type { EntityCounters } from '../../protocol/cfdp/entity/counters.ts'
import type { ReceptionEffect, ReceptionInput } from '../../protocol/cfdp/journaled/events.ts'
import { Receptions } from '../../protocol/cfdp/journaled/receptions.ts'
import type { Instant } from '../../protocol/machine.ts'
import { type ContactPlan, shifted } from '../../protocol/plan/plan.ts'
import type { UtcClock } from '../../protocol/utc-clock.ts'
import type { Downlink } from '../downlink/downlink.ts'
import type { PlanInput, SpacecraftEffect } from '../events.ts'
import type { SpacecraftSettings, UploadSettings } from '../settings.ts'
import type { Stations } from '../stations.ts'
import { PlanUploads } from './plan-uploads.ts'

export class Uploads {
  readonly receptions: Receptions
  readonly plans: PlanUploads
  /** Files that are whole and have their name, and files that ended otherwise, since the start. */
  readonly counters = { whole: 0, failed: 0 }
  readonly #push: (effect: SpacecraftEffect) => void

  constructor(
    settings: UploadSettings,
    counters: EntityCounters,
    push: (effect: SpacecraftEffect) => void,
    records: readonly unknown[],
  ) {
    const { limits, filesMax: transactionsMax, octetsMax } = settings
    const bounds = {
      limits,
      transactionsMax,
      octetsMax,
      spansMax: SPANS_MAX,
      closedMax: CLOSED_MAX,
    }
    this.#push = push
    this.plans = new PlanUploads(settings, push)
    const follow = (effect: ReceptionEffect) => this.#follow(effect)
    this.receptions = new Receptions(bounds, counters, follow, records)
  }

  /** What the disk says of a file. */
  hear(input: ReceptionInput, time: Instant): void {
    if (input.kind === 'disk failed') this.plans.forget(input.id)
    this.receptions.hear(input, time)
  }

  /**
   * What became of a file that is the plan. Answers the plan, in the machine's time, that is in force from now on;
   * `plan` is the one that was.
   */
  hearPlan(
    input: PlanInput,
    now: { readonly now: Instant; readonly time: Instant; readonly utc: UtcClock },
    plan: ContactPlan | undefined,
  ): ContactPlan | undefined {
    const { id } = input
    const epochMs = now.utc.at(0)
    if (input.kind === 'plan kept') {
      this.plans.kept(id, input.plan)
      this.receptions.hear({ kind: 'delivered', id, path: PLAN_PATH }, now.time)
      return shifted(input.plan, -epochMs)
    }
    const inForce = plan && shifted(plan, epochMs)
    const why =
      input.kind === 'plan unreadable'
        ? this.plans.refused(id, input.why)
        : this.plans.offered(id, input.document, { inForce, utcMs: now.utc.at(now.now) })
    if (why !== undefined) this.receptions.hear({ kind: 'refused', id, why }, now.time)
    return undefined
  }

  #follow(effect: ReceptionEffect): void {
    if (effect.kind === 'deliver' && this.plans.isPlan(effect.name))
      this.#push({ kind: 'read plan', id: effect.id, octets: effect.octets })
    else this.#push(effect)
    if (effect.kind !== 'journal' || effect.record.kind !== 'closed') return
    if (effect.record.condition === 0) this.counters.whole += 1
    else this.counters.failed += 1
  }
}

/** What of a spacecraft takes part in it. */
interface Ship {
  readonly settings: SpacecraftSettings
  readonly counters: EntityCounters
  readonly downlink: Downlink
  readonly stations: Stations
}

/** Undefined: none are taken. The main station alone is answered: nobody else can do anything about it. */
export function openUploads(
  { settings, counters, downlink, stations }: Ship,
  push: (effect: SpacecraftEffect) => void,
  records: readonly unknown[],
): Uploads | undefined {
  if (settings.uploads === undefined) return undefined
  const uploads = new Uploads(settings.uploads, counters, push, records)
  downlink.answers = (room, time) =>
    stations.audience?.role === 'main' ? uploads.receptions.next(room, time) : undefined
  return uploads
}

/** When the plan in force was made, in UTC; undefined: there is none, or it does not say. */
export function planIssuedMs({
  stations,
  utc,
}: {
  readonly stations: Stations
  readonly utc: UtcClock
}): number | undefined {
  const issued = stations.plan?.issued
  return issued === undefined ? undefined : Math.max(0, Math.round(utc.at(issued)))
}

/** Pieces in which the octets of one file may lie apart: 32 KiB of memory each way. */
const SPANS_MAX = 2_048
/** Transactions that are over and remembered one by one. */
export const CLOSED_MAX = 4_096
/** Where a plan is, for those who look: it is in no folder of files. */
const PLAN_PATH = 'in force'
