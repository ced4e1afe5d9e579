import t from 'tap'
import { decodeCommand } from '../../protocol/command/command.ts'
import { encodeHousekeeping } from '../../protocol/command/housekeeping.ts'
import { Orders } from '../../station/orders.ts'
import { edgeStatus } from '../../station/status.ts'
import { EdgeBench } from '../kit/edge-bench.ts'
import { someHousekeeping } from '../kit/housekeeping.ts'

const NOOP = { verb: 'noop' } as const

t.test('commands go up one by one, again and again until the spacecraft has answered', async t => {
  const bench = new EdgeBench()
  bench.takeKinds()
  bench.tell({ kind: 'order', command: NOOP, token: 3 })
  bench.tell({ kind: 'order', command: { verb: 'suspend', sequence: 9 }, token: 4 })
  t.strictSame(bench.takeKinds(), ['ordered', 'answer', 'room', 'ordered', 'answer'])
  t.strictSame(bench.commands().map(decodeCommand), [
    { kind: 'command', counter: 1, command: NOOP },
  ])
  t.strictSame(bench.commands(), [], 'it is waited for')
  bench.tick(bench.machine.deadline)
  t.match(bench.commands().map(decodeCommand), [{ counter: 1 }])
  bench.takeKinds()
  bench.hearTelemetry(told(1, 1))
  t.match(bench.takeKinds(), ['order over', 'log', 'room'])
  t.match(bench.commands().map(decodeCommand), [{ counter: 2 }])
  bench.hearTelemetry(told(2, 0, 'it is not in the buffer'))
  t.match(edgeStatus(bench.machine, 5_000), {
    orders: [
      { counter: 1, command: 'noop', state: 'executed' },
      { counter: 2, command: 'suspend 9', state: 'refused', why: 'it is not in the buffer' },
    ],
    housekeeping: { lastCounter: 2, ageMs: 2_000 },
  })
  bench.hearTelemetry(told(2, 0))
  t.strictSame(bench.commands(), [])
})

t.test('what comes on the channel of housekeeping and is none is counted', async t => {
  const bench = new EdgeBench()
  bench.hearTelemetry(Uint8Array.of(9))
  t.equal(bench.machine.ingest.pdus.foreign, 1)
  t.notOk('housekeeping' in edgeStatus(bench.machine, 0))
})

t.test('a restart loses no order and uses no counter twice', async t => {
  const bench = new EdgeBench()
  for (const token of [1, 2, 3]) bench.tell({ kind: 'order', command: NOOP, token })
  bench.hearTelemetry(told(1, 1))
  for (const records of [bench.records(), [...bench.machine.snapshot()]]) {
    const after = new EdgeBench({}, records)
    t.match(after.machine.orders.status, [
      { counter: 1, state: 'executed' },
      { counter: 2, state: 'waiting' },
      { counter: 3 },
    ])
    t.match(after.commands().map(decodeCommand), [{ counter: 2 }])
    after.take('answer')
    after.tell({ kind: 'order', command: NOOP, token: 4 })
    t.match(after.take('answer'), [{ token: 4, counter: 4 }])
  }
})

t.test('Orders goes on behind what the spacecraft has taken from others', async t => {
  const orders = new Orders(10, [])
  orders.hear(someHousekeeping({ lastCounter: 500 }))
  t.match(orders.order(NOOP), { counter: 501 })
  orders.hear(someHousekeeping({ lastCounter: 600, lastExecuted: 1 }))
  t.match(orders.status, [{ counter: 501, state: 'refused', why: /not known/ }])
})

t.test('Orders has bounds, and says them', async t => {
  const orders = new Orders(1, [{ kind: 'ordered', counter: 2 }, 'x', { kind: 'mark', counter: 1 }])
  for (let counter = 1; counter <= 64; counter++) t.match(orders.order(NOOP), { counter })
  t.equal(orders.order(NOOP), '64 commands wait already')
  for (let lastCounter = 1; lastCounter <= 64; lastCounter++)
    orders.hear(someHousekeeping({ lastCounter, lastExecuted: 1 }))
  t.equal(orders.status.length, 32)
  t.match(new Orders(2 ** 32, []).order(NOOP), /used up/)
  const bench = new EdgeBench()
  for (let token = 1; token <= 65; token++) bench.tell({ kind: 'order', command: NOOP, token })
  t.match(bench.take('answer').at(-1), { token: 65, why: /64 commands wait/ })
})

function told(lastCounter: number, lastExecuted: number, commandRefusal = ''): Uint8Array {
  const report = someHousekeeping({ lastCounter, lastExecuted, commandRefusal })
  return encodeHousekeeping(report)
}
