/**
 * `make missions SEEDS=100`: flies simulated missions on every core, names the seeds that broke a promise, and ends
 * with one line of sums. Exits 1 when a file was lost or damaged, or a promise broken.
 *
 *     tsx tools/missions.ts [count [first seed [processes]]]
 */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'

/** As deep in the tree as the sources, which look for scenarios from where they are. */
const OUTFILE = 'build/sim/mission/missions.test.mjs'
/** Nearly all that a mission makes dies young. */
const YOUNG = ['--min-semi-space-size=16', '--max-semi-space-size=32']
const CHUNK = 25
const [count = 100, first = 1, processes = availableParallelism()] = process.argv
  .slice(2)
  .map(Number)
await build({
  entryPoints: ['test/sim/missions.test.ts'],
  outfile: OUTFILE,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
})
const began = performance.now()
const chunks: { readonly seed: number; readonly missions: number }[] = []
for (let seed = first; seed < first + count; seed += CHUNK)
  chunks.push({ seed, missions: Math.min(CHUNK, first + count - seed) })
const broken: string[] = []
let files = 0
let done = 0
// Told to stop, it flies no new ones, and says what it has.
process.once('SIGTERM', () => {
  chunks.length = 0
})
await Promise.all(Array.from({ length: processes }, work))
const seconds = ((performance.now() - began) / 1_000).toFixed(0)
console.log(
  `${done} missions, ${files} files, ${broken.length} missions with a file lost, damaged or out of order: ${seconds} s`,
)
process.exitCode = broken.length === 0 && done === count ? 0 : 1

async function work(): Promise<void> {
  for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift())
    await fly(chunk.seed, chunk.missions)
}

async function fly(seed: number, missions: number): Promise<void> {
  const env = { ...process.env, MISSIONS: `${missions}`, FIRST: `${seed}`, TAP_TIMEOUT: '0' }
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit']
  const test = spawn(process.execPath, [...YOUNG, OUTFILE], { env, stdio })
  for await (const line of createInterface({ input: test.stdout })) {
    const flown = /(\d+) missions from seed \d+, (\d+) files/.exec(line)
    if (flown !== null) {
      done += Number(flown[1])
      files += Number(flown[2])
      process.stderr.write(`${done} of ${count}\n`)
    }
    const fault = /not ok \d+ - (make mission SEED=\d+)/.exec(line)?.[1]
    if (fault === undefined) continue
    broken.push(fault)
    console.log(`broken: ${fault}`)
  }
}
