import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { isDiskFull } from '../../../hal/file-error.ts'
import { Archive } from '../../../hal/files/archive.ts'
import { CHECKSUM, FileChecksum } from '../../../protocol/cfdp/checksum.ts'

const ONE = { source: 1, sequence: 7 }
const WIDE = { source: 2n ** 64n - 1n, sequence: 2n ** 63n }
const OCTETS = Uint8Array.from({ length: 5_000 }, (_, i) => i * 3)

async function folderOf(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'archive-'))
  t.teardown(() => rm(folder, { recursive: true }))
  return folder
}

/** Of this process. */
async function openFiles(): Promise<number> {
  return (await readdir('/proc/self/fd')).length
}

async function archiveOf(t: Test) {
  const folder = await folderOf(t)
  const archive = await Archive.open(folder)
  t.teardown(() => archive.close())
  return { folder, archive }
}

t.test('Archive puts octets at their places and delivers the file', async t => {
  const { folder, archive } = await archiveOf(t)
  await archive.open(ONE)
  for (const at of [4_000, 0, 2_000, 3_000, 1_000])
    await archive.write(ONE, at, OCTETS.subarray(at, at + 1_000))
  await archive.write(ONE, 5_000, Uint8Array.of(1, 2, 3))
  await archive.sync(ONE)
  await archive.sync(ONE)
  const checksum = new FileChecksum(CHECKSUM.crc32c)
  checksum.update(OCTETS)
  t.equal(await archive.checksum(ONE, OCTETS.length, CHECKSUM.crc32c), checksum.value)

  const path = await archive.deliver(ONE, OCTETS.length, 'pass/1/image.tif')
  t.equal(path, join(folder, 'pass/1/image.tif'))
  t.strictSame(new Uint8Array(await readFile(path)), OCTETS)
  t.equal((await stat(path)).mode & 0o777, 0o644)
  t.equal(await archive.deliver(ONE, OCTETS.length, 'pass/1/image.tif'), path, 'again is the same')
  await archive.discard(ONE)
  await archive.discard(ONE)
  t.strictSame(await archive.leftovers(), [])
  t.strictSame((await readdir(folder)).toSorted(), ['.partial', 'pass'])
})

t.test('deliver() overwrites nothing', async t => {
  const { folder, archive } = await archiveOf(t)
  await writeFile(join(folder, 'a'), 'mine')
  await symlink('/nowhere', join(folder, 'a.2'))
  await mkdir(join(folder, 'a.3'))
  const long = 'é'.repeat(127)
  for (let sequence = 0; sequence < 3; sequence++) {
    const id = { source: 1, sequence }
    await archive.write(id, 0, Uint8Array.of(sequence))
    t.equal(await archive.deliver(id, 1, 'a'), join(folder, `a.${sequence + 4}`))
    await archive.discard(id)
    await archive.write(id, 0, Uint8Array.of(sequence))
    const name = ['', '.2', '.3'].map(end => (end === '' ? long : 'é'.repeat(126) + end))[sequence]
    t.equal(await archive.deliver(id, 1, long), join(folder, name as string))
    await archive.discard(id)
  }
  t.equal(await readFile(join(folder, 'a'), 'utf8'), 'mine')
  t.ok((await lstat(join(folder, 'a.2'))).isSymbolicLink())
})

t.test('a crash before or after any step of deliver() loses and doubles nothing', async t => {
  const { folder, archive } = await archiveOf(t)
  await archive.write(ONE, 0, OCTETS)
  await archive.sync(ONE)
  // What a crash leaves: the folder made; the link made; all of it, before anybody wrote it down.
  await mkdir(join(folder, 'f'))
  for (let crash = 0; crash < 3; crash++) {
    const after = await Archive.open(folder)
    t.strictSame(await after.leftovers(), [ONE])
    t.equal(await after.deliver(ONE, OCTETS.length, 'f/a'), join(folder, 'f/a'))
    await after.close()
  }
  const last = await Archive.open(folder)
  await last.discard(ONE)
  t.strictSame(await readdir(join(folder, 'f')), ['a'])
  await t.rejects(last.deliver(ONE, OCTETS.length, 'f/b'), /0 octets are held, it has 5000/)
  await last.close()
})

t.test('deliver() of an empty file', async t => {
  const { archive } = await archiveOf(t)
  t.equal((await stat(await archive.deliver(ONE, 0, 'empty'))).size, 0)
})

t.test('deliver() refuses names that lead out of the archive, or over a file', async t => {
  const { folder, archive } = await archiveOf(t)
  const outside = await folderOf(t)
  await symlink(outside, join(folder, 'link'))
  await writeFile(join(folder, 'file'), '')
  await archive.write(ONE, 0, OCTETS)
  for (const name of ['link/a', 'link/b/a', 'file/a'])
    await t.rejects(archive.deliver(ONE, 5_000, name), { name: 'NameRefused' }, name)
  t.strictSame(await readdir(outside), [])
})

t.test('Archive.open() on a link to a folder works in the folder', async t => {
  const folder = await folderOf(t)
  await mkdir(join(folder, 'real'))
  await symlink('real', join(folder, 'link'))
  const archive = await Archive.open(join(folder, 'link'))
  await archive.write(ONE, 0, OCTETS)
  t.match(await archive.deliver(ONE, 5_000, 'a/b'), /real\/a\/b$/)
  await archive.close()
})

t.test('leftovers() are the partial files, of any number', async t => {
  const { folder, archive } = await archiveOf(t)
  await archive.open(WIDE)
  await archive.open(ONE)
  await writeFile(join(folder, '.partial', 'strange'), '')
  t.strictSame(new Set(await archive.leftovers()), new Set([ONE, WIDE]))
})

t.test('more files than are kept open', async t => {
  const { archive } = await archiveOf(t)
  const ids = Array.from({ length: 150 }, (_, sequence) => ({ source: 1, sequence }))
  for (const at of [0, 1])
    for (const id of ids) await archive.write(id, at, Uint8Array.of(id.sequence))
  for (const id of ids) {
    const path = await archive.deliver(id, 2, `f${id.sequence}`)
    if ((await readFile(path)).join() !== [id.sequence, id.sequence].join()) t.fail(path)
    await archive.discard(id)
  }
})

t.test('a file that is being read back stays open, however many others are opened', async t => {
  const { archive } = await archiveOf(t)
  const size = 256 * 1_048_576
  await archive.write(ONE, size - 1, Uint8Array.of(1))
  const read = { isOver: false }
  const reading = archive.checksum(ONE, size, CHECKSUM.modular).finally(() => {
    read.isOver = true
  })
  for (let sequence = 0; !read.isOver || sequence < 70; sequence++)
    await archive.open({ source: 2, sequence })
  t.equal(await reading, 1)
})

t.test('a file that is used twice at once is opened once', async t => {
  const { archive } = await archiveOf(t)
  await Promise.all([0, 1, 2].map(at => archive.write(ONE, at, OCTETS.subarray(at, at + 1))))
  t.strictSame(await archive.content(ONE, 3), OCTETS.slice(0, 3))
  await archive.discard(ONE)
  const before = await openFiles()
  await Promise.all([0, 1, 2].map(at => archive.write(ONE, at, OCTETS.subarray(at, at + 1))))
  t.equal((await openFiles()) - before, 1)
})

t.test('a file that cannot be opened can be later', async t => {
  const { archive, folder } = await archiveOf(t)
  const partial = join(folder, '.partial')
  await rm(partial, { recursive: true })
  await t.rejects(archive.open(ONE), { code: 'ENOENT' })
  const opening = archive.open(ONE).catch(() => 'failed')
  await t.rejects(archive.discard(ONE), { code: 'ENOENT' })
  t.equal(await opening, 'failed')
  await mkdir(partial)
  await archive.write(ONE, 0, OCTETS)
  t.strictSame(await archive.content(ONE, OCTETS.length), OCTETS)
})

t.test('a full disk is told apart', async t => {
  t.ok(isDiskFull(Object.assign(new Error('no'), { code: 'ENOSPC' })))
  t.ok(isDiskFull(Object.assign(new Error('no'), { code: 'EDQUOT' })))
  t.notOk(isDiskFull(Object.assign(new Error('no'), { code: 'EIO' })))
  t.notOk(isDiskFull(Object.assign(new Error('no'), { code: 5 })))
})
