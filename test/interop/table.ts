/**
 * `make interop`: files between Downpour and other entities over a bad way, in both directions, as a table that is
 * printed and put into docs/interop.md. Ends with 1 if a case that must work does not; the page says why some
 * need not. With a word as argument: the cases with that word in their names, and the page stays as it is.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CLEAN, LOSSY, nameOf, SINGLE, verdict, YAMCS } from './cases.ts'
import { CfdpPy, pythonWithCfdp } from './cfdp-py.ts'
import { publish } from './page.ts'
import { type Case, type Peer, transfer } from './transfer.ts'
import { hasYamcs, Yamcs } from './yamcs.ts'

/** How long a case may take. */
const CASE_MS = 7_000
const PAGE = 'docs/interop.md'
const only = process.argv[2]
const folder = mkdtempSync(join(tmpdir(), 'downpour-interop-'))
let wrong = 0
try {
  const python = pythonWithCfdp()
  if (python === undefined) console.log('cfdp-py is left out: no Python has it')
  else await fly(await CfdpPy.start(python), [...CLEAN, ...LOSSY, ...SINGLE])
  if (hasYamcs()) {
    const place = join(folder, 'yamcs')
    mkdirSync(place)
    await fly(await Yamcs.start(place), YAMCS)
  } else
    console.log('Yamcs is left out: `make interop` fetches it where there are Java 17 and Maven')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`\n${wrong} wrong`)
process.exitCode = wrong === 0 ? 0 : 1

async function fly(peer: Peer & { stop(): void }, cases: readonly Case[]): Promise<void> {
  const rows: string[] = []
  const tell = (row: string) => {
    rows.push(row)
    console.log(row)
  }
  tell(`| case | file | Downpour | ${peer.name} | lost | |`)
  tell('|---|---|---|---|---:|---|')
  try {
    for (const one of cases.filter(one => nameOf(one, peer.name).includes(only ?? ''))) {
      const outcome = await transfer(one, peer, join(folder, 'case'), CASE_MS)
      const judged = verdict(one, outcome, peer.name)
      if (judged.startsWith('wrong')) wrong += 1
      const { isSame, downpour, peer: there, troubles, lost } = outcome
      const notes = [judged, ...new Set(troubles)].join('; ').slice(0, 160).replaceAll('|', '/')
      const file = isSame ? 'same' : 'not there'
      tell(`| ${nameOf(one, peer.name)} | ${file} | ${downpour} | ${there} | ${lost} | ${notes} |`)
    }
  } finally {
    peer.stop()
  }
  if (only === undefined) publish(PAGE, peer.name, rows)
}
