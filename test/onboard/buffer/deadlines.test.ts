import t from 'tap'
import type { Entry } from '../../../onboard/buffer/ack-buffer.ts'
import { Deadlines } from '../../../onboard/buffer/deadlines.ts'

const MINUTE = 60_000
const START = 1_000 * MINUTE

function entry(sequence: number, deadlineMs?: number): Entry {
  const identity = { octets: 1, mtimeMs: 1, inode: 1 }
  const rank = { priority: 5, deadlineMs: deadlineMs ?? Infinity, turn: 0, sequence }
  const offer = { path: '/a', name: 'a', identity, remove: true, ...(deadlineMs && { deadlineMs }) }
  const fresh = { checksum: undefined, mark: 0, ended: undefined }
  return { ...offer, ...fresh, sequence, acceptedMs: 0, rank }
}

function late(deadlines: Deadlines, utcMs: number): number[] {
  const taken: number[] = []
  for (let one = deadlines.takeLate(utcMs); one !== undefined; one = deadlines.takeLate(utcMs))
    taken.push(one)
  return taken
}

t.test('Deadlines that pass while the clock runs are missed, earliest first, each once', t => {
  const deadlines = new Deadlines(START)
  for (const one of [entry(1, START + 9), entry(2), entry(3, START + 5), entry(4, START + 5)])
    deadlines.add(one)
  t.equal(deadlines.next, START + 5)
  t.strictSame(late(deadlines, START + 4), [])
  t.strictSame(late(deadlines, START + 9), [3, 4, 1])
  deadlines.drop(2)
  t.equal(deadlines.next, undefined)
  t.end()
})

t.test('Deadlines that had passed at the start are missed when the clock has run on', t => {
  const deadlines = new Deadlines(START)
  deadlines.add(entry(1, START))
  deadlines.add(entry(2, START + MINUTE))
  deadlines.add(entry(3, START - MINUTE))
  deadlines.add(entry(4, START - 2 * MINUTE))
  deadlines.drop(4)
  t.equal(deadlines.next, START + MINUTE)
  t.strictSame(late(deadlines, START + MINUTE), [2])
  t.equal(deadlines.next, START + 10 * MINUTE)
  t.strictSame(late(deadlines, START + 10 * MINUTE), [3, 1])
  t.end()
})

t.test('Deadlines that a step skips are missed later, and come again with a step back', t => {
  const deadlines = new Deadlines(START)
  const entries = [entry(1, START + MINUTE), entry(2, START + 60 * MINUTE), entry(3)]
  for (const one of entries) deadlines.add(one)
  deadlines.stepped(START + 30 * MINUTE, entries)
  t.strictSame(late(deadlines, START + 39 * MINUTE), [])
  t.strictSame(late(deadlines, START + 40 * MINUTE), [1])
  deadlines.stepped(START + 50 * MINUTE, entries)
  t.strictSame(late(deadlines, START + 60 * MINUTE), [2], 'what was missed is not missed again')
  deadlines.stepped(START, entries)
  t.equal(deadlines.next, START + MINUTE, 'unless it was not')
  t.strictSame(late(deadlines, START + 60 * MINUTE), [1, 2])
  deadlines.stepped(START + 60 * MINUTE, entries)
  t.equal(deadlines.next, undefined, 'nor by a step to the very moment')
  t.end()
})
