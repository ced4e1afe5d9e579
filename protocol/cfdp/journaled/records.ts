/**
 * What a receiver writes into its journal, one record for each thing learned of a transaction. Together they
 * are what it has said, or may have said, to the sender.
 */

import { type Unsigned, unsigned } from '../../octets/reader.ts'
import type { Eof, Finished, Header, Metadata } from '../pdu/pdu.ts'

/** Names a transaction in journals, logs and file names: source entity and sequence number. */
export type ReceptionId = string

export type ReceptionRecord =
  /** The first PDU came; replies are formed after its header. */
  | { readonly kind: 'opened'; readonly id: ReceptionId; readonly header: Header }
  | { readonly kind: 'metadata'; readonly id: ReceptionId; readonly metadata: Metadata }
  | { readonly kind: 'eof'; readonly id: ReceptionId; readonly eof: Eof }
  /** These octets are in the partial file and on the disk: starts and ends by turns. */
  | { readonly kind: 'held'; readonly id: ReceptionId; readonly spans: readonly number[] }
  /** Nothing of the partial file counts any more. */
  | { readonly kind: 'discarded'; readonly id: ReceptionId }
  /** The file is right and gets its name. */
  | { readonly kind: 'delivering'; readonly id: ReceptionId }
  /** Nothing but acknowledgements is said of it, until it is resumed. */
  | { readonly kind: 'suspended' | 'resumed'; readonly id: ReceptionId }
  | {
      readonly kind: 'finished'
      readonly id: ReceptionId
      readonly finished: Finished
      /** Where the file is, if it was delivered. */
      readonly path: string | undefined
    }
  /** Nothing is left to do; `checksum` and `octets` tell the file from another of the same number. */
  | {
      readonly kind: 'closed'
      readonly id: ReceptionId
      readonly condition: number
      readonly octets: number
      readonly checksum: number
    }

export function receptionId(header: Pick<Header, 'source' | 'sequence'>): ReceptionId {
  return `${header.source}-${header.sequence}`
}

/** A record as it came from the disk, or undefined: written by a newer version, or by nobody. */
export function receptionRecord(value: unknown): ReceptionRecord | undefined {
  if (!isFields(value) || typeof value['id'] !== 'string' || !ID.test(value['id'])) return undefined
  return isWhole(value) ? (value as unknown as ReceptionRecord) : undefined
}

/** The two numbers of an id. */
export function fileIdOf(id: ReceptionId): {
  readonly source: Unsigned
  readonly sequence: Unsigned
} {
  const [source, sequence] = id.split('-') as [string, string]
  return { source: unsigned(BigInt(source)), sequence: unsigned(BigInt(sequence)) }
}

type Fields = Readonly<Record<string, unknown>>

function isWhole(record: Fields): boolean {
  switch (record['kind']) {
    case 'opened':
      return isHeader(record['header'], record['id'])
    case 'metadata':
      return isMetadata(record['metadata'])
    case 'eof':
      return isEof(record['eof'])
    case 'held':
      return Array.isArray(record['spans']) && record['spans'].every(isCount)
    case 'finished':
      return isFields(record['finished']) && isCount(record['finished']['condition'])
    case 'closed':
      return (
        isCount(record['condition']) && isUnsigned(record['octets']) && isCount(record['checksum'])
      )
    default:
      return WITHOUT_FIELDS.has(record['kind'])
  }
}

function isHeader(value: unknown, id: unknown): boolean {
  if (!isFields(value)) return false
  const { source, sequence, destination } = value
  if (!isUnsigned(source) || !isUnsigned(sequence) || !isUnsigned(destination)) return false
  return receptionId({ source, sequence }) === id && isCount(value['entityOctets'])
}

function isMetadata(value: unknown): boolean {
  if (!isFields(value)) return false
  const { checksumType, fileSize, destinationName, options } = value
  const hasNames = destinationName instanceof Uint8Array && Array.isArray(options)
  return hasNames && isCount(checksumType) && isUnsigned(fileSize)
}

function isEof(value: unknown): boolean {
  if (!isFields(value)) return false
  return isCount(value['condition']) && isCount(value['checksum']) && isUnsigned(value['fileSize'])
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function isUnsigned(value: unknown): value is Unsigned {
  return typeof value === 'bigint' || isCount(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

const WITHOUT_FIELDS: ReadonlySet<unknown> = new Set<ReceptionRecord['kind']>([
  'discarded',
  'delivering',
  'suspended',
  'resumed',
])
const ID = /^\d+-\d+$/
