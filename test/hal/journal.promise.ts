/** What every journal promises. */
import type { Test } from 'tap'
import type { Journal } from '../../hal/ports.ts'

export interface JournalUnderTest {
  /** Opens the one journal, again with what it kept. */
  readonly open: () => Promise<Journal>
  /** From now on the disk takes nothing more, or takes again. */
  readonly refuse: (isRefusing: boolean) => void
}

export function journalPromise(t: Test, begin: () => Promise<JournalUnderTest>): void {
  t.test('keeps the order and the values of what was flushed', async t => {
    const { open } = await begin()
    const journal = await open()
    t.strictSame(journal.takeRecovered(), [])
    for (const record of RECORDS) journal.append(record)
    await journal.flush()
    t.ok(journal.octets > 100)
    await journal.close()

    const again = await open()
    t.strictSame(again.takeRecovered(), RECORDS)
    t.strictSame(again.takeRecovered(), [], 'let go')
    again.append('one more')
    await again.close()
    t.strictSame((await open()).takeRecovered(), [...RECORDS, 'one more'])
  })

  t.test('append() keeps what the record was then', async t => {
    const { open } = await begin()
    const journal = await open()
    const octets = Uint8Array.of(1, 2, 3)
    journal.append({ octets })
    octets.fill(0)
    await journal.close()
    t.strictSame((await open()).takeRecovered(), [{ octets: Uint8Array.of(1, 2, 3) }])
  })

  t.test('flush() shares, and with nothing queued resolves', async t => {
    const { open } = await begin()
    const journal = await open()
    await journal.flush()
    const flushes = []
    for (let i = 0; i < 20; i++) {
      journal.append(i)
      flushes.push(journal.flush())
    }
    await Promise.all(flushes)
    await journal.close()
    t.strictSame(
      (await open()).takeRecovered(),
      flushes.map((_, i) => i),
    )
  })

  t.test('compact() puts a snapshot in the place of all before it', async t => {
    const { open } = await begin()
    const journal = await open()
    journal.append('old')
    await journal.flush()
    journal.append('old, not flushed')
    const compacted = journal.compact([{ snapshot: 1 }])
    journal.append('new')
    await compacted
    await journal.flush()
    await journal.close()
    t.strictSame((await open()).takeRecovered(), [{ snapshot: 1 }, 'new'])
  })

  t.test('a flush that is refused keeps its records queued', async t => {
    const { open, refuse } = await begin()
    const journal = await open()
    journal.append('before')
    await journal.flush()
    refuse(true)
    const big = new Uint8Array(300_000).fill(7)
    journal.append(big)
    await t.rejects(journal.flush(), { code: 'ENOSPC' })
    await t.rejects(journal.compact(['lost', big]), { code: 'ENOSPC' })
    journal.append('after')
    await t.rejects(journal.flush(), { code: 'ENOSPC' })
    refuse(false)
    await journal.flush()
    await journal.close()
    t.strictSame((await open()).takeRecovered(), ['before', big, 'after'])
  })
}

const RECORDS = [
  { kind: 'received', source: 1, sequence: 2n ** 63n, spans: [[0, 4_096]] },
  { octets: Uint8Array.of(0, 3, 4, 10, 13, 17, 19, 255), none: undefined, no: null, yes: true },
  'café',
  2 ** 53 - 1,
  -(2 ** 40),
  1.5,
  12n,
  [],
  new Uint8Array(70_000).fill(1),
]
