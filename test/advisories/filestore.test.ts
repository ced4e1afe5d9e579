/**
 * What went wrong where others keep files that came over the air, done to ours. The ids of the advisories begin the
 * name of each test; docs/security.md lists them. Names are in test/hal/files and test/hal/cfdp-peer.test.ts.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Archive } from '../../hal/files/archive.ts'
import { Filestore } from '../../hal/files/filestore.ts'
import { safeName } from '../../hal/files/safe-name.ts'
import { FILESTORE_ACTION } from '../../protocol/cfdp/pdu/filestore.ts'
import { readTree, type Tree } from '../house/tree.ts'

/** Ways from octets to code, and from text to a shell. */
const RUNS = [
  /\beval\s*\(/,
  /\bnew\s+Function\b/,
  /\bdlopen\b/,
  /node:vm\b/,
  /\bshell\s*:/,
  /\b(?:exec|execSync)\s*\(/,
]
/** Who may start a process, each with arguments of its own and no shell. */
const STARTERS = ['hal/pty.ts', 'hal/service.ts', 'hal/modems/bus/bus-line.ts', 'bin/pass/crew.ts']

t.test(
  'CVE-2024-55028, CVE-2024-55029, CVE-2024-55030, CVE-2025-59534: no text reaches a shell, and nothing that came is run',
  async t => {
    const planted = {
      'hal/a.ts': 'eval(text)',
      'hal/b.ts': "spawn('ls', { shell: true })",
      'onboard/c.ts': "execSync('rm ' + name)",
      'bin/d.ts': "import { spawn } from 'node:child_process'",
      'station/e.ts': 'new Function(text)',
    }
    t.equal(runners(new Map(Object.entries(planted))).length, 5, 'each that is planted is seen')
    t.strictSame(runners(readTree()), [])
  },
)

t.test(
  'cFS#955, CVE-2025-25372, CVE-2025-25373, CVE-2025-25374: what came has no bit to run by, and no request loads, pokes or starts anything',
  async t => {
    const folder = t.testdir({ archive: {}, store: {} })
    const archive = await Archive.open(join(folder, 'archive'))
    const id = { source: 1, sequence: 1 }
    await archive.write(id, 0, new TextEncoder().encode('#!/bin/sh\n'))
    const path = await archive.deliver(id, 10, 'app.so')
    t.equal(statSync(path).mode & 0o7777, 0o644)
    await archive.close()
    const store = await Filestore.open(join(folder, 'store'))
    const known: readonly number[] = Object.values(FILESTORE_ACTION)
    const firstName = new TextEncoder().encode('a')
    writeFileSync(join(folder, 'store', 'a'), 'a', { mode: 0o755 })
    for (let action = 0; action < 16; action++) {
      if (known.includes(action)) continue
      const { outcome } = await store.perform({ action, firstName, secondName: undefined })
      t.not(outcome, 'successful', `action ${action}`)
    }
    t.strictSame(readdirSync(join(folder, 'store')).toSorted(), ['.filestore', 'a'])
  },
)

t.test('KubOS: what is cleared away lies inside, and a link out of it is not followed', async t => {
  const folder = t.testdir({ root: { d: { a: 'a' } }, outside: { kept: 'kept' } })
  const [root, outside] = [join(folder, 'root'), join(folder, 'outside')]
  symlinkSync(outside, join(root, '.filestore'))
  symlinkSync(outside, join(root, 'link'))
  const store = await Filestore.open(root)
  t.strictSame(readdirSync(outside), ['kept'], 'old drafts are cleared, and no more')
  for (const name of ['link', 'd', '..', '../outside', 'd/../../outside']) {
    const firstName = new TextEncoder().encode(name)
    const request = { action: FILESTORE_ACTION.removeDirectory, firstName, secondName: undefined }
    t.not((await store.perform(request)).outcome, 'successful', name)
  }
  t.equal(readFileSync(join(outside, 'kept'), 'utf8'), 'kept')
  t.equal(
    readFileSync(join(root, 'd', 'a'), 'utf8'),
    'a',
    'nothing is removed with all that is in it',
  )

  const archive = await Archive.open(root)
  mkdirSync(join(root, '.partial', 'x'))
  symlinkSync(join(outside, 'kept'), join(root, '.partial', '1-7.part'))
  await t.rejects(
    archive.write({ source: 1, sequence: 7 }, 0, Uint8Array.of(1)),
    'a link is not written through',
  )
  await archive.discard({ source: 1, sequence: 7 })
  t.equal(readFileSync(join(outside, 'kept'), 'utf8'), 'kept')
  t.strictSame(await archive.leftovers(), [])
  await archive.close()
})

t.test('KubOS: a name that would leave the folder it is joined to is no name', async t => {
  const names = [
    '../../tmp',
    '/',
    '~',
    '$HOME',
    '%2e%2e',
    '....//',
    'a/..;/b',
    '.\\..\\x',
    'a/../../b',
  ]
  const safe = names.filter(name => safeName(new TextEncoder().encode(name)) !== undefined)
  t.strictSame(safe, ['~', '$HOME', '%2e%2e'])
  for (const name of safe) t.equal(join('/folder', name), `/folder/${name}`)
})

/** Each file of the product that could run what it was given: the file, and how. */
function runners(tree: Tree): readonly string[] {
  const found: string[] = []
  for (const [path, text] of tree) {
    if (!/^(?:protocol|onboard|station|ground|hal|bin)\/.*\.ts$/.test(path)) continue
    const starts = text.includes('node:child_process') && !STARTERS.includes(path)
    if (starts || RUNS.some(way => way.test(withoutComments(text)))) found.push(path)
  }
  return found
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replaceAll(/\.exec\(/g, '')
}
