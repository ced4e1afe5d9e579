/** What a station is told, and what it asks for. Effects that name a reception fail with it alone. */

import type { Command } from '../protocol/command/command.ts'
import type { Span } from '../protocol/octets/span.ts'
import type { OrderRecord } from './orders.ts'
import type { EdgeRecord, ReceptionId } from './records.ts'
import type { ReservedRecord } from './reserved.ts'

export type EdgeInput =
  /** Off the downlink. */
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  /** How much the uplink takes now: the answer to the effect of the same name. */
  | { readonly kind: 'room'; readonly octets: number }
  /** The partial file was read back; undefined: it cannot be read. */
  | { readonly kind: 'verified'; readonly id: ReceptionId; readonly checksum: number | undefined }
  | { readonly kind: 'delivered'; readonly id: ReceptionId; readonly path: string }
  /** The archive will never take this file. */
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
  /** For the spacecraft. The answer says its counter, or why not. */
  | { readonly kind: 'order'; readonly command: Command; readonly token: number }
  | {
      readonly kind: 'cancel' | 'suspend' | 'resume'
      readonly id: ReceptionId
      readonly token: number
    }

export type EdgeEffect =
  /** To be on the disk before any later effect is performed. */
  | { readonly kind: 'journal'; readonly id: ReceptionId; readonly record: EdgeRecord }
  | { readonly kind: 'journal'; readonly record: ReservedRecord | OrderRecord }
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
  /** Without an id it speaks for no reception. */
  | { readonly kind: 'transmit'; readonly id?: ReceptionId; readonly octets: Uint8Array }
  /** Tell when the uplink takes `octets` more. */
  | { readonly kind: 'room'; readonly octets: number }
  /** Tell when the disk has room again. */
  | { readonly kind: 'await disk' }
  | {
      readonly kind: 'answer'
      readonly token: number
      readonly why: string | undefined
      /** Of a command. */
      readonly counter?: number
    }
  | {
      readonly kind: 'log'
      readonly event: string
      readonly fields: Readonly<Record<string, unknown>>
    }
