/** What ties keys of a configuration to each other, and to the machine: no schema can say it. */

import { type DownlinkFormat, downlinkFormat } from '../../protocol/frame/link.ts'
import { baudFaults, frameOctetsFaults, type ModemConfig } from './modem.ts'

/** What is looked at of a configuration. */
export interface Tied {
  readonly entity: number
  readonly peer: number
  readonly cfdp: { readonly entityOctets: number }
  readonly modem: ModemConfig
  readonly downlink: DownlinkFormat & { readonly rateBps: number }
  readonly control: { readonly socket: string }
}

/** One sentence per fault, as the schema's. */
export function inconsistencies(config: Tied): string[] {
  return [
    ...entityFaults(config),
    ...frameFaults(config),
    ...baudFaults(config.modem, config.downlink.rateBps),
    ...frameOctetsFaults(config.modem),
    ...socketFaults(config.control.socket),
  ]
}

function entityFaults({ entity, peer, cfdp }: Tied): string[] {
  const faults =
    entity === peer ? [`peer: ${peer} is this end itself; it must differ from entity`] : []
  const fits = 256 ** cfdp.entityOctets
  for (const [key, id] of Object.entries({ entity, peer })) {
    if (id >= fits)
      faults.push(`${key}: ${id} does not fit ${cfdp.entityOctets} octets; raise cfdp.entityOctets`)
  }
  return faults
}

function frameFaults({ downlink }: Tied): string[] {
  const { interleave, frameOctets } = downlink
  const coded = 223 * interleave
  if (interleave > 0 && frameOctets !== coded)
    return [
      `downlink.frameOctets: ${frameOctets} will not do with interleave ${interleave}; it is ${coded}`,
    ]
  try {
    downlinkFormat(downlink)
    return []
  } catch (error) {
    if (error instanceof RangeError) return [`downlink: ${error.message}`]
    throw error
  }
}

/** The kernel holds the path of a Unix socket in 108 octets, the last of them 0. */
function socketFaults(socket: string): string[] {
  const octets = new TextEncoder().encode(socket).length
  return octets <= SOCKET_OCTETS_MAX
    ? []
    : [`control.socket: ${socket} has ${octets} octets; a Unix socket takes ${SOCKET_OCTETS_MAX}`]
}

const SOCKET_OCTETS_MAX = 107
