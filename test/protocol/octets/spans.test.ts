import t from 'tap'
import type { Span } from '../../../protocol/octets/span.ts'
import { Spans } from '../../../protocol/octets/spans.ts'
import { Random } from '../../kit/random.ts'

t.test('Spans join what touches and split what is taken out of the middle', t => {
  const spans = new Spans([
    { start: 0, end: 10 },
    { start: 20, end: 30 },
  ])
  t.equal(spans.count, 2)
  t.equal(spans.add(10, 20), 10)
  t.strictSame([...spans], [{ start: 0, end: 30 }])
  t.equal(spans.remove(5, 7), 2)
  t.strictSame(
    [...spans],
    [
      { start: 0, end: 5 },
      { start: 7, end: 30 },
    ],
  )
  t.equal(spans.octets, 28)
  t.equal(spans.end, 30)
  spans.clear()
  t.strictSame([...spans], [])
  t.equal(spans.octets, 0)
  t.equal(spans.end, 0)
  t.end()
})

t.test('empty and backward spans change nothing', t => {
  const spans = new Spans([{ start: 5, end: 9 }])
  t.equal(spans.add(3, 3), 0)
  t.equal(spans.add(8, 2), 0)
  t.equal(spans.remove(6, 6), 0)
  t.ok(spans.has(7, 7))
  t.ok(spans.has(100, 100), 'of nothing everything is there')
  t.strictSame([...spans.gaps(9, 9)], [])
  t.strictSame([...spans], [{ start: 5, end: 9 }])
  t.end()
})

t.test('keepFirst() forgets the spans behind so many', t => {
  const spans = new Spans([5, 20, 30].map(start => ({ start, end: start + 4 })))
  spans.keepFirst(3)
  t.equal(spans.octets, 12)
  spans.keepFirst(2)
  t.strictSame([...spans].at(-1), { start: 20, end: 24 })
  t.strictSame([spans.count, spans.octets, spans.end], [2, 8, 24])
  spans.keepFirst(0)
  t.strictSame([spans.count, spans.octets, spans.end], [0, 0, 0])
  t.end()
})

t.test('addAll() and removeAll() do what one call for each does, in any order, few or many', t => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = new Random(seed)
    const some = () =>
      Array.from({ length: random.below(60) }, () => {
        const start = random.below(400)
        return { start, end: start + random.below(12) }
      })
    const [first, more, less] = [some(), some(), some()]
    const [whole, single] = [new Spans(first), new Spans(first)]
    whole.addAll(more)
    for (const { start, end } of more) single.add(start, end)
    t.strictSame([[...whole], whole.octets], [[...single], single.octets], `seed ${seed}, added`)
    whole.removeAll(less)
    for (const { start, end } of less) single.remove(start, end)
    t.strictSame([[...whole], whole.octets], [[...single], single.octets], `seed ${seed}, taken`)
  }
  t.end()
})

t.test('many spans between many others move none of them', t => {
  const many = (from: number) =>
    Array.from({ length: 8_000 }, (_, i) => ({ start: from + 10 * i, end: from + 10 * i + 3 }))
  const spans = new Spans(many(0))
  const list: Pick<unknown[], 'splice'> = Array.prototype
  const moves = t.capture(list, 'splice', list.splice)
  spans.addAll(many(5))
  t.equal(spans.count, 16_000)
  spans.removeAll(many(0).toReversed())
  t.equal(moves().length, 0)
  t.strictSame([...spans], many(5))
  t.end()
})

t.test('nextEdge() is the next place where a span begins or ends', t => {
  const spans = new Spans([5, 20].map(start => ({ start, end: start + 4 })))
  const edges: number[] = []
  for (let at = spans.nextEdge(0); at < Infinity; at = spans.nextEdge(at)) edges.push(at)
  t.strictSame(edges, [5, 9, 20, 24])
  t.equal(new Spans().nextEdge(0), Infinity)
  t.end()
})

t.test('Spans hold offsets beyond 2^32', t => {
  const spans = new Spans()
  spans.add(2 ** 40, 2 ** 40 + 5)
  spans.add(0, 2 ** 33)
  t.equal(spans.octets, 2 ** 33 + 5)
  t.strictSame([...spans.gaps(0, 2 ** 41)][0], { start: 2 ** 33, end: 2 ** 40 })
  t.end()
})

t.test('every answer of Spans is that of a list of flags', t => {
  for (let seed = 1; seed <= 150; seed++) {
    const faults = liveThrough(new Random(seed))
    if (faults.length > 0) t.fail(`seed ${seed}`, { faults: faults.slice(0, 5) })
  }
  t.pass('150 histories')
  t.end()
})

function liveThrough(random: Random): readonly string[] {
  const size = 1 + random.below(60)
  const flags = Array.from({ length: size }, () => false)
  const spans = new Spans()
  const faults: string[] = []
  const check = (what: string, found: unknown, right: unknown): void => {
    if (JSON.stringify(found) !== JSON.stringify(right))
      faults.push(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(right)}`)
  }
  for (let step = 0; step < 80; step++) {
    const start = random.below(size)
    const end = start + random.below(size - start + 1)
    const isAdding = random.below(2) === 0
    const changed = flags.slice(start, end).filter(is => is !== isAdding).length
    flags.fill(isAdding, start, end)
    const span = `[${start}, ${end})`
    if (isAdding) check(`add ${span}`, spans.add(start, end), changed)
    else check(`remove ${span}`, spans.remove(start, end), changed)

    const all = runsOf(flags, true)
    check('spans', [...spans], all)
    check('count', spans.count, all.length)
    check('octets', spans.octets, flags.filter(is => is).length)
    check('end', spans.end, flags.lastIndexOf(true) + 1)
    const from = random.below(size)
    const to = from + random.below(size - from + 1)
    const asked = `[${from}, ${to})`
    check(
      `has ${asked}`,
      spans.has(from, to),
      flags.slice(from, to).every(is => is),
    )
    const gaps = runsOf(flags.slice(from, to), false)
    const moved = gaps.map(gap => ({ start: gap.start + from, end: gap.end + from }))
    check(`gaps ${asked}`, [...spans.gaps(from, to)], moved)
    const after = all.find(one => one.end > from)
    const first = after && { start: Math.max(from, after.start), end: after.end }
    check(`firstAfter ${from}`, spans.firstAfter(from), first)
    const before = all.findLast(one => one.start < from)
    const last = before && { start: before.start, end: Math.min(from, before.end) }
    check(`lastBefore ${from}`, spans.lastBefore(from), last)
  }
  return faults
}

function runsOf(flags: readonly boolean[], wanted: boolean): readonly Span[] {
  const runs: Span[] = []
  let start: number | undefined
  for (let at = 0; at <= flags.length; at++) {
    if (at < flags.length && flags[at] === wanted) start ??= at
    else if (start !== undefined) {
      runs.push({ start, end: at })
      start = undefined
    }
  }
  return runs
}
