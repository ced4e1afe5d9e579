/** What a station is told, and what it asks for. Effects that name a reception fail with it alone. */

import type { ReceptionEffect, ReceptionInput } from '../protocol/cfdp/journaled/events.ts'
import type { ReceptionId } from '../protocol/cfdp/journaled/records.ts'
import type { Command } from '../protocol/command/command.ts'
import type { OrderRecord } from './orders.ts'
import type { ReservedRecord } from './reserved.ts'
import type { UploadOffer, UploadRecord } from './uploads/records.ts'

export type EdgeInput =
  | ReceptionInput
  /** Off the downlink. */
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  /** How much the uplink takes now: the answer to the effect of the same name. */
  | { readonly kind: 'room'; readonly octets: number }
  /**
   * Every second or so. An answer says that all before it was done. `epochUtcMs`: UTC in milliseconds when the
   * station's clock showed 0, by what UTC is now.
   */
  | { readonly kind: 'vitals'; readonly token: number; readonly epochUtcMs: number }
  /** For the spacecraft. The answer says its counter, or why not. */
  | { readonly kind: 'order'; readonly command: Command; readonly token: number }
  /** A file for the spacecraft, in the spool. The answer says its sequence number, or why not. */
  | { readonly kind: 'upload'; readonly token: number; readonly offer: UploadOffer }
  | {
      readonly kind: 'read'
      readonly sequence: number
      readonly offset: number
      readonly octets: Uint8Array
    }
  /** The spool has lost a file. */
  | { readonly kind: 'source failed'; readonly sequence: number; readonly why: string }
  /** Of a file that comes down, or goes up. */
  | {
      readonly kind: 'cancel' | 'suspend' | 'resume'
      readonly id: ReceptionId
      readonly token: number
    }

export type EdgeEffect =
  | ReceptionEffect
  /** To be on the disk before any later effect is performed. */
  | { readonly kind: 'journal'; readonly record: ReservedRecord | OrderRecord | UploadRecord }
  /** Read octets of a file in the spool. */
  | {
      readonly kind: 'read'
      readonly sequence: number
      readonly file: string
      readonly offset: number
      readonly length: number
    }
  /** The spool may forget a file. */
  | { readonly kind: 'drop'; readonly sequence: number; readonly file: string }
  /** Without an id it speaks for no reception. */
  | { readonly kind: 'transmit'; readonly id?: ReceptionId; readonly octets: Uint8Array }
  /** Tell when the uplink takes `octets` more. */
  | { readonly kind: 'room'; readonly octets: number }
  | {
      readonly kind: 'answer'
      readonly token: number
      readonly why: string | undefined
      /** Of a command, and of a file for the spacecraft. */
      readonly counter?: number
      readonly sequence?: number
    }
