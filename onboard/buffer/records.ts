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

/** Spans, ascending: start, end, start, end, ... */
export type SpanList = readonly number[]

/** What went out in one contact while the same stations heard: passages.ts. */
export interface PassageRecord {
  readonly contactMs: number
  readonly lastContactMs: number
  readonly stations: string
  readonly loss: number
  readonly spans: SpanList
  readonly again: SpanList
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
      /** When it was taken, and its place in the line (rank.ts). Older journals do not say. */
      readonly acceptedMs?: number
      readonly priority?: number
      readonly deadlineMs?: number
      /** The deadline was counted from when it was taken. */
      readonly isCounted?: boolean
      /** It is never dropped to make room. */
      readonly pinned?: boolean
      /** The quota that it counts against. */
      readonly quota?: string
    }
  | { readonly kind: 'digested'; readonly sequence: number; readonly checksum: number }
  /** Octets below `mark` may have been sent; none at or above it was. */
  | { readonly kind: 'mark'; readonly sequence: number; readonly mark: number }
  /** All that is known of who heard the octets of the file, oldest first, and of what the ground holds. */
  | {
      readonly kind: 'passages'
      readonly sequence: number
      readonly passages: readonly PassageRecord[]
      readonly ground: SpanList
    }
  /** The ground holds it, or it will never get there; `condition` says which. Nothing of it is sent again. */
  | {
      readonly kind: 'ended'
      readonly sequence: number
      readonly condition: number
      readonly why: string
      /** Its source is gone: there is nothing to decide, and it is let go when the ground was told. */
      readonly gone?: boolean
      /** It was abandoned: the ground is not told. */
      readonly silent?: boolean
    }
  /** The disk was told; nothing of it is left to do. */
  | { readonly kind: 'released'; readonly sequence: number }
  /**
   * UTC was found to be `byMs` later than was thought: so are the times of files from this sequence number on, and of
   * those that were taken before any clock was set.
   */
  | { readonly kind: 'stepped'; readonly sequence: number; readonly byMs: number }
  /** Every sequence number below this one is used up. */
  | { readonly kind: 'next'; readonly sequence: number }

/** A record as it came from the disk, or undefined: written by a newer version, or by nobody. */
export function bufferRecord(value: unknown): BufferRecord | undefined {
  if (!isFields(value) || !isCount(value['sequence'])) return undefined
  return isWhole(value) ? (value as unknown as BufferRecord) : undefined
}

type Fields = Readonly<Record<string, unknown>>

function isWhole(record: Fields): boolean {
  switch (record['kind']) {
    case 'accepted':
      return (
        isText(record['path']) &&
        isText(record['name']) &&
        isIdentity(record['identity']) &&
        typeof record['remove'] === 'boolean' &&
        ['acceptedMs', 'priority', 'deadlineMs'].every(key => isNumberIfAny(record[key])) &&
        (record['quota'] === undefined || isText(record['quota']))
      )
    case 'passages':
      return (
        Array.isArray(record['passages']) &&
        record['passages'].every(isPassage) &&
        isSpans(record['ground'])
      )
    case 'digested':
      return isCount(record['checksum'])
    case 'mark':
      return isCount(record['mark'])
    case 'stepped':
      return Number.isFinite(record['byMs'])
    case 'ended':
      return isCount(record['condition']) && isText(record['why'])
    default:
      return record['kind'] === 'released' || record['kind'] === 'next'
  }
}

function isIdentity(value: unknown): boolean {
  if (!isFields(value)) return false
  const { octets, mtimeMs, inode } = value
  return isCount(octets) && typeof mtimeMs === 'number' && typeof inode === 'number'
}

function isPassage(value: unknown): boolean {
  return (
    isFields(value) &&
    Number.isFinite(value['contactMs']) &&
    Number.isFinite(value['lastContactMs']) &&
    isText(value['stations']) &&
    isShare(value['loss']) &&
    isSpans(value['spans']) &&
    isSpans(value['again'])
  )
}

function isNumberIfAny(value: unknown): boolean {
  return value === undefined || Number.isFinite(value)
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1
}

function isSpans(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length % 2 === 0 &&
    value.every((at, i) => isCount(at) && (i === 0 || at > value[i - 1]))
  )
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
