import t from 'tap'
import { type ChunkRequest, READ_AHEAD, ReadAhead } from '../../../onboard/downlink/read-ahead.ts'

const { chunkOctets, chunksMax } = READ_AHEAD
const LONG = { sequence: 1, octets: 1_000 * chunkOctets }

const FILE = { sequence: 1, octets: 10 * chunkOctets + 100 }

function octetsOf({ offset, length }: Pick<ChunkRequest, 'offset' | 'length'>): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => ((offset + i) * 7) & 0xff)
}

/** The disk answers all that is asked of it. */
function read(readAhead: ReadAhead): readonly Omit<ChunkRequest, 'into'>[] {
  const requests = readAhead
    .drain()
    .map(({ sequence, offset, length }) => ({ sequence, offset, length }))
  for (const request of requests) readAhead.put(request.sequence, request.offset, octetsOf(request))
  return requests
}

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

t.test('forget() keeps the buffers of what was not asked for yet', async t => {
  const readAhead = new ReadAhead()
  const other = { sequence: 2, octets: chunkOctets }
  for (const file of [LONG, other]) {
    readAhead.beginChoice()
    readAhead.take(file, { start: 0, end: 10 }, 10)
  }
  readAhead.forget(1)
  const requests = readAhead.drain()
  t.strictSame(
    requests.map(({ sequence }) => sequence),
    [2],
  )
  t.equal(want(readAhead, 3).requests.length, 1)
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

t.test('ReadAhead asks for what is wanted and what follows, each chunk once', t => {
  const readAhead = new ReadAhead()
  t.equal(readAhead.take(FILE, { start: 0, end: 10 }, FILE.octets), undefined)
  t.equal(readAhead.take(FILE, { start: 0, end: 10 }, FILE.octets), undefined)
  t.strictSame(
    read(readAhead),
    [0, 1, 2].map(index => ({ sequence: 1, offset: index * chunkOctets, length: chunkOctets })),
  )
  t.strictSame(readAhead.drain(), [])
  const octets = readAhead.take(FILE, { start: 3, end: 10 }, FILE.octets)
  t.strictSame(octets, octetsOf({ offset: 3, length: 7 }))
  t.end()
})

t.test('ReadAhead joins what lies on both sides of a chunk border', t => {
  const readAhead = new ReadAhead()
  const span = { start: chunkOctets - 3, end: chunkOctets + 4 }
  readAhead.take(FILE, span, span.end)
  t.equal(readAhead.drain().length, 2, 'and nothing beyond what is wanted soon')
  readAhead.put(1, 0, octetsOf({ offset: 0, length: chunkOctets }))
  t.equal(readAhead.take(FILE, span, span.end), undefined, 'half of it is not there')
  readAhead.put(1, chunkOctets, octetsOf({ offset: chunkOctets, length: chunkOctets }))
  t.strictSame(readAhead.take(FILE, span, span.end), octetsOf({ offset: span.start, length: 7 }))
  t.end()
})

t.test('a chunk holds all that the file has there, whatever of it was wanted first', t => {
  const readAhead = new ReadAhead()
  readAhead.take(FILE, { start: 10 * chunkOctets, end: 10 * chunkOctets + 5 }, 10 * chunkOctets + 5)
  t.strictSame(read(readAhead), [{ sequence: 1, offset: 10 * chunkOctets, length: 100 }])
  t.equal(
    readAhead.take(FILE, { start: 10 * chunkOctets + 90, end: FILE.octets }, FILE.octets)?.length,
    10,
  )
  t.end()
})

t.test('ReadAhead lets go of what was longest not wanted, and of answers nobody waits for', t => {
  const readAhead = new ReadAhead()
  for (let index = 0; index < chunksMax + 1; index++) {
    readAhead.beginChoice()
    readAhead.take(
      FILE,
      { start: index * chunkOctets, end: index * chunkOctets + 1 },
      index * chunkOctets + 1,
    )
  }
  const requests = read(readAhead)
  t.equal(requests.length, chunksMax + 1)
  readAhead.beginChoice()
  t.equal(readAhead.take(FILE, { start: 0, end: 1 }, 1), undefined, 'the first is gone')
  t.ok(
    readAhead.take(FILE, { start: 8 * chunkOctets, end: 8 * chunkOctets + 1 }, 8 * chunkOctets + 1),
  )
  t.end()
})

t.test('more files than there is room for do not drive each other out', t => {
  const readAhead = new ReadAhead()
  const files = Array.from({ length: 40 }, (_, i) => ({ sequence: i + 1, octets: 300 }))
  const sent = new Set<number>()
  for (let choice = 0; choice < 100 && sent.size < files.length; choice++) {
    readAhead.beginChoice()
    const next = files.find(
      file => !sent.has(file.sequence) && readAhead.take(file, { start: 0, end: 300 }, 300),
    )
    if (next !== undefined) sent.add(next.sequence)
    read(readAhead)
  }
  t.equal(sent.size, files.length)
  t.end()
})

t.test('ReadAhead.forget() drops chunks and requests of one file', t => {
  const readAhead = new ReadAhead()
  const other = { sequence: 2, octets: 10 }
  readAhead.take(FILE, { start: 0, end: 1 }, 1)
  readAhead.take(other, { start: 0, end: 10 }, 10)
  readAhead.forget(1)
  t.strictSame(read(readAhead), [{ sequence: 2, offset: 0, length: 10 }])
  readAhead.put(1, 0, octetsOf({ offset: 0, length: chunkOctets }))
  t.equal(readAhead.take(FILE, { start: 0, end: 1 }, 1), undefined)
  t.equal(readAhead.take(other, { start: 0, end: 10 }, 10)?.length, 10)
  readAhead.forget(2)
  t.equal(readAhead.take(other, { start: 0, end: 10 }, 10), undefined)
  t.end()
})

t.test('the chunk that was longest not wanted makes room, not the one that came first', async t => {
  const readAhead = new ReadAhead()
  for (let index = 0; index < chunksMax; index++) {
    want(readAhead, index)
    readAhead.put(1, index * chunkOctets, new Uint8Array(chunkOctets))
  }
  want(readAhead, 0)
  t.equal(want(readAhead, chunksMax).requests.length, 1)
  t.type(want(readAhead, 0).octets, Uint8Array)
  t.equal(want(readAhead, 1).octets, undefined)
})

t.test('the buffer of a last, shorter chunk is lent again whole', async t => {
  const readAhead = new ReadAhead()
  const file = { sequence: 3, octets: 100 }
  const [request] = want(readAhead, 0, file).requests as [ChunkRequest]
  readAhead.put(3, 0, request.into.subarray(0, 100))
  readAhead.forget(3)
  const [next] = want(readAhead, 5).requests
  t.equal(next?.into.buffer, request.into.buffer)
  t.equal(next?.into.length, chunkOctets)
  readAhead.forget(1)
})
