import {
  appendFile,
  mkdir,
  mkdtemp,
  rm,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Outbox, wholeFiles } from '../../../hal/files/outbox.ts'
import { SimClock, settled } from '../../../hal/sim/clock.ts'

async function folderOf(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'outbox-'))
  t.teardown(() => rm(folder, { recursive: true }))
  return folder
}

const names = (files: readonly { name: string }[]) => files.map(file => file.name)

t.test('Outbox.scan() offers files that have settled, once, oldest first', async t => {
  const folder = await folderOf(t)
  const outbox = new Outbox(folder, 1_000)
  for (const [name, seconds] of [
    ['b', 20],
    ['a', 30],
    ['c', 20],
    ['fresh', 99.5],
  ] as const) {
    await writeFile(join(folder, name), name)
    await utimes(join(folder, name), seconds, seconds)
  }
  for (const name of ['.hidden', 'x.part', 'y.TMP']) await writeFile(join(folder, name), '')
  await mkdir(join(folder, 'folder'))
  await symlink('/etc/passwd', join(folder, 'link'))

  t.strictSame(names(await outbox.scan(100_000)), ['b', 'c', 'a'])
  t.strictSame(names(await outbox.scan(100_000)), ['fresh'], 'unchanged over two scans')
  t.strictSame(names(await outbox.scan(100_000)), [])

  await unlink(join(folder, 'a'))
  t.strictSame(names(await outbox.scan(100_000)), [])
  await writeFile(join(folder, 'a'), 'new')
  outbox.forget('b')
  t.strictSame(names(await outbox.scan(100_000)), ['b'])
  t.strictSame(names(await outbox.scan(100_000)), ['a'])
})

t.test('Outbox.scan() waits for a file that grows', async t => {
  const folder = await folderOf(t)
  const outbox = new Outbox(folder)
  const path = join(folder, 'log')
  for (let i = 0; i < 3; i++) {
    await appendFile(path, 'more')
    t.strictSame(await outbox.scan(0), [])
  }
  const [file] = await outbox.scan(0)
  t.match(file, { name: 'log', path, identity: { octets: 12, mtimeMs: Number, inode: Number } })
})

t.test('wholeFiles() scans at once and then in its time', async t => {
  const folder = await folderOf(t)
  const clock = new SimClock()
  const stop = new AbortController()
  const found: string[] = []
  const ended = (async () => {
    for await (const files of wholeFiles(new Outbox(folder), clock, 500, stop.signal))
      if (files.length > 0) found.push(`${names(files).join()} at ${clock.now()}`)
  })()
  await writeFile(join(folder, 'a'), 'a')
  for (let scans = 0; found.length === 0 && scans < 1_000; scans++) {
    while (clock.deadline === undefined) await settled()
    await clock.advance(500)
  }
  t.match(found[0], /^a at \d+$/)
  while (clock.deadline === undefined) await settled()
  stop.abort()
  await ended
  await t.rejects(new Outbox(join(folder, 'none')).scan(0), { code: 'ENOENT' })
})

t.test('Outbox.scan() looks into folders, and not into hidden or endless ones', async t => {
  const folder = await folderOf(t)
  const outbox = new Outbox(folder, 0)
  await mkdir(join(folder, 'urgent', 'more'), { recursive: true })
  await mkdir(join(folder, '.hidden'))
  await mkdir(join(folder, 'later.part'))
  await symlink(folder, join(folder, 'loop'))
  for (const name of ['a', 'urgent/b', 'urgent/more/c', '.hidden/d', 'later.part/e'])
    await writeFile(join(folder, name), '')
  let deep = folder
  for (let i = 0; i < 12; i++) deep = join(deep, `${i}`)
  await mkdir(deep, { recursive: true })
  await writeFile(join(deep, 'f'), '')
  const found = await outbox.scan(Date.now() + 1_000)
  t.strictSame(names(found).toSorted(), ['a', 'urgent/b', 'urgent/more/c'])
})
