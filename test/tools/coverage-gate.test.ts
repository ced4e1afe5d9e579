import t from 'tap'
import { coverageOf, hasCode, ranThroughTap } from '../../tools/coverage-gate.ts'

t.test('coverageOf() names stretches of lines and branches that did not run', async t => {
  const at = (line: number) => ({ start: { line } })
  const coverage = coverageOf({
    statementMap: { 0: at(1), 1: at(2), 2: at(3), 3: at(9) },
    s: { 0: 5, 1: 0, 2: 0, 3: 0 },
    branchMap: { 0: { locations: [at(4)] }, 1: { locations: [at(7)] } },
    b: { 0: [1], 1: [0] },
  })
  t.strictSame(coverage, {
    lines: 4,
    linesRun: 1,
    branches: 2,
    branchesRun: 1,
    missing: ['2: lines to 3', '9: line', '7: branch'],
  })
})

t.test('hasCode() tells a file of types from one that runs', async t => {
  t.notOk(
    hasCode(
      "import type { A } from './a.ts'\n/** Words. */\nexport interface B { a: A }\nexport type C = B | A",
    ),
  )
  t.ok(hasCode('export const LIMIT = 4'))
  t.ok(hasCode('export function f(): void {}'))
})

t.test('ranThroughTap() knows the compiler of a process, and one that was killed', async t => {
  const note = (...execArgv: string[]) => JSON.stringify({ execArgv })
  t.ok(ranThroughTap(note('--import=file:///a/@tapjs/typescript/import.mjs')))
  t.notOk(ranThroughTap(note('--import', 'tsx')))
  t.notOk(ranThroughTap(note('--import=file:///a/@tapjs/typescript/import.mjs').slice(0, -3)))
  t.notOk(ranThroughTap(''))
  t.throws(() => ranThroughTap('{}'))
})
