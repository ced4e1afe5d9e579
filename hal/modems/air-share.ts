/**
 * How much of the air of a modem is octets of ours: what it puts around each frame, and between two, is the rest.
 *
 *     | around | CADU | CADU |    | around | CADU | CADU |    |        small ones: as many whole ones as fit
 *     | around | CADU of many frames, a part |    | around |           large ones: every frame is full
 */
import type { FramedConfig, ModemConfig } from '../config/modem.ts'
import { CSP_CRC_OCTETS, cspHeaderOctets } from './csp/packet.ts'
import { BASEBAND_HEADER_OCTETS, basebandOctets } from './gse/baseband.ts'
import { AX25_HEADER_OCTETS } from './kiss/ax25.ts'

/** Octets on the air around a frame of each kind, beside what its driver puts there. */
export const AIR_OCTETS = {
  /** Flag, checksum and flag of HDLC. */
  kiss: 1 + 2 + 1,
  /** Preamble, marker, length and check symbols of the AX100's Reed-Solomon mode. */
  csp: 4 + 4 + 3 + 32,
  /** Length, flags, address and checksum on the air, preamble and marker. */
  openlst: 6 + 8 + 6,
  /** Preamble, flag, length and checksum of its packets. */
  'endurosat-uhf': 5 + 1 + 1 + 2,
  /** AX.25 header, checksum and two flags. */
  lithium: AX25_HEADER_OCTETS + 2 + 2,
  trxvu: AX25_HEADER_OCTETS + 2 + 2,
  txs: AX25_HEADER_OCTETS + 2 + 2,
} as const

/** The most bits per second of CADUs that a modem is given by its driver; undefined: as many as there are. */
export function carriedBps(modem: ModemConfig, caduOctets: number): number | undefined {
  // The rate of an HSTXC is measured.
  if (!('frameOctets' in modem) || modem.kind === 'hstxc') return undefined
  return modem.rateBps * airShare(modem, caduOctets)
}

/** The share of its air that is octets of ours, 0 to 1. */
function airShare(modem: FramedConfig, caduOctets: number): number {
  const { frameOctets, rateBps } = modem
  if (modem.kind === 'gse') return basebandShare(modem)
  if (modem.kind === 'endurosat-dvbs2') return storedShare(modem)
  const octets =
    caduOctets > frameOctets ? frameOctets : Math.floor(frameOctets / caduOctets) * caduOctets
  return octets / (octets + aroundOctets(modem) + (gapMs(modem) * rateBps) / 8_000)
}

/** Around each frame, what the driver puts there included. */
function aroundOctets(modem: FramedConfig): number {
  const { kind, cspVersion = 1, callsign } = modem
  if (!Object.hasOwn(AIR_OCTETS, kind)) return 0
  const air = AIR_OCTETS[kind as keyof typeof AIR_OCTETS]
  if (kind === 'csp') return cspHeaderOctets(cspVersion) + CSP_CRC_OCTETS + air
  return kind === 'kiss' && callsign !== undefined ? AX25_HEADER_OCTETS + air : air
}

/** Behind each frame. */
function gapMs({ kind, gapMs: told = ENDUROSAT_GAP_MS }: FramedConfig): number {
  return kind === 'endurosat-uhf' ? told : 0
}

/** One packet in each baseband frame goes on in the next. */
function basebandShare({ codeRate = '1/2', codeSize = 'normal', frameOctets }: FramedConfig) {
  // A code that there is not is refused when the modem is opened.
  const octets = basebandOctets({ rate: codeRate, size: codeSize }) ?? Infinity
  const around = BASEBAND_HEADER_OCTETS + GSE_DIVIDED_OCTETS
  return (1 - around / octets) * (frameOctets / (frameOctets + GSE_HEADER_OCTETS))
}

/** Its storage is written, and then sent: never both. */
function storedShare({ path, baudRate = 0, rateBps }: FramedConfig): number {
  const lineMs = path === undefined ? 0 : (10_000 * PIECE_LINE_OCTETS) / baudRate
  const storedBps = (8_000 * PIECE_OCTETS) / (lineMs + PIECE_REST_MS)
  return storedBps / (storedBps + rateBps)
}

export const ENDUROSAT_GAP_MS = 10
const GSE_HEADER_OCTETS = 4
/** A second header, the number of the packet and its length, and its checksum. */
const GSE_DIVIDED_OCTETS = 10
/** A piece of a file, what it is on the line with its questions and answers, and how long the line rests. */
const PIECE_OCTETS = 1_472
const PIECE_LINE_OCTETS = 1_504 + 4 * 32
const PIECE_REST_MS = 3
