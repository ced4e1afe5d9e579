import t, { type Test } from 'tap'
import { EnduroSatDvbS2Driver } from '../../../../hal/modems/endurosat-dvbs2/driver.ts'
import { enduroSatDvbS2Emulator } from '../../../../hal/modems/endurosat-dvbs2/emulator.ts'
import {
  ESUP,
  type EsupPacket,
  encodeEsup,
  esupReader,
} from '../../../../hal/modems/endurosat-dvbs2/esup.ts'
import { kissDriver } from '../../../../hal/modems/kiss/driver.ts'
import { kissEmulator } from '../../../../hal/modems/kiss/emulator.ts'
import { Mischief } from '../../../../hal/modems/mischief.ts'
import { TroubledEmulator } from '../../../../hal/modems/troubled.ts'
import { hex } from '../../../kit/hex.ts'
import { receiver, trials } from '../../../kit/misbehaving.ts'
import { type FlightEnd, ModemFlight } from '../../../kit/modem-flight.ts'
import { vector } from '../../../kit/modem-vectors.ts'
import { Random } from '../../../kit/random.ts'
import { type LinkChoice, settingsFor } from '../../../sim/settings.ts'

const air = { rateBps: 200_000, aroundOctets: 0, gapMs: 0 }
const settings = { frameOctets: 1_472, module: 0x2002, imageOctets: 20_000, rateBps: 200_000 }

trials(t, {
  kind: 'endurosat-dvbs2',
  end: mischief => ({
    driver: new EnduroSatDvbS2Driver(settings),
    emulator: enduroSatDvbS2Emulator({ air, mischief }),
    wireOctets: 100_000,
  }),
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
    ashore: receiver(air.rateBps),
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
          emulator: enduroSatDvbS2Emulator({ air, warmUpMs: 0 }),
          wireOctets: 20_000,
        },
        ashore: receiver(air.rateBps),
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
    t.ok((staged.firstMs ?? 0) < 60_600, `${staged.firstMs} ms: it was there`)
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
  t.equal(octets.length, 32, 'all are multiples of 16')
  t.strictSame(octets.subarray(0, 14), vector('endurosat_sx_get_report_shape.bytes_without_crc'))
  t.strictSame(octets.subarray(18), new Uint8Array(14), 'zeros behind the CRC')
  t.strictSame([...esupReader().push(octets)], [packet])
  t.equal(encodeEsup({ ...packet, data: new Uint8Array(14) }).length, 32)
  t.equal(encodeEsup({ ...packet, data: new Uint8Array(15) }).length, 48)
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
  const long = { ...packet, data: new Uint8Array(1_483) }
  t.throws(() => encodeEsup(long), { name: 'RangeError' })
})

/** A driver and what it sends, packet by packet; a test is the transmitter. */
function host(t: Test) {
  const driver = new EnduroSatDvbS2Driver(settings)
  const decoder = esupReader()
  const packets = (): EsupPacket[] =>
    driver
      .drain()
      .flatMap(effect => (effect.kind === 'write' ? [...decoder.push(effect.octets)] : []))
  const answer = (packet: Partial<EsupPacket>, now: number) => {
    const whole = {
      module: settings.module,
      response: 0,
      command: 0,
      type: 0,
      data: hex``,
      ...packet,
    }
    driver.receive({ kind: 'octets', octets: encodeEsup(whole) }, now)
    return packets()
  }
  /** Takes a command, and says when it is asked what became of it. */
  const obey = ({ command, type }: EsupPacket, now: number, data: Uint8Array) => {
    t.strictSame(answer({ response: ESUP.ack, command, type }, now), [], 'the line rests')
    driver.tick(now + 3)
    const [asked] = packets()
    t.match(asked, { command: ESUP.getResult, type: command })
    return answer({ command, type, data }, now + 4)
  }
  driver.receive({ kind: 'transmit', enabled: false }, -10)
  driver.receive({ kind: 'line', isThere: true }, -10)
  const [idle] = packets()
  t.match(idle, { command: 0x0111, type: 0, data: hex`` }, 'nobody knows what it was told before')
  t.match(obey(idle as EsupPacket, -5, hex`00`), [{ response: ESUP.ack, command: 0x0111 }])
  return { driver, packets, answer, obey }
}

const NAME = hex`646f776e706f757200`

t.test('EnduroSatDvbS2Driver speaks as the drivers of the maker do', async t => {
  const { driver, packets, obey } = host(t)
  for (const fill of [1, 2])
    driver.receive({ kind: 'frame', octets: new Uint8Array(1_000).fill(fill) }, 0)
  t.strictSame(packets(), [], 'a file is gathered before its length is known')
  driver.tick(200)
  const [create] = packets()
  t.match(create, {
    module: 0x2002,
    response: 0,
    command: 0x0106,
    type: 0,
    data: Uint8Array.from([...NAME, ...hex`d0070000`]),
  })
  const [created, write] = obey(create as EsupPacket, 201, hex`00 07000000`)
  t.match(created, { response: ESUP.ack, command: 0x0106, type: 0, data: hex`` })
  t.match(write, { command: 0x0107, type: 0 })
  t.strictSame(write?.data.subarray(0, 10), hex`c005 07000000 00000000`, 'size, handle, number')
  t.equal(write?.data.length, 10 + 1_472)
  const [, second] = obey(write as EsupPacket, 210, hex`00`)
  t.strictSame(second?.data.subarray(0, 11), hex`1002 07000000 01000000 02`)
  t.equal(obey(second as EsupPacket, 220, hex`00`).length, 1, 'it is written, and nobody hears')
  driver.receive({ kind: 'transmit', enabled: true }, 225)
  const [transmit] = packets()
  t.match(transmit, { command: 0x0110, type: 0, data: hex`` })
  const [, send] = obey(transmit as EsupPacket, 230, hex`00`)
  t.match(send, { command: 0x010a, type: 0x53, data: NAME })
  t.strictSame(obey(send as EsupPacket, 240, hex`00`).at(-1)?.command, ESUP.delete)
  t.equal(driver.events['files sent'], 1)
})

t.test('EnduroSatDvbS2Driver warms it up while the first file is gathered', async t => {
  const { driver, packets } = host(t)
  driver.receive({ kind: 'transmit', enabled: true }, 0)
  t.strictSame(packets(), [], 'not before there is anything')
  driver.receive({ kind: 'frame', octets: hex`01020304` }, 1)
  t.match(packets(), [{ command: 0x0110 }])
})

t.test('EnduroSatDvbS2Driver asks for the result of a command by its type, too', async t => {
  const { driver, packets, answer } = host(t)
  driver.receive({ kind: 'probe' }, 0)
  const [asked] = packets()
  t.match(asked, { command: 0x0100, type: 0x48, data: hex`` })
  t.strictSame(answer({ response: ESUP.ack, command: 0x0100, type: 0x48 }, 1), [])
  driver.tick(4)
  t.match(packets(), [{ command: 0x0114, type: 0x0100, data: hex`4800` }])
  const data = hex`00 05 1e 04 01 01 00 d007 00500c45`
  const result = { command: 0x0100, type: 0x48, data }
  driver.receive(
    { kind: 'octets', octets: encodeEsup({ module: 0x2002, response: 0, ...result }) },
    5,
  )
  const fields = { symbolRateMsps: 5, powerDbm: 30, modCod: 4, frequencyMhz: 2_245 }
  t.match(driver.drain(), [{ kind: 'write' }, { kind: 'telemetry', fields }])
})

t.test(
  'EnduroSatDvbS2Driver says a command again of which the transmitter does not know',
  async t => {
    const { driver, packets, answer } = host(t)
    driver.receive({ kind: 'line', isThere: true }, 0)
    driver.receive({ kind: 'frame', octets: hex`01020304` }, 0)
    driver.tick(200)
    t.match(packets(), [{ command: ESUP.create }])
    driver.tick(1_200)
    t.match(packets(), [{ command: ESUP.getResult, type: ESUP.create }], 'silence: was it done?')
    const create = { command: ESUP.create }
    t.strictSame(answer({ ...create, response: ESUP.ack }, 1_201), [], 'said of the past')
    t.strictSame(answer({ ...create, response: ESUP.unknown }, 1_202), [])
    driver.tick(1_212)
    t.match(packets(), [create], 'it never came')
    t.strictSame(answer({ ...create, response: ESUP.result, data: hex`00 01000000` }, 1_213), [])
    t.strictSame(answer({ ...create, response: ESUP.full }, 1_214), [])
    driver.tick(1_224)
    t.match(packets(), [create])
    t.strictSame(answer({ ...create, response: ESUP.nack }, 1_225), [])
    t.match(driver.events, { 'answers missed': 1, 'answers unasked': 2, refusals: 1 })
    driver.tick(1_325)
    t.match(
      packets(),
      [{ command: ESUP.delete }],
      'and then starts over: perhaps the name is taken',
    )
  },
)

t.test('EnduroSatDvbS2Driver gives up a file in the end, and says so', async t => {
  const { driver, packets, answer } = host(t)
  driver.receive({ kind: 'frame', octets: hex`01020304` }, 0)
  let commands = 0
  for (let now = 200; driver.events['files given up'] === 0 && now < 100_000; now += 10) {
    driver.tick(now)
    for (const { command } of packets()) {
      commands += 1
      t.strictSame(answer({ command, response: ESUP.nack }, now), [])
    }
  }
  t.equal(commands, 4)
  t.equal(driver.deadline, undefined, 'and rests')
  t.equal(driver.roomFrames, 1)
})

t.test('EnduroSatDvbS2Driver stages before the contact, and sends in it', async t => {
  const driver = new EnduroSatDvbS2Driver(settings)
  const modem = enduroSatDvbS2Emulator({ air })
  const sent: Uint8Array[] = []
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
      for (const { kind, octets } of modem.drain()) {
        isBusy = true
        if (kind === 'air') sent.push(octets)
        else driver.receive({ kind: 'octets', octets }, now)
      }
    }
  }
  const run = (from: number, until: number) => {
    for (let now = from; now < until; now += 10) {
      driver.tick(now)
      modem.tick(now)
      settle(now)
    }
  }
  driver.receive({ kind: 'transmit', enabled: false }, 0)
  driver.receive({ kind: 'line', isThere: true }, 0)
  for (let i = 0; i < 12; i++)
    driver.receive({ kind: 'frame', octets: new Uint8Array(1_000).fill(i) }, i)
  run(100, 40_000)
  t.equal(accepted, 12)
  t.equal(sent.length, 0, 'none is on the air')
  driver.receive({ kind: 'transmit', enabled: true }, 40_000)
  run(40_000, 59_990)
  t.equal(sent.length, 0, 'until it is warm')
  run(60_000, 63_000)
  t.strictSame(
    [...new Set(sent.flatMap(octets => [...octets]))],
    Array.from({ length: 12 }, (_, i) => i),
  )
  t.equal(
    sent.reduce((sum, { length }) => sum + length, 0),
    12_000,
  )
  t.equal(driver.events['files sent'], 1)
  driver.receive({ kind: 'transmit', enabled: false }, 63_000)
  run(63_000, 63_100)
  const asked = { module: settings.module, response: 0, type: 0, data: NAME }
  modem.receive({ kind: 'host', octets: encodeEsup({ ...asked, command: ESUP.sendFile }) }, 64_000)
  modem.drain()
  const question = { ...asked, command: ESUP.getResult, type: ESUP.sendFile, data: hex`` }
  modem.receive({ kind: 'host', octets: encodeEsup(question) }, 64_000)
  const [answer] = modem.drain()
  const [status] = esupReader().push(answer?.octets as Uint8Array)
  t.strictSame(status?.data, hex`01`, 'the file is deleted when it was sent')
})
