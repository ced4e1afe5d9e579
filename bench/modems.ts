/**
 * What is left of a modem's air for file octets, by kind: in virtual time, over the emulators, nothing lost, so that
 * every run finds the same. The modem puts octets and silence around each frame of ours: what its framing allows is
 * the rest. Of that, what is not file octets are headers of CADUs, frames, packets and PDUs.
 *
 *     npx tsx bench/modems.ts [--json]
 */
import type { Air } from '../hal/modems/air-pace.ts'
import { cspDriver } from '../hal/modems/csp/driver.ts'
import { cspEmulator } from '../hal/modems/csp/emulator.ts'
import { datagramEmulator } from '../hal/modems/datagram-radio.ts'
import { EnduroSatDvbS2Driver } from '../hal/modems/endurosat-dvbs2/driver.ts'
import { enduroSatDvbS2Emulator } from '../hal/modems/endurosat-dvbs2/emulator.ts'
import { EnduroSatUhfDriver } from '../hal/modems/endurosat-uhf/driver.ts'
import { enduroSatUhfEmulator } from '../hal/modems/endurosat-uhf/emulator.ts'
import { BASEBAND_HEADER_OCTETS, basebandOctets } from '../hal/modems/gse/baseband.ts'
import { GseDriver } from '../hal/modems/gse/driver.ts'
import { HstxcDriver } from '../hal/modems/hstxc/driver.ts'
import { hstxcEmulator } from '../hal/modems/hstxc/emulator.ts'
import { HSTXC } from '../hal/modems/hstxc/registers.ts'
import { kissDriver } from '../hal/modems/kiss/driver.ts'
import { kissEmulator } from '../hal/modems/kiss/emulator.ts'
import { lithiumDriver } from '../hal/modems/lithium/driver.ts'
import { lithiumEmulator } from '../hal/modems/lithium/emulator.ts'
import { openLstDriver } from '../hal/modems/openlst/driver.ts'
import { openLstEmulator } from '../hal/modems/openlst/emulator.ts'
import { trxvuDriver } from '../hal/modems/trxvu/driver.ts'
import { trxvuEmulator } from '../hal/modems/trxvu/emulator.ts'
import { txsDriver } from '../hal/modems/txs/driver.ts'
import { COMMANDS, txsEmulator } from '../hal/modems/txs/emulator.ts'
import { udpDriver } from '../hal/modems/udp/driver.ts'
import { type FlightEnd, ModemFlight } from '../test/kit/modem-flight.ts'
import { Random } from '../test/kit/random.ts'
import { settingsFor } from '../test/sim/settings.ts'
import { type Figure, report } from './kit/figures.ts'

interface Subject {
  readonly name: string
  readonly rateBps: number
  /** Share of the air that the modem leaves to octets of ours. */
  readonly framing: number
  readonly end: (address: number) => FlightEnd
  /** The other end hears by another modem, and the uplink is apart. */
  readonly onlySends?: boolean
}

/** The end ashore of a modem that only sends. */
function receiver(): FlightEnd {
  return {
    driver: udpDriver({ frameOctets: 2_048, marker: true, rateBps: undefined }),
    emulator: datagramEmulator({ air: airOf(1_000_000, 0) }),
  }
}

function subject(
  name: string,
  air: Air & { readonly rateBps: number },
  frameOctets: number,
  end: (address: number, air: Air) => FlightEnd,
): Subject {
  const gapOctets = (air.gapMs * air.rateBps) / 8_000
  const framing = frameOctets / (frameOctets + air.aroundOctets + gapOctets)
  return { name, rateBps: air.rateBps, framing, end: address => end(address, air) }
}

function airOf(rateBps: number, aroundOctets: number, gapMs = 0) {
  return { rateBps, aroundOctets, gapMs }
}

const code = { rate: '1/2', size: 'normal' } as const
const baseband = basebandOctets(code) as number
const UART_OCTETS = 300_000
/** Octets a second into a file of a storage: each piece is told, asked for and acknowledged, and the line rests for 3 ms. */
const STORE_OCTETS = 1_472 / ((1_504 + 4 * 32) / UART_OCTETS + 0.003)
const SUBJECTS: readonly Subject[] = [
  subject('kiss, AX.25 frames of 256', airOf(9_600, 20), 256, (_, air) => ({
    driver: kissDriver({
      frameOctets: 256,
      tncPort: 0,
      callsigns: { source: 'SAT', destination: 'GROUND' },
      asksQueue: true,
      rateBps: 9_600,
    }),
    // The TNC is given the header of AX.25, too.
    emulator: kissEmulator({ air: { ...air, aroundOctets: 4 } }),
  })),
  subject('csp, packets of 215', airOf(19_200, 51), 215, (address, air) => {
    const format = { version: 1, crcOver: 'packet', radio: 9 } as const
    const ends = { source: address, destination: 3 - address, port: 10 }
    return {
      driver: cspDriver({ ...format, ...ends, frameOctets: 215, rateBps: 19_200 }),
      emulator: cspEmulator({ ...format, air: { ...air, aroundOctets: 43 } }),
    }
  }),
  subject('openlst, frames of 245', airOf(7_415, 20), 245, (address, air) => ({
    driver: openLstDriver({ frameOctets: 245, address, peerAddress: 3 - address, rateBps: 7_415 }),
    // It sends frames with the header of the host line, 9 octets, of which it counts 11 around.
    emulator: openLstEmulator({ air: { ...air, aroundOctets: 11 }, address }),
  })),
  subject('endurosat-uhf, packets of 128', airOf(9_600, 9, 10), 128, (_, air) => ({
    driver: new EnduroSatUhfDriver({
      frameOctets: 128,
      address: 0x22,
      radioMode: 3,
      baudRate: 115_200,
      gapMs: 10,
      rateBps: 9_600,
    }),
    emulator: enduroSatUhfEmulator({ air }),
  })),
  subject('lithium, frames of 255', airOf(9_600, 20), 255, (_, air) => ({
    driver: lithiumDriver({ frameOctets: 255, rateBps: 9_600 }),
    emulator: lithiumEmulator({ air }),
  })),
  subject('trxvu, frames of 235', airOf(9_600, 20), 235, (_, air) => ({
    driver: trxvuDriver({
      frameOctets: 235,
      sendAddress: 0x60,
      receiveAddress: 0x61,
      rateBps: 9_600,
    }),
    emulator: trxvuEmulator({ air }),
  })),
  {
    ...subject('txs, frames of 1,024', airOf(100_000, 20), 1_024, (address, air) =>
      address === 2
        ? receiver()
        : {
            driver: txsDriver({
              frameOctets: 1_024,
              address: 1,
              commands: COMMANDS,
              rateBps: 100_000,
            }),
            emulator: txsEmulator({ air }),
          },
    ),
    onlySends: true,
  },
  {
    ...subject('hstxc, its FIFO', airOf(1_024_000, 0), 4_096, (address, air) =>
      address === 2
        ? receiver()
        : {
            driver: new HstxcDriver({
              frameOctets: 4_096,
              address: HSTXC.address,
              encoder: undefined,
              channel: undefined,
              powerDbm: undefined,
              rateBps: 1_024_000,
            }),
            emulator: hstxcEmulator({ air }),
          },
    ),
    onlySends: true,
  },
  {
    name: 'endurosat-dvbs2, files of 1 MB',
    rateBps: 1_000_000,
    // Its storage is written, over a UART of 3 Mbaud, and then sent: never both.
    framing: STORE_OCTETS / (STORE_OCTETS + 1_000_000 / 8),
    end: address =>
      address === 2
        ? receiver()
        : {
            driver: new EnduroSatDvbS2Driver({
              frameOctets: 1_472,
              module: 0x2002,
              imageOctets: 1_000_000,
              rateBps: 1_000_000,
            }),
            emulator: enduroSatDvbS2Emulator({ air: airOf(1_000_000, 0) }),
            wireOctets: UART_OCTETS,
          },
    onlySends: true,
  },
  subject('udp, a CADU each', airOf(1_000_000, 0), 2_048, (_, air) => ({
    driver: udpDriver({ frameOctets: 2_048, marker: true, rateBps: 1_000_000 }),
    emulator: datagramEmulator({ air }),
  })),
  {
    name: 'gse, baseband frames 1/2',
    rateBps: 1_000_000,
    framing: (baseband - BASEBAND_HEADER_OCTETS) / baseband,
    end: () => ({
      driver: new GseDriver({ ...code, frameOctets: 4_092, protocol: 0x88b5, rateBps: 1_000_000 }),
      emulator: datagramEmulator({ air: airOf(1_000_000, 0) }),
    }),
  },
]

/** The share of the air that carried file octets, from the first that came to the last. */
function fileShare({ name, rateBps, end, onlySends = false }: Subject): number {
  const file = new Random(1).octets(Math.min(MOST_OCTETS, (rateBps / 8) * FLIGHT_S))
  const settings = settingsFor({
    format: { interleave: 0, frameOctets: FRAME_OCTETS, fecf: false },
    cfdp: { segmentOctets: 16_384 },
  })
  const flight = new ModemFlight({
    ...settings,
    aboard: end(1),
    ashore: end(2),
    file,
    uplinkApart: onlySends,
  })
  let firstOctets = 0
  flight.run(FLIGHT_S * 10_000, () => {
    if (firstOctets === 0) firstOctets = flight.writtenOctets
    return flight.isDone
  })
  if (!flight.isRight || flight.firstMs === undefined) throw new Error(`${name} lost something`)
  const airOctets = ((flight.lastMs - flight.firstMs) * rateBps) / 8_000
  return (flight.writtenOctets - firstOctets) / airOctets
}

/** With its marker 2,048 octets. */
const FRAME_OCTETS = 2_044
const FLIGHT_S = 480
const MOST_OCTETS = 4_000_000

report(
  SUBJECTS.map((one): Figure => {
    const files = fileShare(one)
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`
    return {
      what: `${one.name}: files of what its framing allows`,
      value: files / one.framing,
      unit: '',
      least: 0.97,
      beside: `framing ${percent(one.framing)} of the air, files ${percent(files)}`,
    }
  }),
)
