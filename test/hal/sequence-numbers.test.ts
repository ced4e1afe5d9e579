import { readdirSync } from 'node:fs'
import t from 'tap'
import { claimNumbers } from '../../hal/sequence-numbers.ts'

t.test('claimNumbers() gives no number twice, to whomever and however often', async t => {
  const folder = `${t.testdir()}/numbers`
  t.strictSame(await claimNumbers(folder, 256), { start: 1, end: 257 })
  t.strictSame(await claimNumbers(folder, 10), { start: 257, end: 267 })
  const claims = await Promise.all(Array.from({ length: 12 }, () => claimNumbers(folder, 5)))
  const starts = claims.map(({ start }) => start).toSorted((a, b) => a - b)
  t.strictSame(
    starts,
    starts.map((_, i) => 267 + 5 * i),
  )
  t.ok(readdirSync(folder).includes('327'), 'the last one stands')
})
