/** One moment of a pass: what the three processes last said, and what follows from it. Pure. */
import type { LinkStatus } from '../../hal/link/link.ts'
import type { Contact } from '../../hal/sim/sky.ts'
import type { OnboardFile, OnboardStatus, StationFile, StationStatus } from '../statuses.ts'

export interface PassView {
  /** UTC in milliseconds, as the contacts are. */
  readonly nowMs: number
  readonly elapsedMs: number
  readonly contacts: readonly Contact[]
  readonly rateBps: number
  /** File octets per second that came new to the station, in bits, over the last seconds. */
  readonly goodputBps: number
  readonly files: readonly SentFile[]
  /** Absent until it answered once. */
  readonly onboard?: OnboardStatus | undefined
  readonly station?: StationStatus | undefined
  readonly link?: LinkStatus | undefined
}

export interface SentFile {
  /** No two files of a pass have the same. */
  readonly name: string
  readonly octets: number
  /** Its place among the files handed over, from 0. */
  readonly index: number
}

export type FilePhase =
  | 'waiting'
  | 'digesting'
  | 'sending'
  | 'repairing'
  | 'verifying'
  | 'delivered'
  | 'safe'
  | 'failed'

export interface FileView extends SentFile {
  readonly phase: FilePhase
  readonly why?: string | undefined
  readonly onboard?: OnboardFile | undefined
  readonly station?: StationFile | undefined
}

/** The files as both ends see them. A file is safe when it is delivered, and the spacecraft knows. */
export function fileViews(view: PassView): FileView[] {
  return view.files.map(file => {
    const onboard = view.onboard?.files.find(sent => sent.name === file.name)
    const station = view.station?.files.find(held => held.sequence === onboard?.sequence)
    const why = onboard?.why ?? station?.why
    return { ...file, phase: filePhase(onboard, station), why, onboard, station }
  })
}

/** Whether nothing more will come of this pass: every file is safe, or has failed. */
export function isOver(files: readonly FileView[]): boolean {
  return files.every(file => file.phase === 'safe' || file.phase === 'failed')
}

export interface ContactView {
  readonly open: boolean
  /** The contact that is on, or comes next; the last one when none does. From 1. */
  readonly number: number
  /** Until it closes, or opens; absent after the last one. */
  readonly changesInMs?: number
}

export function contactView({ contacts, nowMs }: PassView): ContactView {
  const index = contacts.findIndex(contact => contact.endMs > nowMs)
  const contact = contacts[index]
  if (contact === undefined) return { open: false, number: contacts.length }
  const open = contact.startMs <= nowMs
  const changesInMs = (open ? contact.endMs : contact.startMs) - nowMs
  return { open, number: index + 1, changesInMs }
}

/** Octets of the files that the station holds. */
export function heldOctets(files: readonly FileView[]): number {
  return files.reduce((sum, file) => sum + (file.station?.heldOctets ?? 0), 0)
}

/** Octets sent whose safety the spacecraft has not heard of. */
export function unacknowledgedOctets(files: readonly FileView[]): number {
  return files.reduce((sum, { phase, onboard }) => {
    if (onboard === undefined || phase === 'failed') return sum
    return sum + Math.max(0, onboard.sentOctets - onboard.acknowledgedOctets)
  }, 0)
}

function filePhase(onboard: OnboardFile | undefined, station: StationFile | undefined): FilePhase {
  if (onboard?.state === 'failed' || station?.state === 'failed') return 'failed'
  if (station?.state === 'delivered') return onboard?.state === 'done' ? 'safe' : 'delivered'
  if (station?.state === 'verifying') return 'verifying'
  if (onboard?.state === 'awaiting') return 'repairing'
  if (onboard?.state === 'digesting') return 'digesting'
  return onboard?.state === 'sending' || station !== undefined ? 'sending' : 'waiting'
}
