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

/** By start and tail: a codeblock that is randomized may begin as the one, whatever the spacecraft is called. */
function isCltu(octets: Uint8Array): boolean {
  const start = octets.findIndex(octet => octet !== IDLE)
  const end = octets.findLastIndex(octet => octet !== IDLE) + 1
  return (
    CLTU_START.every((octet, i) => octets[start + i] === octet) &&
    CLTU_TAIL.every((octet, i) => octets[end - CLTU_TAIL.length + i] === octet)
  )
}

/** CLTUs have a start sequence of their own. */
function marked(octets: Uint8Array): Uint8Array {
  if (isMarked(octets) || isCltu(octets)) return octets.slice()
  const whole = new Uint8Array(MARKER.length + octets.length)
  whole.set(MARKER)
  whole.set(octets, MARKER.length)
  return whole
}

const MARKER = Uint8Array.of(0x1a, 0xcf, 0xfc, 0x1d)
/** CCSDS 231.0-B-4, 5.2, and the acquisition sequence around: 7.2. */
const CLTU_START = Uint8Array.of(0xeb, 0x90)
const CLTU_TAIL = Uint8Array.of(0xc5, 0xc5, 0xc5, 0xc5, 0xc5, 0xc5, 0xc5, 0x79)
const IDLE = 0x55
