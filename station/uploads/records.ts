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
}

/** A file that is in the spool, and not accepted yet. */
export type UploadOffer = Omit<Accepted, 'sequence'>

/** How a file ended. */
export interface UploadOver {
  readonly sequence: number
  readonly name: string
  readonly octets: number
  readonly state: 'delivered' | 'failed'
  readonly why?: string
}

export type UploadRecord =
  | ({ readonly kind: 'upload' } & Accepted)
  /** Octets below `mark` may have been sent; none at or above it was. */
  | { readonly kind: 'upload mark'; readonly sequence: number; readonly mark: number }
  | ({ readonly kind: 'upload over' } & UploadOver)

/** A record as it came from the disk, or undefined: it is another one. */
export function uploadRecord(value: unknown): UploadRecord | undefined {
  const record = Object(value) as Readonly<Record<string, unknown>>
  if (!isCount(record['sequence'])) return undefined
  const isOne =
    record['kind'] === 'upload'
      ? isNamed(record) && typeof record['file'] === 'string' && isCount(record['checksum'])
      : record['kind'] === 'upload over'
        ? isNamed(record) && (record['state'] === 'delivered' || record['state'] === 'failed')
        : record['kind'] === 'upload mark' && isCount(record['mark'])
  return isOne ? (value as UploadRecord) : undefined
}

function isNamed({ name, octets }: Readonly<Record<string, unknown>>): boolean {
  return typeof name === 'string' && isCount(octets)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
