import t from 'tap'
import { FrameQueue } from '../../../hal/modems/frame-queue.ts'

/** A queue with sends of these lengths, the octets of each its number. */
function queueOf(frameOctets: number, lengths: readonly number[]): FrameQueue<number> {
  const queue = new FrameQueue<number>(frameOctets)
  for (const [i, length] of lengths.entries()) queue.push(new Uint8Array(length).fill(i), i)
  return queue
}

function frames(queue: FrameQueue<number>): string[] {
  const found: string[] = []
  for (let frame = queue.take(); frame !== undefined; frame = queue.take())
    found.push([...frame].join(''))
  return found
}

t.test('FrameQueue never divides a send that fits a frame', async t => {
  t.strictSame(frames(queueOf(10, [4, 4, 4, 10, 1])), ['00001111', '2222', '3333333333', '4'])
  t.strictSame(frames(queueOf(10, [])), [])
  const alone = new FrameQueue<number>(10, false)
  for (const token of [1, 2]) alone.push(new Uint8Array(3).fill(token), token)
  t.strictSame(frames(alone), ['111', '222'], 'one to a frame, where the modem wants it')
})

t.test('FrameQueue cuts a send that does not, and fills up its last frame', async t => {
  t.strictSame(frames(queueOf(4, [9])), ['0000', '0000', '0'])
  t.strictSame(frames(queueOf(4, [9, 9])), ['0000', '0000', '0111', '1111', '11'])
  t.strictSame(frames(queueOf(4, [6, 1, 1, 4])), ['0000', '0012', '3333'])
})

t.test('FrameQueue settles a send when all of its frames were told of', async t => {
  const queue = queueOf(4, [6, 2, 4])
  t.equal(queue.octets, 12)
  frames(queue)
  t.equal(queue.octets, 0)
  t.strictSame(queue.tell('accepted'), [])
  t.match(queue.tell('unknown'), [
    { token: 0, outcome: 'unknown' },
    { token: 1, outcome: 'unknown' },
  ])
  t.match(queue.tell('accepted'), [{ token: 2, outcome: 'accepted' }])
  t.strictSame(queue.tell('accepted'), [], 'nothing is left to tell of')
})

t.test('FrameQueue keeps the worst outcome', async t => {
  const queue = queueOf(1, [3])
  frames(queue)
  queue.tell('rejected')
  queue.tell('unknown')
  t.match(queue.tell('accepted'), [{ outcome: 'rejected' }])
})

t.test('forgetBegun() lets go what the line took half of', async t => {
  const queue = queueOf(4, [9, 2])
  t.strictSame(queue.forgetBegun(), [], 'nothing was begun')
  queue.take()
  t.strictSame(queue.forgetBegun(), [], 'its frame is still on the way')
  t.match(queue.tell('unknown'), [{ token: 0, outcome: 'unknown' }])
  t.strictSame(frames(queue), ['11'])
  const told = queueOf(4, [9])
  told.take()
  told.tell('accepted')
  t.match(told.forgetBegun(), [{ token: 0, outcome: 'unknown' }])
  t.equal(told.octets, 0)
  t.strictSame(told.forgetBegun(), [])
})
