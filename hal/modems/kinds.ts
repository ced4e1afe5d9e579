/** The kinds of modem that a configuration can name, and what is worth knowing of each before it is opened. */
import type { ModemCapabilities } from '../ports.ts'
import type { Misbehaviour } from './emulator.ts'

export interface Kind {
  readonly about: string
  readonly archetype: ModemCapabilities['archetype']
  readonly credit: ModemCapabilities['credit']
  /** Octets of ours in a frame, unless the configuration says otherwise, and the most; undefined: a stream. */
  readonly frameOctets: { readonly usual: number; readonly most: number } | undefined
  /** It hears nothing off the air. */
  readonly sendsOnly?: boolean
  /** What the line to it is; a bus may also be behind a bridge, as 'serial or tcp' is. */
  readonly line: 'serial' | 'tcp' | 'serial or tcp' | 'udp' | 'i2c' | 'i2c and spi'
  /** What its UART can run at; undefined: whatever there is. */
  readonly baudRates?: readonly number[]
  /** What its emulator can be told to do; undefined: there is no emulator. */
  readonly misbehaviours: readonly Misbehaviour[] | undefined
}

const LINE = ['stall', 'reboot', 'overrun', 'baud', 'noise', 'lines'] as const
const CREDIT = ['lost-credit', 'double-credit'] as const
/** A bus has no baud rate to be wrong, and what is on it is a transfer. */
const BUS = [...CREDIT, 'stall', 'reboot', 'overrun'] as const

export const KINDS = {
  serial: {
    about: 'a UART or pseudo-terminal that carries the stream as it is',
    archetype: 'stream',
    credit: 'none',
    frameOctets: undefined,
    line: 'serial',
    misbehaviours: undefined,
  },
  tcp: {
    about: 'a data port on the network that carries the stream as it is',
    archetype: 'stream',
    credit: 'none',
    frameOctets: undefined,
    line: 'tcp',
    misbehaviours: undefined,
  },
  kiss: {
    about: 'a TNC: direwolf, gr-satellites, hardware',
    archetype: 'tnc',
    credit: 'queue',
    frameOctets: { usual: 256, most: 2_000 },
    line: 'serial or tcp',
    misbehaviours: [...CREDIT, ...LINE],
  },
  csp: {
    about: 'CubeSat Space Protocol over KISS: GomSpace AX100, libcsp',
    archetype: 'framed',
    credit: 'none',
    frameOctets: { usual: 215, most: 2_000 },
    line: 'serial or tcp',
    misbehaviours: LINE,
  },
  openlst: {
    about: 'OpenLST radios',
    archetype: 'framed',
    credit: 'none',
    frameOctets: { usual: 245, most: 245 },
    line: 'serial or tcp',
    misbehaviours: LINE,
  },
  'endurosat-uhf': {
    about: 'EnduroSat UHF Type II, through its pipe',
    archetype: 'framed',
    credit: 'none',
    frameOctets: { usual: 128, most: 128 },
    line: 'serial or tcp',
    baudRates: [9_600, 19_200, 115_200],
    misbehaviours: LINE,
  },
  lithium: {
    about: 'AstroDev Lithium-1 and He-100',
    archetype: 'slots',
    credit: 'slots',
    frameOctets: { usual: 255, most: 255 },
    line: 'serial or tcp',
    misbehaviours: [...CREDIT, ...LINE],
  },
  'endurosat-dvbs2': {
    about: 'EnduroSat S- and X-band DVB-S2 transmitters, which store files; only sends',
    archetype: 'store',
    credit: 'store',
    frameOctets: { usual: 1_472, most: 1_472 },
    sendsOnly: true,
    line: 'serial or tcp',
    misbehaviours: [...CREDIT, ...LINE],
  },
  trxvu: {
    about: 'ISIS TRXVU',
    archetype: 'slots',
    credit: 'slots',
    frameOctets: { usual: 235, most: 235 },
    line: 'i2c',
    misbehaviours: BUS,
  },
  txs: {
    about: 'ISIS TXS, S-band; only sends',
    archetype: 'slots',
    credit: 'octets',
    frameOctets: { usual: 235, most: 2_000 },
    sendsOnly: true,
    line: 'i2c',
    misbehaviours: BUS,
  },
  hstxc: {
    about: 'CPUT and Clyde Space HSTXC, S-band; only sends',
    archetype: 'fifo',
    credit: 'fifo',
    frameOctets: { usual: 4_096, most: 4_096 },
    sendsOnly: true,
    line: 'i2c and spi',
    misbehaviours: BUS,
  },
  udp: {
    about: 'frames in datagrams: Yamcs, terminals, receivers',
    archetype: 'network',
    credit: 'none',
    frameOctets: { usual: 2_048, most: 65_000 },
    line: 'udp',
    misbehaviours: LINE,
  },
  gse: {
    about: 'DVB-S2 baseband frames with GSE in datagrams',
    archetype: 'network',
    credit: 'none',
    frameOctets: { usual: 4_092, most: 65_000 },
    line: 'udp',
    misbehaviours: LINE,
  },
} as const satisfies Readonly<Record<string, Kind>>

export type KindName = keyof typeof KINDS

export function isKind(name: string): name is KindName {
  return Object.hasOwn(KINDS, name)
}
