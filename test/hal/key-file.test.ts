import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { KeyRefused, readKey } from '../../hal/key-file.ts'

const DIGITS = '00112233445566778899aabbccddeeff'.repeat(2)

t.test('readKey() reads 32 octets, or their digits', async t => {
  const folder = t.testdir()
  const key = Uint8Array.from(Buffer.from(DIGITS, 'hex'))
  for (const [name, content] of [
    ['raw', key],
    ['hex', DIGITS],
    ['line', `${DIGITS.toUpperCase()}\n`],
  ] as const) {
    const path = join(folder, name)
    writeFileSync(path, content)
    chmodSync(path, 0o400)
    t.strictSame(await readKey(path), key, name)
  }
})

t.test('readKey() refuses a file that others can read, write or run, and says so', async t => {
  const path = join(t.testdir({ key: DIGITS }), 'key')
  for (const mode of [0o600, 0o440, 0o404, 0o500, 0o644]) {
    chmodSync(path, mode)
    await t.rejects(readKey(path), {
      name: 'KeyRefused',
      message: /its mode is 0\d{3}; it must be 0400$/,
    })
  }
})

t.test('readKey() refuses what is no key, and its message has nothing of it', async t => {
  const folder = t.testdir({ short: DIGITS.slice(1), word: 'swordfish'.repeat(9), none: '' })
  for (const name of ['short', 'word', 'none']) {
    const path = join(folder, name)
    chmodSync(path, 0o400)
    const refused = await readKey(path).catch((error: unknown) => error)
    t.ok(refused instanceof KeyRefused)
    t.notMatch(String(refused), /swordfish|0011223344/)
  }
  await t.rejects(readKey(folder), { name: 'KeyRefused' })
  await t.rejects(readKey(join(folder, 'nothing')), { code: 'ENOENT' })
})
