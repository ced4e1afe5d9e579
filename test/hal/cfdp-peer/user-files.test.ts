import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { UserFiles } from '../../../hal/cfdp-peer/user-files.ts'
import { Filestore } from '../../../hal/files/filestore.ts'

t.test('UserFiles lists what may be asked for, and lets the list go', async t => {
  const root = t.testdir({ a: 'a', '.hidden': 'x', d: { b: 'bb' } })
  writeFileSync(join(root, 'line\nbreak'), '')
  symlinkSync('/etc', join(root, 'link'))
  const files = new UserFiles(await Filestore.open(root))
  const made = await files.make({ kind: 'make listing', token: 1, directory: octetsOf('') })
  if (made.kind !== 'file ready') return t.fail(JSON.stringify(made))
  const lines = readFileSync(made.file, 'utf8').split('\n')
  t.strictSame(
    lines.map(line => line.split('\t').filter((_, n) => n !== 2)),
    [['file', '1', 'a'], ['folder', '-', 'd'], ['']],
  )
  await files.release(made.file)
  t.notOk(existsSync(made.file))
  return undefined
})

t.test('UserFiles finds files and keeps them, and writes reports', async t => {
  const root = t.testdir({ a: 'a' })
  const files = new UserFiles(await Filestore.open(root))
  const found = await files.make({ kind: 'locate file', token: 2, name: octetsOf('a') })
  t.strictSame(found, { kind: 'file ready', token: 2, file: join(root, 'a') })
  await files.release(join(root, 'a'))
  t.ok(existsSync(join(root, 'a')), 'what was only found stays')
  const report = await files.make({ kind: 'make report', token: 3, text: 'x=1\n' })
  t.match(report, { kind: 'file ready', token: 3 })
  t.equal(readdirSync(join(root, '.filestore')).length, 1)
})

t.test(
  'UserFiles refuses what is not there, what leads out, and everything without a filestore',
  async t => {
    const root = t.testdir({ a: 'a' })
    mkdirSync(join(root, 'd'))
    const files = new UserFiles(await Filestore.open(root))
    for (const name of ['none', 'd', '../a', '/etc/passwd'])
      t.match(await files.make({ kind: 'locate file', token: 1, name: octetsOf(name) }), {
        kind: 'file refused',
      })
    for (const name of ['none', 'a', '..', '/etc'])
      t.match(await files.make({ kind: 'make listing', token: 1, directory: octetsOf(name) }), {
        kind: 'file refused',
      })
    t.match(await new UserFiles(undefined).make({ kind: 'make report', token: 1, text: '' }), {
      kind: 'file refused',
    })
  },
)

function octetsOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
