/**
 * `make interop`: downlinks between Downpour and GNU Radio with gr-satellites, in both directions, and packets read
 * by tshark, as a table that is printed and put into docs/interop-framing.md. Ends with 1 if frames are not read that
 * must be. With a word as argument: the lines with that word in their names, and the page stays as it is.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Heard, heardByThem, heardByUs, pythonWithGnuRadio } from './gr-satellites.ts'
import { LINES, type Line, nameOf } from './line.ts'
import { publish } from './page.ts'
import { hasTshark, readByTshark } from './tshark.ts'

const PAGE = 'docs/interop-framing.md'
const only = process.argv[2]
/** Packets are the same behind every code. */
const PACKET_LINES: readonly Line[] = [{ interleave: 5 }, { interleave: 4, make: 'aos' }]
const folder = mkdtempSync(join(tmpdir(), 'downpour-framing-'))
const lines = LINES.filter(line => nameOf(line).includes(only ?? ''))
let wrong = 0
try {
  const python = pythonWithGnuRadio()
  if (python === undefined)
    console.log(
      'gr-satellites is left out. Debian: apt-get install --no-install-recommends gnuradio gr-satellites',
    )
  else exchange(python)
  if (hasTshark()) tell('tshark', packetRows())
  else console.log('tshark is left out. Debian: apt-get install --no-install-recommends tshark')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`\n${wrong} wrong`)
process.exitCode = wrong === 0 ? 0 : 1

function exchange(python: string): void {
  const rows: string[] = []
  for (const line of lines) {
    const theirs = heardByThem(python, line, folder)
    const ours = heardByUs(python, line, folder)
    // It looks for markers of one polarity; and how much noise a decoder bears is a measure, not a promise.
    const isFree = (line.inverted && !line.nrzM) || line.noise !== undefined
    if (!isWhole(ours) || (theirs !== undefined && !isWhole(theirs) && !isFree)) wrong += 1
    rows.push(
      `| ${nameOf(line)} | ${ours.sent} | ${told(theirs)} | ${theirs?.foreign ?? '-'} | ${told(ours)} | ${ours.foreign} |`,
    )
    console.log(rows.at(-1))
  }
  tell('gr-satellites', [
    '| line | frames | read by gr-satellites | frames besides | read by Downpour | frames besides |',
    '|---|---:|---|---:|---|---:|',
    ...rows,
  ])
}

function packetRows(): string[] {
  const rows = PACKET_LINES.map(line => {
    const { sent, same } = readByTshark(line, folder)
    if (same !== sent) wrong += 1
    return `| ${nameOf(line)} | ${sent} | ${same === sent ? 'all' : same} |`
  })
  return ['| line | packets | read by tshark |', '|---|---:|---|', ...rows]
}

function isWhole({ sent, same, isSame }: Heard): boolean {
  return same === sent && isSame !== false
}

function told(heard: Heard | undefined): string {
  if (heard === undefined) return 'has no such code'
  if (isWhole(heard)) return 'all'
  return `${heard.same}${heard.isSame === false ? ', other packets' : ''}`
}

function tell(name: string, rows: readonly string[]): void {
  console.log(`\n${name}\n${rows.join('\n')}`)
  if (only === undefined) publish(PAGE, name, rows)
}
