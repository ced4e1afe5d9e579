/** Bars of a terminal: how full something is, and which parts of a file are there. */
import type { Ink } from './ink.ts'
import type { StationFile } from './statuses.ts'

/** A gauge, `width` cells wide, in eighths of a cell: ▕████▌   ▏ without its frame. */
export function levelBar(part: number, whole: number, width: number): string {
  const share = whole > 0 ? Math.max(0, Math.min(1, part / whole)) : 0
  const eighths = Math.floor(share * width * 8)
  const bar = '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')
  return bar.padEnd(width)
}

/** How far a file is: what is acknowledged, full, and what is sent beyond that, thin. */
export function progressBar(
  acknowledged: number,
  sent: number,
  octets: number,
  width: number,
): string {
  const full = octets > 0 ? Math.floor((Math.min(acknowledged, octets) / octets) * width) : width
  const reached = octets > 0 ? Math.ceil((Math.min(sent, octets) / octets) * width) : width
  return (
    FULL.repeat(full) +
    '░'.repeat(Math.max(0, reached - full)) +
    NONE.repeat(width - Math.max(full, reached))
  )
}

/**
 * A file, `width` cells wide: a cell is full when all its octets are held, thinner the more it lacks, a dot
 * when it has none. So the gaps show as holes, where they are.
 */
export function coverageBar(file: StationFile, width: number): string {
  const octets = file.octets ?? extent(file)
  if (octets === 0) return (file.state === 'delivered' ? FULL : NONE).repeat(width)
  const cells: string[] = []
  for (let cell = 0; cell < width; cell++) {
    const start = (cell * octets) / width
    const end = ((cell + 1) * octets) / width
    cells.push(shade(heldWithin(file, start, end) / (end - start)))
  }
  return cells.join('')
}

/** Colours a coverage bar: what is held in `pen`, what is not, dim. */
export function paintBar(bar: string, ink: Ink, pen: 'good' | 'flow' | 'bad'): string {
  return bar.replaceAll(/·+|[^·]+/gu, run => (run.startsWith(NONE) ? ink.dim(run) : ink[pen](run)))
}

function heldWithin(file: StationFile, start: number, end: number): number {
  const reach = Math.max(0, Math.min(end, extent(file)) - start)
  const missing = file.gaps.reduce(
    (sum, [from, to]) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)),
    0,
  )
  return Math.max(0, reach - missing)
}

/** How far the file reaches that is held with holes. The list of gaps may be cut short; a file is not longer. */
function extent(file: StationFile): number {
  if (file.state === 'delivered' || file.state === 'verifying')
    return file.octets ?? file.heldOctets
  const listed = file.gaps.reduce((sum, [from, to]) => sum + to - from, 0)
  const last = file.gaps.at(-1)?.[1] ?? 0
  return Math.min(file.octets ?? Infinity, Math.max(last, file.heldOctets + listed))
}

function shade(share: number): string {
  if (share > 0.999) return FULL
  if (share > 0.66) return '▓'
  if (share > 0.33) return '▒'
  return share > 0.001 ? '░' : NONE
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const FULL = '█'
const NONE = '·'
