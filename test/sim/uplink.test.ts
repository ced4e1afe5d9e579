/** The uplink in whole passes: AD, segments and SDLS over links that lose, with ends that die. `make sim SEED=17`. */
import t from 'tap'
import { CltuDecoder } from '../../protocol/frame/cltu.ts'
import type { Security } from '../../protocol/frame/sdls/association.ts'
import { decodeTcFrame } from '../../protocol/frame/tc.ts'
import type { EdgeSettings } from '../../station/settings.ts'
import { securityOf } from '../kit/commands.ts'
import { Random } from '../kit/random.ts'
import { settingsFor } from './settings.ts'
import { World } from './world.ts'

const FIRST = Number(process.env['SEED'] ?? 1)
const COUNT = process.env['SEED'] === undefined ? 60 : 1
const SPI = 9
/** Long enough for an AD service to begin, too short for all files. */
const CONTACTS = Array.from({ length: 100 }, (_, i) => ({
  start: 8_000 * i,
  end: 8_000 * i + 3_000,
}))

function security(key: number): Security {
  return securityOf(SPI, key)
}

function world(uplink: Partial<EdgeSettings['uplink']>, seed: number, harm = {}): World {
  const channel = seed % 2 === 0 ? { urgentChannel: 3 } : {}
  const contacts = seed % 3 === 0 ? CONTACTS : undefined
  const settings = settingsFor({ uplink, cfdp: { pduCrc: true }, contacts, ...channel })
  const one = new World({
    ...settings,
    down: { rateBps: 200_000, loss: 0.1, lossUnitOctets: 259, seed },
    up: { rateBps: 19_200, ber: 1e-3, delayMs: 100, seed: seed + 1, ...harm },
  })
  // What COP-1 sends again would look like promises broken to who hears both directions.
  one.witness.isBlind = uplink.service === 'ad'
  return one
}

t.test('AD over an uplink that loses brings every file down', async t => {
  let [again, ended] = [0, 0]
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const random = new Random(seed)
    const isSegmented = random.below(2) === 0
    const secured = random.below(2) === 0 ? security(1) : undefined
    const one = world(
      {
        service: 'ad',
        frameOctetsMax: 64 + random.below(100),
        segmentation: isSegmented ? { map: random.below(64), packetOctetsMax: 900 } : undefined,
        security: secured && { ...secured, segmented: isSegmented },
        cop1: {
          window: 1 + random.below(20),
          timeoutMs: 300 + random.below(2_000),
          transmissionLimit: 1 + random.below(5),
          timeoutType: random.below(2) as 0 | 1,
        },
      },
      seed,
      { ber: 10 ** -(3 + random.next()) },
    )
    for (let i = 0; i < 3; i++) one.addFile(`file-${i}`, random.below(20_000))
    for (let at = random.below(5_000); at < 20_000; at += 2_000 + random.below(9_000)) {
      const isAboard = random.below(2) === 0
      one.at(at, () => (isAboard ? one.killSpacecraft() : one.killStation()))
      one.at(at + 500, () => (isAboard ? one.restartSpacecraft() : one.restartStation(true)))
    }
    one.run(3_600_000)
    const equal = [...one.archive.delivered.values()].every(Boolean)
    if (!one.isDone || one.archive.delivered.size !== 3 || !equal)
      t.fail(`make sim SEED=${seed}`, { delivered: one.archive.delivered.size, now: one.now })
    const { counters } = one.station.commands
    again += counters.frames - counters.pdus
    ended += counters.alerts
    if (COUNT === 1) for (const line of one.logs) t.comment(line)
  }
  t.ok(
    COUNT === 1 || (again > 0 && ended > 0),
    `${COUNT} flights, ${again} frames again, ${ended} ends`,
  )
})

t.test('SDLS with another key: nothing reaches the engine, and the log names the SPI', async t => {
  const settings = settingsFor({ uplink: { security: security(1) } })
  const stranger = settingsFor({ uplink: { security: security(2) } })
  const one = new World({
    spacecraft: settings.spacecraft,
    station: stranger.station,
    down: { rateBps: 200_000, seed: 1 },
    up: { rateBps: 19_200, seed: 2 },
  })
  one.addFile('a', 5_000)
  one.run(30_000)
  const { uplink } = one.spacecraft
  t.equal(uplink.counters.pdus, 0)
  t.equal(uplink.counters.frames, 0)
  t.ok((uplink.security?.counters.unauthentic ?? 0) > 3)
  t.equal(one.spacecraft.buffer.files, 1, 'the file is kept')
  t.match(
    one.logs.filter(line => line.includes('uplink refused')),
    [/"why":"unauthentic","spi":9/],
  )
  t.equal(one.logs.filter(line => line.includes('uplink refused')).length, 1)
})

t.test('killed at any effect, no IV is used twice and no frame is taken twice', async t => {
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const random = new Random(seed)
    const one = world({ security: security(1) }, seed, { ber: 0 })
    const sent = new Map<string, string>()
    const recorded: Uint8Array[] = []
    one.upAir = octets => {
      recorded.push(octets)
      for (const [iv, frame] of ivsIn(octets)) {
        const before = sent.get(iv)
        if (before !== undefined && before !== frame)
          t.fail(`make sim SEED=${seed}: IV ${iv} twice`)
        sent.set(iv, frame)
      }
      return [octets]
    }
    for (let i = 0; i < 3; i++) one.addFile(`file-${i}`, random.below(9_000))
    for (let at = 100; at < 9_000; at += 200 + random.below(900)) {
      const effects = random.below(8)
      const isAboard = random.below(2) === 0
      one.at(at, () => (isAboard ? one.killSpacecraft(effects) : one.killStation(effects)))
      one.at(at + 150, () => (isAboard ? one.restartSpacecraft() : one.restartStation(false)))
    }
    one.run(600_000)
    if (!one.isDone) t.fail(`make sim SEED=${seed}: not done`)
    // All that ever went up, once more: to the spacecraft as it is, and to one that was just started again.
    for (const restart of [false, true]) {
      if (restart) one.restartSpacecraft()
      const { uplink } = one.spacecraft
      const { pdus } = uplink.counters
      for (const octets of recorded) one.spacecraft.receive({ kind: 'octets', octets }, one.now)
      if (uplink.counters.pdus !== pdus) t.fail(`make sim SEED=${seed}: a replay was taken`)
      if ((uplink.security?.counters.replayed ?? 0) === 0)
        t.fail(`make sim SEED=${seed}: none heard`)
    }
  }
  t.pass(`${COUNT} flights`)
})

/** Of the secured frames in these octets: IV, and the whole frame. */
function ivsIn(octets: Uint8Array): [string, string][] {
  const cltus = new CltuDecoder({ randomized: true })
  cltus.push(octets)
  const found: [string, string][] = []
  for (let cltu = cltus.next(); cltu !== undefined; cltu = cltus.next()) {
    const frame = decodeTcFrame(cltu, { fecf: true })
    cltus.confirm(frame.kind !== 'malformed')
    if (frame.kind === 'malformed' || frame.control) continue
    found.push([frame.field.subarray(2, 14).join(' '), frame.field.join(' ')])
  }
  return found
}
