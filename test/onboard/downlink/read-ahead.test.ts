import t from 'tap'
import { type ChunkRequest, READ_AHEAD, ReadAhead } from '../../../onboard/downlink/read-ahead.ts'

const { chunkOctets, chunksMax } = READ_AHEAD
const LONG = { sequence: 1, octets: 1_000 * chunkOctets }

/** Wants the octets of chunk `index`, and answers what is asked of the disk. */
function want(readAhead: ReadAhead, index: number, file = LONG) {
  readAhead.beginChoice()
  const start = index * chunkOctets
  const octets = readAhead.take(file, { start, end: start + 10 }, start + 10)
  return { octets, requests: readAhead.drain() }
}

t.test('drain() lends as many buffers for a long file as for a short one', async t => {
  const readAhead = new ReadAhead()
  const buffers = new Set<ArrayBufferLike>()
  for (let index = 0; index < 500; index++)
    for (const { sequence, offset, length, into } of want(readAhead, index).requests) {
      buffers.add(into.buffer)
      into.fill(index)
      readAhead.put(sequence, offset, into.subarray(0, length))
      t.strictSame(want(readAhead, index).octets, new Uint8Array(10).fill(index))
    }
  t.equal(buffers.size, chunksMax)
})

t.test('put() takes back what nobody wants any more', async t => {
  const readAhead = new ReadAhead()
  const [request] = want(readAhead, 0).requests as [ChunkRequest]
  readAhead.forget(1)
  readAhead.put(1, 0, request.into)
  const [next] = want(readAhead, 7).requests
  t.equal(next?.into.buffer, request.into.buffer)
})

t.test('put() takes octets that are not those it lent', async t => {
  const readAhead = new ReadAhead()
  const file = { sequence: 2, octets: 10 }
  t.equal(want(readAhead, 0, file).requests[0]?.length, 10)
  readAhead.put(2, 0, new Uint8Array(10).fill(3))
  t.strictSame(want(readAhead, 0, file).octets, new Uint8Array(10).fill(3))
  readAhead.put(2, 0, new Uint8Array(10).fill(4))
  t.strictSame(want(readAhead, 0, file).octets, new Uint8Array(10).fill(4))
})
