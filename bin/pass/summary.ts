/** What a pass came to: one JSON object for programs, one table for people. Pure. */
import { countText, fittingText, octetsText, rateText } from '../figures.ts'
import type { Ink } from '../ink.ts'
import type { OnboardStatus } from '../statuses.ts'
import type { PassView } from './view.ts'

export interface Summary {
  readonly files: readonly FileResult[]
  readonly pdus: { readonly sent: number; readonly retransmitted: number }
  readonly frames: {
    readonly sent: number
    readonly good: number
    readonly corrected: number
    readonly lost: number
  }
  /** 1 - file octets / TM frame octets that carried them, repetitions included. */
  readonly overhead: number | null
  /** Of the contact time that was needed, the share in which the line carried frames that were not idle. */
  readonly utilisation: number | null
  readonly seconds: { readonly toFirstFrame: number | null; readonly total: number }
  readonly rssPeakOctets: {
    readonly onboard: number | null
    readonly station: number | null
    readonly link: number | null
  }
  readonly seed: number
}

export interface FileResult {
  readonly name: string
  readonly octets: number
  /** Of the file that was handed over. */
  readonly sha256: string
  /** What the station delivered is the same. */
  readonly equal: boolean
}

export interface PassResult {
  readonly view: PassView
  readonly files: readonly FileResult[]
  readonly seed: number
}

export function summarise({ view, files, seed }: PassResult): Summary {
  const { onboard, station, link } = view
  const octets = files.reduce((sum, file) => sum + file.octets, 0)
  const carried = onboard?.carriage.frameOctets ?? 0
  return {
    files,
    pdus: { sent: onboard?.pdus.sent ?? 0, retransmitted: onboard?.pdus.retransmitted ?? 0 },
    frames: {
      sent: onboard?.frames.sent ?? 0,
      good: station?.frames.good ?? 0,
      corrected: station?.frames.corrected ?? 0,
      lost: station?.frames.lost ?? 0,
    },
    overhead: carried > 0 ? rounded(1 - octets / carried) : null,
    utilisation: utilisation(onboard),
    seconds: {
      toFirstFrame:
        typeof onboard?.toFirstFrameMs === 'number'
          ? rounded(onboard.toFirstFrameMs / 1_000)
          : null,
      total: rounded(view.elapsedMs / 1_000),
    },
    rssPeakOctets: {
      onboard: onboard?.rssPeakOctets ?? null,
      station: station?.rssPeakOctets ?? null,
      link: link?.rssPeakOctets ?? null,
    },
    seed,
  }
}

export function summaryLines(
  summary: Summary,
  { width, ink }: { width: number; ink: Ink },
): string[] {
  const { frames, pdus, seconds } = summary
  const octets = summary.files.reduce((sum, file) => sum + file.octets, 0)
  const equal = summary.files.filter(file => file.equal).length
  const verdict = equal === summary.files.length ? ink.good : ink.bad
  return [
    ...fileTable(summary.files, width, ink),
    '',
    row(
      'delivered',
      verdict(`${countText(equal)} of ${countText(summary.files.length)} files equal`),
      ink,
    ),
    row('time', `${seconds.total.toFixed(1)} s${firstFrameText(seconds.toFirstFrame)}`, ink),
    row('goodput', rateText(seconds.total > 0 ? (octets * 8) / seconds.total : 0), ink),
    row(
      'frames',
      `${countText(frames.sent)} sent, ${countText(frames.good)} good, ` +
        `${countText(frames.corrected)} corrected, ${countText(frames.lost)} lost`,
      ink,
    ),
    row(
      'PDUs',
      `${countText(pdus.sent)} sent, ${countText(pdus.retransmitted)} of them again`,
      ink,
    ),
    row('overhead', shareText(summary.overhead), ink),
    row('line used', shareText(summary.utilisation), ink),
    row('memory', memoryText(summary.rssPeakOctets), ink),
    row('seed', String(summary.seed), ink),
  ]
}

function utilisation(onboard: OnboardStatus | undefined) {
  const { busyMs, contactMs } = onboard?.carriage ?? { busyMs: 0, contactMs: 0 }
  return contactMs > 0 ? rounded(busyMs / contactMs) : null
}

function fileTable(files: readonly FileResult[], width: number, ink: Ink): string[] {
  const shown =
    files.length <= FILES_MAX ? files : files.filter(file => !file.equal).slice(0, FILES_MAX)
  const nameWidth = Math.max(12, Math.min(40, width - 50))
  const lines = shown.map(file => {
    const name = fittingText(file.name, nameWidth).padEnd(nameWidth)
    const verdict = file.equal ? ink.good('✓ equal') : ink.bad('✗ not equal')
    return `  ${name} ${countText(file.octets).padStart(13)}  ${ink.dim(file.sha256.slice(0, 16))}  ${verdict}`
  })
  const title = `  ${'file'.padEnd(nameWidth)} ${'octets'.padStart(13)}  ${'sha256'.padEnd(16)}`
  return lines.length === 0 ? [] : [ink.dim(title), ...lines]
}

function row(name: string, value: string, ink: Ink): string {
  return `  ${ink.dim(name.padEnd(10))}${value}`
}

function firstFrameText(seconds: number | null): string {
  return seconds === null ? '' : `, first frame ${seconds.toFixed(2)} s after the start aboard`
}

function shareText(share: number | null): string {
  return share === null ? '-' : `${(100 * share).toFixed(2)} %`
}

function memoryText(rss: Summary['rssPeakOctets']): string {
  const parts = Object.entries(rss).filter(([, octets]) => octets !== null)
  return parts.map(([role, octets]) => `${role} ${octetsText(octets ?? 0)}`).join(', ')
}

function rounded(value: number): number {
  return Math.round(value * 1e5) / 1e5
}

/** Above this the table shows only what went wrong. */
const FILES_MAX = 20
