import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { FileJournal } from '../../../hal/journal/file-journal.ts'
import { setAside } from '../../../hal/journal/set-aside.ts'

t.test('setAside() keeps the old journal, and what is to be kept in a new one', async t => {
  const path = join(t.testdir(), 'j')
  t.equal(await setAside(path, 'onboard', all => all), undefined, 'there is none')
  const journal = await FileJournal.open(path, 'onboard')
  for (const n of [1, 2, 3]) journal.append({ n })
  await journal.close()
  t.equal(await setAside(path, 'onboard', all => all.slice(1)), `${path}.aside-1`)
  t.ok(existsSync(`${path}.aside-1`))
  t.strictSame(await records(path), [{ n: 2 }, { n: 3 }])
  t.strictSame(await records(`${path}.aside-1`), [{ n: 1 }, { n: 2 }, { n: 3 }])
})

t.test('setAside() goes on without a journal that cannot be opened', async t => {
  const folder = t.testdir()
  const path = join(folder, 'j')
  const other = await FileJournal.open(path, 'station')
  await other.close()
  t.equal(await setAside(path, 'onboard', all => all), `${path}.aside-1`)
  t.strictSame(await records(path), [])
  writeFileSync(path, 'octets of nobody')
  t.equal(await setAside(path, 'onboard', all => all), `${path}.aside-2`)
  t.equal(readdirSync(folder).length, 4, 'what was damaged is kept, too')
})

async function records(path: string): Promise<readonly unknown[]> {
  const journal = await FileJournal.open(path, 'onboard')
  const found = journal.takeRecovered()
  await journal.close()
  return found
}
