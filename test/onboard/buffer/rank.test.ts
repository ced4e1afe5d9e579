import t from 'tap'
import { compareRanks, PRIORITY, SIZE_CLASSES, sizeClassOf } from '../../../onboard/buffer/rank.ts'

const USUAL = { priority: PRIORITY.usual, deadlineMs: Infinity, turn: 10, sequence: 5 }

t.test('compareRanks() goes by priority, deadline, turn and number, in that order', t => {
  const before = [
    { ...USUAL, priority: 4, turn: 99, sequence: 9 },
    { ...USUAL, deadlineMs: 1, turn: 99, sequence: 8 },
    { ...USUAL, deadlineMs: 2, turn: 99, sequence: 6 },
    { ...USUAL, deadlineMs: 2, turn: 1, sequence: 7 },
    { ...USUAL, turn: 9, sequence: 9 },
    USUAL,
    { ...USUAL, sequence: 6 },
  ]
  for (const [i, one] of before.entries())
    for (const [j, other] of before.entries())
      t.equal(Math.sign(compareRanks(one, other)), Math.sign(i - j), `${i} and ${j}`)
  t.end()
})

t.test('sizeClassOf() has a class for every size; the larger, the longer it lets others go', t => {
  t.strictSame(
    [0, 65_536, 65_537, 2 ** 22, 2 ** 28, 2 ** 40].map(octets => sizeClassOf(octets).name),
    ['small', 'small', 'medium', 'medium', 'large', 'huge'],
  )
  const waits = SIZE_CLASSES.map(({ waitMs }) => waitMs)
  t.strictSame(
    waits,
    waits.toSorted((one, other) => one - other),
  )
  t.end()
})
