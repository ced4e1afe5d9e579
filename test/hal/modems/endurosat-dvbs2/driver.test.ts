import t from 'tap'
import { datagramEmulator } from '../../../../hal/modems/datagram-radio.ts'
import type { ModemEmulator } from '../../../../hal/modems/emulator.ts'
import { EnduroSatDvbS2Driver } from '../../../../hal/modems/endurosat-dvbs2/driver.ts'
import { enduroSatDvbS2Emulator } from '../../../../hal/modems/endurosat-dvbs2/emulator.ts'
import { encodeEsup, esupReader } from '../../../../hal/modems/endurosat-dvbs2/esup.ts'
import { kissDriver } from '../../../../hal/modems/kiss/driver.ts'
import { kissEmulator } from '../../../../hal/modems/kiss/emulator.ts'
import { Mischief } from '../../../../hal/modems/mischief.ts'
import { TroubledEmulator } from '../../../../hal/modems/troubled.ts'
import { udpDriver } from '../../../../hal/modems/udp/driver.ts'
import { trials } from '../../../kit/misbehaving.ts'
import { type FlightEnd, ModemFlight } from '../../../kit/modem-flight.ts'
import { vector } from '../../../kit/modem-vectors.ts'
import { Random } from '../../../kit/random.ts'
import { type LinkChoice, settingsFor } from '../../../sim/settings.ts'

const air = { rateBps: 200_000, aroundOctets: 0, gapMs: 0 }
const settings = { frameOctets: 1_472, module: 0x2002, imageOctets: 20_000, rateBps: 200_000 }
let ends = 0

trials(t, {
  name: 'EnduroSat DVB-S2, a file store',
  end: mischief =>
    ends++ % 2 === 0
      ? {
          driver: new EnduroSatDvbS2Driver(settings),
          emulator: new TroubledEmulator(enduroSatDvbS2Emulator({ air, mischief }), mischief),
          wireOctets: 100_000,
        }
      : {
          driver: udpDriver({ frameOctets: 1_472, marker: true, rateBps: undefined }),
          emulator: datagramEmulator({ air }),
        },
  onlySends: true,
  link: { format: { interleave: 0, frameOctets: 1_115 }, cfdp: { segmentOctets: 1_000 } },
  fileOctets: 150_000,
  shows: {
    'lost-credit': 'answers missed',
    'double-credit': 'answers unasked',
    stall: 'answers missed',
    baud: 'answers missed',
    lines: 'stray octets',
    noise: 'stray octets',
    reboot: 'refusals',
  },
  misbehaviours: [
    'lost-credit',
    'double-credit',
    'stall',
    'reboot',
    'overrun',
    'baud',
    'noise',
    'lines',
  ],
})

t.test('a file goes down in class 2 by the store while a TNC brings the uplink', async t => {
  const seed = Number(process.env['SEED'] ?? 1)
  const tnc = (): FlightEnd => {
    const slow = { rateBps: 9_600, aroundOctets: 0, gapMs: 0 }
    const mischief = new Mischief(['stall', 'lost-credit', 'noise'], seed)
    const emulator = new TroubledEmulator(kissEmulator({ air: slow, mischief }), mischief)
    const tncSettings = { frameOctets: 256, tncPort: 0, callsigns: undefined, asksQueue: true }
    return { driver: kissDriver({ ...tncSettings, rateBps: 9_600 }), emulator }
  }
  const random = new Random(seed)
  const file = random.octets(150_000)
  const link = { format: { interleave: 0, frameOctets: 1_115 }, cfdp: { segmentOctets: 1_000 } }
  const flight = new ModemFlight({
    ...settingsFor(link as LinkChoice),
    aboard: {
      driver: new EnduroSatDvbS2Driver(settings),
      emulator: enduroSatDvbS2Emulator({ air }),
      wireOctets: 100_000,
    },
    ashore: {
      driver: udpDriver({ frameOctets: 1_472, marker: true, rateBps: undefined }),
      emulator: datagramEmulator({ air }),
    },
    uplink: { ashore: tnc(), aboard: tnc() },
    file,
    isLost: () => random.below(20) === 0,
  })
  t.ok(flight.run(3_600_000), `SEED=${seed}: it is done`)
  t.ok(flight.isRight, `SEED=${seed}: octet for octet`)
  t.ok(flight.spacecraft.downlink.pdus.retransmitted > 0, 'what was lost was asked for by the TNC')
})

t.test(
  'the first file of a contact is on the storage before it, and sent in its first second',
  async t => {
    const file = new Random(1).octets(60_000)
    const contacts = [{ start: 60_000, end: 600_000 }]
    const link = { format: { interleave: 0, frameOctets: 1_115 }, cfdp: { segmentOctets: 1_000 } }
    const begun = (stageMs: number | undefined) => {
      const flight = new ModemFlight({
        ...settingsFor({
          ...(link as LinkChoice),
          contacts,
          ...(stageMs === undefined ? {} : { stageMs }),
        }),
        aboard: {
          driver: new EnduroSatDvbS2Driver(settings),
          emulator: enduroSatDvbS2Emulator({ air }),
          wireOctets: 20_000,
        },
        ashore: {
          driver: udpDriver({ frameOctets: 1_472, marker: true, rateBps: undefined }),
          emulator: datagramEmulator({ air }),
        },
        file,
        uplinkApart: true,
      })
      flight.run(59_990, () => false)
      t.equal(flight.writtenOctets, 0, 'nothing is on the air before it')
      t.ok(flight.run(300_000) && flight.isRight)
      return flight
    }
    const late = begun(undefined)
    t.ok((late.firstMs ?? 0) > 61_000, `${late.firstMs} ms: a file had to be written first`)
    const staged = begun(10_000)
    t.ok((staged.firstMs ?? 0) < 60_100, `${staged.firstMs} ms: it was there`)
    t.ok(staged.lastMs < late.lastMs, `${staged.lastMs} and ${late.lastMs} ms`)
  },
)

t.test('encodeEsup() and esupReader know the shape of a packet', async t => {
  const packet = {
    module: 0x2002,
    response: 0,
    command: 0x0100,
    type: 0x49,
    data: new Uint8Array(0),
  }
  const octets = encodeEsup(packet)
  const shape = vector('endurosat_sx_get_report_shape.bytes_without_crc')
  t.strictSame(octets.subarray(0, octets.length - 4), shape)
  t.strictSame([...esupReader().push(octets)], [packet])
  const decoder = esupReader()
  const line = Uint8Array.from([0x45, 0x53, 0x45, ...octets, ...octets.with(9, 1), ...octets])
  t.strictSame(
    [...line].flatMap(octet => [...decoder.push(Uint8Array.of(octet))]),
    [packet, packet],
  )
  t.equal(decoder.stray, 3 + octets.length)
  decoder.push(octets.subarray(0, 9)).next()
  decoder.reset()
  t.equal(decoder.stray, 12 + octets.length)
  const long = { ...packet, data: new Uint8Array(1_537) }
  t.throws(() => encodeEsup(long), { name: 'RangeError' })
})

t.test('EnduroSatDvbS2Driver stages before the contact, and sends in it', async t => {
  const driver = new EnduroSatDvbS2Driver(settings)
  const modem = enduroSatDvbS2Emulator({ air })
  const sent: Uint8Array[] = []
  driver.receive({ kind: 'transmit', enabled: false }, 0)
  driver.receive({ kind: 'line', isThere: true }, 0)
  let accepted = 0
  const settle = (now: number) => {
    for (let isBusy = true; isBusy; ) {
      isBusy = false
      for (const effect of driver.drain()) {
        if (effect.kind === 'outcome') accepted += 1
        if (effect.kind !== 'write') continue
        isBusy = true
        modem.receive({ kind: 'host', octets: effect.octets }, now)
      }
      isBusy = carry(modem, now) || isBusy
    }
  }
  const carry = (from: ModemEmulator, now: number) => {
    const effects = from.drain()
    for (const { kind, octets } of effects)
      if (kind === 'air') sent.push(octets)
      else driver.receive({ kind: 'octets', octets }, now)
    return effects.length > 0
  }
  for (let i = 0; i < 12; i++) {
    driver.receive({ kind: 'frame', octets: new Uint8Array(1_000).fill(i) }, i)
    settle(i)
  }
  t.equal(accepted, 12, 'all are on its storage')
  for (let now = 100; now < 2_000; now += 100) {
    driver.tick(now)
    settle(now)
  }
  t.equal(sent.length, 0, 'and none is on the air')
  driver.receive({ kind: 'transmit', enabled: true }, 2_000)
  for (let now = 2_000; now < 5_000; now += 10) {
    driver.tick(now)
    modem.tick(now)
    settle(now)
  }
  t.strictSame(
    sent.map(octets => octets[0]),
    Array.from({ length: 12 }, (_, i) => i),
  )
  t.equal(driver.events['files sent'], 1)
})
