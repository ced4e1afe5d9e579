import t from 'tap'
import { WriteJoiner } from '../../../hal/files/write-joiner.ts'

/** Writes come with a copy of their octets: these are lent until the write resolves. */
function joinerFor(octetsMax: number) {
  const writes: [string, number, number[]][] = []
  const joiner = new WriteJoiner<string>(
    async (id, offset, octets) => {
      writes.push([id, offset, [...octets]])
    },
    (one, other) => one === other,
    octetsMax,
  )
  return { joiner, writes }
}

t.test('WriteJoiner joins what follows, and nothing else', async t => {
  const { joiner, writes } = joinerFor(100)
  t.ok(joiner.isEmpty)
  const segment = Uint8Array.of(1, 2, 3)
  await joiner.add('a', 0, segment)
  t.notOk(joiner.isEmpty)
  segment.fill(9)
  await joiner.add('a', 3, Uint8Array.of(4))
  t.strictSame(writes, [], 'it waits for more')
  await joiner.add('a', 5, Uint8Array.of(5))
  await joiner.add('b', 6, Uint8Array.of(6))
  await joiner.add('b', 0, Uint8Array.of(7))
  await joiner.flush()
  t.ok(joiner.isEmpty)
  await joiner.flush()
  t.strictSame(writes, [
    ['a', 0, [1, 2, 3, 4]],
    ['a', 5, [5]],
    ['b', 6, [6]],
    ['b', 0, [7]],
  ])
})

t.test(
  'WriteJoiner joins no more than it may, and what is longer is written by itself',
  async t => {
    const { joiner, writes } = joinerFor(4)
    for (let offset = 0; offset < 9; offset += 3)
      await joiner.add('a', offset, new Uint8Array(3).fill(offset))
    await joiner.add('a', 9, new Uint8Array(5))
    t.ok(joiner.isEmpty)
    await joiner.add('a', 14, new Uint8Array(1))
    await joiner.flush()
    t.strictSame(
      writes.map(([, offset, { length }]) => [offset, length]),
      [
        [0, 3],
        [3, 3],
        [6, 3],
        [9, 5],
        [14, 1],
      ],
    )
  },
)

t.test('WriteJoiner whose write fails goes on with what comes', async t => {
  const written: number[] = []
  const joiner = new WriteJoiner<string>(
    async (_id, offset) => {
      if (offset === 0) throw new Error('no room')
      written.push(offset)
    },
    (one, other) => one === other,
    100,
  )
  await joiner.add('a', 0, new Uint8Array(3))
  await t.rejects(joiner.add('b', 3, new Uint8Array(1)), /no room/)
  t.ok(joiner.isEmpty, 'neither waits')
  await joiner.add('b', 3, new Uint8Array(1))
  await joiner.flush()
  t.strictSame(written, [3])
})
