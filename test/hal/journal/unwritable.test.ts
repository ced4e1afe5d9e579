import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { FileJournal } from '../../../hal/journal/file-journal.ts'
import { readableRecords, unwritableJournal } from '../../../hal/journal/unwritable.ts'

t.test('readableRecords() reads what there is, and answers whatever is there', async t => {
  const folder = t.testdir({ folder: {}, noise: 'noise', empty: '' })
  const path = join(folder, 'journal')
  const journal = await FileJournal.open(path, 'test')
  journal.append('one')
  journal.append({ kind: 'two' })
  await journal.close()
  t.strictSame(await readableRecords(path, 'test'), ['one', { kind: 'two' }])
  t.strictSame(await readableRecords(path, 'other'), [], 'a journal of another kind')
  for (const name of ['none', 'folder', 'noise', 'empty'])
    t.strictSame(await readableRecords(join(folder, name), 'test'), [], name)
  writeFileSync(path, new Uint8Array(4_096), { flag: 'r+' })
  t.strictSame(await readableRecords(path, 'test'), [], 'zeros')
})

t.test('unwritableJournal() has what it begins with, and takes no space', async t => {
  const journal = unwritableJournal(['one'])
  t.strictSame(journal.takeRecovered(), ['one'])
  t.strictSame(journal.takeRecovered(), [], 'let go')
  journal.append('two')
  await journal.flush()
  await journal.compact([])
  t.match(journal, { octets: 0, canGrow: false })
  await journal.close()
})
