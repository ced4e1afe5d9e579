/** What receptions are told by the disk, and what they ask of it. Effects that name a reception fail with it alone. */
import type { Span } from '../../octets/span.ts'
import type { ReceptionId, ReceptionRecord } from './records.ts'

export type ReceptionInput =
  /** The partial file was read back; undefined: it cannot be read. */
  | { readonly kind: 'verified'; readonly id: ReceptionId; readonly checksum: number | undefined }
  | { readonly kind: 'delivered'; readonly id: ReceptionId; readonly path: string }
  /** The disk will never take this file. */
  | { readonly kind: 'refused'; readonly id: ReceptionId; readonly why: string }
  /** The disk did not take these octets; later effects for the same reception were skipped. */
  | {
      readonly kind: 'disk failed'
      readonly id: ReceptionId
      readonly lost: readonly Span[]
      readonly why: string
    }
  /** The disk has room again. */
  | { readonly kind: 'disk ready' }

export type ReceptionEffect =
  /** To be on the disk before any later effect is performed. */
  | { readonly kind: 'journal'; readonly id: ReceptionId; readonly record: ReceptionRecord }
  /** Octets for the partial file; owned by the performer. */
  | {
      readonly kind: 'write'
      readonly id: ReceptionId
      readonly offset: number
      readonly octets: Uint8Array
    }
  /** All that was written must be on the disk before any later effect is performed. */
  | { readonly kind: 'sync'; readonly id: ReceptionId }
  | {
      readonly kind: 'verify'
      readonly id: ReceptionId
      readonly octets: number
      readonly checksumType: number
    }
  | {
      readonly kind: 'deliver'
      readonly id: ReceptionId
      readonly octets: number
      readonly name: Uint8Array
    }
  | { readonly kind: 'discard'; readonly id: ReceptionId }
  /** Tell when the disk has room again. */
  | { readonly kind: 'await disk' }
  | {
      readonly kind: 'log'
      readonly event: string
      readonly fields: Readonly<Record<string, unknown>>
    }
