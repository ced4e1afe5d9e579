/**
 * What a station writes into its journal, one record for each thing learned of a transaction. Together they
 * are what it has said, or may have said, to the spacecraft.
 */
import type { Eof, Finished, Header, Metadata } from '../protocol/cfdp/pdu/pdu.ts'
import { type Unsigned, unsigned } from '../protocol/octets/reader.ts'

/** Names a transaction in journals, logs and file names: source entity and sequence number. */
export type ReceptionId = string

export type EdgeRecord =
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
export function edgeRecord(value: unknown): EdgeRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const record = value as Readonly<Record<string, unknown>>
  const fields = FIELDS[record['kind'] as EdgeRecord['kind']]
  if (fields === undefined || typeof record['id'] !== 'string') return undefined
  return fields.every(field => record[field] !== undefined) ? (value as EdgeRecord) : undefined
}

const FIELDS: Readonly<Record<EdgeRecord['kind'], readonly string[]>> = {
  opened: ['header'],
  metadata: ['metadata'],
  eof: ['eof'],
  held: ['spans'],
  discarded: [],
  delivering: [],
  finished: ['finished'],
  closed: ['condition', 'octets', 'checksum'],
}

/** The two numbers of an id. */
export function fileIdOf(id: ReceptionId): {
  readonly source: Unsigned
  readonly sequence: Unsigned
} {
  const [source = '', sequence = ''] = id.split('-')
  return { source: unsigned(BigInt(source)), sequence: unsigned(BigInt(sequence)) }
}
