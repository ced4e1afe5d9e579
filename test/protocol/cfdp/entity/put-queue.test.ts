import t from 'tap'
import { PutQueue } from '../../../../protocol/cfdp/entity/put-queue.ts'
import { Random } from '../../../kit/random.ts'

t.test(
  'PutQueue takes the most urgent, and of those the oldest, whatever was withdrawn',
  async t => {
    const chance = new Random(1)
    const queue = new PutQueue()
    const model: { token: number; priority: number }[] = []
    for (let token = 0; token < 10_000; token++) {
      const priority = chance.below(5)
      queue.put({ token, request: { destination: 2, priority } })
      model.push({ token, priority })
      if (chance.next() < 0.3) {
        const [gone] = model.splice(chance.below(model.length), 1)
        t.ok(queue.withdraw(gone?.token as number))
      }
      if (chance.next() < 0.2) {
        const urgent = model.toSorted((a, b) => a.priority - b.priority || a.token - b.token)[0]
        if (queue.take()?.token !== urgent?.token) t.fail(`token ${urgent?.token} is next`)
        model.splice(model.indexOf(urgent as (typeof model)[0]), 1)
      }
    }
    t.equal(queue.length, model.length)
    const order = model.toSorted((a, b) => a.priority - b.priority || a.token - b.token)
    t.strictSame(
      order.map(() => queue.take()?.token),
      order.map(({ token }) => token),
    )
    t.equal(queue.take(), undefined)
    queue.put({ token: 1, request: { destination: 2, priority: -5 } })
    queue.put({ token: 2, request: { destination: 2, priority: 5_000 } })
    queue.put({ token: 3, request: { destination: 2 } })
    t.strictSame([queue.take()?.token, queue.take()?.token, queue.take()?.token], [1, 3, 2])
  },
)
