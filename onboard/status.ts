/** What an operator sees of a spacecraft: GET /status, and the same as metrics. */

import type { EntityCounters, Queues } from '../protocol/cfdp/entity/counters.ts'
import { type ContactOutlook, contactOutlook } from '../protocol/contacts.ts'
import type { Farm } from '../protocol/frame/cop1/farm.ts'
import type { SecurityReceiver } from '../protocol/frame/sdls/process.ts'
import type { Instant } from '../protocol/machine.ts'
import { Spans } from '../protocol/octets/spans.ts'
import { type ClockStatus, clockStatus } from '../protocol/utc-clock.ts'
import type { Entry } from './buffer/ack-buffer.ts'
import { bufferFigures } from './buffer/listing.ts'
import type { Carriage } from './downlink/carriage.ts'
import type { Downlink } from './downlink/downlink.ts'
import type { FileStatus } from './file-status.ts'
import { queuesOf } from './queues.ts'
import type { Spacecraft } from './spacecraft.ts'
import { type UploadsStatus, uploadsStatus } from './uplink/status.ts'
import { planIssuedMs } from './uplink/uploads.ts'

/** What it does not do, and why: it was told so, or died too often. */
export interface Modes {
  readonly safe: boolean
  readonly frozen: boolean
  /** Files of which nothing is sent. */
  readonly suspended: number
}

export interface SpacecraftStatus {
  readonly role: 'onboard'
  readonly contact: ContactOutlook
  readonly clock: ClockStatus
  readonly modes: Modes
  /** Those of the uplink that came again, and octets that were none, since the start; the others for ever. */
  readonly commands: {
    readonly accepted: number
    readonly rejected: number
    readonly repeated: number
    readonly malformed: number
  }
  readonly files: readonly FileStatus[]
  readonly buffer: {
    readonly files: number
    readonly octets: number
    readonly filesMax: number
    readonly octetsMax: number
    readonly refused: number
  } & ReturnType<typeof bufferFigures>
  readonly pdus: {
    readonly sent: number
    readonly retransmitted: number
    readonly repeated: number
  }
  readonly frames: { readonly sent: number; readonly idle: number }
  readonly carriage: Pick<Carriage, 'frameOctets' | 'contactMs' | 'busyMs'>
  readonly counters: EntityCounters
  readonly queues: Queues
  /** Files from the ground; absent: none are taken. */
  readonly uploads?: UploadsStatus
  readonly uplink: {
    readonly frames: number
    readonly malformed: number
    readonly foreign: number
    /** FARM-1: its state, the number of the frame expected next, and frames that it dropped. */
    readonly cop1: { readonly state: string; readonly expected: number } & Farm['counters']
    /** Secured frames opened, and refused by reason; absent: the uplink is not secured. */
    readonly sdls?: SecurityReceiver['counters']
  }
}

export function spacecraftStatus(spacecraft: Spacecraft, now: Instant): SpacecraftStatus {
  const { buffer, downlink, uplink, uploads, settings } = spacecraft
  const files = [...buffer.entries()]
    .slice(0, FILES_MAX)
    .map(entry => fileStatus(spacecraft, entry))
  const { frames, malformed, foreign } = uplink.counters
  const { frameOctets, contactMs, busyMs } = downlink.carriage
  const { farm, security } = uplink
  return {
    role: 'onboard',
    contact: contactOutlook(spacecraft.stations.mainContacts, now),
    clock: clockStatus(spacecraft.utc, now),
    modes: modesOf(spacecraft),
    commands: commandsOf(spacecraft),
    files: [...files, ...spacecraft.recent.slice(-RECENT_MAX)],
    buffer: {
      files: buffer.files,
      octets: buffer.octets,
      filesMax: settings.buffer.filesMax,
      octetsMax: settings.buffer.octetsMax,
      refused: buffer.refused,
      ...bufferFigures(spacecraft, now),
    },
    pdus: pdusOf(downlink),
    frames: { ...downlink.frames },
    carriage: { frameOctets, contactMs, busyMs },
    counters: countersOf(spacecraft),
    queues: { ...queuesOf(spacecraft), rx: uploads?.receptions.size ?? 0 },
    ...(uploads === undefined
      ? {}
      : { uploads: uploadsStatus(uploads, planIssuedMs(spacecraft) ?? null) }),
    uplink: {
      frames,
      malformed,
      foreign,
      cop1: { state: farm.state, expected: farm.expected, ...farm.counters },
      ...(security === undefined ? {} : { sdls: { ...security.counters } }),
    },
  }
}

/** What became of these files; of one that was let go long ago nothing is known any more. */
export function fileStatuses(
  spacecraft: Spacecraft,
  sequences: readonly number[],
): readonly FileStatus[] {
  return sequences.flatMap(sequence => {
    const entry = spacecraft.buffer.entry(sequence)
    if (entry !== undefined) return [fileStatus(spacecraft, entry)]
    return spacecraft.recent.findLast(file => file.sequence === sequence) ?? []
  })
}

function modesOf({ settings, holds }: Spacecraft): Modes {
  const { isSafe = false } = settings
  return { safe: isSafe, frozen: holds.isFrozen, suspended: holds.suspended.size }
}

function commandsOf({ commander }: Spacecraft): SpacecraftStatus['commands'] {
  const { accepted, rejected } = commander.state
  return { accepted, rejected, ...commander.counters }
}

function pdusOf({ pdus: { sent, retransmitted, repeated } }: Downlink): SpacecraftStatus['pdus'] {
  return { sent, retransmitted, repeated }
}

/** Those of its parts in one place. */
function countersOf({ counters, downlink, uplink }: Spacecraft): EntityCounters {
  const { recv, fault } = counters
  const { sent, fileOctets } = downlink.pdus
  return {
    recv: { ...recv, error: recv.error + uplink.counters.malformedPdus },
    sent: { ...counters.sent, pdu: sent, file_data_bytes: fileOctets },
    fault: { ...fault },
  }
}

function fileStatus(spacecraft: Spacecraft, entry: Entry): FileStatus {
  const { name, sequence, identity, checksum, mark, ended } = entry
  const { octets } = identity
  const isSuspended = ended === undefined && spacecraft.holds.suspended.has(sequence)
  const about = { name, octets, sequence, ...(isSuspended ? { suspended: true as const } : {}) }
  if (ended !== undefined) {
    const isDone = ended.condition === 0
    const known = isDone ? octets : 0
    return {
      ...about,
      state: isDone ? 'done' : 'failed',
      sentOctets: mark,
      acknowledgedOctets: known,
      why: ended.why,
    }
  }
  const transaction = spacecraft.downlink.transaction(sequence)
  if (transaction === undefined) {
    const parked = spacecraft.transfers.parked(sequence)
    const state = checksum === undefined ? 'digesting' : 'queued'
    if (parked === undefined) return { ...about, state, sentOctets: mark, acknowledgedOctets: 0 }
    return {
      ...about,
      state: parked.eof === undefined ? 'sending' : 'awaiting',
      sentOctets: parked.mark,
      acknowledgedOctets: new Spans(parked.acknowledged).octets,
    }
  }
  return {
    ...about,
    state: transaction.state === 'sending' ? 'sending' : 'awaiting',
    sentOctets: transaction.mark,
    acknowledgedOctets: transaction.acknowledged.octets,
  }
}

/** An answer stays readable, however many files wait. */
const FILES_MAX = 200
const RECENT_MAX = 64
