import { execFileSync } from 'node:child_process'
import {
  appendFile,
  mkdir,
  mkdtemp,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { digest } from '../../../hal/files/digest.ts'
import { FileSource } from '../../../hal/files/file-source.ts'
import { CHECKSUM, FileChecksum } from '../../../protocol/cfdp/checksum.ts'

const OCTETS = Uint8Array.from({ length: 1_000 }, (_, i) => i * 7)

async function fileOf(t: Test, octets = OCTETS): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'source-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const path = join(folder, 'file')
  await writeFile(path, octets)
  return path
}

t.test('FileSource.read() answers any stretch of the file', async t => {
  const source = await FileSource.open(await fileOf(t), new Uint8Array(64))
  t.equal(source.identity.octets, 1_000)
  for (const [offset, length] of [
    [0, 64],
    [64, 1],
    [10, 54],
    [990, 10],
    [500, 0],
    [3, 60],
  ] as const)
    t.strictSame(await source.read(offset, length), OCTETS.subarray(offset, offset + length))
  await t.rejects(source.read(0, 65), RangeError)
  await t.rejects(source.read(990, 11), RangeError)
  await source.close()
})

t.test('FileSource.read() rejects with SourceChanged when the file is another', async t => {
  const changes: [string, (path: string) => Promise<unknown>][] = [
    ['longer', path => appendFile(path, 'x')],
    ['touched', path => utimes(path, 1, 1)],
    ['gone', path => rm(path)],
    [
      'replaced',
      async path => {
        await writeFile(`${path}.2`, OCTETS)
        await rename(`${path}.2`, path)
      },
    ],
  ]
  for (const [name, change] of changes) {
    const path = await fileOf(t)
    const source = await FileSource.open(path, new Uint8Array(64))
    await source.read(0, 10)
    await change(path)
    await t.rejects(source.read(500, 10), { name: 'SourceChanged' }, name)
    await source.close()
    await t.rejects(
      FileSource.open(path, new Uint8Array(64), source.identity),
      { name: 'SourceChanged' },
      `${name}, opened again`,
    )
  }
  const path = await fileOf(t)
  const once = await FileSource.open(path, new Uint8Array(64))
  const again = await FileSource.open(path, new Uint8Array(64), once.identity)
  t.strictSame(await again.read(0, 1), OCTETS.subarray(0, 1))
  await once.close()
  await again.close()
})

t.test('FileSource.open() refuses what is not a file', async t => {
  const path = await fileOf(t)
  await symlink(path, `${path}.link`)
  await mkdir(`${path}.folder`)
  execFileSync('mkfifo', [`${path}.fifo`])
  for (const ending of ['.link', '.folder', '.fifo', '.none'])
    await t.rejects(FileSource.open(path + ending, new Uint8Array(1)), { name: 'SourceChanged' })
})

t.test('digest() is the checksum of the whole file', async t => {
  const octets = new Uint8Array(200_000).map((_, i) => i * 31)
  const path = await fileOf(t, octets)
  for (const type of Object.values(CHECKSUM).filter(type => type !== CHECKSUM.crc32Proximity1)) {
    const whole = new FileChecksum(type)
    whole.update(octets)
    for (const buffer of [undefined, new Uint8Array(999)]) {
      const { checksum, identity } = await digest(path, type, buffer)
      t.equal(checksum, whole.value)
      t.equal(identity.octets, octets.length)
    }
  }
})

t.test('digest() rejects with SourceChanged when the file changes meanwhile', async t => {
  const path = await fileOf(t, new Uint8Array(2_000_000).fill(1))
  const buffer = new Uint8Array(64)
  const digesting = digest(path, CHECKSUM.crc32, buffer)
  // It has begun when the buffer holds octets of the file, none of which is zero.
  while (buffer[0] === 0) await new Promise(setImmediate)
  await appendFile(path, 'x')
  await t.rejects(digesting, { name: 'SourceChanged' })
})
