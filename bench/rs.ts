/**
 * Reed-Solomon RS(255,223), dual basis, against libfec in the same run: `make bench ONLY=rs`.
 *
 * Rounds alternate, the kernel's, the plain codec's and libfec's, and the median of each counts; only their ratio means
 * something. All work on the same codewords, and all are measured in CPU time. Ours take five interleaved codewords a
 * call, as a link does, and the kernel copies them into its memory and out; libfec takes them one by one and is spared
 * the interleaving.
 */
import { spawnSync } from 'node:child_process'
import {
  ReedSolomon,
  type ReedSolomonCode,
  type ReedSolomonCodec,
} from '../protocol/coding/reed-solomon.ts'
import { reedSolomonCodec } from '../protocol/coding/reed-solomon-kernel.ts'
import { cpuMicroseconds } from './kit/cpu.ts'
import { type Figure, report } from './kit/figures.ts'
import { againstLibfec, buildLibfec } from './kit/libfec.ts'

interface Task {
  readonly name: string
  /** Undefined: encode. */
  readonly errors: number | undefined
  /** How many times as fast as libfec it has to be, by the kernel and plain. */
  readonly kernel?: number
  readonly plain?: number
}

const TASKS: readonly Task[] = [
  { name: 'encode', errors: undefined, kernel: 25, plain: 4 },
  { name: 'decode, clean', errors: 0, kernel: 45, plain: 7 },
  { name: 'decode, 1 error', errors: 1, kernel: 20 },
  { name: 'decode, 4 errors', errors: 4 },
  { name: 'decode, 8 errors', errors: 8, kernel: 12 },
  { name: 'decode, 16 errors', errors: 16, kernel: 10 },
]
const ROUNDS = 7
const ROUND_MS = 100
const INTERLEAVE = 5
const CODEBLOCKS = 40

const CODE: ReedSolomonCode = { basis: 'dual', parity: 32, interleave: INTERLEAVE }
const kernel = reedSolomonCodec(CODE)
const plain = new ReedSolomon(CODE)
const libfec = buildLibfec('rs')
const expected = digestOf(makeCodeblocks(0).clean)
if (kernel instanceof ReedSolomon)
  console.error('The engine has no SIMD in WebAssembly: the kernel does not run here')

for (const task of TASKS) for (const codec of [kernel, plain]) ours(codec, task)
report(TASKS.flatMap(measure))

function measure(task: Task): readonly Figure[] {
  const byKernel: number[] = []
  const byPlain: number[] = []
  const their: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    byKernel.push(ours(kernel, task))
    byPlain.push(ours(plain, task))
    if (libfec !== undefined) their.push(theirs(libfec, task))
  }
  return [
    againstLibfec(`Reed-Solomon, ${task.name}`, {
      our: byKernel,
      their,
      unit: 'MB/s',
      least: task.kernel,
    }),
    againstLibfec(`Reed-Solomon without the kernel, ${task.name}`, {
      our: byPlain,
      their,
      unit: 'MB/s',
      least: task.plain,
    }),
  ]
}

/** One round of ours, in information octets per microsecond of CPU: MB/s. */
function ours(codec: ReedSolomonCodec, task: Task): number {
  const { clean, dirty } = makeCodeblocks(task.errors ?? 0)
  const work = new Uint8Array(codec.codeblockOctets)
  const wrong = (task.errors ?? 0) * INTERLEAVE
  const begun = cpuMicroseconds()
  let done = 0
  let spent = 0
  do {
    for (let i = 0; i < CODEBLOCKS; i++)
      if (task.errors === undefined) codec.encode(clean[i] as Uint8Array)
      else {
        work.set(dirty[i] as Uint8Array)
        if (codec.decode(work) !== wrong) throw new Error(`Cannot correct ${task.errors} errors`)
      }
    done += CODEBLOCKS * codec.frameOctets
    spent = cpuMicroseconds() - begun
  } while (spent < ROUND_MS * 1000)
  return done / spent
}

/** One round of theirs, in the same unit. */
function theirs(program: string, { errors }: Task): number {
  const work = errors === undefined ? ['encode'] : ['decode', `${errors}`]
  const round = spawnSync(program, [...work, `${ROUND_MS}`], { encoding: 'utf8' })
  const [rate, digest] = round.stdout.split(' ').map(Number)
  if (round.status !== 0 || rate === undefined || digest !== expected)
    throw new Error(
      `Cannot compare with libfec: exit ${round.status}, codewords ${digest}, ours ${expected}`,
    )
  return rate
}

/** The same numbers as in bench/libfec/rs.c, in the same order. */
function makeCodeblocks(errors: number): { clean: Uint8Array[]; dirty: Uint8Array[] } {
  let state = 1
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 16
  const clean = Array.from({ length: CODEBLOCKS }, () => {
    const codeblock = new Uint8Array(plain.codeblockOctets)
    for (let i = 0; i < INTERLEAVE; i++)
      for (let at = i; at < plain.frameOctets; at += INTERLEAVE) codeblock[at] = next()
    plain.encode(codeblock)
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
