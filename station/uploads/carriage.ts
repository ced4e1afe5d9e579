/** What of a file the uplink carries as it is configured: how much in one PDU, and whether its name at all. */
import { fileDataOverhead } from '../../protocol/cfdp/pdu/file-data.ts'
import { headerOctets } from '../../protocol/cfdp/pdu/header.ts'
import { headerOf } from '../../protocol/cfdp/transmission.ts'
import type { EdgeSettings } from '../settings.ts'
import type { Accepted } from './records.ts'
import { uploadTransmission } from './upload.ts'

/** What the uplink carries: octets of the longest PDU, and of one that fits a frame as a whole. */
export interface Room {
  readonly pduOctetsMax: number
  readonly framePduOctets: number
}

/**
 * Octets of a file in one PDU: as many as fit one frame, so that what is more urgent waits for no more than that. Where
 * that is next to nothing, and packets may be longer than frames, as many as a packet holds. Below 1: none.
 */
export function segmentOctets(settings: EdgeSettings, room: Room): number {
  const overhead = fileDataOverhead(anyHeader(settings))
  const inFrame = room.framePduOctets - overhead
  return inFrame >= SEGMENT_OCTETS_MIN ? inFrame : room.pduOctetsMax - overhead
}

/** Why a file of that name and number is not carried; undefined: it is. Metadata say the name twice. */
export function obstacle(
  { name, sequence }: Pick<Accepted, 'name' | 'sequence'>,
  settings: EdgeSettings,
  room: Room,
): string | undefined {
  const { pduCrc, sequenceOctets } = settings.uploads.cfdp
  const nameOctets = UTF8.encode(name).length
  if (nameOctets === 0 || nameOctets > NAME_OCTETS_MAX)
    return `a name of ${nameOctets} octets is not carried; 1 to ${NAME_OCTETS_MAX} are`
  if (sequence > Math.min(2 ** (8 * sequenceOctets) - 1, Number.MAX_SAFE_INTEGER))
    return `sequence number ${sequence} does not fit ${sequenceOctets} octets; raise cfdp.sequenceOctets`
  const around = headerOctets(anyHeader(settings)) + METADATA_OCTETS + (pduCrc ? 2 : 0)
  if (around + 2 * nameOctets > room.pduOctetsMax || segmentOctets(settings, room) < 1)
    return `its name of ${nameOctets} octets does not fit a PDU of ${room.pduOctetsMax}: see uplink.segmentation`
  return undefined
}

function anyHeader(settings: EdgeSettings) {
  return headerOf(uploadTransmission({ sequence: 0, name: '', octets: 0, checksum: 0 }, settings))
}

/** A segment smaller than this is not worth its headers. */
const SEGMENT_OCTETS_MIN = 32
/** Directive code, flags, size, and the lengths of two names. */
const METADATA_OCTETS = 1 + 1 + 4 + 2
const NAME_OCTETS_MAX = 255
const UTF8 = new TextEncoder()
