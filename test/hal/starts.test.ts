import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { countStart } from '../../hal/starts.ts'

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
  for (const text of ['', '{"starts":1', 'x'.repeat(99)]) {
    writeFileSync(path, text)
    t.match(await countStart(folder, 1), { starts: 1, isSafe: false })
  }
  t.equal(readFileSync(path, 'utf8'), '{"starts":1,"deaths":1,"safe":false}')
})
