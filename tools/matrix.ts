/**
 * `make matrix`: runs the test series of CFDP and writes docs/cfdp-conformance.md. Exits 1 when a test of them failed.
 *
 *     tsx tools/matrix.ts
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { page, type Ran, ranIn } from './conformance.ts'

const FOLDER = 'test/protocol/cfdp'
const PAGE = 'docs/cfdp-conformance.md'
const FILE_MS = 120_000
const files = readdirSync(FOLDER).filter(name => /^series-f\d+\.test\.ts$/.test(name))
const ran: Ran[] = files.toSorted().flatMap(name => {
  const { stdout, status } = spawnSync('node_modules/.bin/tsx', [`${FOLDER}/${name}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: FILE_MS,
  })
  const cases = ranIn(stdout)
  if (cases.length === 0) throw new Error(`${name} ran no case: exit ${status}`)
  return cases
})
writeFileSync(PAGE, page(ran))
const failed = ran.filter(({ passed }) => !passed)
console.log(`${ran.length - failed.length} of ${ran.length} pass; written to ${PAGE}`)
for (const { name } of failed) console.log(`fails: ${name}`)
process.exitCode = failed.length === 0 ? 0 : 1
