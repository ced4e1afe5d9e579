/** What the cfdp commands have in common: the two entities, the way between them, and how files travel on it. */
import { isIP } from 'node:net'
import { CHECKSUM } from '../../protocol/cfdp/checksum.ts'
import {
  QUIRKS,
  type RemoteChoice,
  type RemoteEntity,
  remoteEntity,
} from '../../protocol/cfdp/remote.ts'
import { OPERATIONS } from '../../protocol/cfdp/user/operations.ts'
import {
  bitRate,
  count,
  duration,
  flag,
  type Given,
  path,
  repeated,
  UsageError,
  valued,
} from '../options.ts'
import { PROCEDURE_OPTIONS, proceduresOf } from './procedure-options.ts'

export interface Place {
  /** Undefined where only a port was typed. */
  readonly host: string | undefined
  readonly port: number
}

/** 4556, 192.0.2.7:4556, [2001:db8::7]:4556, ground.example:4556 */
const place = valued('[HOST:]PORT', readPlace)

function readPlace(typed: string): Place {
  const found = /^(?:(?:\[(.+)\]|([^:]+)):)?(\d+)$/.exec(typed)
  const port = Number(found?.[3])
  if (found === null || port > 65_535)
    throw new UsageError(`"${typed}": such as 4556 or 192.0.2.7:4556`)
  return { host: found[1] ?? found[2], port }
}

const checksum = valued('TYPE', typed => {
  const type = CHECKSUMS[typed]
  if (type !== undefined) return type
  throw new UsageError(`"${typed}": one of ${Object.keys(CHECKSUMS).join(', ')} is needed`)
})

const transmissionClass = valued('1|2', typed => {
  if (typed === '1' || typed === '2') return typed === '2'
  throw new UsageError(`"${typed}": 1 (unacknowledged) or 2 (acknowledged) is needed`)
})

const quirks = valued('NAME', typed => {
  const found = Object.entries(QUIRKS).find(([name]) => name === typed)?.[1]
  if (found !== undefined) return found
  throw new UsageError(`"${typed}": one of ${Object.keys(QUIRKS).join(', ')} is needed`)
})

const width = valued('N', typed => {
  if (/^[1-8]$/.test(typed)) return Number(typed)
  throw new UsageError(`"${typed}": 1 to 8 octets are possible`)
})

/** The segment and what is around it fit a datagram that no network of our days cuts in pieces. */
const segment = valued('OCTETS', typed => {
  const octets = Number(typed)
  if (/^\d+$/.test(typed) && octets >= 1 && octets <= SEGMENT_OCTETS_MAX) return octets
  throw new UsageError(`"${typed}": 1 to ${SEGMENT_OCTETS_MAX} octets are possible`)
})

export const ENTITY_OPTIONS = {
  entity: count('the id of this entity', '1'),
  peer: count('the id of the other one', '2'),
  udp: place('where this entity listens; without a host only this computer reaches it', '0'),
  rate: bitRate('at most so much leaves', '20M'),
  'entity-octets': width('octets of entity ids', '2'),
  'sequence-octets': width('octets of sequence numbers', '4'),
  quirks: quirks('what the other entity is known to do otherwise: none, cfsCf, yamcs', 'none'),
  'ack-time': duration('an answer is waited for so long', '3s'),
  tries: count('and asked for so often; 0: without end', '5'),
  silence: duration('a transaction whose other end is silent for so long ends; 0: never', '60s'),
  state: path('folder where the sequence numbers are that were used'),
  ...PROCEDURE_OPTIONS,
  json: flag('prints each indication as a line of JSON'),
}

/** What another entity may ask for. */
const permissions = valued('LIST', typed => {
  const names = new Set(typed.split(','))
  for (const name of names)
    if (!PERMISSIONS.some(known => known === name))
      throw new UsageError(`"${name}": any of ${PERMISSIONS.join(', ')}`)
  return {
    filestore: names.has('filestore'),
    operations: new Set(OPERATIONS.filter(operation => names.has(operation))),
  }
})

const otherEntity = valued('ENTITY=[HOST:]PORT', typed => {
  const found = /^(\d+)=(.+)$/.exec(typed)
  const entity = Number(found?.[1])
  if (found?.[2] === undefined || !Number.isSafeInteger(entity))
    throw new UsageError(`"${typed}": such as 3=192.0.2.7:4556`)
  return { entity, place: readPlace(found[2]) }
})

/** Who else is known, and what may be asked for. */
export const ALLOWING_OPTIONS = {
  allow: permissions(
    'what the other entity may ask for: filestore, proxy-put, directory-listing, remote-status, remote-suspend, remote-resume',
  ),
  other: repeated(otherEntity)('another entity, that files may be put to; may be typed again'),
}

export const SENDING_OPTIONS = {
  class: transmissionClass('1: sent once, 2: sent until it is there', '2'),
  checksum: checksum(
    'of the file: crc32c, crc32, modular or null; unless told, what the peer knows',
  ),
  crc: flag('every PDU has a CRC'),
  segment: segment('octets of file in a PDU', '1024'),
  closure: flag('class 1: the other end says that it is done'),
}

type EntityValues = Given<typeof ENTITY_OPTIONS>['values']
type SendingValues = Given<typeof SENDING_OPTIONS>['values']

/** @throws UsageError if the options contradict each other */
export function remoteOf(
  values: EntityValues,
  sending?: SendingValues,
  filestore: 'performed' | 'refused' = 'refused',
): RemoteEntity {
  const ack = { timeoutMs: values['ack-time'], triesMax: values.tries }
  const procedures = proceduresOf(values)
  const inactivityMs = values.silence
  const choice: RemoteChoice = {
    entity: values.peer,
    entityOctets: values['entity-octets'],
    sequenceOctets: values['sequence-octets'],
    quirks: values.quirks,
    ...procedures,
    sending: { ...procedures.sending, ack, inactivityMs },
    receiving: { ...procedures.receiving, ack, nak: ack, inactivityMs, filestore },
    ...(sending === undefined
      ? {}
      : {
          acknowledged: sending.class,
          closureRequested: sending.closure,
          pduCrc: sending.crc,
          segmentOctetsMax: sending.segment,
          ...(sending.checksum === undefined ? {} : { checksumType: sending.checksum }),
        }),
  }
  try {
    return remoteEntity(choice)
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message)
    throw error
  }
}

/** Where to listen: for all networks only where that was typed, or the peer is on another computer. */
export function listeningPlace(udp: Place, to: { readonly host: string } | undefined): string {
  if (udp.host !== undefined) return udp.host
  const peer = to?.host ?? '127.0.0.1'
  const isNear = /^127\.|^::1$/.test(peer)
  if (isIP(peer) === 6) return isNear ? '::1' : '::'
  return isNear ? '127.0.0.1' : '0.0.0.0'
}

export const peerPlace = place

const CHECKSUMS: Readonly<Record<string, number>> = {
  crc32c: CHECKSUM.crc32c,
  crc32: CHECKSUM.crc32,
  modular: CHECKSUM.modular,
  null: CHECKSUM.null,
}
const PERMISSIONS: readonly string[] = ['filestore', ...OPERATIONS]
const SEGMENT_OCTETS_MAX = 65_000
