/** Files for the spacecraft in the status of either end, as rows for people. Pure. */
import { formatUtc } from '../protocol/plan/utc.ts'
import { countText, fittingText, octetsText, percentText } from './figures.ts'
import type { Ink } from './ink.ts'
import type { OnboardStatus, StationStatus, UploadFile } from './statuses.ts'

type Row = readonly [name: string, value: string]

/** A line for the inbox, and one for each file on its way. */
export function inboxRows({ uploads }: OnboardStatus, ink: Ink): readonly Row[] {
  if (uploads === undefined) return []
  const { whole, failed, diskReady, plan, files } = uploads
  const faults = failed > 0 ? ink.warn(`, ${countText(failed)} failed`) : ''
  const full = diskReady ? '' : ink.bad(', it cannot be written')
  const coming = files.filter(({ state }) => state === 'receiving').slice(0, FILES_MAX)
  return [
    ['inbox', `${countText(whole)} whole${faults}${full}`],
    ...coming.map(({ name, octets, heldOctets }): Row => {
      const share = octets === null ? octetsText(heldOctets) : percentText(heldOctets, octets)
      return ['', `${fittingText(name, NAME_COLUMNS)}  ${share}`]
    }),
    ...planRows(plan, ink),
  ]
}

function planRows(
  { taken, refused, issuedMs, why }: NonNullable<OnboardStatus['uploads']>['plan'],
  ink: Ink,
): readonly Row[] {
  if (taken + refused === 0) return []
  const issued = issuedMs === null ? '' : ` of ${formatUtc(issuedMs)}`
  const faults = refused > 0 ? ink.warn(`, ${countText(refused)} refused`) : ''
  const reason = why === undefined ? '' : `: ${why}`
  return [['plan', `in force${issued}, ${countText(taken)} taken over${faults}${reason}`]]
}

/** The newest files for the spacecraft. */
export function uploadRows({ uploads }: StationStatus, ink: Ink): readonly Row[] {
  return uploads
    .slice(-FILES_MAX)
    .map((file, i): Row => [i === 0 ? 'up' : '', uploadText(file, ink)])
}

function uploadText(file: UploadFile, ink: Ink): string {
  const { sequence, name, octets, sentOctets, acknowledgedOctets, suspended, why } = file
  const state = suspended === true ? 'suspended' : file.state
  const pen = state === 'failed' ? 'bad' : state === 'delivered' ? 'good' : 'flow'
  const sent = percentText(Math.max(sentOctets, acknowledgedOctets), octets)
  const about = `${sequence} ${fittingText(name, NAME_COLUMNS)}  ${octetsText(octets)}  ${sent} sent`
  return `${about}  ${ink[pen](state)}${why === undefined ? '' : `: ${why}`}`
}

const FILES_MAX = 5
const NAME_COLUMNS = 24
