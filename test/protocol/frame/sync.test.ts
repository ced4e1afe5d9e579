import t from 'tap'
import { MarkerHunter } from '../../../protocol/frame/sync.ts'
import { hex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'
import { BitStream } from './bit-stream.ts'

t.test('MarkerHunter hands out codeblocks, in chunks of any size', async t => {
  const blocks = codeblocks(1, 6)
  const stream = cadus(blocks).octets()
  for (const chunkOctets of [1, 2, 3, 40, 44, 45, 1000]) {
    const hunter = new MarkerHunter({ caduOctets: 44 })
    const found = feed(hunter, stream, { chunkOctets })
    t.strictSame(found, blocks, `chunks of ${chunkOctets}`)
    t.match(hunter.counters, {
      slips: 0,
      inversions: 0,
      markers: 6,
      flywheels: 0,
      octetsSkipped: 0,
    })
  }
})

t.test('MarkerHunter hands out a codeblock as soon as its last octet is there', async t => {
  const [block] = codeblocks(2, 1)
  const stream = cadus([block!]).octets()
  const hunter = new MarkerHunter({ caduOctets: 44 })
  hunter.push(stream.subarray(0, 43))
  t.equal(hunter.next(), undefined)
  hunter.push(stream.subarray(43))
  t.equal(toHex(hunter.next()!), block)
})

t.test('MarkerHunter takes a codeblock for good when it is not told', async t => {
  const blocks = codeblocks(3, 3)
  const hunter = new MarkerHunter({ caduOctets: 44 })
  hunter.push(cadus(blocks).octets())
  t.equal(hunter.locked, false)
  t.strictSame(
    [hunter.next(), hunter.next(), hunter.next()].map(block => block?.length),
    [40, 40, 40],
  )
  t.equal(hunter.next(), undefined)
  t.equal(hunter.locked, true)
  hunter.confirm(false)
  t.equal(hunter.locked, true, 'nothing to confirm')
})

t.test('MarkerHunter acquires with two wrong bits and follows with six', async t => {
  const blocks = codeblocks(4, 4)
  for (const [wrong, expected] of [
    [[2, 6, 6, 6], blocks],
    [[3, 0, 6, 2], blocks.slice(1)],
    [[0, 7, 0, 0], blocks],
  ] as const) {
    const stream = cadus(blocks)
    wrong.forEach((count, i) => {
      for (let bit = 0; bit < count; bit++) stream.flip(44 * 8 * i + 5 * bit)
    })
    const hunter = new MarkerHunter({ caduOctets: 44 })
    t.strictSame(feed(hunter, stream.octets(), { good: blocks }), expected, wrong.join())
    t.equal(hunter.counters.flywheels, wrong.includes(7 as never) ? 1 : 0)
  }
})

t.test('MarkerHunter flies over as many destroyed markers as it may', async t => {
  const blocks = codeblocks(5, 8)
  for (const flywheelMax of [0, 1, 2, 3]) {
    const stream = cadus(blocks)
    for (const at of [2, 3, 4]) for (let bit = 0; bit < 13; bit++) stream.flip(352 * at + bit)
    // Only good codeblocks wind the flywheel up again; here those behind destroyed markers are bad.
    const good = blocks.filter((_, i) => i < 2 || i > 4)
    const hunter = new MarkerHunter({ caduOctets: 44, flywheelMax })
    t.strictSame(feed(hunter, stream.octets(), { good }), good)
    t.equal(hunter.counters.flywheels, flywheelMax)
  }
})

t.test('MarkerHunter loses lock when the markers end', async t => {
  const blocks = codeblocks(6, 2)
  const stream = cadus(blocks).noise(new Random(6), 8 * 44 * 5)
  const hunter = new MarkerHunter({ caduOctets: 44 })
  t.strictSame(feed(hunter, stream.octets(), { good: blocks }), blocks)
  t.equal(hunter.locked, false)
  t.equal(hunter.counters.flywheels, 2)
  t.ok(hunter.counters.octetsSkipped > 44 * 4)
})

t.test('MarkerHunter turns back from a false marker inside a codeblock', async t => {
  const blocks = codeblocks(7, 3)
  const [, second] = blocks
  blocks[1] = `${second!.slice(0, 20)}1acffc1d${second!.slice(28)}`
  // Begun in the middle of the CADU that holds it, so that nothing else comes first.
  const stream = cadus(blocks).lose(0, 352 + 48)
  const hunter = new MarkerHunter({ caduOctets: 44 })
  t.strictSame(feed(hunter, stream.octets(), { good: blocks }), [blocks[2]])
  t.equal(hunter.counters.markers, 2)
  t.equal(hunter.counters.octetsSkipped, 44 - 6)
})

t.test('MarkerHunter finds the marker inside a codeblock that was good although cut', async t => {
  const blocks = codeblocks(8, 3)
  const stream = cadus(blocks).lose(352 - 80, 80)
  const hunter = new MarkerHunter({ caduOctets: 44 })
  const first = `${blocks[0]!.slice(0, 60)}1acffc1d${blocks[1]!.slice(0, 12)}`
  const good = [first, ...blocks.slice(1)]
  t.strictSame(feed(hunter, stream.octets(), { good }), good)
  t.match(hunter.counters, { flywheels: 0, slips: 0, octetsSkipped: 0 })
})

t.test('MarkerHunter counts slips of a few bits, and inversions', async t => {
  const blocks = codeblocks(9, 6)
  for (const harm of [-8, -3, -1, 1, 3, 8]) {
    const stream = new BitStream()
    blocks.forEach((block, i) => {
      stream.add(cadu(block), i > 3)
      if (i === 1 && harm > 0) for (let bit = 0; bit < harm; bit++) stream.double(stream.length - 1)
      if (i === 1 && harm < 0) stream.lose(352 + 100, -harm)
    })
    const hunter = new MarkerHunter({ caduOctets: 44 })
    const found = feed(hunter, stream.octets(), { good: blocks })
    t.strictSame(found, harm > 0 ? blocks : blocks.toSpliced(1, 1), `${harm} bits`)
    t.match(hunter.counters, { slips: 1, inversions: 1 }, `${harm} bits`)
  }
})

t.test('MarkerHunter holds a few CADUs of noise and no more', async t => {
  const random = new Random(10)
  const hunter = new MarkerHunter({ caduOctets: 1279 })
  const { bufferOctets } = hunter
  for (let i = 0; i < 400; i++) feed(hunter, random.octets(256), { good: [] })
  t.equal(hunter.bufferOctets, bufferOctets)
  const spared = 400 * 256 - hunter.counters.octetsSkipped
  t.ok(spared < 1300, `${spared} octets neither good nor skipped`)
})

t.test('MarkerHunter ends its search in a stream of nothing but markers', async t => {
  const hunter = new MarkerHunter({ caduOctets: 44 })
  const stream = new BitStream()
  for (let i = 0; i < 200; i++) stream.add(hex`1acffc1d`)
  t.strictSame(feed(hunter, stream.octets(), { good: [] }), [])
  t.ok(hunter.counters.markers > 180)
})

t.test('MarkerHunter refuses limits that no search can keep', async t => {
  t.throws(() => new MarkerHunter({ caduOctets: 44, markerErrorsAcquire: 3 }), RangeError)
  t.throws(() => new MarkerHunter({ caduOctets: 3 }), RangeError)
})

/** The good codeblocks, in hexadecimal; without `good` all are. */
function feed(
  hunter: MarkerHunter,
  stream: Uint8Array,
  {
    good,
    chunkOctets = 97,
  }: { readonly good?: readonly string[]; readonly chunkOctets?: number } = {},
): string[] {
  const found: string[] = []
  for (let at = 0; at < stream.length; at += chunkOctets) {
    hunter.push(stream.subarray(at, at + chunkOctets))
    for (let block = hunter.next(); block !== undefined; block = hunter.next()) {
      const octets = toHex(block)
      const isGood = good === undefined || good.includes(octets)
      // Whoever corrects errors writes into it; the search must not see that.
      block.fill(0)
      hunter.confirm(isGood)
      if (isGood) found.push(octets)
    }
  }
  return found
}

/** Codeblocks of 40 random octets. */
function codeblocks(seed: number, count: number): string[] {
  const random = new Random(seed)
  return Array.from({ length: count }, () => toHex(random.octets(40)))
}

function cadus(blocks: readonly string[]): BitStream {
  const stream = new BitStream()
  for (const block of blocks) stream.add(cadu(block))
  return stream
}

function cadu(block: string): Uint8Array {
  return hex`1acffc1d ${block}`
}
