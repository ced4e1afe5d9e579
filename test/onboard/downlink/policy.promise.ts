/** What every downlink policy keeps (onboard/downlink/policy.ts), as tests. */
import t from 'tap'
import { PRIORITY } from '../../../onboard/buffer/rank.ts'
import type { DownlinkPolicy, Due, Work } from '../../../onboard/downlink/policy.ts'

export function promiseOfPolicies(name: string, open: () => DownlinkPolicy): void {
  t.test(`${name} answers nothing while there is nothing`, t => {
    const policy = open()
    t.equal(policy.candidate(0), undefined)
    policy.drop(5)
    policy.put(work(5, 'new'))
    t.equal(policy.candidate(0), 5)
    t.equal(policy.candidate(1), undefined)
    policy.drop(5)
    t.equal(policy.candidate(0), undefined)
    t.end()
  })

  t.test(`${name} lets directives go first, whatever their priority`, t => {
    const policy = open()
    policy.put(work(1, 'new', { priority: PRIORITY.most }))
    policy.put(work(2, 'directive', { priority: PRIORITY.least }))
    t.strictSame(orderOf(policy), [2, 1])
    t.end()
  })

  t.test(`${name} lets a priority go before all lower ones, whatever is to be sent`, t => {
    for (const role of ['main', 'secondary'] as const) {
      const policy = open()
      policy.hear(role)
      policy.put(work(1, 'again', { priority: 6 }))
      policy.put(work(2, 'new', { priority: 5, deadlineMs: 1_000 }))
      policy.put(work(3, 'new', { priority: 0, turn: 9_999 }))
      policy.put(work(4, 'again', { priority: 3 }))
      t.strictSame(orderOf(policy), [3, 4, 2, 1], role)
    }
    t.end()
  })

  t.test(`${name} answers the main station first, and sends the others what is new`, t => {
    const policy = open()
    for (const sequence of [1, 2]) policy.put(work(sequence, 'new'))
    for (const sequence of [3, 4]) policy.put(work(sequence, 'again'))
    t.strictSame(orderOf(policy), [3, 4, 1, 2])
    policy.hear('secondary')
    t.strictSame(orderOf(policy), [1, 2, 3, 4])
    policy.hear('main')
    t.strictSame(orderOf(policy), [3, 4, 1, 2])
    t.end()
  })

  t.test(`${name} says no directive aside, and what is new first`, t => {
    const policy = open()
    policy.hear('main')
    policy.put(work(1, 'directive'))
    policy.put(work(2, 'again'))
    policy.put(work(3, 'new'))
    policy.put(work(4, 'new', { priority: PRIORITY.most }))
    policy.put(work(5, 'waiting'))
    t.strictSame(
      [0, 1, 2, 3].map(nth => policy.candidate(nth, true)),
      [4, 3, 2, undefined],
    )
    t.strictSame(orderOf(policy), [1, 4, 2, 3])
    t.end()
  })

  t.test(`${name} lets the earliest deadline go first, then the turn, then the number`, t => {
    const policy = open()
    policy.put(work(1, 'new', { turn: 20 }))
    policy.put(work(2, 'new', { turn: 10 }))
    policy.put(work(3, 'new', { deadlineMs: 2_000, turn: 5 }))
    policy.put(work(4, 'new', { deadlineMs: 1_000, turn: 9 }))
    policy.put(work(5, 'new', { deadlineMs: 1_000, turn: 1 }))
    policy.put(work(6, 'new', { turn: 10 }))
    t.strictSame(orderOf(policy), [4, 5, 3, 2, 6, 1])
    t.end()
  })

  t.test(`${name} repeats where no answer can come, what is likeliest lost first`, t => {
    const policy = open()
    policy.put(work(1, 'waiting', {}, 0.1))
    policy.put(work(2, 'waiting', {}, 0.5))
    policy.put(work(3, 'waiting', {}, 0.1))
    t.strictSame(orderOf(policy), [], 'the main station is not talked down')
    policy.hear('secondary')
    t.strictSame(orderOf(policy), [2, 1, 3])
    policy.put(work(2, 'waiting', {}, 0.01))
    policy.put(work(4, 'new', { priority: PRIORITY.least }))
    t.strictSame(orderOf(policy), [4, 1, 3, 2])
    t.end()
  })

  t.test(`${name} keeps one work of a file`, t => {
    const policy = open()
    for (const due of ['new', 'again', 'directive', 'directive', 'waiting', 'new'] as const)
      policy.put(work(1, due))
    policy.put(work(2, 'new'))
    t.strictSame(orderOf(policy), [1, 2])
    policy.put(work(1, 'waiting'))
    t.strictSame(orderOf(policy), [2])
    policy.drop(2)
    t.strictSame(orderOf(policy), [])
    t.end()
  })
}

export function work(sequence: number, due: Due, rank: Partial<Work['rank']> = {}, miss = 1): Work {
  const usual = { priority: PRIORITY.usual, deadlineMs: Infinity, turn: 0 }
  return { rank: { ...usual, ...rank, sequence }, due, miss }
}

export function orderOf(policy: DownlinkPolicy): number[] {
  const order: number[] = []
  for (;;) {
    const sequence = policy.candidate(order.length)
    if (sequence === undefined) return order
    order.push(sequence)
  }
}
