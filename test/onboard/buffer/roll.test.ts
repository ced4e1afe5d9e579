import t from 'tap'
import { Roll } from '../../../onboard/buffer/roll.ts'
import { Random } from '../../kit/random.ts'

interface Item {
  readonly number: number
  readonly step: number
}

t.test('a Roll answers what a map answers, in the order of the numbers', t => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = new Random(seed)
    const roll = new Roll<Item>(({ number }) => number)
    const map = new Map<number, Item>()
    for (let step = 0; step < 200; step++) {
      const number = random.below(30)
      if (random.below(3) > 0) {
        roll.put({ number, step })
        map.set(number, { number, step })
      } else {
        t.strictSame(roll.delete(number), map.get(number))
        map.delete(number)
      }
      const other = random.below(32)
      t.strictSame(roll.find(other), map.get(other), `seed ${seed}, step ${step}`)
    }
    const sorted = [...map.values()].toSorted((one, other) => one.number - other.number)
    t.strictSame([...roll.values()], sorted)
    t.equal(roll.length, map.size)
  }
  t.end()
})

t.test('a Roll may be changed while it is looked through', t => {
  const roll = new Roll<number>(number => number)
  for (const number of [3, 1, 2, 5]) roll.put(number)
  const seen: number[] = []
  for (const number of roll.values()) {
    seen.push(number)
    if (number === 2) {
      roll.delete(1)
      roll.delete(2)
      roll.delete(5)
      roll.put(4)
    }
  }
  t.strictSame(seen, [1, 2, 3, 4])
  t.end()
})
