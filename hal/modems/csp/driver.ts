/**
 * Frames as the payload of CSP packets over KISS: GomSpace's AX100 and its like, or any libcsp node that routes them
 * to its radio. libcsp's own fragments (SFP) are not needed: what is longer than a packet goes in pieces anyway.
 */

import type { ModemCapabilities } from '../../ports.ts'
import { AIR_OCTETS } from '../air-share.ts'
import type { Heard, ModemDriver } from '../driver.ts'
import { encodeKiss, KISS, KissDecoder } from '../kiss/frame.ts'
import { type Answer, type Framing, PacedDriver } from '../paced-driver.ts'
import {
  CSP_CRC_OCTETS,
  type CspFormat,
  type CspPacket,
  cspHeaderOctets,
  decodeCsp,
  encodeCsp,
  openCsp,
  sealCsp,
} from './packet.ts'

export interface CspSettings extends CspFormat {
  readonly frameOctets: number
  /** This end, the other end, the port that our packets go to, and the radio on this side. */
  readonly source: number
  readonly destination: number
  readonly port: number
  readonly radio: number
  readonly rateBps: number | undefined
}

export function cspDriver(settings: CspSettings): ModemDriver {
  const { frameOctets, rateBps, version } = settings
  const capabilities: ModemCapabilities = {
    archetype: 'framed',
    frameOctetsMax: frameOctets,
    credit: 'none',
    rateBps,
    duplex: 'half',
  }
  const aroundOctets = cspHeaderOctets(version) + CSP_CRC_OCTETS + AIR_OCTETS.csp
  return new PacedDriver(capabilities, cspFraming(settings), { rateBps, aroundOctets, gapMs: 0 })
}

function cspFraming(settings: CspSettings): Framing {
  const { version, source, destination, port, radio } = settings
  const decoder = new KissDecoder(PACKET_OCTETS_MAX)
  const events = { 'stray octets': 0, 'checksums wrong': 0, 'frames foreign': 0 }
  const packetTo = (to: number, toPort: number, payload: Uint8Array) => {
    const packet = { priority: PRIORITY, source, destination: to, sourcePort: port, payload }
    const sent = encodeCsp({ ...packet, destinationPort: toPort }, settings)
    return encodeKiss({ port: 0, command: KISS.data, octets: sealCsp(sent, settings) })
  }
  function* read(packet: CspPacket): Generator<Heard | Answer> {
    const { source: from, sourcePort, destinationPort, payload } = packet
    if (from === destination && destinationPort === port)
      yield { kind: 'heard', octets: payload.slice() }
    else if (from === radio && sourcePort === PING_PORT)
      yield { kind: 'telemetry', fields: { 'answers the ping of': radio } }
    else events['frames foreign'] += 1
  }
  return {
    events,
    encode: frame => packetTo(destination, port, frame),
    *decode(octets) {
      for (const frame of decoder.push(octets)) {
        const opened = frame.command === KISS.data ? openCsp(frame.octets, version) : undefined
        const packet = opened && decodeCsp(opened, version)
        if (packet === undefined) events['checksums wrong'] += 1
        else if (packet !== 'foreign' && packet.destination === source) yield* read(packet)
        else events['frames foreign'] += 1
      }
      events['stray octets'] = decoder.counters.stray
    },
    reset: () => decoder.reset(),
    probe: () => packetTo(radio, PING_PORT, PING),
  }
}

const PRIORITY = 2
const PING_PORT = 1
const PING = Uint8Array.of(0, 1, 2, 3)
const PACKET_OCTETS_MAX = 4_096
