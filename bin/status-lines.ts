/** The status of one process as a table for people. Pure. */
import type { LinkStatus } from '../hal/link/link.ts'
import type { ChannelCounters } from '../hal/sim/channel.ts'
import { coverageBar, levelBar, paintBar, progressBar } from './bars.ts'
import { counterRows } from './counter-lines.ts'
import {
  countdownText,
  countText,
  fittingText,
  octetsText,
  percentText,
  rateText,
} from './figures.ts'
import { housekeepingRows } from './housekeeping-lines.ts'
import type { Ink } from './ink.ts'
import type {
  ContactStatus,
  ModemStatus,
  OnboardFile,
  OnboardStatus,
  StationFile,
  StationStatus,
  Status,
} from './statuses.ts'
import { onboardUplinkText, stationUplinkText } from './uplink-lines.ts'
import { inboxRows, uploadRows } from './upload-lines.ts'

export interface Screen {
  /** Columns; no line is longer, as long as there are 60. */
  readonly width: number
  readonly ink: Ink
  /** Lines for files; the others are counted in one line. */
  readonly filesMax: number
}

export function statusLines(status: Status, screen: Screen): string[] {
  const { ink } = screen
  const head = `${ink.bold(status.role)}  pid ${status.pid}  ${contactText(status.contact, ink)}`
  return [
    head,
    ...bodyLines(status, screen),
    row('memory', `${octetsText(status.rssPeakOctets)} at most`, ink),
  ]
}

/** The last `most` files of a list, and a line for the others. */
export function listed<File>(
  files: readonly File[],
  { most, line, ink }: { most: number; line: (file: File) => string; ink: Ink },
): string[] {
  const hidden = files.length - most
  const lines = files.slice(-most).map(line)
  return hidden > 0 ? [ink.dim(`  ${countText(hidden)} files before these`), ...lines] : lines
}

function bodyLines(status: Status, screen: Screen): string[] {
  if (status.role === 'onboard') return onboardLines(status, screen)
  if (status.role === 'station') return stationLines(status, screen)
  return lineLines(status, screen)
}

function onboardLines(status: OnboardStatus, screen: Screen): string[] {
  const { buffer, pdus, frames } = status
  const { ink, filesMax } = screen
  const gauge = levelBar(buffer.octets, buffer.octetsMax, GAUGE_CELLS)
  const refused = buffer.refused > 0 ? ink.warn(`, ${countText(buffer.refused)} refused`) : ''
  return [
    ...modeLines(status, ink),
    ...modemRows(status, ink),
    row(
      'buffer',
      `▕${ink.flow(gauge)}▏ ${octetsText(buffer.octets)} of ${octetsText(buffer.octetsMax)}, ` +
        `${countText(buffer.files)} of ${countText(buffer.filesMax)} files${refused}`,
      ink,
    ),
    row(
      'PDUs',
      `${countText(pdus.sent)} sent, ${countText(pdus.retransmitted)} of them again`,
      ink,
    ),
    row('frames', `${countText(frames.sent)} sent, ${countText(frames.idle)} of them idle`, ink),
    row('uplink', onboardUplinkText(status, ink), ink),
    ...clockLines(status, ink),
    ...inboxRows(status, ink).map(([name, value]) => row(name, value, ink)),
    ...counterLines(status, ink),
    ...listed(status.files, { most: filesMax, line: file => onboardFileLine(file, screen), ink }),
  ]
}

/** What it does not do; nothing where it does all. */
function modeLines({ modes: { safe, frozen, suspended } }: OnboardStatus, ink: Ink): string[] {
  const words = [
    ...(safe ? ['safe mode'] : []),
    ...(frozen ? ['frozen'] : []),
    ...(suspended > 0 ? [`${countText(suspended)} files suspended`] : []),
  ]
  return words.length === 0 ? [] : [row('mode', ink.warn(words.join(', ')), ink)]
}

/** Nothing of a clock that is as it should be. */
function clockLines({ clock }: OnboardStatus | StationStatus, ink: Ink): string[] {
  if (clock.steps === 0) return []
  const by = (clock.lastStepMs / 1_000).toFixed(1)
  return [row('clock', `stepped ${countText(clock.steps)} times, last by ${by} s`, ink)]
}

function counterLines({ counters, queues }: OnboardStatus | StationStatus, ink: Ink): string[] {
  return counterRows(counters, queues).map(([name, value]) => row(name, value, ink))
}

function onboardFileLine(file: OnboardFile, { width, ink }: Screen): string {
  const { name, octets, acknowledgedOctets, sentOctets, state, suspended = false } = file
  const barCells = Math.max(8, width - NAME_COLUMNS - OTHER_COLUMNS)
  const pen = state === 'failed' ? 'bad' : state === 'done' ? 'good' : 'flow'
  const acknowledged = state === 'done' ? octets : acknowledgedOctets
  const bar = paintBar(progressBar(acknowledged, sentOctets, octets, barCells), ink, pen)
  const percent = percentText(acknowledged, octets).padStart(5)
  return `  ${nameText(name)} ${octetsText(octets).padStart(8)}  ${bar} ${percent}  ${suspended ? ink.warn('suspended') : ink[pen](state)}`
}

function stationLines(status: StationStatus, screen: Screen): string[] {
  const { frames, pdus, locked } = status
  const { ink, filesMax } = screen
  return [
    row('modem', modemText(status.modem, ink), ink),
    row('lock', locked ? ink.good('locked') : ink.warn('hunting for markers'), ink),
    row(
      'frames',
      `${countText(frames.good)} good, ${countText(frames.corrected)} corrected, ` +
        `${countText(frames.lost)} lost, ${countText(frames.bad)} bad`,
      ink,
    ),
    row(
      'PDUs',
      `${countText(pdus.received)} received, ${countText(pdus.sent)} sent, ${countText(pdus.malformed)} malformed`,
      ink,
    ),
    row('uplink', stationUplinkText(status, ink), ink),
    ...clockLines(status, ink),
    ...uploadRows(status, ink).map(([name, value]) => row(name, value, ink)),
    ...counterLines(status, ink),
    ...housekeepingRows(status).map(([name, value]) => row(name, value, ink)),
    ...listed(status.files, { most: filesMax, line: file => stationFileLine(file, screen), ink }),
  ]
}

function stationFileLine(file: StationFile, { width, ink }: Screen): string {
  const barCells = Math.max(8, width - NAME_COLUMNS - OTHER_COLUMNS)
  const pen = file.state === 'failed' ? 'bad' : file.state === 'delivered' ? 'good' : 'flow'
  const bar = paintBar(coverageBar(file, barCells), ink, pen)
  const octets = file.octets === null ? '?' : octetsText(file.octets)
  const percent = file.octets === null ? '' : percentText(file.heldOctets, file.octets)
  const gaps = file.gapCount > 0 ? ink.warn(` ${countText(file.gapCount)} gaps`) : ''
  return `  ${nameText(file.name)} ${octets.padStart(8)}  ${bar} ${percent.padStart(5)}  ${ink[pen](file.state)}${gaps}`
}

function lineLines(status: LinkStatus, { ink }: Screen): string[] {
  return [
    row('rate', rateText(status.rateBps), ink),
    row('down', directionText(status.down), ink),
    row('up', directionText(status.up), ink),
  ]
}

function directionText(direction: ChannelCounters): string {
  const { octetsIn, octetsOut, bitErrors, framesHit, slips, dropped } = direction
  return (
    `${octetsText(octetsIn)} in, ${octetsText(octetsOut)} out, ${octetsText(dropped)} dropped, ` +
    `${countText(bitErrors)} bit errors, ${countText(slips)} slips, ${countText(framesHit)} frames hit`
  )
}

function contactText({ open, startsInMs, endsInMs }: ContactStatus, ink: Ink): string {
  if (open) {
    const end = endsInMs === undefined ? '' : `, ends in ${countdownText(endsInMs)}`
    return ink.good('● in contact') + end
  }
  const start = startsInMs === undefined ? '' : `, the next one in ${countdownText(startsInMs)}`
  return ink.warn('○ no contact') + start
}

/** Of several modems one row each. */
function modemRows({ modem, modems }: OnboardStatus, ink: Ink): string[] {
  return Object.entries(modems ?? { modem }).map(([name, one]) =>
    row(fittingText(name, ROW_COLUMNS - 1), modemText(one, ink), ink),
  )
}

function modemText(modem: ModemStatus, ink: Ink): string {
  const { isOpen, octetsIn, octetsOut, opens, errors, lastError, heardAt } = modem
  const state = isOpen ? ink.good('open') : ink.bad('away')
  const wrong = errors > 0 ? ink.warn(`, ${countText(errors)} errors: ${lastError ?? ''}`) : ''
  const heard = heardAt === undefined ? '' : `, heard last at ${heardAt}`
  return `${state}, ${octetsText(octetsIn)} in, ${octetsText(octetsOut)} out, opened ${countText(opens)} times${heard}${wrong}`
}

function nameText(name: string): string {
  return fittingText(name, NAME_COLUMNS).padEnd(NAME_COLUMNS)
}

function row(name: string, value: string, ink: Ink): string {
  return `  ${ink.dim(name.padEnd(ROW_COLUMNS - 1))} ${value}`
}

const GAUGE_CELLS = 20
/** Of what a row tells of. */
const ROW_COLUMNS = 8
const NAME_COLUMNS = 24
/** Of a file's line, all but name and bar. */
const OTHER_COLUMNS = 36
