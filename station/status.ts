/** What an operator sees of a station: GET /status. */

import type { EntityCounters, Queues } from '../protocol/cfdp/entity/counters.ts'
import type { Reception } from '../protocol/cfdp/journaled/reception.ts'
import type { Housekeeping } from '../protocol/command/housekeeping.ts'
import { type ContactOutlook, contactOutlook } from '../protocol/contacts.ts'
import type { Instant } from '../protocol/machine.ts'
import { type ClockStatus, clockStatus } from '../protocol/utc-clock.ts'
import type { CommandLink } from './command-link.ts'
import type { Edge } from './edge.ts'
import type { OrderStatus } from './orders.ts'
import type { UploadStatus } from './uploads/upload.ts'

export interface ReceptionStatus {
  readonly source: number | string
  readonly sequence: number | string
  readonly name: string
  /** Null until the spacecraft has said it. */
  readonly octets: number | null
  readonly heldOctets: number
  readonly gapCount: number
  /** The first of them, [start, end). */
  readonly gaps: readonly (readonly [number, number])[]
  readonly state: 'receiving' | 'verifying' | 'delivered' | 'failed'
  /** Nothing is asked for it until it is resumed. */
  readonly suspended?: true
  /** Nothing is asked for it until this station has an uplink: it is kept, and what comes is added. */
  readonly waitsForUplink?: true
  readonly path?: string
  readonly why?: string
}

export interface EdgeStatus {
  readonly role: 'station'
  readonly contact: ContactOutlook
  readonly clock: ClockStatus
  readonly locked: boolean
  readonly diskReady: boolean
  readonly frames: {
    readonly good: number
    readonly corrected: number
    readonly lost: number
    readonly bad: number
  }
  readonly pdus: {
    readonly received: number
    readonly sent: number
    readonly malformed: number
    readonly dropped: number
  }
  readonly counters: EntityCounters
  readonly queues: Queues
  readonly uplink: UplinkStatus
  readonly files: readonly ReceptionStatus[]
  /** Files for the spacecraft: the newest that are over, and those that wait. */
  readonly uploads: readonly UploadStatus[]
  /** Commands that wait, and the newest that are over. */
  readonly orders: readonly OrderStatus[]
  /** The newest housekeeping of the spacecraft; absent: none came since the start. */
  readonly housekeeping?: Housekeeping & { readonly ageMs: number }
}

export interface UplinkStatus {
  readonly service: 'ad' | 'bd' | 'none'
  /** TC frames sent, and control commands among them. */
  readonly frames: number
  readonly commands: number
  /** Octets of files wait until the spacecraft is heard. */
  readonly unheard?: true
  /** Of the AD service: how FOP-1 is, frames that it gave up, how often the service ended. */
  readonly cop1?: {
    readonly state: string
    readonly next: number
    readonly oldest: number
    readonly underWay: number
    readonly lost: number
    readonly alerts: number
    /** The CLCW heard last. */
    readonly expected: number | null
    readonly lockout: boolean
    readonly wait: boolean
    readonly retransmit: boolean
  }
  /** Of SDLS: numbers below `reserved` may have been used. */
  readonly sdls?: { readonly spi: number; readonly reserved: number }
}

export function edgeStatus(edge: Edge, now: Instant): EdgeStatus {
  const { ingest, commands, counters, receptions } = edge
  const { recv, sent, fault } = counters
  const { malformed } = ingest.pdus
  const { housekeeping } = edge
  const { service } = edge.settings.uplink
  const under = [...receptions.values()]
    .slice(0, FILES_MAX)
    .map(one => ({ ...receptionStatus(one), ...(service === 'none' ? WAITS : {}) }))
  return {
    role: 'station',
    contact: contactOutlook(edge.contact.contacts, now),
    clock: clockStatus(edge.utc, now),
    locked: ingest.isLocked,
    diskReady: receptions.isDiskReady,
    frames: { ...ingest.frames },
    pdus: {
      received: ingest.pdus.received,
      sent: commands.counters.pdus,
      malformed,
      dropped: ingest.pdus.foreign + recv.error + recv.spurious + recv.dropped,
    },
    counters: { recv: { ...recv, error: recv.error + malformed }, sent, fault },
    queues: { ...sendingOf(edge.uploads.status), rx: receptions.size },
    uplink: uplinkStatus(edge),
    files: [...under, ...receptions.recent.map(receptionStatus)],
    uploads: edge.uploads.status,
    orders: edge.orders.status,
    ...(housekeeping === undefined
      ? {}
      : { housekeeping: { ...housekeeping.report, ageMs: Math.round(now - housekeeping.at) } }),
  }
}

function sendingOf(uploads: readonly UploadStatus[]): Omit<Queues, 'rx'> {
  const queue = { pend: 0, txa: 0, txw: 0 }
  for (const { state } of uploads) {
    if (state === 'waiting') queue.pend += 1
    else if (state === 'sending') queue.txa += 1
    else if (state === 'awaiting') queue.txw += 1
  }
  return queue
}

function uplinkStatus({ commands, settings, uploads, contact }: Edge): UplinkStatus {
  const { cop1, reserved, counters } = commands
  const { frames, commands: control, lost, alerts } = counters
  return {
    service: settings.uplink.service,
    frames,
    commands: control,
    ...(contact.isOpen && uploads.isWaiting ? { unheard: true as const } : {}),
    ...(cop1 === undefined ? {} : { cop1: { ...cop1Status(cop1), lost, alerts } }),
    ...(reserved === undefined ? {} : { sdls: { spi: reserved.spi, reserved: reserved.next } }),
  }
}

function cop1Status({ state, next, oldest, underWay, clcw }: NonNullable<CommandLink['cop1']>) {
  const { report = null, lockout = false, wait = false, retransmit = false } = clcw ?? {}
  return { state, next, oldest, underWay, expected: report, lockout, wait, retransmit }
}

function receptionStatus(reception: Reception): ReceptionStatus {
  const { transaction, header, path, why } = reception
  const { metadata, fileOctets, held, stage, isSuspended } = transaction
  const end = fileOctets ?? held.end
  const gaps = [...held.gaps(0, end)]
  return {
    source: shown(header.source),
    sequence: shown(header.sequence),
    name: metadata === undefined ? '' : TEXT.decode(metadata.destinationName),
    octets: fileOctets ?? null,
    heldOctets: held.octets,
    gapCount: gaps.length,
    gaps: gaps.slice(0, GAPS_MAX).map(gap => [gap.start, gap.end] as const),
    state: stateOf(stage, path),
    ...(isSuspended ? { suspended: true as const } : {}),
    ...(path === undefined ? {} : { path }),
    ...(why === undefined ? {} : { why }),
  }
}

function stateOf(stage: string, path: string | undefined): ReceptionStatus['state'] {
  if (stage === 'receiving' || stage === 'repairing') return 'receiving'
  if (stage === 'verifying' || stage === 'delivering') return 'verifying'
  return path === undefined ? 'failed' : 'delivered'
}

function shown(id: number | bigint): number | string {
  return typeof id === 'bigint' ? id.toString() : id
}

const WAITS = { waitsForUplink: true } as const
const TEXT = new TextDecoder()
/** An answer stays readable, whatever is under way. */
const FILES_MAX = 200
const GAPS_MAX = 64
