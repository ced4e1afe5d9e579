import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { ModemConfig } from '../../../hal/config/modem.ts'
import type { Where } from '../../../hal/link/end.ts'
import { openEnds } from '../../../hal/link/ends.ts'
import { Link, type LinkPlan } from '../../../hal/link/link.ts'
import { openModem } from '../../../hal/modem.ts'
import type { Modem } from '../../../hal/ports.ts'
import { systemClock } from '../../../hal/system-clock.ts'
import { Random } from '../../kit/random.ts'

const CLEAN: LinkPlan = {
  rateBps: 4_000_000,
  uplinkRateBps: 1_000_000,
  delayMs: 0,
  ber: 0,
  loss: 0,
  lossUnitOctets: 1_279,
  uplinkLoss: 0,
  slipOctets: 0,
  inverted: false,
  seed: 1,
}

t.test(
  'Link carries every octet through two pseudo-terminals, both ways, and taps one',
  async t => {
    const tap = join(t.testdir(), 'tap.bin')
    const { onboard, station, link } = await serialBench(t, { ...CLEAN, tap })
    const down = new Random(1).octets(300_000)
    const up = new Random(2).octets(40_000)
    const [heardBelow, heardAbove] = await Promise.all([
      received(station, down.length),
      received(onboard, up.length),
      written(onboard, down),
      written(station, up),
    ])
    t.ok(Buffer.from(down).equals(heardBelow), 'down')
    t.ok(Buffer.from(up).equals(heardAbove), 'up')
    t.ok(Buffer.from(down).equals(readFileSync(tap)), 'the tap')
    t.match(link.status(), {
      role: 'link',
      pid: process.pid,
      rateBps: 4_000_000,
      contact: { open: true },
      pulled: [],
      down: { octetsIn: 300_000, octetsOut: 300_000, dropped: 0 },
      up: { octetsIn: 40_000, octetsOut: 40_000, dropped: 0 },
    })
  },
)

t.test('Link holds the sender to its rate', async t => {
  const { onboard, station } = await serialBench(t, { ...CLEAN, rateBps: 800_000 })
  const startedAt = systemClock.now()
  await Promise.all([received(station, 50_000), written(onboard, new Uint8Array(50_000))])
  const tookMs = systemClock.now() - startedAt
  t.ok(
    tookMs > 390,
    `50 kB at 100 kB/s in ${Math.round(tookMs)} ms: 100 ms may come at once, no more`,
  )
})

t.test('Link turns over as many bits as its status counts', async t => {
  const { onboard, station, link } = await serialBench(t, { ...CLEAN, ber: 1e-3 })
  const [got] = await Promise.all([
    received(station, 100_000),
    written(onboard, new Uint8Array(100_000)),
  ])
  const wrong = got.reduce((sum, octet) => sum + octet.toString(2).replaceAll('0', '').length, 0)
  t.equal(wrong, link.status().down.bitErrors)
  t.ok(Math.abs(wrong - 800) < 150, `${wrong} of 800,000 bits`)
})

t.test('Link drops what is sent outside contacts, and says when the next one is', async t => {
  const now = systemClock.utcMs()
  const contacts = [{ startMs: now + 3_600_000, endMs: now + 7_200_000 }]
  const { onboard, link } = await serialBench(t, { ...CLEAN, contacts })
  await written(onboard, new Uint8Array(20_000))
  await until(() => link.status().down.octetsIn === 20_000)
  const { contact, down } = link.status()
  t.match(contact, { open: false, startsInMs: Number })
  t.ok(Math.abs((contact.startsInMs ?? 0) - 3_600_000) < 60_000)
  t.match(down, { octetsOut: 0, dropped: 20_000 })
})

t.test('pull() and plug() cut the line both ways, for a time if told', async t => {
  const { onboard, station, link } = await serialBench(t, CLEAN)
  link.pull('station')
  t.strictSame(link.status().pulled, ['station'])
  await written(onboard, new Uint8Array(5_000))
  await until(() => link.status().down.dropped === 5_000)
  link.pull('onboard', 1)
  await until(() => link.status().pulled.length === 1)
  await link.plug('station')
  t.strictSame(link.status().pulled, [])
  const [got] = await Promise.all([received(station, 3), written(onboard, Uint8Array.of(7, 8, 9))])
  t.strictSame(got, Uint8Array.of(7, 8, 9))
})

t.test('hangUp() takes the device away, and plug() puts another in its place', async t => {
  for (const kind of ['serial', 'tcp'] as const) {
    const link = await running(t, CLEAN, kind)
    const modem = await openModem({ modem: configOf(link.where.station) }, 4_096, systemClock)
    t.teardown(() => modem.close())
    await until(() => modem.counters.isOpen)
    await link.hangUp('station')
    await until(() => !modem.counters.isOpen)
    t.strictSame(link.status().pulled, ['station'])
    await until(() => modem.counters.errors > 1)
    await link.plug('station')
    await until(() => modem.counters.isOpen)
    t.equal(modem.counters.opens, 2, kind)
    await modem.send(Uint8Array.of(1, 2, 3))
    await until(() => link.status().up.octetsOut === 3)
    await link.hangUp('station', 20)
    await until(() => link.status().pulled.length === 0)
  }
})

t.test('trouble() lasts for a time if told, or until mend()', async t => {
  const link = await running(t, CLEAN, 'tcp')
  link.trouble('noise')
  link.trouble('stall', 5)
  await until(() => link.status().troubles.length === 1)
  t.strictSame(link.status().troubles, ['noise'])
  link.mend('noise')
  t.strictSame(link.status().troubles, [])
})

function configOf(where: Where): ModemConfig {
  return where.kind === 'tcp' ? where : { ...where, baudRate: 115_200, recordOctets: undefined }
}

t.test('Link joins two TCP callers where there are no pseudo-terminals', async t => {
  const link = await running(t, CLEAN, 'tcp')
  const { onboard, station } = link.where
  if (onboard.kind !== 'tcp' || station.kind !== 'tcp') throw new Error('TCP was asked for')
  const above = connect(onboard)
  const below = connect(station)
  t.teardown(() => {
    above.destroy()
    below.destroy()
  })
  const down = new Random(5).octets(200_000)
  const got = heard(below, down.length)
  await new Promise(resolve => below.once('connect', resolve))
  above.write(down)
  t.ok(Buffer.from(down).equals(await got))
})

async function serialBench(t: Test, plan: LinkPlan) {
  const link = await running(t, plan, 'serial')
  const { onboard, station } = link.where
  const ports = { onboard: await openPort(t, onboard), station: await openPort(t, station) }
  return { link, ...ports }
}

async function running(t: Test, plan: LinkPlan, kind: 'serial' | 'tcp'): Promise<Link> {
  const link = new Link(plan, await openEnds(kind), systemClock)
  const ending = new AbortController()
  const run = link.run(ending.signal)
  t.teardown(async () => {
    ending.abort()
    await run
    await link.close()
  })
  return link
}

/** Our own modem: the package's own port stalls now and then on a line that is busy both ways. */
async function openPort(t: Test, where: Where): Promise<Modem> {
  const modem = await openModem({ modem: configOf(where) }, 4_096, systemClock)
  t.teardown(() => modem.close())
  return modem
}

/** The first octets that a modem hears; the rest of the chunk is dropped. */
async function received(modem: Modem, octets: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let count = 0
  for await (const chunk of modem.received()) {
    chunks.push(chunk)
    count += chunk.length
    if (count >= octets) break
  }
  return Uint8Array.from(Buffer.concat(chunks))
}

function heard(stream: NodeJS.ReadableStream, octets: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let count = 0
  return new Promise(resolve => {
    stream.on('data', function take(chunk: Buffer) {
      chunks.push(Uint8Array.from(chunk))
      count += chunk.length
      if (count < octets) return
      stream.off('data', take)
      resolve(Uint8Array.from(Buffer.concat(chunks)))
    })
  })
}

function written(modem: Modem, octets: Uint8Array): Promise<unknown> {
  return modem.send(octets)
}

async function until(condition: () => boolean): Promise<void> {
  const never = new AbortController().signal
  while (!condition()) await systemClock.until(systemClock.now() + 5, never)
}
