/** docs/security.md and the tests that have the id of an advisory in their name are of each other. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { readTree } from '../house/tree.ts'

const ID = '(?:CVE-\\d{4}-\\d+|EUVD-\\d{4}-\\d+|GHSA(?:-\\w{4}){3}|\\w+#\\d+|KubOS|DoS)'
const TITLE = new RegExp(`^(${ID}(?:, ${ID})*): (.*)$`)

t.test('titles with ids are found, and rows', async t => {
  const source =
    "t.test('CF#1, KubOS: one', f)\n  t.test(\n    `DoS: two`,\n t.test('three CF#9', f)"
  t.strictSame(titled(source), [
    ['CF#1, KubOS', 'one'],
    ['DoS', 'two'],
  ])
  t.strictSame(rowsOf('| advisory | test | file |\n| CF#1 | one | a.test.ts |\n'), [
    'CF#1: one, a.test.ts',
  ])
})

t.test(
  'docs/security.md has a row for each test of an advisory, and a test for each row',
  async t => {
    const tests = [...readTree()]
      .filter(([path]) => path.startsWith('test/') && path.endsWith('.test.ts'))
      .filter(([path]) => path !== 'test/advisories/page.test.ts')
      .flatMap(([path, text]) => titled(text).map(([ids, what]) => `${ids}: ${what}, ${path}`))
    t.ok(tests.length > 30)
    t.strictSame(rowsOf(readFileSync('docs/security.md', 'utf8')).toSorted(), tests.toSorted())
  },
)

/** Titles of tests that begin with ids: the ids, and what is said of them. */
function titled(source: string): readonly (readonly [ids: string, what: string])[] {
  return [...source.matchAll(/\btest\(\s*(['"`])([^\n]*?)\1\s*,/g)].flatMap(([, , title]) => {
    const [, ids, what] = TITLE.exec(title as string) ?? []
    return ids === undefined || what === undefined ? [] : [[ids, what] as const]
  })
}

function rowsOf(page: string): readonly string[] {
  return [...page.matchAll(/^\| ([^|]*) \| ([^|]*) \| ([^|]*\.test\.ts) \|$/gm)].map(
    ([, ids, what, path]) => `${ids}: ${what}, ${path}`,
  )
}
