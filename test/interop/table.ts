/**
 * `make interop`: files between Downpour and cfdp-py over a bad way, in both directions, as a table. Ends with 1
 * if a case that must work does not. docs/interop.md says why some need not.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CLEAN, LOSSY, nameOf, SINGLE, verdict } from './cases.ts'
import { CfdpPy, pythonWithCfdp } from './cfdp-py.ts'
import { transfer } from './transfer.ts'

/** How long a case may take. */
const CASE_MS = 7_000
const python = pythonWithCfdp()
if (python === undefined) throw new Error('Cannot find a Python with cfdp-py: run `make interop`')
const folder = mkdtempSync(join(tmpdir(), 'downpour-interop-'))
const peer = await CfdpPy.start(python)
let wrong = 0
try {
  console.log('| case | file | Downpour | cfdp-py | lost | time | |')
  console.log('|---|---|---|---|---:|---:|---|')
  const only = process.argv[2] ?? ''
  for (const one of [...CLEAN, ...LOSSY, ...SINGLE].filter(one => nameOf(one).includes(only))) {
    const outcome = await transfer(one, peer, join(folder, 'case'), CASE_MS)
    const judged = verdict(one, outcome)
    if (judged.startsWith('wrong')) wrong += 1
    const { isSame, downpour, cfdpPy, troubles, lost, ms } = outcome
    const notes = [judged, ...new Set(troubles)].join('; ').slice(0, 160)
    console.log(
      `| ${nameOf(one)} | ${isSame ? 'same' : 'not there'} | ${downpour} | ${cfdpPy} | ${lost} | ${(ms / 1_000).toFixed(1)} s | ${notes} |`,
    )
  }
} finally {
  peer.stop()
  rmSync(folder, { recursive: true, force: true })
}
console.log(`\n${wrong} wrong`)
process.exitCode = wrong === 0 ? 0 : 1
