import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import t from 'tap'
import { identityOf, SourceChanged } from '../../hal/files/file-source.ts'
import { readSource } from '../../hal/source-files.ts'

const folder = t.testdir()

async function makeFile(name: string, octets: Uint8Array) {
  const path = `${folder}/${name}`
  await writeFile(path, octets)
  return { path, identity: identityOf(await stat(path)) }
}

t.test(
  'readSource() reads into what it was lent, and answers no more than was asked for',
  async t => {
    const file = await makeFile('one', Uint8Array.of(1, 2, 3, 4, 5))
    const into = new Uint8Array(8)
    const octets = await readSource({ ...file, offset: 1, length: 3, into })
    t.strictSame(octets, Uint8Array.of(2, 3, 4))
    t.equal(octets.buffer, into.buffer)
  },
)

t.test('readSource() of many files at once', async t => {
  const read = async (mark: number) => {
    const file = await makeFile(`many-${mark}`, new Uint8Array(100).fill(mark))
    const reads = [0, 30, 60].map(offset =>
      readSource({ ...file, offset, length: 30, into: new Uint8Array(30) }),
    )
    return Promise.all(reads)
  }
  const all = await Promise.all(Array.from({ length: 20 }, (_, mark) => read(mark)))
  for (const [mark, parts] of all.entries())
    for (const part of parts) t.strictSame(part, new Uint8Array(30).fill(mark))
})

t.test('readSource() rejects for a file that is another now, ends early, or is none', async t => {
  const file = await makeFile('changed', new Uint8Array(10))
  const wanted = { ...file, offset: 0, length: 10, into: new Uint8Array(10) }
  await t.rejects(readSource({ ...wanted, offset: 5 }), SourceChanged)
  await writeFile(file.path, new Uint8Array(11))
  await t.rejects(readSource(wanted), SourceChanged)
  await rm(file.path)
  await t.rejects(readSource(wanted), SourceChanged)
  await mkdir(file.path)
  await t.rejects(readSource(wanted), SourceChanged)
})
