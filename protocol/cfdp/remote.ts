/**
 * What an entity knows of another one: the remote entity configuration information of CCSDS 727.0-B-5, 8.3,
 * the limits that bound what the other may cost, and where it is known to differ from the standard.
 */
import type { Unsigned } from '../octets/reader.ts'
import { CHECKSUM } from './checksum.ts'
import type { SendingLimits } from './emission.ts'
import { fileSizeOctets, headerOctets } from './pdu/header.ts'
import type { Header } from './pdu/pdu.ts'
import type { ReceivingLimits } from './reception.ts'

/** Where a peer differs from the standard. */
export interface Quirks {
  /** It reads and writes "closure requested" in bit 7 of its octet, where the standard has bit 6. */
  readonly closureAtBit7: boolean
  /** It takes so many gaps of one NAK and forgets the rest. */
  readonly nakGapsMax: number
  /** The checksum types that it knows. */
  readonly checksumTypes: readonly number[]
  /** It knows file sizes and offsets of 8 octets. */
  readonly largeFiles: boolean
  /** It knows the CRC of a PDU. */
  readonly pduCrc: boolean
  /** Octets of the ids and sequence numbers that it knows. */
  readonly idOctetsMax: number
}

export interface RemoteLimits {
  /** Transactions of this peer that are received at the same time. */
  readonly receptionsMax: number
  /** PDUs a second that are looked at, in a burst as many as in a second; what comes beyond is dropped. */
  readonly pdusPerSecondMax: number
  /** Octets of all its files that are being received, together: what would pass that is dropped. */
  readonly openOctetsMax: number
  /** Stretches of one file that may lie apart: what would make more of them is dropped, and asked for later. */
  readonly spansMax: number
}

export interface RemoteEntity {
  readonly entity: Unsigned
  /** Octets of both entities' ids, and of the sequence number, in what is sent to it: 1 to 8. */
  readonly entityOctets: number
  readonly sequenceOctets: number
  /** What a put request leaves open: class 2, or class 1 with or without closure. */
  readonly acknowledged: boolean
  readonly closureRequested: boolean
  readonly checksumType: number
  readonly pduCrc: boolean
  /** The largest PDU that the way to it carries, and the largest stretch of file in one. */
  readonly pduOctetsMax: number
  readonly segmentOctetsMax: number
  /** The largest NAK that is sent to it; what does not fit goes into more of them. */
  readonly nakOctetsMax: number
  /**
   * By what the checksum of a file from it is judged: the octets as they are read back from the disk, or as they came,
   * which costs no second look at them and proves nothing of the disk.
   */
  readonly verify: 'read back' | 'stream'
  readonly sending: SendingLimits
  readonly receiving: ReceivingLimits
  readonly limits: RemoteLimits
  readonly quirks: Quirks
}

/** Of the limits, too, only those need be named that differ from what is usual. */
export type RemoteChoice = Pick<RemoteEntity, 'entity'> &
  Partial<Omit<RemoteEntity, 'sending' | 'receiving' | 'limits'>> & {
    readonly sending?: Partial<SendingLimits>
    readonly receiving?: Partial<ReceivingLimits>
    readonly limits?: Partial<RemoteLimits>
  }

/** What is known of peers by name. Whoever is not here follows the standard. */
export const QUIRKS = {
  none: {
    closureAtBit7: false,
    nakGapsMax: Number.MAX_SAFE_INTEGER,
    checksumTypes: [CHECKSUM.modular, CHECKSUM.crc32c, CHECKSUM.crc32, CHECKSUM.null],
    largeFiles: true,
    pduCrc: true,
    idOctetsMax: 8,
  },
  /** The CF application of cFS, up to 7.0. */
  cfsCf: {
    closureAtBit7: true,
    nakGapsMax: 58,
    checksumTypes: [CHECKSUM.modular],
    largeFiles: false,
    pduCrc: false,
    idOctetsMax: 4,
  },
  /** Yamcs 5.12, as a ground system: it takes PDUs with a CRC and sends none, and refuses the null checksum. */
  yamcs: {
    closureAtBit7: false,
    nakGapsMax: Number.MAX_SAFE_INTEGER,
    checksumTypes: [CHECKSUM.modular],
    largeFiles: false,
    pduCrc: true,
    idOctetsMax: 8,
  },
} as const satisfies Record<string, Quirks>

/** With what is usual where nothing else is chosen. @throws RangeError if the choice contradicts itself */
export function remoteEntity(choice: RemoteChoice): RemoteEntity {
  const remote = {
    ...USUAL,
    ...choice,
    sending: { ...USUAL.sending, ...choice.sending },
    receiving: { ...USUAL.receiving, ...choice.receiving },
    limits: { ...USUAL.limits, ...choice.limits },
  }
  const { entityOctets, sequenceOctets, quirks } = remote
  if (choice.checksumType === undefined && !quirks.checksumTypes.includes(remote.checksumType))
    return remoteEntity({ ...choice, checksumType: quirks.checksumTypes[0] ?? CHECKSUM.null })
  if (!(isWidth(entityOctets) && isWidth(sequenceOctets)))
    throw new RangeError(`Cannot use ids of ${entityOctets} and ${sequenceOctets} octets: 1 to 8`)
  if (Math.max(entityOctets, sequenceOctets) > quirks.idOctetsMax)
    throw new RangeError(
      `Cannot use ids of ${Math.max(entityOctets, sequenceOctets)} octets with entity ${remote.entity}: it knows ${quirks.idOctetsMax}`,
    )
  if (!fits(remote.entity, entityOctets))
    throw new RangeError(`Cannot write entity ${remote.entity} in ${entityOctets} octets`)
  const why = refusalOf(remote, remote)
  if (why !== undefined) throw new RangeError(why)
  return remote
}

/** Why this peer cannot be sent to in this way; undefined if it can. */
export function refusalOf(
  remote: Pick<RemoteEntity, 'entity' | 'quirks'>,
  way: { readonly checksumType: number; readonly pduCrc: boolean; readonly fileOctets?: number },
): string | undefined {
  const { entity, quirks } = remote
  if (!quirks.checksumTypes.includes(way.checksumType))
    return `Cannot send checksum type ${way.checksumType} to entity ${entity}: it knows ${quirks.checksumTypes.join(', ')}`
  if (way.pduCrc && !quirks.pduCrc)
    return `Cannot send PDUs with a CRC to entity ${entity}: it takes the CRC for data`
  if ((way.fileOctets ?? 0) >= SMALL_FILE_END && !quirks.largeFiles)
    return `Cannot send ${way.fileOctets} octets to entity ${entity}: it knows files up to 4 GiB`
  return undefined
}

/** Whether `value` can be written in `width` octets. */
export function fits(value: Unsigned, width: number): boolean {
  return value >= 0 && BigInt(value) >> BigInt(8 * width) === 0n
}

/** Octets of a NAK PDU with so many gaps, at most. */
export function nakOctets(gaps: number, header: Header): number {
  return headerOctets(header) + 1 + 2 * (gaps + 1) * fileSizeOctets(header) + (header.crc ? 2 : 0)
}

function isWidth(octets: number): boolean {
  return Number.isInteger(octets) && octets >= 1 && octets <= 8
}

const SMALL_FILE_END = 2 ** 32

const USUAL: Omit<RemoteEntity, 'entity'> = {
  entityOctets: 2,
  sequenceOctets: 4,
  acknowledged: true,
  closureRequested: false,
  checksumType: CHECKSUM.crc32c,
  pduCrc: false,
  pduOctetsMax: 65_535,
  segmentOctetsMax: 1_024,
  nakOctetsMax: 65_535,
  verify: 'read back',
  sending: { ack: { timeoutMs: 5_000, triesMax: 5 }, inactivityMs: 120_000, againRatioMax: 32 },
  receiving: {
    ack: { timeoutMs: 5_000, triesMax: 5 },
    nak: { timeoutMs: 3_000, triesMax: 10 },
    nakMode: 'immediate',
    reorderMs: 100,
    fileOctetsMax: 2 ** 36,
    reachOctets: 64 * 2 ** 20,
    checksumRetriesMax: 1,
    inactivityMs: 120_000,
    filestore: 'refused',
  },
  limits: {
    receptionsMax: 64,
    openOctetsMax: 2 ** 38,
    pdusPerSecondMax: 200_000,
    spansMax: 65_536,
  },
  quirks: QUIRKS.none,
}
