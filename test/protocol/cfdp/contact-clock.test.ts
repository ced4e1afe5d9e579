import t from 'tap'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import { ContactClock } from '../../../protocol/cfdp/contact-clock.ts'
import { Destination, Source, transmissionOf } from './ends.ts'

const DAY_AND_A_HALF_MS = 36 * 3_600_000

t.test('ContactClock counts the milliseconds of contacts and no others', t => {
  const clock = new ContactClock()
  t.notOk(clock.isOpen)
  t.equal(clock.read(1_000), 0)
  clock.close(1_000)
  clock.open(2_000)
  clock.open(2_500)
  t.ok(clock.isOpen)
  t.equal(clock.read(2_600), 600)
  t.equal(clock.read(1_999), 0, 'before its beginning nothing is counted')
  clock.close(3_000)
  t.equal(clock.read(9_000), 1_000)
  clock.open(10_000)
  t.equal(clock.read(10_001), 1_001)
  clock.close(9_999)
  t.equal(clock.read(10_001), 1_000, 'a contact that ends before it begins is none')
  t.end()
})

t.test(
  'when() is never before the time it is asked for, and unknown while the clock stands still',
  t => {
    const clock = new ContactClock()
    t.equal(clock.when(5), undefined)
    clock.open(100)
    t.equal(clock.when(undefined), undefined)
    for (const time of [0, 0.1, 1 / 3, 5, 1e9]) {
      const at = clock.when(time) as number
      t.ok(clock.read(at) >= time && clock.read(at) <= time + 0.01, `${time}`)
    }
    clock.close(100.3)
    clock.open(1e12 + 0.7)
    const at = clock.when(1_234.567) as number
    t.ok(clock.read(at) >= 1_234.567 && clock.read(at) <= 1_234.577, `${at}`)
    t.end()
  },
)

t.test('a day and a half out of contact fires no timer and ends no transaction', t => {
  const file = new Uint8Array(100)
  const source = new Source(file, transmissionOf(file), { ack: { timeoutMs: 5_000, triesMax: 1 } })
  const destination = new Destination(transmissionOf(file), {
    ack: { timeoutMs: 5_000, triesMax: 1 },
    nak: { timeoutMs: 3_000, triesMax: 1 },
  })
  const clock = new ContactClock()
  clock.open(0)
  for (let message = source.next(60, 0); message !== undefined; message = source.next(60, 0))
    if (message.body.kind === 'eof') destination.receive(message.body, 0)
  while (destination.next(1_000, 0) !== undefined);
  t.ok(source.transaction.deadline !== undefined && destination.transaction.deadline !== undefined)
  clock.close(4_000 / 2)
  for (let now = 2_000; now < DAY_AND_A_HALF_MS; now += 600_000) {
    t.equal(clock.when(source.transaction.deadline), undefined)
    source.tick(clock.read(now))
    destination.tick(clock.read(now))
  }
  t.equal(source.transaction.state, 'awaiting')
  t.equal(destination.transaction.stage, 'repairing')
  t.equal(source.transaction.due, undefined)
  clock.open(DAY_AND_A_HALF_MS)
  const late = clock.read(DAY_AND_A_HALF_MS + 1_000)
  destination.tick(late)
  t.equal(destination.condition, undefined)
  t.equal(destination.finished?.condition, CONDITION.nakLimitReached, 'then the limit counts on')
  source.tick(late)
  t.equal(source.transaction.state, 'awaiting')
  t.end()
})
