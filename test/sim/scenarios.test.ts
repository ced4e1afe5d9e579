/** What a link, a disk and a crew can do to a transfer, one thing at a time, in virtual time. */
import t, { type Test } from 'tap'
import { Random } from '../kit/random.ts'
import { type LinkChoice, settingsFor } from './settings.ts'
import { checksumOf } from './virtual-file.ts'
import { World } from './world.ts'

const DAY_MS = 86_400_000

function worldFor(choice: LinkChoice = {}, rateBps = 1_000_000): World {
  return new World({
    ...settingsFor(choice),
    down: { rateBps, delayMs: 20, seed: 1 },
    up: { rateBps: 64_000, delayMs: 20, seed: 2 },
  })
}

/** Every file that was added arrived once, equal, was let go, and no promise was broken. */
function allSafe(t: Test, world: World): void {
  t.ok(world.isDone, `done after ${Math.round(world.now)} ms`)
  const names = new Map(world.files.map(file => [file.name, true]))
  t.strictSame(world.archive.delivered, names, 'delivered equal')
  t.equal(world.archive.deliveries, world.files.length, 'each once')
  t.strictSame(world.witness.broken, [], 'no promise broken')
}

t.test('a satellite out of view for a day and a half goes on where it was, without a fault', t => {
  const contacts = [
    { start: 0, end: 400 },
    { start: 1.5 * DAY_MS, end: 1.5 * DAY_MS + 600_000 },
  ]
  const world = worldFor({
    contacts,
    cfdp: { limits: { ack: { timeoutMs: 2_000, triesMax: 3 } } },
    limits: {
      ack: { timeoutMs: 2_000, triesMax: 3 },
      nak: { timeoutMs: 2_000, triesMax: 3 },
    },
  })
  world.addFile('a', 200_000)
  world.run(2 * DAY_MS)
  allSafe(t, world)
  t.ok(world.now > 1.5 * DAY_MS)
  t.ok(world.witness.segmentOctets < 1.05 * 200_000, 'little is sent twice')
  t.end()
})

t.test('noise for a minute in both directions is survived', t => {
  const world = worldFor()
  const random = new Random(7)
  world.addFile('a', 100_000)
  const noise = (octets: Uint8Array) => [random.octets(octets.length)]
  world.at(200, () => {
    world.downAir = noise
    world.upAir = noise
  })
  world.at(60_200, () => {
    world.downAir = octets => [octets]
    world.upAir = octets => [octets]
  })
  world.run(DAY_MS)
  allSafe(t, world)
  t.ok(world.now > 60_200)
  t.end()
})

t.test('octets that come one by one, slip, or turn round are survived', t => {
  const world = worldFor()
  world.addFile('a', 100_000)
  world.downAir = octets => Array.from(octets, octet => Uint8Array.of(octet))
  world.at(200, () => {
    world.downAir = octets => [octets.subarray(1)]
  })
  world.at(210, () => {
    world.downAir = octets => [octets.map(octet => ~octet)]
    world.upAir = octets => [octets.map(octet => ~octet)]
  })
  world.at(500, () => {
    world.downAir = octets => [octets]
  })
  world.run(DAY_MS)
  allSafe(t, world)
  t.end()
})

t.test('a line that stalls and then brings everything at once is survived', t => {
  const world = worldFor()
  const held: Uint8Array[] = []
  world.addFile('a', 100_000)
  world.at(200, () => {
    world.downAir = octets => {
      held.push(octets)
      return []
    }
  })
  world.at(5_000, () => {
    world.downAir = octets => [...held.splice(0), octets]
  })
  world.run(DAY_MS)
  allSafe(t, world)
  t.end()
})

t.test('a full disk at the station loses nothing and says nothing that is not held', t => {
  const world = worldFor()
  world.addFile('a', 100_000)
  world.at(300, () => {
    world.archive.isFull = true
  })
  world.at(30_000, () => {
    t.notOk(world.station.receptions.isDiskReady)
    world.archive.isFull = false
  })
  world.run(DAY_MS)
  allSafe(t, world)
  t.ok(world.station.receptions.isDiskReady)
  t.end()
})

t.test('a file that changes or goes away while it is sent is not delivered as a mixture', t => {
  const world = worldFor()
  const file = world.addFile('a', 2_000_000)
  world.at(3_000, () => {
    file.changed = true
  })
  world.run(
    60_000,
    () => world.spacecraft.buffer.files === 0 && world.station.receptions.size === 0,
  )
  t.equal(world.archive.delivered.size, 0)
  t.equal(world.spacecraft.buffer.files, 0, 'it is let go')
  t.equal(world.station.receptions.size, 0, 'the ground was told')
  t.strictSame(world.removed, [], 'what stands there now is left alone')
  t.end()
})

t.test('a file whose name leads out of the archive is refused, and the spacecraft knows why', t => {
  const world = worldFor()
  world.addFile('../../etc/passwd', 1_000)
  world.run(60_000, () => world.station.receptions.size === 0 && world.now > 10_000)
  t.equal(world.archive.delivered.size, 0)
  const [entry] = world.spacecraft.buffer.entries()
  t.match(entry?.ended, { condition: 4, why: 'filestore rejection' })
  t.end()
})

t.test('a full buffer refuses a file in words, and takes it when there is room', t => {
  const world = worldFor({ buffer: { filesMax: 2, octetsMax: 50_000 } })
  world.addFile('a', 30_000)
  const big = world.addFile('b', 30_000)
  t.match(world.answers.at(-1)?.why, /no room for 30000 octets: it holds 30000 of at most 50000/)
  world.run(60_000, () => world.spacecraft.buffer.files === 0)
  world.offer(big)
  world.run(120_000)
  allSafe(t, world)
  t.end()
})

t.test('files of no octets and of one arrive', t => {
  const world = worldFor()
  world.addFile('none', 0)
  world.addFile('one', 1)
  world.run(60_000)
  allSafe(t, world)
  t.end()
})

const LINK_FOR_HUGE = {
  format: { interleave: 0, frameOctets: 2_048, fecf: false, ocf: false, randomized: false },
  cfdp: { segmentOctets: 60_000 },
} as const
const HUGE_OCTETS = 5 * 2 ** 30

t.test('a sparse file of 5 GiB, of which all but the last part came before, is completed', t => {
  const world = worldFor(LINK_FOR_HUGE, 1e9)
  const file = world.addFile('huge', HUGE_OCTETS)
  const entry = world.spacecraft.buffer.entries().next().value
  const { sequence = 0, identity } = entry ?? {}
  const mark = HUGE_OCTETS - 3_000_000
  world.aboard.durable.push({ kind: 'digested', sequence, checksum: checksumOf(file, 2) })
  world.aboard.durable.push({ kind: 'mark', sequence, mark })
  const header = {
    ...{ towardSender: false, acknowledged: true, crc: false, largeFile: true },
    ...{ entityOctets: 1, sequenceOctets: 4, source: 1, sequence, destination: 2 },
    recordBoundaries: false,
  }
  const id = `1-${sequence}`
  world.ashore.durable.push({ kind: 'opened', id, header })
  world.ashore.durable.push({ kind: 'held', id, spans: [0, mark - 70_000, mark - 50_000, mark] })
  world.archive.take(id, mark)
  world.restartSpacecraft()
  world.restartStation(false)
  world.run(DAY_MS)
  allSafe(t, world)
  t.equal(identity?.octets, HUGE_OCTETS)
  t.ok(world.witness.segmentOctets < 3_100_000, 'only what was missing is sent')
  t.end()
})

t.test('a sparse file of 5 GiB arrives from its first octet', { skip: isShort() }, t => {
  const world = worldFor(LINK_FOR_HUGE, 4e9)
  world.witness.isBlind = true
  world.addFile('huge', HUGE_OCTETS)
  world.at(1_000, () => {
    world.downAir = () => []
  })
  world.at(1_001, () => {
    world.downAir = octets => [octets]
  })
  world.run(DAY_MS)
  allSafe(t, world)
  const { sent, retransmitted } = world.spacecraft.downlink.pdus
  t.ok(retransmitted > 0 && sent < 1.02 * (HUGE_OCTETS / 60_000), 'little is sent twice')
  t.end()
})

function isShort(): string | false {
  return process.env['LONG'] === undefined && 'takes a minute: LONG=1 runs it'
}
