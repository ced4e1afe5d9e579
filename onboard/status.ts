/** What an operator sees of a spacecraft: GET /status, and the same as metrics. */

import type { EntityCounters, Queues } from '../protocol/cfdp/entity/counters.ts'
import { type ContactOutlook, contactOutlook } from '../protocol/contacts.ts'
import type { Instant } from '../protocol/machine.ts'
import type { Entry } from './buffer/ack-buffer.ts'
import type { Downlink } from './downlink/downlink.ts'
import type { FileStatus } from './file-status.ts'
import type { Spacecraft } from './spacecraft.ts'

export interface SpacecraftStatus {
  readonly role: 'onboard'
  readonly contact: ContactOutlook
  readonly files: readonly FileStatus[]
  readonly buffer: {
    readonly files: number
    readonly octets: number
    readonly filesMax: number
    readonly octetsMax: number
    readonly refused: number
  }
  readonly pdus: { readonly sent: number; readonly retransmitted: number }
  readonly frames: { readonly sent: number; readonly idle: number }
  readonly carriage: Downlink['carriage']
  readonly counters: EntityCounters
  readonly queues: Queues
  readonly uplink: { readonly frames: number; readonly malformed: number; readonly foreign: number }
}

export function spacecraftStatus(spacecraft: Spacecraft, now: Instant): SpacecraftStatus {
  const { buffer, downlink, uplink, settings } = spacecraft
  const files = [...buffer.entries()]
    .slice(0, FILES_MAX)
    .map(entry => fileStatus(spacecraft, entry))
  const { frames, malformed, foreign } = uplink.counters
  return {
    role: 'onboard',
    contact: contactOutlook(settings.contacts, now),
    files: [...files, ...spacecraft.recent],
    buffer: {
      files: buffer.files,
      octets: buffer.octets,
      ...settings.buffer,
      refused: buffer.refused,
    },
    pdus: { sent: downlink.pdus.sent, retransmitted: downlink.pdus.retransmitted },
    frames: { ...downlink.frames },
    carriage: { ...downlink.carriage },
    counters: countersOf(spacecraft),
    queues: queuesOf(spacecraft),
    uplink: { frames, malformed, foreign },
  }
}

/** Those of its parts in one place. Nothing is received, so nothing is asked for. */
function countersOf({ counters, downlink, uplink }: Spacecraft): EntityCounters {
  const { recv, fault } = counters
  const { sent, fileOctets } = downlink.pdus
  return {
    recv: { ...recv, error: recv.error + uplink.counters.malformedPdus },
    sent: { ...counters.sent, pdu: sent, file_data_bytes: fileOctets },
    fault: { ...fault },
  }
}

function queuesOf({ buffer, downlink }: Spacecraft): Queues {
  let txa = 0
  for (const { state } of downlink.transactions()) if (state === 'sending') txa += 1
  let pend = 0
  for (const { sequence, ended } of buffer.entries())
    if (ended === undefined && downlink.transaction(sequence) === undefined) pend += 1
  return { pend, txa, txw: downlink.openCount - txa, rx: 0 }
}

function fileStatus(spacecraft: Spacecraft, entry: Entry): FileStatus {
  const { name, sequence, identity, checksum, mark, ended } = entry
  const { octets } = identity
  const about = { name, octets, sequence }
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
    const state = checksum === undefined ? 'digesting' : 'queued'
    return { ...about, state, sentOctets: mark, acknowledgedOctets: 0 }
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
