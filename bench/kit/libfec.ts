/** What the benchmarks against libfec share: its programs, compiled here, and the ratio to it where there is one. */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { type Figure, median } from './figures.ts'

/** Compiles bench/libfec/NAME.c. Answers the path of the program, or undefined where that is not possible; and says so. */
export function buildLibfec(name: string): string | undefined {
  // From where make runs: the bundle lies elsewhere.
  const program = `bench/out/${name}`
  mkdirSync('bench/out/', { recursive: true })
  const built = spawnSync('gcc', ['-O2', '-o', program, `bench/libfec/${name}.c`, '-lfec'])
  if (built.status === 0) return program
  console.error(
    'libfec or a C compiler is not here: only our own figures. Debian: apt-get install gcc libfec-dev',
  )
  return undefined
}

/** `our` and `their`: speeds of rounds. `unit`: theirs. `least`: the target, as a ratio. */
export interface Rounds {
  readonly our: readonly number[]
  readonly their: readonly number[]
  readonly unit: string
  readonly least?: number | undefined
}

/** The ratio of the medians; where libfec is not here, our own. */
export function againstLibfec(what: string, { our, their, unit, least }: Rounds): Figure {
  const value = median(our)
  if (their.length === 0) return { what, value, unit, beside: 'libfec is not here' }
  const digits = value < 20 ? 1 : 0
  const beside = `${value.toFixed(digits)} against ${median(their).toFixed(1)} ${unit}`
  const figure = { what, value: value / median(their), unit: 'x libfec', beside }
  return least === undefined ? figure : { ...figure, least }
}
