import t from 'tap'
import { Channel, type ChannelPlan } from '../../../hal/sim/channel.ts'
import { Random } from '../../kit/random.ts'

const MBIT = 1_000_000
const OCTETS_PER_MS = 125

t.test('Channel carries octets unharmed, at its rate and after its delay', async t => {
  const channel = new Channel({ rateBps: MBIT, delayMs: 250 })
  const sent = new Random(1).octets(1_000)
  t.equal(channel.deadline, undefined)
  t.equal(channel.roomOctets(0), 0, 'no credit before the first octet')
  channel.push(sent, 0)
  t.equal(channel.deadline, 258, '1,000 octets take 8 ms')
  t.strictSame(channel.pull(257.9), [])
  t.strictSame(joined(channel.pull(258)), sent)
  t.match(channel.counters, {
    octetsIn: 1_000,
    octetsOut: 1_000,
    bitErrors: 0,
    framesHit: 0,
    slips: 0,
    dropped: 0,
  })
})

t.test('roomOctets() grows with the time up to 100 ms worth, and rest() gives it up', async t => {
  const channel = new Channel({ rateBps: MBIT })
  channel.push(Uint8Array.of(1), 0)
  t.equal(channel.roomOctets(0), 0)
  t.equal(channel.roomOctets(4), 4 * OCTETS_PER_MS - 1)
  t.equal(channel.roomOctets(5_000), 100 * OCTETS_PER_MS)
  channel.push(new Uint8Array(100 * OCTETS_PER_MS), 5_000)
  t.equal(channel.roomOctets(5_000), 0, 'the credit is spent')
  channel.rest(5_050)
  t.equal(channel.roomOctets(5_050), 0, 'the sender had nothing to send')
  t.equal(channel.roomOctets(5_054), 4 * OCTETS_PER_MS)
})

t.test('Channel does the same harm whatever the size of the chunks', async t => {
  const plan = { rateBps: MBIT, ber: 1e-4, loss: 0.05, slipOctets: 5_000, seed: 17 }
  const sent = new Random(2).octets(100_000)
  const whole = carried(plan, sent, () => sent.length)
  const random = new Random(3)
  const pieces = carried(plan, sent, () => 1 + random.below(3_000))
  const octets = carried(plan, sent, () => 1)
  t.ok(Buffer.from(pieces.octets).equals(whole.octets), 'the octets')
  t.ok(Buffer.from(octets.octets).equals(whole.octets), 'the octets, one by one')
  t.strictSame(pieces.counters, whole.counters, 'the counters')
  t.strictSame(octets.counters, whole.counters, 'the counters, octet by octet')
  const other = carried({ ...plan, seed: 18 }, sent, () => sent.length)
  t.notOk(Buffer.from(other.octets).equals(whole.octets), 'another seed, another pass')
})

t.test('Channel turns bits over as often as ber says', async t => {
  const { octets, counters } = carried(
    { rateBps: MBIT, ber: 1e-3 },
    new Uint8Array(500_000),
    () => 4_096,
  )
  const errors = octets.reduce((sum, octet) => sum + ones(octet), 0)
  t.equal(counters.bitErrors, errors)
  t.ok(Math.abs(errors - 4_000) < 300, `${errors} of 4 million bits`)
  const every = carried({ rateBps: MBIT, ber: 1 }, new Uint8Array(10), () => 10)
  t.strictSame(every.octets, new Uint8Array(10).fill(0xff))
})

t.test('Channel destroys whole units, as often as loss says, and nothing else', async t => {
  const sent = new Uint8Array(1_279 * 2_000)
  const { octets, counters } = carried({ rateBps: MBIT, loss: 0.1 }, sent, () => 65_536)
  t.equal(octets.length, sent.length)
  let hit = 0
  for (let unit = 0; unit < 2_000; unit++) {
    const wrong = octets
      .subarray(unit * 1_279, (unit + 1) * 1_279)
      .filter(octet => octet !== 0).length
    if (wrong > 0) hit += 1
    t.ok(wrong === 0 || wrong > 1_200, `unit ${unit}`)
  }
  t.equal(counters.framesHit, hit)
  t.ok(Math.abs(hit - 200) < 60, `${hit} of 2,000 units`)
  t.equal(
    carried({ rateBps: MBIT, loss: 1, lossUnitOctets: 10 }, new Uint8Array(95), () => 7).counters
      .framesHit,
    10,
  )
})

t.test('Channel slips octets: about as many are deleted as are put in', async t => {
  const sent = Uint8Array.from({ length: 200_000 }, (_, i) => i)
  const { octets, counters } = carried({ rateBps: MBIT, slipOctets: 1_000 }, sent, () => 999)
  t.ok(Math.abs(counters.slips - 200) < 60, `${counters.slips} slips`)
  t.ok(Math.abs(octets.length - sent.length) < 60)
  const steps = octets.filter(
    (octet, i) => i > 0 && octet !== ((octets[i - 1] as number) + 1) % 256,
  ).length
  t.ok(
    steps >= counters.slips * 0.9 && steps <= counters.slips * 2,
    `${steps} places where the count jumps`,
  )
  const every = carried({ rateBps: MBIT, slipOctets: 1 }, sent, () => 999).counters
  t.equal(every.slips, sent.length)
})

t.test('Channel inverts every bit where it is asked to', async t => {
  const { octets } = carried(
    { rateBps: MBIT, inverted: true },
    Uint8Array.of(0x00, 0xff, 0x1a),
    () => 2,
  )
  t.strictSame(octets, Uint8Array.of(0xff, 0x00, 0xe5))
})

t.test('Channel drops what is sent outside contacts, to the octet', async t => {
  const contacts = [
    { startMs: 10, endMs: 20 },
    { startMs: 40, endMs: 50 },
  ]
  const channel = new Channel({ rateBps: MBIT, contacts })
  const sent = new Random(4).octets(60 * OCTETS_PER_MS)
  channel.push(sent, 0)
  const heard = joined(channel.pull(60))
  t.equal(heard.length, 20 * OCTETS_PER_MS)
  t.strictSame(heard.subarray(0, 1_250), sent.subarray(1_250, 2_500))
  t.strictSame(heard.subarray(1_250), sent.subarray(5_000, 6_250))
  t.equal(channel.counters.dropped, 40 * OCTETS_PER_MS)
  t.strictSame(channel.contact(5), { open: false, until: 10 })
  t.strictSame(channel.contact(10), { open: true, until: 20 })
  t.strictSame(channel.contact(50), { open: false, until: Infinity })
})

t.test('Channel hears the first octets of a contact after a silence', async t => {
  const channel = new Channel({ rateBps: MBIT, contacts: [{ startMs: 1_000, endMs: 2_000 }] })
  channel.push(Uint8Array.of(1), 0)
  channel.push(new Uint8Array(OCTETS_PER_MS), 1_001)
  t.equal(joined(channel.pull(1_001)).length, OCTETS_PER_MS, 'unused line time is not the past')
})

t.test('Channel falls silent in outages for their share of the time', async t => {
  const outages = { everyMs: 900, lastingMs: 100 }
  const sent = new Uint8Array(OCTETS_PER_MS * 200_000)
  const { counters } = carried({ rateBps: MBIT, outages }, sent, () => OCTETS_PER_MS * 40)
  const share = counters.dropped / sent.length
  t.ok(Math.abs(share - 0.1) < 0.03, `${share} of the octets dropped`)
  t.equal(counters.octetsOut + counters.dropped, counters.octetsIn)
})

t.test('pulled: what is on its way and what is sent is lost', async t => {
  const channel = new Channel({ rateBps: MBIT, delayMs: 100 })
  channel.push(new Uint8Array(50), 0)
  channel.pulled = true
  channel.push(new Uint8Array(60), 10)
  t.ok(channel.pulled)
  channel.pulled = false
  channel.push(new Uint8Array(70), 20)
  t.equal(joined(channel.pull(1_000)).length, 70)
  t.match(channel.counters, { octetsIn: 180, octetsOut: 70, dropped: 110 })
})

t.test('Channel refuses plans that make no sense', async t => {
  t.throws(() => new Channel({ rateBps: 0 }), /0 bit\/s/)
  t.throws(() => new Channel({ rateBps: 1, ber: 2 }), /ber 2/)
  t.throws(() => new Channel({ rateBps: 1, loss: Number.NaN }), /loss NaN/)
  t.throws(() => new Channel({ rateBps: 1, lossUnitOctets: 0 }), /units of 0/)
  t.throws(() => new Channel({ rateBps: 1, slipOctets: 0.5 }), /0.5 octets/)
})

/** Sends all of `sent` in chunks, at the rate, and answers what came out. */
function carried(plan: ChannelPlan, sent: Uint8Array, chunkOctets: () => number) {
  const channel = new Channel(plan)
  const octetMs = 8_000 / plan.rateBps
  for (let at = 0; at < sent.length; ) {
    const chunk = sent.subarray(at, at + chunkOctets())
    channel.push(chunk, at * octetMs)
    at += chunk.length
  }
  return { octets: joined(channel.pull(Infinity)), counters: channel.counters }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(pieces))
}

function ones(octet: number): number {
  return octet.toString(2).replaceAll('0', '').length
}
