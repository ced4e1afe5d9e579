/**
 * What a station writes into its journal of the files for the spacecraft. A sequence number that stands in one of
 * these records is never used again.
 */

/** A file that was accepted; its octets are in the spool of the station, on the disk. */
export interface Accepted {
  readonly sequence: number
  /** What it is to be called aboard. */
  readonly name: string
  /** What it is called in the spool. */
  readonly file: string
  readonly octets: number
  readonly checksum: number
  /** The type of the checksum, as in Metadata; absent: that of the configuration. */
  readonly checksumType?: number
}

/** A file that is in the spool, and not accepted yet. */
export type UploadOffer = Pick<Accepted, 'name' | 'file' | 'octets' | 'checksum'>

/** How a file ended. */
export interface UploadOver {
  readonly sequence: number
  readonly name: string
  readonly octets: number
  readonly state: 'delivered' | 'failed'
  readonly why?: string
  /** The condition with which it was cancelled, as long as the spacecraft has not acknowledged that. */
  readonly untold?: number
}

export type UploadRecord =
  | ({ readonly kind: 'upload' } & Accepted)
  /** Octets below `mark` may have been sent; none at or above it was. */
  | { readonly kind: 'upload mark'; readonly sequence: number; readonly mark: number }
  | { readonly kind: 'upload suspended' | 'upload resumed'; readonly sequence: number }
  | ({ readonly kind: 'upload over' } & UploadOver)
  /** The spacecraft has acknowledged that it was cancelled, or is not waited for any more. */
  | { readonly kind: 'upload told'; readonly sequence: number }

/** What the journal knows of a file of which something is left to be said. */
export interface KnownUpload {
  readonly accepted: Accepted
  readonly mark: number
  readonly suspended: boolean
  /** It is cancelled, and the spacecraft is still to be told. */
  readonly over?: UploadOver
}

export interface KnownUploads {
  /** By sequence number. */
  readonly open: Iterable<KnownUpload>
  /** Oldest first. */
  readonly over: readonly UploadOver[]
  /** All numbers that stand in a record; undefined: none does. */
  readonly numbers: { readonly first: number; readonly last: number } | undefined
}

/** The records of a journal, oldest first, put together. */
export function knownUploads(records: readonly unknown[]): KnownUploads {
  const open = new Map<number, KnownUpload>()
  const over: UploadOver[] = []
  let numbers: KnownUploads['numbers']
  for (const value of records) {
    const record = uploadRecord(value)
    if (record === undefined) continue
    const { sequence } = record
    const { first, last } = numbers ?? { first: sequence, last: sequence }
    numbers = { first: Math.min(first, sequence), last: Math.max(last, sequence) }
    if (record.kind === 'upload over') over.push(record)
    const known = learned(record, open.get(sequence))
    if (known === undefined) open.delete(sequence)
    else open.set(sequence, known)
  }
  return { open: open.values(), over, numbers }
}

/** A record as it came from the disk, or undefined: it is another one. */
export function uploadRecord(value: unknown): UploadRecord | undefined {
  const record = Object(value) as Readonly<Record<string, unknown>>
  return isCount(record['sequence']) && isWhole(record) ? (value as UploadRecord) : undefined
}

/** Undefined: nothing is left to be said of it. */
function learned(record: UploadRecord, known?: KnownUpload): KnownUpload | undefined {
  if (record.kind === 'upload') {
    const { kind: _kind, ...accepted } = record
    return { accepted, mark: 0, suspended: false }
  }
  if (known === undefined || record.kind === 'upload told') return undefined
  if (record.kind === 'upload mark') return { ...known, mark: record.mark }
  if (record.kind === 'upload over')
    return record.untold === undefined ? undefined : { ...known, over: record }
  return { ...known, suspended: record.kind === 'upload suspended' }
}

function isWhole(record: Fields): boolean {
  switch (record['kind']) {
    case 'upload':
      return (
        isNamed(record) &&
        typeof record['file'] === 'string' &&
        isCount(record['checksum']) &&
        isCountIfAny(record['checksumType'])
      )
    case 'upload over':
      return isNamed(record) && OUTCOMES.has(record['state']) && isCountIfAny(record['untold'])
    case 'upload mark':
      return isCount(record['mark'])
    default:
      return WITHOUT_FIELDS.has(record['kind'])
  }
}

type Fields = Readonly<Record<string, unknown>>

function isNamed({ name, octets }: Fields): boolean {
  return typeof name === 'string' && isCount(octets)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isCountIfAny(value: unknown): boolean {
  return value === undefined || isCount(value)
}

const OUTCOMES: ReadonlySet<unknown> = new Set<UploadOver['state']>(['delivered', 'failed'])
const WITHOUT_FIELDS: ReadonlySet<unknown> = new Set<UploadRecord['kind']>([
  'upload suspended',
  'upload resumed',
  'upload told',
])
