/**
 * What the spacecraft writes into its journal. Each record alone is enough to go on from: the newest word
 * on a file counts.
 */

/** A file on its disk. If any of the three numbers changes it is another file. */
export interface FileIdentity {
  readonly octets: number
  readonly mtimeMs: number
  readonly inode: number
}

export type BufferRecord =
  /** The file has this sequence number for ever. */
  | {
      readonly kind: 'accepted'
      readonly sequence: number
      readonly path: string
      readonly name: string
      readonly identity: FileIdentity
      /** It is removed from the disk when it is let go: it came through the outbox. */
      readonly remove: boolean
    }
  | { readonly kind: 'digested'; readonly sequence: number; readonly checksum: number }
  /** Octets below `mark` may have been sent; none at or above it was. */
  | { readonly kind: 'mark'; readonly sequence: number; readonly mark: number }
  /** The ground holds it, or it will never get there; `condition` says which. Nothing of it is sent again. */
  | {
      readonly kind: 'ended'
      readonly sequence: number
      readonly condition: number
      readonly why: string
    }
  /** The disk was told; nothing of it is left to do. */
  | { readonly kind: 'released'; readonly sequence: number }
  /** Every sequence number below this one is used up. */
  | { readonly kind: 'next'; readonly sequence: number }

/** A record as it came from the disk, or undefined: written by a newer version, or by nobody. */
export function bufferRecord(value: unknown): BufferRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const record = value as Partial<BufferRecord> & { sequence?: unknown }
  if (!Number.isSafeInteger(record.sequence)) return undefined
  const has = FIELDS[record.kind as BufferRecord['kind']]
  return has?.every(([field, type]) => typeof (value as Record<string, unknown>)[field] === type)
    ? (value as BufferRecord)
    : undefined
}

const FIELDS: Readonly<Record<BufferRecord['kind'], readonly (readonly [string, string])[]>> = {
  accepted: [
    ['path', 'string'],
    ['name', 'string'],
    ['identity', 'object'],
    ['remove', 'boolean'],
  ],
  digested: [['checksum', 'number']],
  mark: [['mark', 'number']],
  ended: [
    ['condition', 'number'],
    ['why', 'string'],
  ],
  released: [],
  next: [],
}
