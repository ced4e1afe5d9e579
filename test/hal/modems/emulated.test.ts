/**
 * A few kinds over real lines: what the trials show in virtual time holds behind TCP, a pseudo-terminal and UDP. Not
 * the pipe of EnduroSat's UHF: what it takes for a line of the modem depends on pauses, and a busy computer makes some.
 */
import t, { type Test } from 'tap'
import type { FramedConfig } from '../../../hal/config/modem.ts'
import { openDriven } from '../../../hal/modem.ts'
import type { HostLine } from '../../../hal/modems/driver.ts'
import { runEmulated } from '../../../hal/modems/emulated.ts'
import { emulatorOf, RADIO_BASE } from '../../../hal/modems/emulators.ts'
import { Mischief } from '../../../hal/modems/mischief.ts'
import { PtyLine } from '../../../hal/modems/pty-line.ts'
import { udpPair } from '../../../hal/modems/udp-line.ts'
import { openPty } from '../../../hal/pty.ts'
import { systemClock } from '../../../hal/system-clock.ts'
import { TcpModem } from '../../../hal/tcp-modem.ts'
import { Random } from '../../kit/random.ts'
import { reader } from '../modem.promise.ts'

const RATE_BPS = 400_000
/**
 * As much as the smallest of these modems holds. They say nothing of it, and a line of a busy computer brings late, and
 * all together, what their drivers gave it in time: more on the way would sometimes be more than they hold, and lost.
 */
const AT_ONCE = 800
const probe = await openPty()
probe?.close()
const noPty = probe === undefined ? 'no pseudo-terminals here' : false

type Line = { readonly line: HostLine; readonly where: Partial<FramedConfig> }

async function overTcp(): Promise<Line> {
  const line = await TcpModem.open({ listen: 0 }, systemClock)
  return { line, where: { host: '127.0.0.1', port: line.localPort as number } }
}

async function overPty(): Promise<Line> {
  const line = (await PtyLine.open(systemClock)) as PtyLine
  return { line, where: { path: line.path, baudRate: 115_200 } }
}

async function overUdp(): Promise<Line> {
  const { line, listen } = await udpPair('127.0.0.1', 0)
  return { line, where: { host: '127.0.0.1', port: line.localPort, listen } }
}

/** Two modems of a kind, their emulators, and the air between them. */
async function pair(t: Test, kind: FramedConfig['kind'], open: () => Promise<Line>) {
  const air = { rateBps: RATE_BPS, aroundOctets: 0, gapMs: 0 }
  const ending = new AbortController()
  const side = async (address: 1 | 2) => {
    const { line, where } = await open()
    const modem = await emulatorOf(kind, { air, mischief: new Mischief(), address })
    const addresses = { address, peerAddress: 3 - address, radioAddress: RADIO_BASE + address }
    const config = {
      kind,
      frameOctets: 200,
      gapMs: 3,
      rateBps: RATE_BPS,
      ...where,
      ...addresses,
    }
    return { end: { modem, line }, config }
  }
  const [first, second] = await Promise.all([side(1), side(2)])
  const running = runEmulated([first.end, second.end], systemClock, ending.signal)
  const modems = await Promise.all(
    [first, second].map(({ config }) => openDriven(config, 4_096, systemClock)),
  )
  t.teardown(async () => {
    await Promise.all(modems.map(modem => modem.close()))
    ending.abort()
    await running
  })
  return modems
}

for (const [kind, name, open, skip] of [
  ['kiss', 'TCP', overTcp, false],
  ['openlst', 'a pseudo-terminal', overPty, noPty],
  ['csp', 'a pseudo-terminal', overPty, noPty],
  ['lithium', 'TCP', overTcp, false],
  ['gse', 'UDP', overUdp, false],
] as const)
  t.test(
    `${kind} over ${name} carries octets both ways, and says what it is`,
    { skip },
    async t => {
      const [near, far] = await pair(t, kind, open)
      if (near === undefined || far === undefined) throw new Error('Two modems are needed')
      const octets = new Random(7).octets(20_000)
      const carries = async (from: typeof near, to: typeof near) => {
        const read = reader(to)
        const heard: number[] = []
        for (let at = 0; at < octets.length; at += AT_ONCE) {
          await from.room(AT_ONCE)
          t.equal(await from.send(octets.subarray(at, at + AT_ONCE)), 'accepted')
          while (heard.length < at + AT_ONCE) heard.push(...(await read()))
        }
        t.strictSame(Uint8Array.from(heard), octets)
      }
      await carries(near, far)
      await carries(far, near)
      t.equal(near.capabilities.frameOctetsMax, 200)
      t.match(near.counters, { octetsIn: 20_000, octetsOut: 20_000, isOpen: true })
      t.ok((near.counters.events?.['frames accepted'] ?? 0) >= 100)
      if (kind === 'gse') return
      const patience = new AbortController()
      t.ok(await near.probe(patience.signal), 'it answers a question')
    },
  )
