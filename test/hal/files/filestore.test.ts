import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { Filestore, type FilestoreLimits } from '../../../hal/files/filestore.ts'
import { MemoryFilestore } from '../../../protocol/cfdp/entity/memory-filestore.ts'
import { FILESTORE_ACTION, type FilestoreRequest } from '../../../protocol/cfdp/pdu/filestore.ts'
import { DRAWN } from '../../kit/drawn.ts'
import { STEPS } from '../../protocol/cfdp/filestore/steps.ts'

const A = FILESTORE_ACTION
const EVERY_ACTION = Object.values(A)

t.test('Filestore executes every action', async t => {
  const { perform, root } = await opened(t)
  writeFileSync(join(root, 'a'), 'one')
  writeFileSync(join(root, 'b'), 'two')
  for (const [action, first, second, outcome] of STEPS)
    t.match(await perform(action, first, second), { outcome }, `${action} ${first} ${second}`)
  t.equal(readFileSync(join(root, 'b'), 'utf8'), 'onetwo')
  t.strictSame(readdirSync(root).toSorted(), ['.filestore', 'b'])
  t.strictSame(readdirSync(join(root, '.filestore')), [])
})

/** The lines of the list of attacks that are about names: each as every name of every action. */
for (const [attack, name] of [
  ['an absolute path', '/etc/passwd'],
  ['a way up', '../outside'],
  ['a way up inside', 'd/../../outside'],
  ['a way up at the end', 'd/..'],
  ['here', '.'],
  ['a NUL', 'a\0b'],
  ['a control character', 'a\nb'],
  ['a name of more than 255 octets', 'x'.repeat(256)],
  ['a component of more than 255 octets', `d/${'ü'.repeat(128)}`],
  ['a device of Windows', 'd/AUX.txt'],
  ['a drive of Windows', 'C:file'],
  ['a backslash', '..\\outside'],
  ['a hidden file', '.filestore/1'],
  ['the partial files', '.partial/1-1.part'],
  ['a link to a folder outside', 'out/secret'],
  ['a link to a file outside', 'link'],
  ['a link to nothing', 'dangling'],
  ['a name that is not UTF-8', Uint8Array.of(0x61, 0xff)],
  ['no name', ''],
  ['an empty component', 'd//a'],
  ['a mark that turns text around', 'a\u202egpj'],
] as const)
  t.test(`Filestore refuses ${attack}`, async t => {
    const { store, root, outside } = await opened(t)
    writeFileSync(join(outside, 'secret'), 'secret')
    mkdirSync(join(root, 'd'))
    writeFileSync(join(root, 'd', 'a'), 'a')
    symlinkSync(outside, join(root, 'out'))
    symlinkSync(join(outside, 'secret'), join(root, 'link'))
    symlinkSync(join(outside, 'nothing'), join(root, 'dangling'))
    const before = tree(t.testdirName)
    const bad = typeof name === 'string' ? octetsOf(name) : name
    const good = octetsOf('d/a')
    for (const action of EVERY_ACTION)
      for (const request of hasTwo(action)
        ? [
            { action, firstName: bad, secondName: good },
            { action, firstName: good, secondName: bad },
            { action, firstName: bad, secondName: bad },
          ]
        : [{ action, firstName: bad, secondName: undefined }]) {
        const { outcome } = await store.perform(request)
        // A new name that is a link is refused because it is there.
        const isTaken = action === A.renameFile && request.firstName === good
        t.ok(
          outcome === 'not allowed' || (isTaken && outcome === 'exists'),
          `action ${action}: ${outcome}`,
        )
      }
    await t.rejects(store.source(bad))
    if (name !== '' && name !== '.') await t.rejects(store.folder(bad))
    t.strictSame(tree(t.testdirName), before, 'nothing changed anywhere')
  })

t.test(
  'Filestore gives nothing an executable bit, and replaces what a link count shares',
  async t => {
    const { perform, root } = await opened(t)
    writeFileSync(join(root, 'script'), '#!/bin/sh\n', { mode: 0o755 })
    writeFileSync(join(root, 'b'), 'b')
    await perform(A.createFile, 'new')
    await perform(A.replaceFile, 'b', 'script')
    await perform(A.appendFile, 'script', 'b')
    for (const name of ['new', 'b', 'script'])
      t.equal(statSync(join(root, name)).mode & 0o111, 0, name)
    await perform(A.createDirectory, 'd')
    t.equal(statSync(join(root, 'd')).mode & 0o7000, 0)
  },
)

t.test('Filestore touches no pipe and no device', async t => {
  const { perform, root } = await opened(t)
  execFileSync('mkfifo', [join(root, 'pipe')])
  writeFileSync(join(root, 'a'), 'a')
  for (const action of [A.deleteFile, A.denyFile, A.removeDirectory])
    t.match(await perform(action, 'pipe'), { outcome: 'not allowed' })
  for (const action of [A.renameFile, A.appendFile, A.replaceFile])
    t.match(await perform(action, 'pipe', 'a'), { outcome: 'not allowed' })
  t.match(await perform(A.appendFile, 'a', 'pipe'), { outcome: 'not allowed' })
  t.ok(lstatSync(join(root, 'pipe')).isFIFO())
})

t.test(
  'Filestore: no file grows over its limit, and all of them no more than the quota',
  async t => {
    const { perform, root } = await opened(t, { fileOctetsMax: 100, growthOctetsMax: 150 })
    writeFileSync(join(root, 'a'), 'a'.repeat(60))
    writeFileSync(join(root, 'b'), 'b'.repeat(50))
    writeFileSync(join(root, 'c'), 'c'.repeat(50))
    const message = 'files of more than 100 octets are not made'
    t.strictSame(await perform(A.appendFile, 'a', 'b'), { outcome: 'not allowed', message })
    t.match(await perform(A.appendFile, 'b', 'c'), { outcome: 'successful' })
    t.match(await perform(A.replaceFile, 'c', 'b'), { outcome: 'successful' })
    t.match(await perform(A.replaceFile, 'a', 'b'), { outcome: 'successful' })
    writeFileSync(join(root, 'd'), 'd'.repeat(50))
    const used = { outcome: 'not allowed', message: 'the quota is used up' }
    t.strictSame(await perform(A.replaceFile, 'd', 'b'), used)
    t.match(await perform(A.deleteFile, 'c'), { outcome: 'successful' })
    t.match(await perform(A.replaceFile, 'd', 'b'), { outcome: 'successful' })
    t.strictSame(readdirSync(join(root, '.filestore')), [])
  },
)

t.test('Filestore executes one after the other, however they are asked for', async t => {
  const { perform, root } = await opened(t)
  writeFileSync(join(root, 'a'), 'a')
  writeFileSync(join(root, 'b'), 'b')
  await Promise.all(Array.from({ length: 20 }, () => perform(A.appendFile, 'a', 'b')))
  t.equal(readFileSync(join(root, 'a'), 'utf8'), `a${'b'.repeat(20)}`)
})

t.test(
  'Filestore clears what a crash left, and says of the system only the name of its error',
  async t => {
    const { root } = await opened(t)
    writeFileSync(join(root, '.filestore', 'left'), 'x')
    const store = await Filestore.open(root)
    t.strictSame(readdirSync(join(root, '.filestore')), [])
    rmdirSync(join(root, '.filestore'))
    writeFileSync(join(root, 'a'), 'a')
    const request = { action: A.appendFile, firstName: octetsOf('a'), secondName: octetsOf('a') }
    t.strictSame(await store.perform(request), { outcome: 'not allowed', message: 'ENOENT' })
  },
)

t.test('Filestore.source() and .folder() answer paths of what is there', async t => {
  const { store, root } = await opened(t)
  mkdirSync(join(root, 'd'))
  writeFileSync(join(root, 'd', 'a'), 'a')
  t.equal(await store.source(octetsOf('d/a')), join(root, 'd/a'))
  t.equal(await store.folder(octetsOf('d')), join(root, 'd'))
  for (const name of ['', '.']) t.equal(await store.folder(octetsOf(name)), root)
  for (const name of ['d', 'none']) await t.rejects(store.source(octetsOf(name)))
  for (const name of ['d/a', 'none']) await t.rejects(store.folder(octetsOf(name)))
})

t.test('Filestore never leaves its root, whatever the names', async t => {
  const { store, outside, root } = await opened(t)
  symlinkSync(outside, join(root, 'out'))
  writeFileSync(join(outside, 'secret'), 'secret')
  const component = fc.oneof(
    fc.constantFrom('..', '.', '', 'out', 'secret', 'd', '~', 'con', 'a', '\0', '%2e%2e', '…'),
    fc.string({ unit: 'binary', maxLength: 6 }),
  )
  const name = fc
    .array(component, { minLength: 1, maxLength: 5 })
    .map(all => octetsOf(all.join('/')))
  const requests = fc.array(fc.tuple(fc.nat(8), name, name), { minLength: 1, maxLength: 8 })
  const before = tree(outside)
  const above = readdirSync(t.testdirName)
  const property = fc.asyncProperty(requests, async all => {
    for (const [action, firstName, secondName] of all) {
      const names = { firstName, secondName: hasTwo(action) ? secondName : undefined }
      await store.perform({ action, ...names })
    }
    return (
      tree(outside).join() === before.join() && readdirSync(t.testdirName).join() === above.join()
    )
  })
  await fc.assert(property, { ...DRAWN, numRuns: 150 })
  t.strictSame(tree(outside), before)
})

t.test('Filestore does what MemoryFilestore does, for random lists of requests', async t => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'd/a', 'd/b', 'e', 'e/d', 'e/d/a', 'a/b')
  const request = fc.tuple(fc.nat(8), name, name)
  let runs = 0
  const property = fc.asyncProperty(fc.array(request, { maxLength: 25 }), async all => {
    runs += 1
    const root = join(t.testdirName, `run-${runs}`)
    const store = await Filestore.open(root)
    const model = new MemoryFilestore(new Map())
    for (const file of ['a', 'b']) {
      writeFileSync(join(root, file), file)
      model.files.set(file, octetsOf(file))
    }
    for (const [action, first, second] of all) {
      const secondName = hasTwo(action) ? octetsOf(second) : undefined
      const asked: FilestoreRequest = { action, firstName: octetsOf(first), secondName }
      const { outcome } = await store.perform(asked)
      if (outcome !== model.perform(asked)) return false
    }
    const files = [...model.files].map(
      ([file, octets]) => `${file}=${new TextDecoder().decode(octets)}`,
    )
    const folders = [...model.folders].map(folder => `${folder}/`)
    return tree(root).join() === ['.filestore/', ...files, ...folders].toSorted().join()
  })
  t.testdir()
  await fc.assert(property, { ...DRAWN, numRuns: 100 })
  t.ok(runs >= 100)
})

async function opened(t: Test, limits: Partial<FilestoreLimits> = {}) {
  const folder = t.testdir({ root: {}, outside: {} })
  const root = join(folder, 'root')
  const store = await Filestore.open(root, limits)
  const perform = (action: number, first: string, second?: string) =>
    store.perform({
      action,
      firstName: octetsOf(first),
      secondName: second === undefined ? undefined : octetsOf(second),
    })
  return { store, perform, root, outside: join(folder, 'outside') }
}

/** All that is in a folder, links not followed. */
function tree(folder: string, below = ''): string[] {
  const found: string[] = []
  for (const entry of existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []) {
    const [path, name] = [join(folder, entry.name), `${below}${entry.name}`]
    if (entry.isDirectory()) found.push(`${name}/`, ...tree(path, `${name}/`))
    else found.push(entry.isFile() ? `${name}=${readFileSync(path, 'utf8')}` : `${name}@`)
  }
  return found.toSorted()
}

function hasTwo(action: number): boolean {
  return action === A.renameFile || action === A.appendFile || action === A.replaceFile
}

function octetsOf(name: string): Uint8Array {
  return new TextEncoder().encode(name)
}
