import t from 'tap'
import { type OnboardConfig, readConfig } from '../../../hal/config/config.ts'
import { carriedBps } from '../../../hal/modems/air-share.ts'
import { cspDriver } from '../../../hal/modems/csp/driver.ts'
import { cspEmulator } from '../../../hal/modems/csp/emulator.ts'
import { ModemFlight } from '../../kit/modem-flight.ts'
import { Random } from '../../kit/random.ts'
import { settingsFor } from '../../sim/settings.ts'

/** Kinds of modem, and the share of their air that is ours: docs/figures.md has the same of a flight of each. */
const SHARES: readonly (readonly [share: number | undefined, modem: string])[] = [
  [undefined, 'kind: tcp, listen: 1'],
  [undefined, 'kind: hstxc, host: a, port: 1'],
  [256 / 260, 'kind: kiss, host: a, port: 1'],
  [256 / 276, 'kind: kiss, host: a, port: 1, callsign: SAT'],
  [215 / 266, 'kind: csp, host: a, port: 1, address: 1, peerAddress: 2'],
  [215 / 268, 'kind: csp, host: a, port: 1, address: 1, peerAddress: 2, cspVersion: 2'],
  [245 / 265, 'kind: openlst, host: a, port: 1, address: 1, peerAddress: 2'],
  [128 / (128 + 9 + 12), 'kind: endurosat-uhf, host: a, port: 1'],
  [128 / (128 + 9), 'kind: endurosat-uhf, host: a, port: 1, gapMs: 0'],
  [255 / 275, 'kind: lithium, host: a, port: 1'],
  [235 / 255, 'kind: trxvu, host: a, port: 1'],
  [
    235 / 255,
    'kind: txs, host: a, port: 1, address: 17, sendCommand: 1, stateCommand: 2, housekeepingCommand: 3',
  ],
  [1, 'kind: udp, listen: 1'],
  [(1 - 20 / 4_026) * (4_092 / 4_096), 'kind: gse, listen: 1'],
  [(1 - 20 / 384) * (4_092 / 4_096), 'kind: gse, listen: 1, codeRate: 1/4, codeSize: short'],
  // There is no such code.
  [4_092 / 4_096, 'kind: gse, listen: 1, codeRate: 9/10, codeSize: short'],
]

t.test('carriedBps() counts what each kind of modem puts around frames', async t => {
  for (const [share, modem] of SHARES) {
    const carried = carriedBps(await modemOf(modem), 1_279)
    if (share === undefined) t.equal(carried, undefined, modem)
    else t.ok(Math.abs((carried as number) / 9_600 - share) < 1e-9, `${modem}: ${carried}`)
  }
})

t.test('carriedBps() of CADUs that fit a frame: as many whole ones as do', async t => {
  const csp = await modemOf('kind: csp, host: a, port: 1, address: 1, peerAddress: 2')
  for (const [caduOctets, octets] of [
    [215, 215],
    [100, 200],
    [128, 128],
  ] as const)
    t.equal(carriedBps(csp, caduOctets)?.toFixed(6), ((9_600 * octets) / (octets + 51)).toFixed(6))
})

t.test('carriedBps() of a modem that stores: it is written and then sent, by turns', async t => {
  const over = (line: string) => modemOf(`kind: endurosat-dvbs2, ${line}, rateBps: 1000000`)
  const uart = carriedBps(await over('path: /dev/a, baudRate: 3000000'), 1_279) as number
  t.equal((uart / 1e6).toFixed(3), '0.583', 'as in the flight')
  const quick = carriedBps(await over('host: a, port: 1'), 1_279) as number
  t.ok(quick > uart && quick < 1e6, 'over a network only its own rest counts')
})

t.test('a spacecraft makes no frame that its modem would send after the contact', async t => {
  const modem = await modemOf('kind: csp, host: a, port: 1, address: 1, peerAddress: 2')
  for (const caduOctets of [128, 215, 2_048]) {
    t.equal(unheard(caduOctets, carriedBps(modem, caduOctets)), 0, `CADUs of ${caduOctets}`)
    t.ok(unheard(caduOctets, undefined) > 3, 'some, where it does not know what the modem carries')
  }
})

/** Frames made in a contact that a ground station does not hear, for it hears until the contact ends. */
function unheard(caduOctets: number, most: number | undefined): number {
  const rateBps = 9_600
  const { spacecraft, station } = settingsFor({
    format: { interleave: 0, frameOctets: caduOctets - 4 },
    cfdp: { segmentOctets: 1_000 },
  })
  const end = (source: number) => {
    const format = { version: 1, crcOver: 'packet', frameOctets: 215, port: 10, radio: 9 } as const
    const air = { rateBps, aroundOctets: 43, gapMs: 0 }
    return {
      driver: cspDriver({ ...format, source, destination: 3 - source, rateBps }),
      emulator: cspEmulator({ ...format, air }),
    }
  }
  const endMs = 120_000
  const flight: ModemFlight = new ModemFlight({
    spacecraft: {
      ...spacecraft,
      downlink: { ...spacecraft.downlink, rateBps, carriedBps: most },
      contacts: [{ start: 0, end: endMs, role: 'secondary' }],
    },
    station,
    aboard: end(1),
    ashore: end(2),
    file: new Random(1).octets(400_000),
    isLost: () => flight.now > endMs,
  })
  flight.run(2 * endMs)
  return flight.spacecraft.downlink.frames.sent - flight.station.ingest.frames.good
}

async function modemOf(modem: string) {
  const text = `role: onboard
entity: 1
peer: 2
outbox: o
cfdp: { class: 1 }
modem: { ${modem} }
downlink: { rateBps: 9600 }
`
  return ((await readConfig(text, '/etc/a.yaml', {})) as OnboardConfig).modem
}
