/**
 * CADUs and CLTUs in datagrams, one each: how Yamcs, a terminal's network port and most ground software exchange
 * frames. Where the other end wants codeblocks without the marker, it is taken off, and put on what comes.
 */
import type { ModemCapabilities } from '../../ports.ts'
import type { ModemDriver } from '../driver.ts'
import { type Framing, PacedDriver } from '../paced-driver.ts'

export interface UdpSettings {
  readonly frameOctets: number
  /** Datagrams begin with the marker, as CADUs do. */
  readonly marker: boolean
  readonly rateBps: number | undefined
}

export function udpDriver({ frameOctets, marker, rateBps }: UdpSettings): ModemDriver {
  const capabilities: ModemCapabilities = {
    archetype: 'network',
    frameOctetsMax: frameOctets,
    credit: 'none',
    rateBps,
    duplex: 'full',
  }
  const framing: Framing = {
    events: {},
    encode: frame => (marker || !isMarked(frame) ? frame : frame.slice(MARKER.length)),
    *decode(octets) {
      yield { kind: 'heard', octets: marker ? octets.slice() : marked(octets) }
    },
    reset: () => {},
  }
  const air = { rateBps, aroundOctets: 0, gapMs: 0 }
  return new PacedDriver(capabilities, framing, air, { packsSends: false })
}

function isMarked(frame: Uint8Array): boolean {
  return MARKER.every((octet, i) => frame[i] === octet)
}

/** CLTUs have a start sequence of their own. */
function marked(octets: Uint8Array): Uint8Array {
  if (isMarked(octets) || CLTU_STARTS.has(octets[0])) return octets.slice()
  const whole = new Uint8Array(MARKER.length + octets.length)
  whole.set(MARKER)
  whole.set(octets, MARKER.length)
  return whole
}

const MARKER = Uint8Array.of(0x1a, 0xcf, 0xfc, 0x1d)
/** Acquisition sequence, and start sequence. */
const CLTU_STARTS: ReadonlySet<number | undefined> = new Set([0x55, 0xeb])
