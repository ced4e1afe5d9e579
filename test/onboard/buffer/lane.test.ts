import t from 'tap'
import { Lane } from '../../../onboard/buffer/lane.ts'
import { Random } from '../../kit/random.ts'

t.test('Lane keeps any works in order, wherever they come and go', t => {
  const lane = new Lane<number>((one, other) => one - other)
  let kept: number[] = []
  const random = new Random(1)
  for (let step = 0; step < 2_000; step++) {
    const number = random.below(50)
    if (kept.includes(number)) {
      lane.delete(number)
      kept = kept.filter(other => other !== number)
    } else {
      lane.add(number)
      kept = [...kept, number].toSorted((one, other) => one - other)
    }
    if (kept.some((one, at) => lane.at(at) !== one) || lane.length !== kept.length)
      t.fail(`step ${step}: ${kept.join()}`)
  }
  t.equal(lane.at(lane.length), undefined)
  t.end()
})
