/**
 * Reed-Solomon RS(255,223), dual basis, against libfec in the same run: `npx tsx bench/rs.ts [--json]`.
 *
 * Rounds alternate, ours and libfec's, and the median of each counts; only their ratio means something. Both work on
 * the same codewords, and both are measured in CPU time. Ours takes five interleaved codewords a call, as a link
 * does; libfec takes them one by one and is spared the interleaving.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ReedSolomon } from '../protocol/coding/reed-solomon.ts'
import type { Figure } from './kit/figures.ts'

interface Task {
  readonly name: string
  /** Undefined: encode. */
  readonly errors: number | undefined
  /** How many times as fast as libfec it has to be. */
  readonly target?: number
}

/** Medians in MB/s. Without libfec there is nothing to compare. */
interface Result {
  readonly name: string
  readonly ours: number
  readonly libfec?: number
  readonly ratio?: number
  readonly target?: number
  readonly holds?: boolean
}

const TASKS: readonly Task[] = [
  { name: 'encode', errors: undefined, target: 4 },
  { name: 'decode, clean', errors: 0, target: 7 },
  ...[1, 4, 8, 16].map(errors => ({ name: `decode, ${errors} errors`, errors })),
]
const ROUNDS = 7
const ROUND_MS = 100
const INTERLEAVE = 5
const CODEBLOCKS = 40

const code = new ReedSolomon({ basis: 'dual', parity: 32, interleave: INTERLEAVE })
const libfec = buildLibfec()
if (libfec === undefined)
  console.error(
    'libfec or a C compiler is not here: only our own figures. Debian: apt-get install gcc libfec-dev',
  )

for (const task of TASKS) ours(task)
const results = TASKS.map(measure)

if (process.argv.includes('--json'))
  console.log(JSON.stringify({ figures: results.map(figureOf), unit: 'MB/s', results }))
else for (const result of results) console.log(lineOf(result))
if (results.some(result => result.holds === false)) process.exitCode = 1

function measure(task: Task): Result {
  const our: number[] = []
  const their: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    our.push(ours(task))
    if (libfec !== undefined) their.push(libfec(task))
  }
  const result = { name: task.name, ours: median(our) }
  if (libfec === undefined) return result
  const compared = { ...result, libfec: median(their), ratio: median(our) / median(their) }
  if (task.target === undefined) return compared
  return { ...compared, target: task.target, holds: compared.ratio >= task.target }
}

/** One round of ours, in information octets per microsecond of CPU: MB/s. */
function ours(task: Task): number {
  const { clean, dirty } = makeCodeblocks(task.errors ?? 0)
  const work = new Uint8Array(code.codeblockOctets)
  const wrong = (task.errors ?? 0) * INTERLEAVE
  const begun = cpuMicroseconds()
  let done = 0
  let spent = 0
  do {
    for (let i = 0; i < CODEBLOCKS; i++)
      if (task.errors === undefined) code.encode(clean[i] as Uint8Array)
      else {
        work.set(dirty[i] as Uint8Array)
        if (code.decode(work) !== wrong) throw new Error(`Cannot correct ${task.errors} errors`)
      }
    done += CODEBLOCKS * code.frameOctets
    spent = cpuMicroseconds() - begun
  } while (spent < ROUND_MS * 1000)
  return done / spent
}

/** Compiles bench/libfec/rs.c; answers what runs a round of it, or undefined where that is not possible. */
function buildLibfec(): ((task: Task) => number) | undefined {
  const out = fileURLToPath(new URL('out/', import.meta.url))
  const source = fileURLToPath(new URL('libfec/rs.c', import.meta.url))
  mkdirSync(out, { recursive: true })
  const built = spawnSync('gcc', ['-O2', '-o', `${out}rs`, source, '-lfec'])
  if (built.status !== 0) return undefined
  const expected = digestOf(makeCodeblocks(0).clean)
  return ({ errors }) => {
    const work = errors === undefined ? ['encode'] : ['decode', `${errors}`]
    const round = spawnSync(`${out}rs`, [...work, `${ROUND_MS}`], { encoding: 'utf8' })
    const [rate, digest] = round.stdout.split(' ').map(Number)
    if (round.status !== 0 || rate === undefined || digest !== expected)
      throw new Error(
        `Cannot compare with libfec: exit ${round.status}, codewords ${digest}, ours ${expected}`,
      )
    return rate
  }
}

/** The same numbers as in bench/libfec/rs.c, in the same order. */
function makeCodeblocks(errors: number): { clean: Uint8Array[]; dirty: Uint8Array[] } {
  let state = 1
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 16
  const clean = Array.from({ length: CODEBLOCKS }, () => {
    const codeblock = new Uint8Array(code.codeblockOctets)
    for (let i = 0; i < INTERLEAVE; i++)
      for (let at = i; at < code.frameOctets; at += INTERLEAVE) codeblock[at] = next()
    code.encode(codeblock)
    return codeblock
  })
  const dirty = clean.map(codeblock => codeblock.slice())
  for (const [block, codeblock] of dirty.entries())
    for (let i = 0; i < INTERLEAVE; i++)
      for (let k = 0; k < errors; ) {
        const at = (next() % 255) * INTERLEAVE + i
        if (codeblock[at] !== clean[block]?.[at]) continue
        codeblock[at] = (codeblock[at] as number) ^ (1 + (next() % 255))
        k++
      }
  return { clean, dirty }
}

function digestOf(codeblocks: readonly Uint8Array[]): number {
  let digest = 2166136261
  for (const codeblock of codeblocks)
    for (let i = 0; i < INTERLEAVE; i++)
      for (let at = i; at < codeblock.length; at += INTERLEAVE)
        digest = Math.imul(digest ^ (codeblock[at] as number), 16777619)
  return digest >>> 0
}

/** The ratio where there is one. */
function figureOf({ name, ours: our, libfec: their, ratio, target }: Result): Figure {
  const what = `Reed-Solomon, ${name}`
  if (ratio === undefined) return { what, value: our, unit: 'MB/s', beside: 'libfec is not here' }
  const beside = `${our.toFixed(0)} against ${their?.toFixed(0)} MB/s`
  const least = target === undefined ? {} : { least: target }
  return { what, value: ratio, unit: 'x libfec', beside, ...least }
}

function lineOf({ name, ours: our, libfec: their, ratio, target, holds }: Result): string {
  let line = `${name.padEnd(17)} ours ${figure(our)} MB/s`
  if (ratio !== undefined) line += `  libfec ${figure(their)} MB/s  ratio ${figure(ratio)}`
  if (holds !== undefined) line += `  target ${target}: ${holds ? 'holds' : 'MISSED'}`
  return line
}

function figure(value = 0): string {
  return value.toFixed(1).padStart(6)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >>> 1] as number
}

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
