import t from 'tap'
import type { LineEnd } from '../../../hal/link/end.ts'
import { Line } from '../../../hal/link/line.ts'
import { Channel } from '../../../hal/sim/channel.ts'
import { Random } from '../../kit/random.ts'

class FakeEnd implements LineEnd {
  readonly where = { kind: 'serial', path: '/dev/null' } as const
  written: Uint8Array = new Uint8Array()
  got: Uint8Array = new Uint8Array()
  roomOctets = Infinity

  read(most: number): Uint8Array | undefined {
    if (this.written.length === 0) return undefined
    const octets = this.written.subarray(0, most)
    this.written = this.written.subarray(octets.length)
    return octets
  }

  write(octets: Uint8Array): number {
    const taken = octets.subarray(0, this.roomOctets)
    this.roomOctets -= taken.length
    this.got = Uint8Array.from(Buffer.concat([this.got, taken]))
    return taken.length
  }

  async hangUp(): Promise<void> {}
  async plugIn(): Promise<void> {}
  async close(): Promise<void> {}
}

t.test('Line carries both ways at the rates of its channels, and taps the way down', async t => {
  const { line, onboard, station, tapped } = bench({ rateBps: 1_000_000 }, { rateBps: 64_000 })
  const down = new Random(1).octets(50_000)
  const up = new Random(2).octets(3_000)
  onboard.written = down
  station.written = up
  line.step(0)
  t.equal(onboard.written.length, 50_000, 'no line time has passed')
  run(line, 0, 200)
  t.equal(
    50_000 - onboard.written.length,
    200 * 125,
    'the sender keeps what the rate does not allow',
  )
  run(line, 200, 800)
  t.strictSame(station.got, down)
  t.strictSame(onboard.got, up)
  t.strictSame(tapped(), down)
  t.match(line.counters, {
    down: { octetsIn: 50_000, octetsOut: 50_000 },
    up: { octetsOut: 3_000 },
  })
})

t.test('troubles: stall, noise, crumbs, inverted', async t => {
  const { line, onboard, station } = bench({ rateBps: 1_000_000 }, { rateBps: 1_000_000 })
  const octets = new Random(3).octets(1_000)
  run(line, 0, 100)
  const passed = (from: number) => {
    onboard.written = octets
    station.got = new Uint8Array()
    run(line, from, from + 50)
    return station.got
  }
  line.troubles = new Set(['stall'])
  t.equal(passed(100).length, 0)
  t.equal(onboard.written.length, 1_000, 'the sender is held back')
  line.troubles = new Set(['crumbs'])
  t.strictSame(passed(200), octets)
  line.troubles = new Set(['inverted'])
  t.strictSame(
    passed(300),
    octets.map(octet => 255 - octet),
  )
  line.troubles = new Set(['noise'])
  const noise = passed(400)
  t.ok(noise.length > 5_000, `${noise.length} octets of noise, sent or not`)
  t.equal(onboard.written.length, 0, 'what was sent went under')
  t.notOk(Buffer.from(noise).includes(Buffer.from(octets.subarray(0, 8))))
  line.troubles = new Set()
  run(line, 450, 500)
  t.strictSame(passed(500), octets)
})

t.test('step() says when the line is idle', async t => {
  const { line, onboard } = bench({ rateBps: 1_000_000, delayMs: 50 }, { rateBps: 1_000_000 })
  line.step(0)
  t.notOk(line.step(4), 'nothing to carry')
  onboard.written = new Uint8Array(1)
  t.ok(line.step(8), 'read')
  t.ok(line.step(30), 'on its way')
  t.ok(line.step(59), 'there')
  t.notOk(line.step(63))
})

t.test('Line loses what a reader leaves unread for long, and counts it', async t => {
  const { line, onboard, station } = bench({ rateBps: 100_000_000 }, { rateBps: 64_000 })
  station.roomOctets = 1_000
  onboard.written = new Random(3).octets(1_100_000)
  const sent = onboard.written
  run(line, 0, 400)
  const { octetsIn, octetsOut, dropped } = line.counters.down
  t.equal(octetsIn, 1_100_000)
  t.ok(dropped > 0, `${dropped} dropped`)
  t.equal(octetsOut + dropped, octetsIn)
  t.strictSame(station.got, sent.subarray(0, 1_000), 'the oldest is kept')
  station.roomOctets = Infinity
  run(line, 400, 500)
  t.equal(station.got.length, octetsOut)
})

t.test('pulled: nothing passes either way, and the senders are not held up', async t => {
  const { line, onboard, station } = bench({ rateBps: 1_000_000 }, { rateBps: 1_000_000 })
  line.step(0)
  line.pulled = true
  onboard.written = new Uint8Array(1_000)
  station.written = new Uint8Array(1_000)
  run(line, 0, 50)
  t.equal(onboard.written.length + station.written.length, 0)
  line.pulled = false
  onboard.written = Uint8Array.of(1, 2, 3)
  run(line, 50, 60)
  t.strictSame(station.got, Uint8Array.of(1, 2, 3))
  t.equal(onboard.got.length, 0)
})

function bench(
  down: { rateBps: number; delayMs?: number },
  up: { rateBps: number },
): { line: Line; onboard: FakeEnd; station: FakeEnd; tapped: () => Uint8Array } {
  const onboard = new FakeEnd()
  const station = new FakeEnd()
  const taps: Uint8Array[] = []
  const tap = (octets: Uint8Array) => taps.push(octets.slice())
  const channels = { down: new Channel(down), up: new Channel(up) }
  const line = new Line({ onboard, station, ...channels, tap })
  return { line, onboard, station, tapped: () => Uint8Array.from(Buffer.concat(taps)) }
}

function run(line: Line, fromMs: number, toMs: number): void {
  for (let now = fromMs; now <= toMs; now += 4) line.step(now)
}
