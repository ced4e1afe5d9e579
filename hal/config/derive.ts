/**
 * What a configuration means in numbers: octets of frames and segments, overhead, and how long files take. All of
 * it is arithmetic; nothing is measured, and nothing is lost in it but the frames that the plan expects to lose.
 *
 * Overhead is 1 - file octets / frame octets: headers of frames, packets and PDUs, at the chosen segment size.
 */

import { headerOctets } from '../../protocol/cfdp/pdu/header.ts'
import { gapsPerNak } from '../../protocol/cfdp/pdu/nak.ts'
import type { Header } from '../../protocol/cfdp/pdu/pdu.ts'
import { chooseSegment, type Segment } from '../../protocol/cfdp/segment-size.ts'
import { caduOctets, fieldOctets } from '../../protocol/frame/link.ts'
import { PACKET_HEADER_OCTETS } from '../../protocol/packet/space-packet.ts'
import type { Outlet } from '../../protocol/plan/forecast.ts'
import { channelOctets, expectedLoss, isBy, type PlannedContact } from '../../protocol/plan/plan.ts'
import { carriedBps } from '../modems/air-share.ts'
import type { Config } from './config.ts'
import { frameOverhead } from './uplink.ts'

export interface Derived {
  readonly frameOctets: number
  /** The frame data field: where packets are. */
  readonly fieldOctets: number
  /** Marker, frame and check symbols: what a frame is on the air. */
  readonly caduOctets: number
  /** Of all modems together. */
  readonly framesPerSecond: number
  readonly segment: Segment
  /** Octets of packet header, PDU header, offset and CRC around one segment. */
  readonly overheadOctets: number
  /** 1 - file octets / octets of frames, and of the channel, what modems put around CADUs counted, in percent. */
  readonly overheadPercent: { readonly frames: number; readonly onAir: number }
  /** File octets in an octet of CADUs. */
  readonly fileShare: number
  /** File octets per second while a contact lasts. */
  readonly fileOctetsPerSecond: number
  readonly secondsPerFile: Readonly<Record<'1 MB' | '10 MB' | '1 GB', number>>
  readonly contacts: readonly ContactBudget[]
  readonly nak: NakBudget
  readonly uplink: UplinkBudget
}

export interface ContactBudget {
  readonly start: number
  readonly seconds: number
  readonly station: string | undefined
  readonly role: PlannedContact['role']
  /** By which modem, where it names one. */
  readonly modem: string | undefined
  /** Octets of CADUs that go over the channel. */
  readonly channelOctets: number
  /** File octets that arrive, when the share of frames that the plan expects to lose is lost. */
  readonly fileOctets: number
}

export interface NakBudget {
  /** Missing stretches that one NAK names when it fills one TC frame. */
  readonly gaps: number
  /** Octets of that frame, and of the CLTU that carries it. */
  readonly frameOctets: number
  readonly cltuOctets: number
  /** Seconds of uplink that it takes. */
  readonly seconds: number
}

export interface UplinkBudget {
  /** Octets of a full frame around the packet, or the part of one, in it. */
  readonly overheadOctets: number
  /** Packet octets a second, in full frames without a loss. */
  readonly packetOctetsPerSecond: number
  /** The longest packet that goes up. */
  readonly packetOctetsMax: number
}

export function derive(config: Config): Derived {
  const { downlink } = config
  const field = fieldOctets(downlink)
  const cadu = caduOctets(downlink)
  const overheadOctets = overheadOf(config)
  const segment = segmentOf(config)
  const filePerFrame = (field * segment.octets) / (segment.octets + overheadOctets)
  const outlets = outletsOf(config)
  const rateBps = outlets.reduce((sum, outlet) => sum + outlet.rateBps, 0)
  const ours = outlets.reduce((sum, outlet) => sum + framesBps(outlet), 0)
  const framesPerSecond = ours / (8 * cadu)
  const secondsFor = (fileOctets: number): number => fileOctets / filePerFrame / framesPerSecond
  return {
    frameOctets: downlink.frameOctets,
    fieldOctets: field,
    caduOctets: cadu,
    framesPerSecond,
    segment,
    overheadOctets,
    overheadPercent: {
      frames: 100 * (1 - filePerFrame / downlink.frameOctets),
      onAir: 100 * (1 - ((filePerFrame / cadu) * ours) / rateBps),
    },
    fileShare: filePerFrame / cadu,
    fileOctetsPerSecond: filePerFrame * framesPerSecond,
    secondsPerFile: { '1 MB': secondsFor(1e6), '10 MB': secondsFor(1e7), '1 GB': secondsFor(1e9) },
    contacts: (config.contacts ?? []).map(contact => budgetOf(contact, config, filePerFrame)),
    nak: nakOf(config),
    uplink: uplinkOf(config),
  }
}

/** The segment that this configuration asks for, or that suits the frame loss its contacts expect. */
export function segmentOf(config: Config): Segment {
  const { segmentOctets } = config.cfdp
  const overheadOctets = overheadOf(config)
  const field = fieldOctets(config.downlink)
  if (segmentOctets === 'auto')
    return chooseSegment(field, overheadOctets, expectedLoss(config.contacts ?? []))
  return { octets: segmentOctets, aligned: segmentOctets + overheadOctets === field }
}

/** What segments begin with before the link shows what it loses. */
export function expectationOf(config: Config) {
  const frameLoss = expectedLoss(config.contacts ?? [])
  return { frameLoss, overheadOctets: overheadOf(config) }
}

/** Octets that go with a file once: Metadata and EOF, of a file of that name, in packets of their own. */
export function transactionOctets(config: Config, name: string): number {
  const { pduCrc } = config.cfdp
  const each = PACKET_HEADER_OCTETS + headerOctets(headerFor(config)) + (pduCrc ? 2 : 0)
  const metadata = 1 + 1 + 4 + 2 * (1 + new TextEncoder().encode(name).length)
  const eof = 1 + 1 + 4 + 4
  return 2 * each + metadata + eof
}

/** Octets around the file octets of one PDU: packet header, PDU header, offset, CRC. */
function overheadOf(config: Config): number {
  const { pduCrc } = config.cfdp
  return PACKET_HEADER_OCTETS + headerOctets(headerFor(config)) + OFFSET_OCTETS + (pduCrc ? 2 : 0)
}

/** What sends: each modem at its own rate. A station does not know by what the spacecraft sends. */
export function outletsOf(config: Config): readonly Outlet[] {
  const { role, downlink } = config
  if (role === 'station') return [{ rateBps: downlink.rateBps }]
  const cadu = caduOctets(downlink)
  const { modem: only, modems } = config
  if (modems === undefined)
    return [{ rateBps: downlink.rateBps, carriedBps: carriedBps(only, cadu) }]
  return modems.map(({ name, modem, downlinkBps: rateBps }) => {
    return { name, rateBps, carriedBps: carriedBps(modem, cadu) }
  })
}

/** Bits per second of CADUs, of as many as there are at most. */
export function framesBps({ rateBps, carriedBps: most = rateBps }: Outlet): number {
  return Math.min(rateBps, most)
}

/** A contact that names no modem is by all of them. */
function budgetOf(contact: PlannedContact, config: Config, filePerFrame: number): ContactBudget {
  const cadu = caduOctets(config.downlink)
  let frames = 0
  for (const { name, rateBps: downBps, carriedBps: mostBps } of outletsOf(config)) {
    if (name !== undefined && !isBy(contact, name)) continue
    const { down } = channelOctets(contact, { downBps, upBps: config.uplink.rateBps, mostBps })
    frames += Math.floor(down / cadu)
  }
  const arriving = frames * (1 - (contact.expectedFrameLoss ?? 0))
  return {
    start: contact.start,
    seconds: (contact.end - contact.start) / 1_000,
    station: contact.station,
    role: contact.role,
    modem: contact.modem,
    channelOctets: frames * cadu,
    fileOctets: Math.floor(arriving * filePerFrame),
  }
}

/** CCSDS 231.0-B-4: 7 octets of frame in a block of 8, a start sequence of 2 octets, a tail of 8. */
function nakOf(config: Config): NakBudget {
  const frame = config.uplink.frameOctetsMax
  const room = frame - frameOverhead(config.uplink) - PACKET_HEADER_OCTETS
  const cltuOctets = cltuOctetsOf(frame)
  return {
    gaps: gapsPerNak(room, headerFor(config)),
    frameOctets: frame,
    cltuOctets,
    seconds: (8 * cltuOctets) / config.uplink.rateBps,
  }
}

function uplinkOf({ uplink }: Config): UplinkBudget {
  const { frameOctetsMax, rateBps, segmentation } = uplink
  const overheadOctets = frameOverhead(uplink)
  const packet = frameOctetsMax - overheadOctets
  return {
    overheadOctets,
    packetOctetsPerSecond: ((rateBps / 8) * packet) / cltuOctetsOf(frameOctetsMax),
    packetOctetsMax: segmentation?.packetOctetsMax ?? packet,
  }
}

function cltuOctetsOf(frameOctets: number): number {
  return 2 + 8 * Math.ceil(frameOctets / 7) + 8
}

function headerFor(config: Config): Header {
  const { entity, peer, cfdp } = config
  return {
    towardSender: false,
    acknowledged: cfdp.class === 2,
    crc: cfdp.pduCrc,
    largeFile: false,
    entityOctets: cfdp.entityOctets,
    sequenceOctets: cfdp.sequenceOctets,
    source: entity,
    sequence: 0,
    destination: peer,
    recordBoundaries: false,
  }
}

/** Of files under 4 GiB; beyond that 8. */
const OFFSET_OCTETS = 4
