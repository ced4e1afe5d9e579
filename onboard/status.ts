/** What an operator sees of a spacecraft: GET /status, and the same as metrics. */

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
    pdus: { ...downlink.pdus },
    frames: { ...downlink.frames },
    carriage: { ...downlink.carriage },
    uplink: { frames, malformed, foreign },
  }
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
