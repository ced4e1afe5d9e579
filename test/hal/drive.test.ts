import t from 'tap'
import { drive } from '../../hal/drive.ts'
import { Inbox, pump } from '../../hal/inbox.ts'
import { ModemClosed } from '../../hal/ports.ts'
import { SimClock, settled } from '../../hal/sim/clock.ts'
import { systemClock } from '../../hal/system-clock.ts'
import type { Instant, Machine } from '../../protocol/machine.ts'

/** Says what was done to it; `at` sets its next deadline. */
class Diary implements Machine<string, string> {
  deadline: Instant | undefined
  #effects: string[] = ['hello']

  receive(input: string, now: Instant): void {
    this.#effects.push(`${input} at ${now}`)
    if (input.startsWith('wake ')) this.deadline = Number(input.slice(5))
  }

  tick(now: Instant): void {
    this.#effects.push(`tick at ${now}`)
    this.deadline = undefined
  }

  drain(): readonly string[] {
    return this.#effects.splice(0)
  }
}

function begin(machine: Machine<string, string> = new Diary()) {
  const inbox = new Inbox<string>()
  const clock = new SimClock()
  const stop = new AbortController()
  const done: string[][] = []
  const perform = async (effects: readonly string[]) => {
    done.push([...effects])
  }
  const ended = drive({ machine, inbox, clock, perform, signal: stop.signal })
  return { inbox, clock, stop, done, ended }
}

t.test('drive() performs the first effects before it waits, then one batch a step', async t => {
  const { inbox, clock, stop, done, ended } = begin()
  t.strictSame(done, [['hello']])
  inbox.post('wake 30')
  inbox.post('b')
  await clock.advanceTo(10)
  inbox.post('c')
  await clock.advanceTo(100)
  t.strictSame(done, [['hello'], ['wake 30 at 0'], ['b at 0'], ['c at 10'], ['tick at 30']])
  stop.abort()
  await ended
})

t.test('drive() leaves no waiter behind', async t => {
  const { inbox, clock, stop, ended } = begin()
  for (let i = 1; i < 50; i++) {
    inbox.post(`wake ${i * 10}`)
    await clock.advanceTo(i * 10)
  }
  t.equal(clock.deadline, undefined)
  stop.abort()
  await ended
})

t.test('drive() lets a deadline that stays due and a stream of inputs take turns', async t => {
  let ticks = 0
  let inputs = 0
  const stop = new AbortController()
  const inbox = new Inbox<number>()
  for (let i = 0; i < 5; i++) inbox.post(i)
  const machine: Machine<number, string> = {
    deadline: 0,
    receive: () => {
      inputs += 1
      if (inputs === 5) stop.abort()
    },
    tick: () => {
      ticks += 1
    },
    drain: () => [],
  }
  await drive({
    machine,
    inbox,
    clock: new SimClock(),
    perform: async () => {},
    signal: stop.signal,
  })
  t.equal(inputs, 5)
  t.equal(ticks, 5)
})

t.test('drive() turns the event loop while a deadline stays due', async t => {
  const stop = new AbortController()
  setImmediate(() => stop.abort())
  let ticks = 0
  await drive({
    machine: { deadline: 0, receive() {}, tick: () => void ticks++, drain: () => [] },
    inbox: new Inbox(),
    clock: systemClock,
    perform: async () => {},
    signal: stop.signal,
  })
  t.ok(ticks > 0)
})

t.test('drive() ends on abort: while it waits, and after the effects being performed', async t => {
  const { stop, ended } = begin()
  await settled()
  stop.abort()
  await ended

  const early = new AbortController()
  early.abort()
  const done: string[] = []
  await drive({
    machine: new Diary(),
    inbox: new Inbox<string>(),
    clock: new SimClock(),
    perform: async effects => void done.push(...effects),
    signal: early.signal,
  })
  t.strictSame(done, ['hello'])
})

t.test(
  'drive() rejects with what perform rejects with, but for a modem closed after abort',
  async t => {
    const stop = new AbortController()
    let error: Error = new Error('No space')
    const go = () =>
      drive({
        machine: new Diary(),
        inbox: new Inbox<string>(),
        clock: new SimClock(),
        perform: () => Promise.reject(error),
        signal: stop.signal,
      })
    await t.rejects(go(), { message: 'No space' })
    error = new ModemClosed('closed')
    await t.rejects(go(), { name: 'ModemClosed' })
    stop.abort()
    await go()
  },
)

t.test('Inbox keeps order over many inputs', async t => {
  const inbox = new Inbox<number>()
  t.equal(inbox.take(), undefined)
  for (let i = 0; i < 5_000; i++) inbox.post(i)
  for (let i = 0; i < 5_000; i++) if (inbox.take() !== i) t.fail(`input ${i}`)
  t.equal(inbox.length, 0)
})

t.test('pump() stops reading while the inbox is long', async t => {
  let read = 0
  async function* source() {
    for (; read < 10; ) {
      read += 1
      yield read
    }
  }
  const inbox = new Inbox<string>()
  const ended = pump(source(), inbox, String, 3)
  await settled()
  t.equal(inbox.length, 3)
  t.equal(read, 3)
  t.equal(inbox.take(), '1')
  await settled()
  t.equal(read, 4)
  while (inbox.take() !== '10') await inbox.arrival()
  await ended
})
