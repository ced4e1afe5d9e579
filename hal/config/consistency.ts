/** What ties keys of a configuration to each other, and to the machine: no schema can say it. */

import { type DownlinkFormat, downlinkFormat, virtualChannels } from '../../protocol/frame/link.ts'
import type { PlannedContact } from '../../protocol/plan/plan.ts'
import {
  baudFaults,
  type ModemConfig,
  type NamedModem,
  onlySends,
  protocolFaults,
} from './modem.ts'
import { stationFaults } from './own-contacts.ts'
import { frameOverhead, type UplinkConfig } from './uplink.ts'

/** What is looked at of a configuration. */
export interface Tied {
  readonly entity: number
  readonly peer: number
  readonly role: 'onboard' | 'station'
  readonly cfdp: {
    readonly class: 1 | 2
    readonly entityOctets: number
    readonly pduCrc: boolean
  }
  readonly modem: ModemConfig
  readonly modems?: readonly NamedModem[]
  readonly receiver?: ModemConfig
  readonly downlink: DownlinkFormat & {
    readonly rateBps: number
    readonly virtualChannel: number
    readonly urgentChannel?: number
    readonly housekeeping: { readonly virtualChannel: number }
  }
  readonly uplink: UplinkConfig
  readonly inbox?: string | undefined
  readonly uploads: { readonly plan?: string }
  readonly control: { readonly socket: string }
  readonly station?: string
  readonly rules: readonly { readonly match: string }[]
  readonly contacts: readonly PlannedContact[] | undefined
}

/** One sentence per fault, as the schema's. */
export function inconsistencies(config: Tied): string[] {
  return [
    ...entityFaults(config),
    ...frameFaults(config),
    ...channelFaults(config),
    ...(config.modems === undefined ? modemFaults(config) : severalFaults(config, config.modems)),
    ...receiverFaults(config),
    ...uplinkFaults(config),
    ...packetFaults(config),
    ...uploadFaults(config),
    ...ruleFaults(config),
    ...socketFaults(config.control.socket),
    ...stationFaults(config),
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
  const { interleave, frameOctets, frame, fhec, insertOctets } = downlink
  const coded = 223 * interleave
  if (interleave > 0 && frameOctets !== coded)
    return [
      `downlink.frameOctets: ${frameOctets} will not do with interleave ${interleave}; it is ${coded}`,
    ]
  if (frame === 'tm' && (fhec || insertOctets > 0))
    return ['downlink.frame: tm has no fhec and no insertOctets; aos has']
  try {
    downlinkFormat(downlink)
    return []
  } catch (error) {
    if (error instanceof RangeError) return [`downlink: ${error.message}`]
    throw error
  }
}

/** AOS has 64 virtual channels, TM has 8; the last carries idle frames. */
function channelFaults({ downlink }: Tied): string[] {
  const { virtualChannel, urgentChannel = 0, housekeeping } = downlink
  const channels = {
    virtualChannel,
    urgentChannel,
    'housekeeping.virtualChannel': housekeeping.virtualChannel,
  }
  const last = virtualChannels(downlink) - 2
  return Object.entries(channels)
    .filter(([, channel]) => channel > last)
    .map(
      ([key, channel]) =>
        `downlink.${key}: TM frames have no channel ${channel}; 0 to ${last} carry packets`,
    )
}

/** Packets of commands and of housekeeping are told from files. */
function packetFaults({ uplink, downlink }: Tied): string[] {
  const { virtualChannel } = downlink.housekeeping
  const isShared = virtualChannel === downlink.virtualChannel
  const key = 'downlink.housekeeping.virtualChannel'
  return [
    ...(uplink.commandApid === uplink.apid
      ? [`uplink.commandApid: ${uplink.apid} is uplink.apid`]
      : []),
    ...(isShared || virtualChannel === downlink.urgentChannel
      ? [`${key}: ${virtualChannel} carries file packets; it needs one of its own`]
      : []),
  ]
}

/** The downlink goes through the modem aboard, and comes from the one that a station hears by. */
function modemFaults({ role, cfdp, modem, receiver, downlink }: Tied): string[] {
  const downlinkKey = role === 'station' && receiver !== undefined ? 'receiver' : 'modem'
  const carrier = downlinkKey === 'modem' ? modem : (receiver as ModemConfig)
  const faults = [
    ...baudFaults(carrier, downlink.rateBps, downlinkKey),
    ...protocolFaults(modem, 'modem'),
  ]
  if (receiver === undefined && onlySends(modem) && (role === 'station' || cfdp.class === 2))
    faults.push(
      `modem.kind: ${modem.kind} only sends; say by which \`receiver\` this end hears, or use cfdp.class 1 aboard`,
    )
  return faults
}

/** Contacts and modems are each other's, and at least one of these hears. */
function severalFaults(
  { cfdp, receiver, contacts = [] }: Tied,
  modems: readonly NamedModem[],
): string[] {
  const faults = modems.flatMap(({ name, modem, downlinkBps }) => [
    ...baudFaults(modem, downlinkBps, `modems.${name}`),
    ...protocolFaults(modem, `modems.${name}`),
  ])
  const names = modems.map(({ name }) => name)
  const called = new Set(contacts.map(({ modem }) => modem).filter(name => name !== undefined))
  for (const name of called)
    if (!names.includes(name))
      faults.push(`modems: a contact is by modem ${name}; there are ${names.join(', ')}`)
  const isDeaf = receiver === undefined && modems.every(({ modem }) => onlySends(modem))
  if (isDeaf && cfdp.class === 2)
    faults.push(
      'modems: all only send; say by which `receiver` this end hears, or use cfdp.class 1',
    )
  return faults
}

function receiverFaults({ receiver }: Tied): string[] {
  if (receiver === undefined) return []
  const faults = protocolFaults(receiver, 'receiver')
  if (onlySends(receiver))
    faults.push(`receiver.kind: ${receiver.kind} only sends; it hears nothing`)
  return faults
}

function uplinkFaults({ role, uplink, downlink, cfdp }: Tied): string[] {
  const { service, segmentation, sdls, frameOctetsMax } = uplink
  const around = frameOverhead(uplink)
  const faults: string[] = []
  if (service === 'none' && role === 'onboard')
    faults.push('uplink.service: none is for stations; a spacecraft hears whoever sends')
  if (service === 'ad' && !downlink.ocf)
    faults.push('uplink.service: ad needs downlink.ocf, which carries the CLCW')
  if (frameOctetsMax - around < FIELD_OCTETS_MIN)
    faults.push(
      `uplink.frameOctetsMax: ${frameOctetsMax} is too short; with ${around} octets around the ` +
        `packet it must be ${around + FIELD_OCTETS_MIN} or more`,
    )
  if (segmentation !== undefined && service === 'bd' && !cfdp.pduCrc)
    faults.push(
      'uplink.segmentation: over bd the loss of a part goes unseen; use service ad, or cfdp.pduCrc',
    )
  const spis = sdls === undefined ? [] : [sdls.spi, ...sdls.others.map(({ spi }) => spi)]
  const twice = spis.find((spi, i) => spis.indexOf(spi) !== i)
  if (twice !== undefined) faults.push(`uplink.sdls: SPI ${twice} stands for two associations`)
  return faults
}

function uploadFaults({ role, inbox, uploads: { plan } }: Tied): string[] {
  if (plan === undefined) return []
  if (role === 'station') return [`uploads.plan: has no meaning at a station (${plan})`]
  return inbox === undefined ? ['uploads.plan: needs inbox, by which files come up'] : []
}

/** The first that matches counts, and its name is that of its quota. */
function ruleFaults({ rules }: Tied): string[] {
  const all = rules.map(({ match }) => match)
  return all.flatMap((match, i) =>
    all.indexOf(match) < i
      ? [`rules.${i}.match: "${match}" is there twice; the first one counts`]
      : [],
  )
}

/** The kernel holds the path of a Unix socket in 108 octets, the last of them 0. */
function socketFaults(socket: string): string[] {
  const octets = new TextEncoder().encode(socket).length
  return octets <= SOCKET_OCTETS_MAX
    ? []
    : [`control.socket: ${socket} has ${octets} octets; a Unix socket takes ${SOCKET_OCTETS_MAX}`]
}

/** A packet with the shortest NAK that asks for anything, with ids of any length. */
const FIELD_OCTETS_MIN = 25
const SOCKET_OCTETS_MAX = 107
