import t from 'tap'
import { QueueCredit } from '../../../hal/modems/queue-credit.ts'

t.test('QueueCredit has no room until the modem has said, then as much as it says', async t => {
  const credit = new QueueCredit(1_000)
  t.notOk(credit.hasRoom(1))
  t.ok(credit.ask(0))
  t.notOk(credit.ask(1), 'one question at a time')
  credit.answer(600)
  t.ok(credit.hasRoom(400))
  t.notOk(credit.hasRoom(401))
  credit.sent(400)
  t.notOk(credit.hasRoom(1))
})

t.test('QueueCredit adds what was sent behind the question to the answer', async t => {
  const credit = new QueueCredit(1_000)
  credit.ask(0)
  credit.sent(300)
  credit.answer(100)
  t.ok(credit.hasRoom(600))
  t.notOk(credit.hasRoom(601))
})

t.test('a lost answer costs one question, one that nobody asked for nothing', async t => {
  const credit = new QueueCredit(1_000)
  credit.ask(0)
  t.equal(credit.deadline, 1_000)
  t.ok(credit.ask(1_000))
  credit.answer(0)
  credit.sent(900)
  credit.answer(0)
  t.notOk(credit.hasRoom(101), 'the second answer is of the past')
  t.equal(credit.deadline, 1_100)
  t.notOk(credit.ask(1_099))
  t.ok(credit.ask(1_100))
  t.strictSame(credit.events, {
    'answers missed': 1,
    'answers unasked': 1,
    'credit asked': 3,
  })
})

t.test('a modem that never answers is trusted, and asked now and then', async t => {
  const credit = new QueueCredit(10)
  let now = 0
  for (let i = 0; i < 6; i++) {
    credit.ask(now)
    now = credit.deadline
  }
  t.ok(credit.hasRoom(1_000_000))
  t.equal(now, 6_000)
  t.notOk(credit.ask(now), 'the sixth question was missed as well')
  t.equal(credit.deadline, 15_000)
  t.ok(credit.ask(15_000))
  credit.answer(11)
  t.notOk(credit.hasRoom(1))
  credit.clear()
  t.ok(credit.ask(now), 'another modem is asked at once')
})
