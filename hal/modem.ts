/** The modem that a configuration names. */

import { caduOctets, type DownlinkFormat } from '../protocol/frame/link.ts'
import type { FramedConfig, ModemConfig, NamedModem } from './config/modem.ts'
import type { DrivenModem } from './modems/driven-modem.ts'
import type { HostLine } from './modems/driver.ts'
import type { Clock, Modem } from './ports.ts'

/**
 * The modem of this end, and the one that it hears by where that is another. `queueOctets`: how much may wait before
 * the line.
 */
export async function openModem(
  { modem, receiver }: { readonly modem: ModemConfig; readonly receiver?: ModemConfig },
  queueOctets: number,
  clock: Clock,
): Promise<Modem> {
  if (receiver === undefined) return openOne(modem, queueOctets, clock)
  const { joinedModem } = await import('./joined-modem.ts')
  const sending = await openOne(modem, queueOctets, clock)
  try {
    return joinedModem(sending, await openOne(receiver, queueOctets, clock))
  } catch (error) {
    await sending.close()
    throw error
  }
}

export interface OpenedModems {
  /** What the spacecraft sends by, in the order of the configuration. */
  readonly modems: readonly Modem[]
  /** What else it hears by. */
  readonly receiver: Modem | undefined
}

/** The modem of a spacecraft, or its several ones. */
export async function openModems(
  config: {
    readonly modem: ModemConfig
    readonly modems?: readonly NamedModem[]
    readonly receiver?: ModemConfig
    readonly downlink: DownlinkFormat & { readonly rateBps: number }
  },
  clock: Clock,
): Promise<OpenedModems> {
  const { modems, receiver, downlink } = config
  if (modems === undefined)
    return {
      modems: [await openModem(config, queueOctetsFor(downlink), clock)],
      receiver: undefined,
    }
  const opened: Modem[] = []
  try {
    for (const { modem, downlinkBps: rateBps } of modems)
      opened.push(await openOne(modem, queueOctetsFor({ ...downlink, rateBps }), clock))
    const heard = receiver && (await openOne(receiver, queueOctetsFor(downlink), clock))
    return { modems: opened, receiver: heard }
  } catch (error) {
    await Promise.all(opened.map(modem => modem.close()))
    throw error
  }
}

/** Its kind alone is loaded. */
async function openOne(config: ModemConfig, queueOctets: number, clock: Clock): Promise<Modem> {
  if (config.kind === 'serial') {
    const { SerialModem } = await import('./serial-modem.ts')
    const { path, baudRate, recordOctets } = config
    const record = recordOctets === undefined ? {} : { recordOctets }
    return SerialModem.open({ path, baudRate, queueOctets, ...record }, clock)
  }
  if (config.kind !== 'tcp') return openDriven(config, queueOctets, clock)
  const { TcpModem } = await import('./tcp-modem.ts')
  const { host } = config
  const end = 'port' in config ? { host, port: config.port } : { host, listen: config.listen }
  return TcpModem.open({ ...end, queueOctets }, clock)
}

/** A modem with a protocol of its own. */
export async function openDriven(
  config: FramedConfig,
  queueOctets: number,
  clock: Clock,
): Promise<DrivenModem> {
  const [{ driverOf }, { DrivenModem: Driven }] = await Promise.all([
    import('./modems/drivers.ts'),
    import('./modems/driven-modem.ts'),
  ])
  const driver = await driverOf(config)
  return new Driven({ line: await openLine(config, clock), driver, clock, queueOctets })
}

async function openLine(config: FramedConfig, clock: Clock): Promise<HostLine> {
  const { path, baudRate = 115_200, host, port, listen, i2c, spi } = config
  if (config.kind === 'udp' || config.kind === 'gse') {
    const { UdpLine } = await import('./modems/udp-line.ts')
    const to = host === undefined || port === undefined ? undefined : { host, port }
    return UdpLine.open({ to, listen: { host: ANY, port: listen ?? 0 } })
  }
  if (i2c !== undefined) {
    const { BusLine } = await import('./modems/bus/bus-line.ts')
    return new BusLine({ i2c, spi }, clock)
  }
  if (path !== undefined) {
    const { SerialModem } = await import('./serial-modem.ts')
    return SerialModem.open({ path, baudRate, queueOctets: LINE_OCTETS }, clock)
  }
  const { TcpModem } = await import('./tcp-modem.ts')
  const end = port === undefined ? { listen: listen ?? 0 } : { port }
  return TcpModem.open({ host: host ?? LOCAL, ...end, queueOctets: LINE_OCTETS }, clock)
}

const LINE_OCTETS = 4_096
const LOCAL = '127.0.0.1'
const ANY = '0.0.0.0'

/** Octets that may wait before a modem: a moment of line time, and never less than a few frames. */
export function queueOctetsFor(link: DownlinkFormat & { readonly rateBps: number }): number {
  return Math.max(3 * caduOctets(link), Math.min(QUEUE_OCTETS_MAX, (link.rateBps / 8) * QUEUE_S))
}

const QUEUE_S = 0.02
/** What lives longer than a few milliseconds is collected late: a long queue is many times its octets of memory. */
const QUEUE_OCTETS_MAX = 65_536
