/**
 * One transfer over four modems, one after the other: frames of 128, of 245, of 1,115 and of 4,092 octets. Between two
 * of them both ends start again with another downlink format and other segments, on the journals of the same transaction.
 */
import t from 'tap'
import { datagramEmulator } from '../../../hal/modems/datagram-radio.ts'
import { EnduroSatUhfDriver } from '../../../hal/modems/endurosat-uhf/driver.ts'
import { enduroSatUhfEmulator } from '../../../hal/modems/endurosat-uhf/emulator.ts'
import { GseDriver } from '../../../hal/modems/gse/driver.ts'
import { openLstDriver } from '../../../hal/modems/openlst/driver.ts'
import { openLstEmulator } from '../../../hal/modems/openlst/emulator.ts'
import { udpDriver } from '../../../hal/modems/udp/driver.ts'
import { type FlightEnd, ModemFlight } from '../../kit/modem-flight.ts'
import { Random } from '../../kit/random.ts'
import { type LinkChoice, settingsFor } from '../../sim/settings.ts'

interface Stage {
  readonly name: string
  /** The end aboard, and the one ashore. */
  readonly ends: readonly [FlightEnd, FlightEnd]
  readonly link: LinkChoice
}

const slow = { rateBps: 9_600, aroundOctets: 20, gapMs: 0 }
const quick = { rateBps: 200_000, aroundOctets: 0, gapMs: 0 }

function uhf(): FlightEnd {
  const settings = {
    frameOctets: 128,
    address: 0x22,
    radioMode: 3,
    baudRate: 115_200,
    gapMs: 10,
    rateBps: 9_600,
  } as const
  return { driver: new EnduroSatUhfDriver(settings), emulator: enduroSatUhfEmulator({ air: slow }) }
}

function openLst(address: number): FlightEnd {
  const settings = { frameOctets: 245, address, peerAddress: 3 - address, rateBps: 9_600 }
  return { driver: openLstDriver(settings), emulator: openLstEmulator({ air: slow, address }) }
}

function sBand(): FlightEnd {
  const driver = udpDriver({ frameOctets: 1_472, marker: true, rateBps: 200_000 })
  return { driver, emulator: datagramEmulator({ air: quick }) }
}

function dvbS2(): FlightEnd {
  const code = { rate: '1/2', size: 'normal' } as const
  const driver = new GseDriver({ ...code, frameOctets: 4_092, protocol: 0x88b5, rateBps: 200_000 })
  return { driver, emulator: datagramEmulator({ air: quick }) }
}

function stages(): Stage[] {
  const plain = (frameOctets: number, segmentOctets: number): LinkChoice => ({
    format: { interleave: 0, frameOctets },
    cfdp: { segmentOctets },
  })
  return [
    { name: '128 octets', ends: [uhf(), uhf()], link: plain(124, 90) },
    { name: '245 octets', ends: [openLst(1), openLst(2)], link: plain(241, 500) },
    {
      name: '1,115 octets',
      ends: [sBand(), sBand()],
      link: { format: { interleave: 5 }, cfdp: { segmentOctets: 1_000 } },
    },
    { name: '4,092 octets', ends: [dvbS2(), dvbS2()], link: plain(2_044, 4_000) },
  ]
}

t.test('one transfer goes on over modems with frames of 128 to 4,092 octets', async t => {
  const seed = Number(process.env['SEED'] ?? 1)
  const random = new Random(seed)
  const file = random.octets(120_000)
  const label = `SEED=${seed} npx tsx test/hal/modems/handover.test.ts`
  let before: ModemFlight | undefined
  let written = 0
  const all = stages()
  for (const [i, { name, ends, link }] of all.entries()) {
    const [aboard, ashore] = ends
    const isLost = () => random.below(50) === 0
    const flight: ModemFlight = new ModemFlight({
      ...settingsFor(link),
      aboard,
      ashore,
      file,
      isLost,
      ...(before === undefined ? {} : { before }),
    })
    const share = file.length / all.length
    const isLast = i === all.length - 1
    const hasShare = () => flight.writtenOctets >= share
    t.ok(flight.run(3_600_000, isLast ? undefined : hasShare), `${label}: over ${name}`)
    if (!isLast) t.notOk(flight.isDelivered, 'and is not done')
    written += flight.writtenOctets
    before = flight
  }
  t.ok(before?.isRight, `${label}: octet for octet`)
  t.ok(before?.isDelivered, 'one transaction, delivered once')
  const opened = before?.recordsAshore.filter(record => Object(record).kind === 'opened')
  t.equal(opened?.length, 1, 'the station opened it once')
  t.ok(written < 1.5 * file.length, `${label}: ${written} octets came for ${file.length}`)
})
