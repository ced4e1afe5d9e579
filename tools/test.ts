/**
 * `make test`: runs tap over the whole of test/, holds the coverage gate against the result, and ends
 * with one line of sums. Exits 1 when a test failed, when a gated line is not run, or when tap broke.
 *
 *     tsx tools/test.ts [options of tap] [file ...]
 *
 * With files named it runs those alone, and no gate: a part of the tests covers a part of the code.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import { createInterface } from 'node:readline'
import { coverageOf, type FileCoverage, hasCode, ranThroughTap } from './coverage-gate.ts'
import { type Sums, Tally } from './tally.ts'

const GATED = ['protocol', 'onboard', 'station']
/** They only join a machine to the world, and run as the built processes that test/process kills and starves. */
const SHELL = /^(onboard|station)\/(main\.ts|shell\/)/
const REPORTED = ['hal', 'bin']
/** AssemblyScript, which no TypeScript test can load; what is made of it is tested. */
const COMPILED = 'protocol/coding/kernel/'
const TAP = 'node_modules/.bin/tap'
const REPORT = '.tap/report/coverage-final.json'

const args = process.argv.slice(2)
const isWhole = args.every(arg => arg.startsWith('-'))
if (isWhole) rmSync(REPORT, { force: true })
const tests = await runTap()
const gateHolds = !isWhole || holdGate()
const { passed, failed, skipped } = tests
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed === 0 && gateHolds ? 0 : 1

async function runTap(): Promise<Sums> {
  const coverage = isWhole
    ? ['--coverage-report=none', '--allow-incomplete-coverage']
    : ['--disable-coverage']
  const tap = spawn(TAP, ['--reporter=tap', ...coverage, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    tap.once('error', reject)
    tap.once('close', resolve)
  })
  const tally = new Tally()
  for await (const text of createInterface({ input: tap.stdout })) {
    for (const shown of tally.line(text)) console.log(shown)
  }
  const code = await ended
  const sums = tally.sums()
  if (code === 0 || sums.failed > 0) return sums
  console.log(`tap ended with ${String(code)} and named no failure`)
  return { ...sums, failed: 1 }
}

function holdGate(): boolean {
  dropForeignCoverage()
  spawnSync(TAP, ['report', 'json', '--allow-incomplete-coverage'])
  if (!existsSync(REPORT)) {
    console.log('coverage: tap wrote no report, so the gate is not held')
    return false
  }
  const map = coverageMap()
  const missing = GATED.flatMap(folder => missingIn(folder, map))
  console.log('')
  for (const folder of [...GATED, ...REPORTED]) console.log(summary(folder, map))
  for (const text of missing) console.log(text)
  if (missing.length === 0) return true
  console.log(
    `coverage: ${GATED.join(', ')} want every line and branch run; ${missing.length} are not`,
  )
  return false
}

/**
 * Processes that tests start through another compiler (tsx, or the built code) number the same lines otherwise;
 * added up with the rest, their counts make nonsense. What counts is what ran through tap's own compiler.
 */
function dropForeignCoverage(): void {
  for (const name of existsSync('.tap/processinfo') ? readdirSync('.tap/processinfo') : []) {
    const info = readFileSync(`.tap/processinfo/${name}`, 'utf8')
    if (!ranThroughTap(info)) rmSync(`.tap/coverage/${name}`, { force: true })
  }
}

function missingIn(folder: string, map: ReadonlyMap<string, FileCoverage>): string[] {
  return sources(folder).flatMap(path => {
    if (SHELL.test(path)) return []
    const file = map.get(path)
    if (file !== undefined)
      return coverageOf(file).missing.map(what => `  not run  ${path}:${what}`)
    const isBlank = !hasCode(readFileSync(path, 'utf8'))
    return isBlank ? [] : [`  not run  ${path}:1: no test loads this file`]
  })
}

function summary(folder: string, map: ReadonlyMap<string, FileCoverage>): string {
  let [lines, linesRun, branches, branchesRun] = [0, 0, 0, 0]
  for (const [path, file] of map) {
    if (!path.startsWith(`${folder}/`) || SHELL.test(path)) continue
    const coverage = coverageOf(file)
    lines += coverage.lines
    linesRun += coverage.linesRun
    branches += coverage.branches
    branchesRun += coverage.branchesRun
  }
  const gate = GATED.includes(folder) ? '' : '  (reported, not gated)'
  return `coverage  ${folder.padEnd(8)} lines ${linesRun}/${lines}  branches ${branchesRun}/${branches}${gate}`
}

function coverageMap(): Map<string, FileCoverage> {
  const report = JSON.parse(readFileSync(REPORT, 'utf8')) as Record<string, FileCoverage>
  return new Map(
    Object.entries(report).map(([path, file]) => [relative(process.cwd(), path), file]),
  )
}

function sources(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => `${folder}/${name}`)
    .filter(path => !path.startsWith(COMPILED))
    .toSorted()
}
