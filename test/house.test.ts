/**
 * The rules of the house, run: first over planted examples, so that a rule that cannot fail is noticed,
 * then over the tree. CONTRIBUTING.md says them in words.
 */
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { COMPILER, KERNEL_FILES, kernelText } from '../tools/kernel-text.ts'
import * as rules from './house/rules.ts'
import { readTree, type Tree } from './house/tree.ts'

const tree = readTree()
const LONG = '\n'.repeat(401)

rule('imports point down', rules.strangers, {
  'protocol/cfdp/a.ts': "import { x } from '../../hal/ports.ts'",
  'protocol/frame/b.ts': "import fs from 'node:fs'",
  'protocol/frame/c.ts': "import { crc } from 'crc'",
  'onboard/d.ts': "import type { Config } from '../hal/config/config.ts'",
  'onboard/e.ts': "import { archive } from '../station/archive.ts'",
  'station/f.ts': "export { frame } from '../test/kit/frame.ts'",
  'ground/a.ts': "import { crc } from 'crc'",
  'station/s.ts': "import { sgp4 } from 'satellite.js'",
  'hal/g.ts': "const main = await import('../onboard/main.ts')",
  'hal/sim/h.ts': "type Log = import('../../bin/downpour.ts').Log",
  'onboard/main.ts': "import { parse } from 'yaml'",
})

allows('imports that point down', rules.strangers, {
  'protocol/cfdp/a.ts': "import { x } from '../octets/span.ts'",
  'onboard/b.ts':
    "import type { Modem } from '../hal/ports.ts'\nimport { x } from '../protocol/x.ts'",
  'station/main.ts': "import { open } from '../hal/journal.ts'\nimport { join } from 'node:path'",
  'hal/sim/c.ts':
    "import { parse } from 'yaml'\nimport { on } from 'node:events'\nimport '../ports.ts'",
  'ground/orbit/a.ts': "import { sgp4 } from 'satellite.js'",
  'bin/downpour.ts': "import { onboard } from '../onboard/main.ts'",
})

rule('no import of a package that nobody named', rules.undeclared, {
  'hal/a.ts': "import { match } from 'tcompare'",
  'hal/b.ts': "import t from 'tap'",
  'tools/c.ts': "import { strict } from '@tapjs/asserts/strict'",
})

allows('imports of packages that are named', rules.undeclared, {
  'package.json':
    '{"name":"us","dependencies":{"yaml":"1","@a/b":"1"},"devDependencies":{"tap":"1"}}',
  'hal/a.ts': "import { parse } from 'yaml'\nimport b from '@a/b/c.js'\nimport 'node:fs'",
  'test/a.test.ts': "import t from 'tap'\nimport { cfdp } from 'us/cfdp'",
})

rule('no import circle', rules.circles, {
  'protocol/a.ts': "import { b } from './b.ts'",
  'protocol/b.ts': "import type { C } from './deep/c.ts'",
  'protocol/deep/c.ts': "import { a } from '../a.ts'",
})

rule('no barrels', rules.barrels, {
  'protocol/index.ts': 'export const one = 1',
  'protocol/all.ts': "export * from './span.ts'",
})

rule('no default exports', rules.defaultExports, {
  'hal/a.ts': 'export default 1',
  'hal/b.ts': 'export default function open() {}',
  'hal/c.ts': 'const one = 1\nexport { one as default }',
})

rule('the pure folders reach for nothing', rules.impurities, {
  'protocol/a.ts': 'export const at = Date.now()',
  'protocol/b.ts': 'export const dice = () => Math.random()',
  'onboard/c.ts': 'setTimeout(() => 0, 1)',
  'onboard/d.ts': 'export async function f() {}',
  'station/e.ts': 'export function f(p: Promise<void>) {}',
  'station/f.ts': "export const b = Buffer.from('')",
  'station/g.ts': 'console.log(1)',
  'protocol/h.ts': 'export function* f(s) { for await (const x of s) yield x }',
  'protocol/i.ts': 'await 1',
  'protocol/j.ts': 'process.exit()',
})

allows('a word that only looks worldly', rules.impurities, {
  'protocol/a.ts':
    '// Date and setTimeout\nexport const text = "process"\nexport const o = { Date: 1 }',
  'protocol/b.ts': 'export const f = (machine: M) => machine.process()',
  'onboard/main.ts': 'export async function main(): Promise<void> { console.log(Date.now()) }',
  'station/shell/files.ts': 'export const now = async () => Date.now()',
  'hal/system-clock.ts': 'setTimeout(() => 0, Date.now())',
})

rule('protocol catches once, where PDUs are parsed', rules.catches, {
  'protocol/cfdp/a.ts': 'export function f() { try { g() } catch { h() } }',
  'protocol/cfdp/pdu/codec.ts': 'try { g() } catch { h() }\ntry { g() } catch { h() }',
})

allows('the catch of the PDU codec', rules.catches, {
  'protocol/cfdp/pdu/codec.ts': 'export function parsePdu() { try { g() } catch { h() } }',
  'hal/a.ts': 'try { g() } catch { h() }',
})

rule('no file over 400 lines without a decision', rules.longFiles, { 'protocol/a.ts': LONG })

allows('a long file that a decision names', rules.longFiles, {
  'protocol/a.ts': LONG,
  'docs/decisions/0009-one-table.md': 'protocol/a.ts is one table.',
})

rule('no work left over in comments', rules.leftovers, {
  'protocol/a.ts': '// TODO later',
  'test/b.ts': ['/**', '* FIXME: sometimes', '*/'].join('\n'),
})

rule('no folder that names nothing', rules.vagueFolders, { 'protocol/utils/a.ts': '' })

rule('every decision is linked', rules.lostDecisions, { 'docs/decisions/0001-a.md': 'Why.' })

allows('a decision that is linked', rules.lostDecisions, {
  'docs/decisions/0001-a.md': 'Why.',
  'ARCHITECTURE.md': '[a](docs/decisions/0001-a.md)',
})

rule('fixtures say where they come from', rules.orphanFixtures, { 'fixtures/cfdp/a.json': '{}' })

allows('a fixture with an origin', rules.orphanFixtures, {
  'fixtures/journal/v1/a.bin': '',
  'fixtures/journal/README.md': 'By script.',
})

t.test('npm ci: the lock is whole and names no address', async t => {
  const planted = {
    packages: {
      'node_modules/a': { optionalDependencies: { 'a-linux': '1.0.0' } },
      'node_modules/b': { resolved: 'https://registry.example/b.tgz' },
    },
  }
  t.equal(rules.lockFaults(planted).length, 2, 'both planted faults are seen')
  t.strictSame(rules.lockFaults(JSON.parse(readFileSync('package-lock.json', 'utf8'))), [])
})

const noCompiler = existsSync(COMPILER) ? false : 'assemblyscript is not installed'
t.test('the embedded kernels are what their sources give', { skip: noCompiler }, async t => {
  for (const kernel of KERNEL_FILES)
    t.equal(readFileSync(kernel.text, 'utf8'), kernelText(kernel), 'make kernel')
})

type Rule = (tree: Tree) => readonly string[]

/** Every planted file breaks the rule, and the tree does not. */
function rule(name: string, judge: Rule, planted: Readonly<Record<string, string>>): void {
  t.test(name, async t => {
    const files = Object.entries(planted)
    const seen = judge(new Map(files)).join('\n')
    for (const [path] of files) t.match(seen, path, `the rule sees ${path} when it is planted`)
    t.strictSame(judge(tree), [])
  })
}

/** What the rule must let pass. */
function allows(name: string, judge: Rule, planted: Readonly<Record<string, string>>): void {
  t.test(`allowed: ${name}`, async t => {
    t.strictSame(judge(new Map(Object.entries(planted))), [])
  })
}
