import t from 'tap'
import { Mischief } from '../../../../hal/modems/mischief.ts'
import { openLstDriver } from '../../../../hal/modems/openlst/driver.ts'
import { openLstEmulator } from '../../../../hal/modems/openlst/emulator.ts'
import {
  encodeOpenLst,
  type OpenLstFrame,
  openLstReader,
} from '../../../../hal/modems/openlst/frame.ts'
import { TroubledEmulator } from '../../../../hal/modems/troubled.ts'
import type { SpacecraftSettings } from '../../../../onboard/settings.ts'
import { hex } from '../../../kit/hex.ts'
import { trials } from '../../../kit/misbehaving.ts'
import { type FlightEnd, ModemFlight } from '../../../kit/modem-flight.ts'
import { vector } from '../../../kit/modem-vectors.ts'
import { Random } from '../../../kit/random.ts'
import { settingsFor } from '../../../sim/settings.ts'

const air = { rateBps: 9_600, aroundOctets: 20, gapMs: 0 }

trials(t, {
  kind: 'openlst',
  end: (mischief, address) => ({
    driver: openLstDriver({
      frameOctets: 245,
      address,
      peerAddress: 3 - address,
      rateBps: air.rateBps,
    }),
    emulator: openLstEmulator({ address, air, mischief }),
  }),
  link: { format: { interleave: 0, frameOctets: 241 }, cfdp: { segmentOctets: 400 } },
  fileOctets: 60_000,
  shows: { noise: 'stray octets', lines: 'stray octets' },
})

t.test('segments shorten on a link that loses much, before a file has gone in vain', async t => {
  const seed = Number(process.env['SEED'] ?? 1)
  const fast = { rateBps: 100_000, aroundOctets: 0, gapMs: 0 }
  const file = new Random(seed).octets(400_000)
  const fly = (adapts: SpacecraftSettings['cfdp']['adapts']) => {
    const end = (address: number): FlightEnd => {
      const mischief = new Mischief(['reboot'], seed + address)
      const emulator = new TroubledEmulator(
        openLstEmulator({ address, air: fast, mischief }),
        mischief,
      )
      const peerAddress = 3 - address
      return {
        driver: openLstDriver({ frameOctets: 245, address, peerAddress, rateBps: 100_000 }),
        emulator,
      }
    }
    const link = { format: { interleave: 5 }, cfdp: { segmentOctets: 28_440, adapts } } as const
    const flight = new ModemFlight({ ...settingsFor(link), aboard: end(1), ashore: end(2), file })
    t.ok(flight.run(3_600_000), `SEED=${seed}: it is done`)
    t.ok(flight.isRight)
    return flight.now
  }
  const [fixed, adapted] = [fly(undefined), fly({ frameLoss: 3e-5, overheadOctets: 22 })]
  t.ok(adapted < 0.8 * fixed, `SEED=${seed}: ${adapted} ms of ${fixed}`)
})

const GET_TIME = { address: 1, sequence: 0x1234, system: 1, command: 0x13, data: hex`` }
const believes = (frame: OpenLstFrame) => frame.address === 1

t.test('encodeOpenLst() and openLstReader know the frame of the radio', async t => {
  t.strictSame(encodeOpenLst(GET_TIME), vector('openlst_uart_get_time'))
  const decoder = openLstReader(believes)
  t.strictSame([...decoder.push(vector('openlst_uart_get_time'))], [GET_TIME])
  const data = new Uint8Array(245).fill(0x22)
  t.strictSame([...decoder.push(encodeOpenLst({ ...GET_TIME, data }))], [{ ...GET_TIME, data }])
  t.throws(() => encodeOpenLst({ ...GET_TIME, data: new Uint8Array(246) }), { name: 'RangeError' })
})

t.test('openLstReader finds frames in whatever pieces, and behind false starts', async t => {
  const decoder = openLstReader(believes)
  const line = Uint8Array.from([
    ...hex`22 22 69 05 22 69 fc 22`,
    ...encodeOpenLst({ ...GET_TIME, address: 7 }),
    ...encodeOpenLst(GET_TIME),
  ])
  const found = [...line].flatMap(octet => [...decoder.push(Uint8Array.of(octet))])
  t.strictSame(found, [GET_TIME])
  t.equal(decoder.stray, line.length - 9)
  t.strictSame([...decoder.push(hex`22 69 06`)], [])
  decoder.reset()
  t.equal(decoder.stray, line.length - 6)
})

t.test('openLstReader takes any octets', async t => {
  const seed = Number(process.env['SEED'] ?? 1)
  const random = new Random(seed)
  const decoder = openLstReader(believes)
  let taken = 0
  for (let i = 0; i < 300; i++) {
    const noise = random.octets(random.below(30))
    if (i % 3 === 0) noise.set(hex`22`.subarray(0, Math.min(1, noise.length)))
    taken += noise.length
    for (const frame of decoder.push(noise)) t.equal(frame.address, 1, `SEED=${seed}`)
  }
  decoder.reset()
  t.ok(decoder.stray <= taken)
})

t.test('openLstDriver() counts what was missed, and asks the radio how it is', async t => {
  const driver = openLstDriver({
    frameOctets: 245,
    address: 1,
    peerAddress: 2,
    rateBps: undefined,
  })
  driver.receive({ kind: 'line', isThere: true }, 0)
  const hear = (sequence: number) => {
    const frame = { address: 1, sequence, system: 0x44, command: 0x50, data: hex`07` }
    driver.receive({ kind: 'octets', octets: encodeOpenLst(frame) }, 0)
  }
  for (const sequence of [65_534, 65_535, 0, 3, 40_000]) hear(sequence)
  t.match(driver.events, { 'frames missed': 2, 'restarts seen': 1 })
  t.equal(driver.drain().length, 5)
  driver.receive({ kind: 'probe' }, 0)
  const radio = openLstEmulator({ address: 1, air })
  for (const effect of driver.drain())
    if (effect.kind === 'write') radio.receive({ kind: 'host', octets: effect.octets }, 0)
  for (const effect of radio.drain()) driver.receive({ kind: 'octets', octets: effect.octets }, 0)
  t.match(driver.drain(), [{ kind: 'telemetry', fields: { uptimeS: 4_660 } }])
  radio.receive({ kind: 'host', octets: vector('openlst_uart_get_time') }, 0)
  for (const effect of radio.drain()) driver.receive({ kind: 'octets', octets: effect.octets }, 0)
  t.match(driver.drain(), [{ kind: 'telemetry', fields: { answer: 255 } }])
})
