/** The `modem` of a configuration, with all that it does not say filled in. */
import { resolve } from 'node:path'
import { KINDS, type Kind, type KindName } from '../modems/kinds.ts'

/** What the schema lets through. Which keys a kind has is said there. */
export interface ModemKeys {
  readonly kind: KindName
  readonly path?: string
  readonly baudRate?: number
  readonly i2c?: string
  readonly spi?: string
  readonly recordOctets?: number
  readonly host?: string
  readonly port?: number
  readonly listen?: number
  readonly frameOctets?: number
  readonly rateBps?: number
  readonly tncPort?: number
  readonly callsign?: string
  readonly peerCallsign?: string
  readonly asksQueue?: boolean
  readonly address?: number
  readonly peerAddress?: number
  readonly radioAddress?: number
  readonly cspPort?: number
  readonly cspVersion?: 1 | 2
  readonly crcOver?: 'payload' | 'packet'
  readonly radioMode?: number
  readonly gapMs?: number
  readonly moduleId?: number
  readonly imageOctets?: number
  readonly stageMs?: number
  readonly sendAddress?: number
  readonly receiveAddress?: number
  readonly sendCommand?: number
  readonly stateCommand?: number
  readonly housekeepingCommand?: number
  readonly encoder?: number
  readonly channel?: number
  readonly powerDbm?: Power
  readonly marker?: boolean
  readonly codeRate?: CodeRate
  readonly codeSize?: 'normal' | 'short'
  readonly protocolType?: number
}

type CodeRate = import('../modems/gse/baseband.ts').ModCod['rate']

type Power = typeof import('../modems/hstxc/registers.ts').HSTXC_POWERS[number]

export type ModemConfig = SerialConfig | TcpConfig | FramedConfig

export interface SerialConfig {
  readonly kind: 'serial'
  readonly path: string
  readonly baudRate: number
  readonly recordOctets: number | undefined
}

export type TcpConfig =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'tcp'; readonly host: string; readonly listen: number }

/** A modem with a protocol of its own: its line, its frames, and the keys of its kind as they were said. */
export type FramedConfig = Omit<ModemKeys, 'kind'> & {
  readonly kind: Exclude<KindName, 'serial' | 'tcp'>
  readonly frameOctets: number
  readonly rateBps: number
}

export interface Rates {
  /** Of the downlink; undefined: nobody said. */
  readonly downlinkBps: number | undefined
  /** What this end sends at, in bits per second, when the downlink has this rate. */
  sentBps(downlinkBps: number): number
}

/** The modem and the rate of the downlink: each follows from the other where it was not said. */
export function finishModem(
  keys: ModemKeys,
  rates: Rates,
  folder: string,
): { readonly modem: ModemConfig; readonly downlinkBps: number } {
  const { kind, path } = keys
  const downlinkBps =
    rates.downlinkBps ??
    (path === undefined ? DOWNLINK_BPS : Math.floor((keys.baudRate ?? BAUD_RATE) * DATA_SHARE))
  const serial =
    path === undefined
      ? {}
      : { path: resolve(folder, path), baudRate: keys.baudRate ?? baudRateFor(kind, downlinkBps) }
  return { modem: modemOf({ ...keys, ...serial }, rates.sentBps(downlinkBps)), downlinkBps }
}

/** A modem that contacts name. */
export interface NamedModem {
  readonly name: string
  readonly modem: ModemConfig
  /** Bits per second of its channel where a contact does not say. */
  readonly downlinkBps: number
}

export function modemsOf(
  several: Readonly<Record<string, ModemKeys>>,
  rates: Rates,
  folder: string,
): NamedModem[] {
  return Object.entries(several).map(([name, keys]) => {
    const known = { ...rates, downlinkBps: keys.rateBps ?? rates.downlinkBps }
    return { name, ...finishModem(keys, known, folder) }
  })
}

/** The fault of a UART that is slower than what comes through it. */
export function baudFaults(modem: ModemConfig, downlinkBps: number, key: string): string[] {
  const baudRate = 'baudRate' in modem ? modem.baudRate : undefined
  if (baudRate === undefined || downlinkBps <= baudRate * DATA_SHARE) return []
  return [
    `downlink.rateBps: ${downlinkBps} does not go through a UART of ${baudRate} baud, which carries ` +
      `${Math.floor(baudRate * DATA_SHARE)} bits of data a second; ${key}.baudRate must be ${Math.ceil(downlinkBps / DATA_SHARE)} or more`,
  ]
}

/** Frames, addresses and baud rates that no modem of this kind has. */
export function protocolFaults(modem: ModemConfig, place: string): string[] {
  if (modem.kind === 'serial' || modem.kind === 'tcp') return []
  const { kind, frameOctets } = modem
  const known: Kind = KINDS[kind]
  const { most } = KINDS[kind].frameOctets
  const frame =
    frameOctets <= most
      ? []
      : [`${place}.frameOctets: ${frameOctets} do not fit a frame of ${kind}; at most ${most}`]
  const addressMax = addressMaxOf(modem)
  const addresses = (['address', 'peerAddress', 'radioAddress'] as const).flatMap(key => {
    const address = modem[key] ?? 0
    if (address <= addressMax) return []
    return [`${place}.${key}: ${address} is no address of ${kind}; at most ${addressMax}`]
  })
  const baudRates = known.baudRates ?? []
  const baud =
    modem.baudRate === undefined || baudRates.length === 0 || baudRates.includes(modem.baudRate)
      ? []
      : [
          `${place}.baudRate: ${modem.baudRate} is no rate of ${kind}; one of ${baudRates.join(', ')}`,
        ]
  return [...frame, ...addresses, ...baud]
}

/** How long before a contact frames are made for it; undefined: it keeps none. */
export function stageMsOf(modem: ModemConfig): number | undefined {
  if (KINDS[modem.kind].archetype !== 'store' || !('frameOctets' in modem)) return undefined
  return modem.stageMs ?? STAGE_MS
}

export function onlySends({ kind }: ModemConfig): boolean {
  const { sendsOnly = false }: Kind = KINDS[kind]
  return sendsOnly
}

function addressMaxOf({ kind, cspVersion = 1 }: FramedConfig): number {
  if (kind === 'csp') return cspVersion === 1 ? 31 : 16_383
  if (kind === 'txs' || kind === 'hstxc') return 119
  return kind === 'openlst' ? 65_535 : 255
}

function modemOf(keys: ModemKeys, sentBps: number): ModemConfig {
  const { kind, path = '', baudRate = BAUD_RATE, recordOctets, host = LOCAL, listen } = keys
  if (kind === 'serial') return { kind, path, baudRate, recordOctets }
  if (kind === 'tcp')
    return listen === undefined ? { kind, host, port: keys.port ?? 0 } : { kind, host, listen }
  const { usual } = KINDS[kind].frameOctets
  return { rateBps: sentBps, ...keys, kind, frameOctets: keys.frameOctets ?? usual }
}

/** The fastest of a modem that has few, or one that carries the downlink. */
function baudRateFor(kind: KindName, downlinkBps: number): number {
  const known: Kind = KINDS[kind]
  if (known.baudRates !== undefined) return Math.max(...known.baudRates)
  const least = Math.ceil(downlinkBps / DATA_SHARE)
  return BAUD_RATES.find(rate => rate >= least) ?? least
}

/** Bits of data among those of a UART: start and stop bits are two of ten. */
const DATA_SHARE = 0.8
const BAUD_RATE = 115_200
const BAUD_RATES = [
  BAUD_RATE,
  230_400,
  460_800,
  500_000,
  921_600,
  1_000_000,
  1_500_000,
  2_000_000,
  3_000_000,
  4_000_000,
]
const DOWNLINK_BPS = 1_000_000
const STAGE_MS = 30_000
const LOCAL = '127.0.0.1'
