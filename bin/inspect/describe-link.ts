/**
 * Space packets and transfer frames as objects ready for JSON, in the manner of the description of PDUs.
 * A PDU in a packet, and the packets that lie whole in a frame, are described where they are.
 */
import { createHash } from 'node:crypto'
import { parsePdu } from '../../protocol/cfdp/pdu/codec.ts'
import { describePdu } from '../../protocol/cfdp/pdu/describe.ts'
import { hexOf } from '../../protocol/cfdp/pdu/describe-octets.ts'
import { decodeHousekeeping } from '../../protocol/command/housekeeping.ts'
import { decodeClcw } from '../../protocol/frame/clcw.ts'
import type { Malformed } from '../../protocol/frame/malformed.ts'
import { decodeTcFrame } from '../../protocol/frame/tc.ts'
import { decodeTmFrame } from '../../protocol/frame/tm.ts'
import { decodeSpacePacket, IDLE_APID } from '../../protocol/packet/space-packet.ts'
import { HOUSEKEEPING_APID } from '../decode/housekeeping-tally.ts'

export interface Described {
  readonly description: object
  /** False: something in it was malformed. */
  readonly good: boolean
}

export interface FrameOptions {
  readonly fecf: boolean
  /** Frames without an operational control field are refused. */
  readonly ocf: boolean
}

export function inspectPdu(octets: Uint8Array): Described {
  const pdu = parsePdu(octets)
  return { description: describePdu(pdu, octets, sha256), good: pdu.kind === 'pdu' }
}

/**
 * With `apid`, packets of this one must hold a PDU; else any may, and those that hold none are as good. What reads as
 * housekeeping in packets of its own APID is described as such.
 */
export function inspectPacket(
  octets: Uint8Array,
  apid: number | undefined,
  housekeepingApid: number = HOUSEKEEPING_APID,
): Described {
  const received = decodeSpacePacket(octets)
  if (received.kind === 'malformed') return refused(received)
  const { packet, length } = received
  const pdu =
    packet.apid === IDLE_APID ? undefined : describeContent(packet.data, packet.apid === apid)
  const description = {
    kind: 'space_packet',
    length,
    header: {
      version: 0,
      type: packet.telecommand ? 'telecommand' : 'telemetry',
      secondary_header_flag: packet.secondaryHeader,
      apid: packet.apid,
      sequence_flags: packet.flags,
      sequence_count: packet.count,
    },
    ...describeField(packet.data),
    ...(pdu === undefined ? {} : { pdu: pdu.description }),
    ...(packet.apid === housekeepingApid ? describeHousekeeping(packet.data) : {}),
    ...(octets.length > length ? { trailing_octets: octets.length - length } : {}),
  }
  return { description, good: pdu?.good ?? true }
}

export function inspectTmFrame(octets: Uint8Array, options: FrameOptions): Described {
  const least = TM_HEADER_OCTETS + (options.fecf ? 2 : 0)
  if (octets.length < least || octets.length > TM_FRAME_OCTETS_MAX)
    return refused({
      kind: 'malformed',
      why: `Cannot read ${octets.length} octets: a TM frame has ${least} to ${TM_FRAME_OCTETS_MAX}`,
      at: 0,
    })
  const frame = decodeTmFrame(octets, { ...ANY_LINK, ...options, frameOctets: octets.length })
  if (frame.kind === 'malformed') return refused(frame)
  if (options.ocf && frame.ocf === undefined)
    return refused({ kind: 'malformed', why: 'Cannot find an OCF: its flag is not set', at: 1 })
  const description = {
    kind: 'tm_frame',
    length: octets.length,
    header: {
      version: 0,
      spacecraft_id: frame.spacecraftId,
      virtual_channel_id: frame.virtualChannel,
      ocf_flag: frame.ocf !== undefined,
      master_channel_frame_count: frame.masterCount,
      virtual_channel_frame_count: frame.channelCount,
      first_header_pointer: frame.firstHeader,
    },
    ...(frame.secondary === undefined ? {} : { secondary_header: hexOf(frame.secondary) }),
    data_length: frame.field.length,
    ...describePackets(frame.field, frame.firstHeader),
    ...describeOcf(frame.ocf),
    ...(options.fecf ? { fecf: hexOf(octets.subarray(-2)) } : {}),
  }
  return { description, good: true }
}

export function inspectTcFrame(octets: Uint8Array, options: FrameOptions): Described {
  const frame = decodeTcFrame(octets, options)
  if (frame.kind === 'malformed') return refused(frame)
  const length = TC_HEADER_OCTETS + frame.field.length + (options.fecf ? 2 : 0)
  const description = {
    kind: 'tc_frame',
    length,
    header: {
      version: 0,
      bypass_flag: frame.bypass,
      control_command_flag: frame.control,
      spacecraft_id: frame.spacecraftId,
      virtual_channel_id: frame.virtualChannel,
      frame_sequence_number: frame.sequence,
    },
    ...describeField(frame.field),
    ...(options.fecf ? { fecf: hexOf(octets.subarray(length - 2, length)) } : {}),
    ...(octets.length > length ? { trailing_octets: octets.length - length } : {}),
  }
  return { description, good: true }
}

export function refused(malformed: Malformed): Described {
  return { description: { malformed: { why: malformed.why, at: malformed.at } }, good: false }
}

/** Undefined: no PDU, where none is needed. */
function describeContent(data: Uint8Array, needed: boolean): Described | undefined {
  const content = inspectPdu(data)
  return content.good || needed ? content : undefined
}

/** The packets from the first that starts here to the last that ends here. */
function describePackets(field: Uint8Array, firstHeader: number): object {
  if (firstHeader >= field.length) return { packets: [] }
  const packets: object[] = []
  let at = firstHeader
  for (;;) {
    const received = decodeSpacePacket(field, at)
    if (received.kind === 'malformed') break
    packets.push(inspectPacket(field.subarray(at, at + received.length), undefined).description)
    at += received.length
  }
  return { octets_before_packets: firstHeader, packets, octets_after_packets: field.length - at }
}

function describeHousekeeping(data: Uint8Array): object {
  const said = decodeHousekeeping(data)
  return 'kind' in said ? {} : { housekeeping: inSnakeCase(said) }
}

function describeOcf(ocf: number | undefined): object {
  if (ocf === undefined) return {}
  const clcw = decodeClcw(ocf)
  return {
    ocf: ocf.toString(16).padStart(8, '0'),
    ...(clcw === undefined ? {} : { clcw: inSnakeCase(clcw) }),
  }
}

function inSnakeCase(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      value,
    ]),
  )
}

function describeField(octets: Uint8Array): object {
  return {
    data_length: octets.length,
    data_hex: octets.length <= OCTETS_SHOWN ? hexOf(octets) : null,
  }
}

function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex')
}

/** What a frame says of itself needs none of this. */
const ANY_LINK = {
  frame: 'tm',
  fhec: false,
  insertOctets: 0,
  spacecraftId: 0,
  interleave: 0,
  basis: 'dual',
  randomized: false,
  randomizer: 'short',
} as const
const TM_HEADER_OCTETS = 6
const TM_FRAME_OCTETS_MAX = 2_048
const TC_HEADER_OCTETS = 5
/** Longer data are not printed. */
const OCTETS_SHOWN = 64
