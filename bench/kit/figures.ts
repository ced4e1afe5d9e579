/** What a benchmark found: figures, their targets, and whether they hold. */

export interface Figure {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** The target: at most, or at least. Neither: it is only shown. */
  readonly most?: number
  readonly least?: number
  /** What else helps to judge it. */
  readonly beside?: string
}

export function holds({ value, most = Infinity, least = -Infinity }: Figure): boolean {
  return value <= most && value >= least
}

export function targetText({ most, least }: Figure): string {
  if (most !== undefined) return `at most ${most}`
  return least === undefined ? '' : `at least ${least}`
}

/** Three digits, or all of those before the point. */
export function valueText({ value, unit }: Figure): string {
  return `${Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`.trimEnd()
}

/** Prints figures, with --json for programs. The process answers 1 if a target is missed. */
export function report(figures: readonly Figure[]): void {
  if (process.argv.includes('--json')) console.log(JSON.stringify({ figures }))
  else for (const figure of figures) console.log(lineOf(figure))
  if (!figures.every(holds)) process.exitCode = 1
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >>> 1] as number
}

export function lineOf(figure: Figure): string {
  const target = targetText(figure)
  const verdict = target === '' ? '' : `  ${target}: ${holds(figure) ? 'holds' : 'MISSED'}`
  const beside = figure.beside === undefined ? '' : `  (${figure.beside})`
  return `${figure.what.padEnd(52)} ${valueText(figure).padStart(12)}${verdict}${beside}`
}
