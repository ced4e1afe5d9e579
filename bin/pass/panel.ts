/**
 * The live picture of a pass: what the three processes say of themselves, as lines of text. Pure, so that a test
 * can hold a golden picture against it.
 */
import { coverageBar, levelBar, paintBar } from '../bars.ts'
import {
  countdownText,
  countText,
  fittingText,
  octetsText,
  percentText,
  rateText,
} from '../figures.ts'
import type { Ink } from '../ink.ts'
import {
  contactView,
  type FileView,
  fileViews,
  heldOctets,
  type PassView,
  unacknowledgedOctets,
} from './view.ts'

export interface Screen {
  /** Columns; no line is longer, as long as there are 60. */
  readonly width: number
  readonly ink: Ink
  /** Lines for files; the others are counted in one line. */
  readonly filesMax: number
}

export function panelLines(view: PassView, screen: Screen): string[] {
  const files = fileViews(view)
  return [
    headline(view, screen),
    '',
    ...fileLines(files, screen),
    '',
    ...linkLines(view, screen),
    ...processLines(view, files, screen),
  ]
}

/** One line for a log: the same figures without the picture. */
export function progressLine(view: PassView): string {
  const files = fileViews(view)
  const frames = view.station?.frames
  return [
    `t=${(view.elapsedMs / 1_000).toFixed(1)}s`,
    `contact=${contactView(view).open ? 'open' : 'closed'}`,
    `safe=${files.filter(file => file.phase === 'safe').length}/${files.length}`,
    `held=${heldOctets(files)}/${totalOctets(files)}`,
    `unacknowledged=${unacknowledgedOctets(files)}`,
    `goodput=${Math.round(view.goodputBps)}bit/s`,
    `good=${frames?.good ?? 0} corrected=${frames?.corrected ?? 0} lost=${frames?.lost ?? 0}`,
    `retransmitted=${view.onboard?.pdus.retransmitted ?? 0}`,
  ].join(' ')
}

function headline(view: PassView, { width, ink }: Screen): string {
  const { open, number, changesInMs } = contactView(view)
  const passes = view.contacts.length
  const name = passes > 1 ? `pass ${number} of ${passes}` : 'pass'
  const sky = open ? '● in contact' : '○ no contact'
  // A single contact is as long as it takes; its end is not worth a countdown.
  const counts = changesInMs !== undefined && (number < passes || !open)
  const change = counts ? `, ${open ? 'closes' : 'opens'} in ${countdownText(changesInMs)}` : ''
  const left = `${MARGIN}downpour  ${name}  ${sky}${change}`
  const time = `${(view.elapsedMs / 1_000).toFixed(1)} s`
  const room = width - left.length
  const paintedTime = room < time.length + 2 ? '' : ink.dim(time.padStart(room))
  const paintedSky = open ? ink.good(sky) : ink.warn(sky)
  return `${MARGIN}${ink.bold('downpour')}  ${name}  ${paintedSky}${change}${paintedTime}`
}

function fileLines(files: readonly FileView[], screen: Screen): string[] {
  const shown = worthSeeing(files, screen.filesMax)
  const lines = shown.map(file => fileLine(file, screen))
  const hidden = files.filter(file => !shown.includes(file))
  if (hidden.length === 0) return lines
  const safe = hidden.filter(file => file.phase === 'safe').length
  const more = `${MARGIN}and ${countText(hidden.length)} more files, ${countText(safe)} of them safe`
  return [...lines, screen.ink.dim(more)]
}

/** In the order in which they were handed over; where the lines do not suffice, the ones on their way first. */
function worthSeeing(files: readonly FileView[], most: number): readonly FileView[] {
  const chosen = files.toSorted((a, b) => rank(a) - rank(b) || a.index - b.index).slice(0, most)
  return chosen.toSorted((a, b) => a.index - b.index)
}

function rank(file: FileView): number {
  if (file.phase === 'safe') return 2
  return file.phase === 'waiting' ? 1 : 0
}

function fileLine(file: FileView, { width, ink }: Screen): string {
  const nameWidth = Math.max(12, Math.min(28, Math.floor(width / 4)))
  const barWidth = Math.max(8, width - nameWidth - FILE_COLUMNS)
  const name = fittingText(file.name, nameWidth).padEnd(nameWidth)
  const octets = octetsText(file.octets).padStart(8)
  const bar =
    file.station === undefined ? '·'.repeat(barWidth) : coverageBar(file.station, barWidth)
  const held = percentText(file.station?.heldOctets ?? 0, file.octets)
  const done = file.phase === 'safe' || file.phase === 'delivered'
  const percent = (done ? '100 %' : file.station === undefined ? '0 %' : held).padStart(5)
  const painted = paintBar(bar, ink, file.phase === 'failed' ? 'bad' : done ? 'good' : 'flow')
  return `${MARGIN}${name} ${ink.dim(octets)}  ${painted} ${percent}  ${phaseText(file, ink)}`
}

function phaseText({ phase, station }: FileView, ink: Ink): string {
  if (phase === 'safe') return ink.good('safe ✓')
  if (phase === 'failed') return ink.bad('failed')
  if (phase === 'waiting') return ink.dim('waiting')
  if (phase !== 'repairing') return phase
  const gaps = station?.gapCount ?? 0
  return gaps === 0 ? 'awaiting' : ink.warn(`${countText(gaps)} gap${gaps === 1 ? '' : 's'}`)
}

function linkLines(view: PassView, { width, ink }: Screen): string[] {
  const { goodputBps, rateBps, station, onboard } = view
  const bar = levelBar(goodputBps, rateBps, gaugeWidth(width))
  const frames = station?.frames ?? { good: 0, corrected: 0, lost: 0 }
  const seen = frames.good + frames.lost
  const lost = `${countText(frames.lost)} lost (${share(frames.lost, seen)})`
  const pdus = onboard?.pdus ?? { sent: 0, retransmitted: 0 }
  const corrected = `${countText(frames.corrected)} corrected`
  return [
    `${label('goodput', ink)}▕${ink.flow(bar)}▏ ${rateText(goodputBps)} of ${rateText(rateBps)}`,
    label('frames', ink) +
      [
        `${countText(frames.good)} good`,
        frames.corrected > 0 ? ink.warn(corrected) : corrected,
        frames.lost > 0 ? ink.bad(lost) : lost,
      ].join('   '),
    `${label('PDUs', ink)}${countText(pdus.sent)} sent   ${countText(pdus.retransmitted)} of them again`,
  ]
}

function processLines(
  view: PassView,
  files: readonly FileView[],
  { width, ink }: Screen,
): string[] {
  const buffer = view.onboard?.buffer
  const bar = levelBar(buffer?.octets ?? 0, buffer?.octetsMax ?? 1, gaugeWidth(width))
  const held = `${octetsText(buffer?.octets ?? 0)} of ${octetsText(buffer?.octetsMax ?? 0)}`
  const memory = [view.onboard, view.station, view.link]
    .filter(status => status !== undefined)
    .map(status => `${status.role} ${octetsText(status.rssPeakOctets)}`)
  return [
    `${label('buffer', ink)}▕${ink.flow(bar)}▏ ${held}`,
    `${label('waiting', ink)}${octetsText(unacknowledgedOctets(files))} sent and not acknowledged`,
    `${label('memory', ink)}${memory.join('   ') || '-'}`,
  ]
}

function label(name: string, ink: Ink): string {
  return MARGIN + ink.dim(name.padEnd(9))
}

function gaugeWidth(width: number): number {
  return Math.max(8, Math.min(40, width - 50))
}

function share(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : '0 %'
}

function totalOctets(files: readonly FileView[]): number {
  return files.reduce((sum, file) => sum + file.octets, 0)
}

const MARGIN = '  '
/** Of a file's line, all but the name and the bar: margin, octets, percent, phase. */
const FILE_COLUMNS = 2 + 1 + 8 + 2 + 1 + 5 + 2 + 10
