import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import * as starts from '../../hal/starts.ts'
import { smallDisk } from '../kit/small-disk.ts'

const countStart = (folder: string, deathsMax: number) =>
  starts.countStart(folder, deathsMax, error => t.error(error))

t.test('countStart() leads to a safe start after deaths in a row, until recover()', async t => {
  const folder = join(t.testdir(), 'state')
  for (const starts of [1, 2, 3]) t.match(await countStart(folder, 3), { starts, isSafe: false })
  t.match(await countStart(folder, 3), { starts: 4, isSafe: true, isNews: true })
  const first = await countStart(folder, 3)
  t.match(first, { starts: 5, isSafe: true, isNews: true }, 'until it is entered')
  await first.enterSafe()
  const safe = await countStart(folder, 3)
  t.match(safe, { starts: 6, isSafe: true, isNews: false })
  await safe.survived()
  const again = await countStart(folder, 3)
  t.match(again, { isSafe: true, isNews: false }, 'it stays so')
  await again.recover()
  await again.survived()
  t.match(await countStart(folder, 3), { starts: 8, isSafe: false, isNews: false })
})

t.test(
  'countStart() forgets deaths when one survived, and counts none where it may not',
  async t => {
    const folder = t.testdir()
    await countStart(folder, 2)
    await (await countStart(folder, 2)).survived()
    t.match(await countStart(folder, 2), { isSafe: false })
    for (let i = 0; i < 9; i++) t.match(await countStart(folder, 0), { isSafe: false })
  },
)

t.test('countStart() begins anew where its file cannot be read', async t => {
  const folder = t.testdir()
  const path = join(folder, 'starts.json')
  for (const text of ['', '{"starts":1', 'x'.repeat(99), '\0'.repeat(36)]) {
    writeFileSync(path, text)
    t.match(await countStart(folder, 1), { starts: 1, isSafe: false })
  }
  t.equal(readFileSync(path, 'utf8'), '{"starts":1,"deaths":1,"safe":false}')
})

t.test('countStart() counts on a full disk, over the file that is there', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'downpour-'))
  t.teardown(() => rmdirSync(folder))
  const disk = smallDisk(t, folder, 65_536)
  if (disk === undefined) return
  disk.fill(0)
  const refused: unknown[] = []
  const count = () => starts.countStart(folder, 3, error => refused.push(error))
  t.match(await count(), { starts: 1, isSafe: false }, 'there is nothing to write over')
  t.match(refused, [{ code: 'ENOENT' }])
  disk.relieve()
  await count()
  disk.fill(0)
  await count()
  await count()
  t.match(await count(), { starts: 4, isNews: true })
  await (await count()).enterSafe()
  t.match(await count(), { starts: 6, isSafe: true, isNews: false })
  t.equal(refused.length, 1)
  t.notOk(existsSync(join(folder, 'starts.json.new')))
})

t.test('countStart() answers where nothing can be read or written', async t => {
  const folder = t.testdir()
  mkdirSync(join(folder, 'starts.json'))
  const refused: unknown[] = []
  const start = await starts.countStart(folder, 1, error => refused.push(error))
  t.match(start, { starts: 1, isSafe: false })
  await Promise.all([start.survived(), start.recover()])
  t.match(refused, [{ code: 'EISDIR' }, { code: 'EISDIR' }, { code: 'EISDIR' }])
})
