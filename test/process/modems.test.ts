/**
 * One file over three modems of a flight process, one after the other: frames of 128 octets, a FIFO, and baseband frames.
 * The contacts say which; the clock is set from one contact to the next in the middle of the file.
 *
 *     onboard - uhf, s-band, dvb-s2 ~ air ~ three receivers in this test - station
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { FramedConfig } from '../../hal/config/modem.ts'
import { openDriven } from '../../hal/modem.ts'
import type { DrivenModem } from '../../hal/modems/driven-modem.ts'
import type { HostLine } from '../../hal/modems/driver.ts'
import { type EmulatedEnd, runEmulated } from '../../hal/modems/emulated.ts'
import { emulatorOf } from '../../hal/modems/emulators.ts'
import { Mischief } from '../../hal/modems/mischief.ts'
import { udpPair } from '../../hal/modems/udp-line.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { TcpModem } from '../../hal/tcp-modem.ts'
import { Bench } from '../kit/bench.ts'
import { Random } from '../kit/random.ts'
import { wrongClock } from '../kit/tampered.ts'

const HOUR = 3_600_000
const RATE_BPS = 400_000
const HOST = '127.0.0.1'
/**
 * Of each modem but the last: what more it brings is lost, unless this was of no use. However late this test looks, some
 * of the file is left for the next one, and each was needed.
 */
const SHARE_OCTETS = 80_000
type Kind = FramedConfig['kind']

t.test('a file goes on from modem to modem, in one transaction', async t => {
  const uhf = await pair(t, 'csp', 'csp', { frameOctets: 128 })
  const sBand = await pair(t, 'hstxc', 'udp', {})
  const dvb = await pair(t, 'gse', 'gse', {})
  const line = await TcpModem.open({ listen: 0 }, systemClock)
  t.teardown(() => line.close())
  /** Octets that each may still bring, and what all brought. */
  const shares = [SHARE_OCTETS, SHARE_OCTETS, Infinity]
  let brought = 0
  for (const [i, { ground }] of [uhf, sBand, dvb].entries())
    void forward(ground, async octets => {
      if ((shares[i] ?? 0) <= 0) return
      await line.send(octets)
      shares[i] = (shares[i] ?? 0) - octets.length
      brought += octets.length
    }).catch(() => {})
  void forward(line, octets => uhf.ground.send(octets)).catch(() => {})

  const now = Date.now()
  const names = ['uhf', 's-band', 'dvb-s2'] as const
  const contacts = names.map((modem, i) => ({
    start: now + (i - 0.5) * HOUR,
    end: now + (i + 0.5) * HOUR,
    modem,
  }))
  const modems = { uhf: uhf.onboard, 's-band': sBand.onboard, 'dvb-s2': dvb.onboard }
  const format = { downlink: { interleave: 0, frameOctets: 1_115 } }
  const bench = await Bench.prepare(t, {
    both: format,
    onboard: { modem: undefined, modems, contacts },
    station: { modem: { kind: 'tcp', host: HOST, port: line.localPort } },
  })
  const clock = wrongClock(bench)
  await bench.start('onboard', clock.nodeOptions)
  await bench.start('station')
  const file = Buffer.from(new Random(1).octets(300_000))
  bench.drop('kept', file)

  const held = async () => (await bench.status('station')).files[0]?.heldOctets ?? 0
  for (const [i, name] of names.entries()) {
    clock.set(i * HOUR)
    const isLast = i === names.length - 1
    if (isLast) break
    const before = await held()
    await bench.until(`some of it came by ${name}`, async () => {
      if ((shares[i] ?? 0) > 0) return false
      if ((await bench.status('station')).modem.octetsIn < brought) return false
      if ((await held()) > before + SHARE_OCTETS / 4) return true
      // A busy computer gave its modem too much at once, and what came was in pieces: it may bring as much again.
      shares[i] = SHARE_OCTETS
      return false
    })
    t.ok((await held()) < file.length, `${name}: and not all of it`)
  }
  await bench.until('it is safe', async () => (await bench.status('onboard')).buffer.files === 0)
  t.ok(file.equals(readFileSync(join(bench.archive, 'kept'))), 'octet for octet')
  const status = await bench.status('onboard')
  for (const name of names)
    t.ok((status.modems?.[name]?.octetsOut ?? 0) > 40_000, `${name} carried its part`)
  t.ok((status.modems?.['uhf']?.octetsIn ?? 0) > 0, 'the uplink came by UHF')
  t.equal(status.modems?.['s-band']?.octetsIn, 0, 'and not by what only sends')
  t.equal((await bench.status('station')).files.length, 1, 'one transaction')
  t.match(status.modem, {
    octetsOut: sum(names.map(name => status.modems?.[name]?.octetsOut ?? 0)),
  })
  await bench.kill('onboard', 'SIGTERM')
})

/** An emulated modem of the spacecraft, what it is in a configuration, and the station's own at the other end. */
async function pair(t: Test, kind: Kind, far: Kind, keys: Partial<FramedConfig>) {
  const air = { rateBps: RATE_BPS, aroundOctets: 0, gapMs: 0 }
  const end = async (which: Kind, address: number) => {
    const { line, where } = await lineOf(which)
    const modem = await emulatorOf(which, { air, mischief: new Mischief(), address })
    const emulated: EmulatedEnd = { modem, line }
    const addresses = which === 'csp' ? { address, peerAddress: 3 - address } : {}
    return { emulated, config: { kind: which, ...where, ...keys, ...addresses } }
  }
  const [near, other] = [await end(kind, 1), await end(far, 2)]
  const ending = new AbortController()
  const running = runEmulated([near.emulated, other.emulated], systemClock, ending.signal)
  const frameOctets = keys.frameOctets ?? 4_092
  const config = { frameOctets, ...other.config, rateBps: RATE_BPS }
  const ground = await openDriven(config, 8_192, systemClock)
  t.teardown(async () => {
    await ground.close()
    ending.abort()
    await running
  })
  return { ground, onboard: { ...near.config, rateBps: RATE_BPS } }
}

async function lineOf(kind: Kind): Promise<{ line: HostLine; where: Partial<FramedConfig> }> {
  if (kind === 'udp' || kind === 'gse') {
    const { line, listen } = await udpPair(HOST, 0)
    return { line, where: { host: HOST, port: line.localPort, listen } }
  }
  const line = await TcpModem.open({ listen: 0 }, systemClock)
  return { line, where: { host: HOST, port: line.localPort as number } }
}

async function forward(
  from: DrivenModem | TcpModem,
  send: (octets: Uint8Array) => Promise<unknown>,
): Promise<void> {
  for await (const octets of from.received()) await send(octets)
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0)
}
