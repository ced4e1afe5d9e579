import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { CLAIMED, claimNumbers } from '../../hal/sequence-numbers.ts'

t.test('claimNumbers() gives no number twice, to whomever and however often', async t => {
  const folder = `${t.testdir()}/numbers`
  t.strictSame(await claimNumbers(folder), { start: 1, end: 1 + CLAIMED })
  const ends = [1 + CLAIMED]
  for (let round = 0; round < 5; round++) {
    const claims = await Promise.all(Array.from({ length: 12 }, () => claimNumbers(folder)))
    for (const { start, end } of claims) {
      t.equal(end - start, CLAIMED)
      ends.push(end)
    }
  }
  t.equal(new Set(ends).size, ends.length, ends.join(' '))
  t.ok(readdirSync(folder).includes(`${Math.max(...ends)}`), 'the last one stands')
  t.ok(readdirSync(folder).length < 20, 'old ones are gone')
})

t.test('claimNumbers() goes on from numbers of any size, and passes over other files', async t => {
  const folder = `${t.testdir()}/numbers`
  mkdirSync(folder)
  for (const name of ['512', '700', 'notes', '9000.tmp']) writeFileSync(`${folder}/${name}`, '')
  t.strictSame(await claimNumbers(folder), { start: 700, end: 700 + CLAIMED })
})
