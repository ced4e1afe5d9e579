import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { CLAIMED, claimAfter, claimNumbers, numbersIn } from '../../hal/sequence-numbers.ts'

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

t.test('claimAfter() gives nothing to a process that stopped while others went on', async t => {
  for (const others of [1, 2, 15, 16, 17, 18, 40]) {
    const folder = t.testdir({})
    const given = [await claimNumbers(folder)]
    // It stops here.
    const seen = await numbersIn(folder)
    for (let i = 0; i < others; i++) given.push(await claimNumbers(folder))
    const removed = !readdirSync(folder).includes(`${Math.max(...seen) + CLAIMED}`)
    t.equal(removed, others > 17, `${others} others: what it would make is gone from the folder`)
    t.equal(await claimAfter(seen, folder), undefined, `${others} others`)
    given.push(await claimNumbers(folder), await claimNumbers(folder))
    t.strictSame(
      given.map(({ start }) => start),
      given.map((_, i) => 1 + i * CLAIMED),
      'and those after it go on where the others were',
    )
  }
})

t.test('claimAfter() gives nothing to the later of two who saw the same', async t => {
  const folder = t.testdir({})
  await claimNumbers(folder)
  const seen = await numbersIn(folder)
  const [one, other] = await Promise.all([claimAfter(seen, folder), claimAfter(seen, folder)])
  t.equal([one, other].filter(range => range === undefined).length, 1)
})
