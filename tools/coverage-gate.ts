/**
 * The coverage gate: every line and every branch of the pure folders is run by the tests, or the
 * build fails and says which are not. A pure machine has no excuse such as a disk that will not break.
 *
 * Works on the istanbul map that tap writes with `--coverage-report=json`. A file that no test loads is
 * not in that map, so the tree is compared with it; a file of types only has nothing to run.
 */
import ts from 'typescript'

/** One file of an istanbul coverage map, as far as it is read here. */
export interface FileCoverage {
  readonly statementMap: Readonly<Record<string, { readonly start: { readonly line: number } }>>
  readonly s: Readonly<Record<string, number>>
  readonly branchMap: Readonly<
    Record<string, { readonly locations: readonly { readonly start: { readonly line: number } }[] }>
  >
  readonly b: Readonly<Record<string, readonly number[]>>
}

export interface Coverage {
  readonly lines: number
  readonly linesRun: number
  readonly branches: number
  readonly branchesRun: number
  /** `line 12` or `branch at line 12`, in order. */
  readonly missing: readonly string[]
}

export function coverageOf(file: FileCoverage): Coverage {
  const lines = Object.entries(file.s).map(([id, runs]) => ({
    at: file.statementMap[id]?.start.line ?? 0,
    runs,
  }))
  const branches = Object.entries(file.b).flatMap(([id, counts]) =>
    counts.map((runs, i) => ({ at: file.branchMap[id]?.locations[i]?.start.line ?? 0, runs })),
  )
  const linesMissing = lines.filter(line => line.runs === 0).map(line => line.at)
  const branchesMissing = branches.filter(branch => branch.runs === 0).map(branch => branch.at)
  return {
    lines: lines.length,
    linesRun: lines.length - linesMissing.length,
    branches: branches.length,
    branchesRun: branches.length - branchesMissing.length,
    missing: [
      ...stretches(linesMissing).map(([from, to]) =>
        from === to ? `${from}: line` : `${from}: lines to ${to}`,
      ),
      ...branchesMissing.toSorted((a, b) => a - b).map(at => `${at}: branch`),
    ],
  }
}

/** Whether there is anything in the source that runs: types and re-exported types are erased. */
export function hasCode(source: string): boolean {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      removeComments: true,
    },
  })
  return outputText.replace(/export \{\};?/, '').trim() !== ''
}

/**
 * Whether a process, as tap's note of it says, ran through tap's own compiler: others number the same lines otherwise.
 * Of one that was killed as it wrote its note nothing is whole, and nothing counts.
 */
export function ranThroughTap(note: string): boolean {
  try {
    const { execArgv } = JSON.parse(note) as { readonly execArgv: readonly string[] }
    return execArgv.some(arg => arg.includes('@tapjs/typescript'))
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

/** Runs of adjoining numbers, as [first, last]. */
function stretches(numbers: readonly number[]): [number, number][] {
  const found: [number, number][] = []
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = found.at(-1)
    if (last !== undefined && number <= last[1] + 1) last[1] = number
    else found.push([number, number])
  }
  return found
}
