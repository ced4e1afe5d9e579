/** Who makes way for whom, by way of a whole spacecraft. */
import t from 'tap'
import type { Offer } from '../../../onboard/buffer/ack-buffer.ts'
import { SpacecraftBench } from '../../kit/spacecraft-bench.ts'

function names(bench: SpacecraftBench): string[] {
  return [...bench.machine.buffer.entries()].map(({ name }) => name)
}

t.test('no more make way than are needed, by number and by octets', t => {
  for (const limits of [
    { filesMax: 3, octetsMax: 1_000 },
    { filesMax: 9, octetsMax: 90 },
  ]) {
    const bench = new SpacecraftBench({ buffer: { ...limits, whenFull: 'drop' } })
    for (const path of ['/a', '/b', '/c']) bench.offer(path, 30, { priority: 9 })
    t.equal(bench.offer('/urgent', 30, { priority: 1 })?.sequence, 4)
    t.strictSame(names(bench), ['a', 'b', 'urgent'])
  }
  t.end()
})

t.test('nobody makes way where a full buffer refuses', t => {
  for (const whenFull of ['refuse', undefined] as const) {
    const bench = new SpacecraftBench({
      buffer: { filesMax: 2, octetsMax: 100, ...(whenFull && { whenFull }) },
    })
    for (const path of ['/a', '/b']) bench.offer(path, 30, { priority: 9 })
    t.match(bench.offer('/urgent', 10, { priority: 0 })?.why, /is full/)
    t.strictSame(names(bench), ['a', 'b'])
    t.equal(bench.machine.custody.counters.dropped, 0)
  }
  t.end()
})

t.test('a file that waited and is refused again counts once', t => {
  const bench = new SpacecraftBench({ buffer: { filesMax: 1, octetsMax: 100 } })
  bench.offer('/a', 30)
  const offer: Offer = {
    ...{ path: '/b', name: 'b', remove: true },
    identity: { octets: 1, mtimeMs: 1, inode: 1 },
  }
  for (const waited of [false, true, true])
    bench.tell({ kind: 'offer', token: 1, offer, insist: false, waited })
  t.equal(bench.machine.buffer.refused, 1)
  t.end()
})

t.test('a file that was cancelled while it was read for its checksum is not sent', t => {
  const before = new SpacecraftBench()
  before.offer('/a', 30)
  const bench = new SpacecraftBench({}, before.records())
  bench.tell({ kind: 'cancel', token: 1, sequence: 1 })
  bench.records()
  bench.tell({ kind: 'digested', sequence: 1, checksum: 5 })
  t.strictSame(bench.records(), [])
  t.notOk(bench.frames(4).some(({ body }) => body.kind === 'metadata' || body.kind === 'file data'))
  t.end()
})

t.test('a file that failed is offered anew only where it is another one', t => {
  const identity = { octets: 30, mtimeMs: 5, inode: 7 }
  for (const [changes, isTaken] of [
    [{}, false],
    [{ octets: 31 }, true],
    [{ mtimeMs: 6 }, true],
    [{ inode: 8 }, true],
  ] as const) {
    const bench = new SpacecraftBench()
    const offer = (found: Offer['identity']) => {
      const about = { path: '/a', name: 'a', remove: true, identity: found }
      bench.tell({ kind: 'offer', token: 1, offer: about, insist: false })
      return bench.take('answer').at(-1)?.sequence
    }
    offer(identity)
    bench.tell({ kind: 'digested', sequence: 1, checksum: 5 })
    bench.tell({ kind: 'cancel', token: 2, sequence: 1 })
    bench.take('answer')
    t.equal(offer({ ...identity, ...changes }) !== undefined, isTaken, JSON.stringify(changes))
  }
  t.end()
})
