/** Curves over logarithmic or linear axes, with points that were measured and how sure they are, as SVG. */

export interface Axis {
  readonly label: string
  readonly from: number
  readonly to: number
  readonly ticks: readonly number[]
  readonly logarithmic: boolean
}

export interface Point {
  readonly x: number
  readonly y: number
  readonly low: number
  readonly high: number
}

export interface Curve {
  readonly name: string
  readonly line: readonly (readonly [x: number, y: number])[]
  readonly points: readonly Point[]
}

export interface Plot {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly curves: readonly Curve[]
}

/** The plots side by side, `note` below them. */
export function svgOf(plots: readonly Plot[], note: string): string {
  const width = plots.length * (PANEL + LEFT + RIGHT)
  const height = TOP + PANEL + BOTTOM
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...plots.flatMap((plot, i) => [
      `<g transform="translate(${i * (PANEL + LEFT + RIGHT) + LEFT} ${TOP})">`,
      ...panel(plot),
      '</g>',
    ]),
    `<text x="${LEFT}" y="${height - 8}" fill="#555555">${note}</text>`,
    '</svg>',
    '',
  ].join('\n')
}

function panel({ title, x, y, curves }: Plot): string[] {
  return [
    `<text x="0" y="-14" font-size="14" font-weight="bold">${title}</text>`,
    ...x.ticks.flatMap(tick => {
      const at = place(tick, x)
      return [
        `<path d="M${at} 0V${PANEL}" stroke="#dddddd"/>`,
        `<text x="${at}" y="${PANEL + 16}" text-anchor="middle">${tickText(tick, x)}</text>`,
      ]
    }),
    ...y.ticks.flatMap(tick => {
      const at = down(tick, y)
      return [
        `<path d="M0 ${at}H${PANEL}" stroke="#dddddd"/>`,
        `<text x="-6" y="${at + 4}" text-anchor="end">${tickText(tick, y)}</text>`,
      ]
    }),
    `<rect width="${PANEL}" height="${PANEL}" fill="none" stroke="#555555"/>`,
    `<text x="${PANEL / 2}" y="${PANEL + 36}" text-anchor="middle">${x.label}</text>`,
    `<text transform="translate(-48 ${PANEL / 2}) rotate(-90)" text-anchor="middle">${y.label}</text>`,
    ...curves.flatMap((curve, i) => drawn(curve, i, x, y)),
  ]
}

function drawn({ name, line, points }: Curve, row: number, x: Axis, y: Axis): string[] {
  const colour = COLOURS[row] as string
  const path = line
    .filter(([, value]) => value >= y.from && value <= y.to)
    .map(([at, value], i) => `${i === 0 ? 'M' : 'L'}${place(at, x)} ${down(value, y)}`)
    .join('')
  return [
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
    ...points.flatMap(point => {
      const at = place(point.x, x)
      const bar = `M${at} ${down(Math.max(point.low, y.from), y)}V${down(point.high, y)}`
      const dot = `<circle cx="${at}" cy="${down(point.y, y)}" r="3" fill="${colour}"/>`
      return [
        `<path d="${bar}" stroke="${colour}" stroke-width="1.5"/>`,
        ...(point.y >= y.from ? [dot] : []),
      ]
    }),
    `<path d="M12 ${PANEL - 18 - 16 * row}h18" stroke="${colour}" stroke-width="2"/>`,
    `<text x="36" y="${PANEL - 14 - 16 * row}">${name}</text>`,
  ]
}

function down(value: number, axis: Axis): number {
  return round(PANEL - place(value, axis))
}

function place(value: number, { from, to, logarithmic }: Axis): number {
  const share = logarithmic
    ? Math.log(value / from) / Math.log(to / from)
    : (value - from) / (to - from)
  return round(PANEL * share)
}

function tickText(tick: number, { logarithmic }: Axis): string {
  return logarithmic && tick < 1e-3 ? tick.toExponential(0) : `${tick}`
}

function round(pixels: number): number {
  return Math.round(10 * pixels) / 10
}

const COLOURS = ['#b2182b', '#1b7837', '#2166ac', '#762a83']
const PANEL = 400
const LEFT = 72
const RIGHT = 24
const TOP = 44
const BOTTOM = 68
