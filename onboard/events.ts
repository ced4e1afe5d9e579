/** What a spacecraft is told, and what it asks for. */

import type { ReceptionEffect, ReceptionInput } from '../protocol/cfdp/journaled/events.ts'
import type { ReceptionId, ReceptionRecord } from '../protocol/cfdp/journaled/records.ts'
import type { Command } from '../protocol/command/command.ts'
import type { ContactPlan } from '../protocol/plan/plan.ts'
import type { Offer } from './buffer/ack-buffer.ts'
import type { BufferRecord, FileIdentity } from './buffer/records.ts'
import type { CommandRecord } from './command/record.ts'
import type { AcceptedRecord } from './uplink/accepted.ts'

export type SpacecraftRecord = BufferRecord | AcceptedRecord | CommandRecord | ReceptionRecord

/** Of a file that is the contact plan. */
export type PlanInput =
  /** What YAML or JSON makes of it. */
  | { readonly kind: 'plan'; readonly id: ReceptionId; readonly document: unknown }
  /** It is neither. */
  | { readonly kind: 'plan unreadable'; readonly id: ReceptionId; readonly why: string }
  /** The disk has it, and a start would find it. */
  | { readonly kind: 'plan kept'; readonly id: ReceptionId; readonly plan: ContactPlan }

export type SpacecraftInput =
  | PlanInput
  /** Of the files that come up. */
  | ReceptionInput
  /** Off the uplink; what comes by several lines is as many streams. */
  | { readonly kind: 'octets'; readonly octets: Uint8Array; readonly line?: number }
  /** How much the modem takes now: the answer to the effect of the same name. */
  | { readonly kind: 'room'; readonly octets: number; readonly modem?: number }
  /**
   * A file for the ground. `insist`: also if the same file failed before. `waited`: it was refused a moment ago, and is
   * not counted again. The answer names the token.
   */
  | {
      readonly kind: 'offer'
      readonly token: number
      readonly offer: Offer
      readonly insist: boolean
      readonly waited?: boolean
    }
  | { readonly kind: 'cancel'; readonly token: number; readonly sequence: number }
  /** Let all files go that failed; the answer says how many. */
  | { readonly kind: 'collect'; readonly token: number }
  /** Given aboard; the answer says why not. */
  | { readonly kind: 'command'; readonly token: number; readonly command: Command }
  /** How the process is, every second or so. An answer says that all before it was done. */
  | {
      readonly kind: 'vitals'
      readonly token: number
      readonly memoryOctets: number
      /** UTC in milliseconds when its clock showed 0, by what UTC is now. */
      readonly epochUtcMs: number
    }
  | { readonly kind: 'digested'; readonly sequence: number; readonly checksum: number }
  /** The file changed, went away, or cannot be read. */
  | { readonly kind: 'source failed'; readonly sequence: number; readonly why: string }
  | {
      readonly kind: 'read'
      readonly sequence: number
      readonly offset: number
      readonly octets: Uint8Array
    }
  /** The disk was told that the file may go. */
  | { readonly kind: 'released'; readonly sequence: number }

export type SpacecraftEffect =
  /** Read and parse a file that came up. */
  | { readonly kind: 'read plan'; readonly id: ReceptionId; readonly octets: number }
  /** Keep a plan, in UTC, for the next start; answer when it is on the disk. */
  | { readonly kind: 'keep plan'; readonly id: ReceptionId; readonly plan: ContactPlan }
  /** Of the files that come up. */
  | ReceptionEffect
  /** To be on the disk before any later effect is performed. */
  | { readonly kind: 'journal'; readonly record: SpacecraftRecord }
  /** A CADU for a modem, lent: Downlink.release() takes it back when the modem has it. */
  | { readonly kind: 'transmit'; readonly octets: Uint8Array; readonly modem: number }
  /** Tell when the modem takes `octets` more. Modems count from 0, as in the settings. */
  | { readonly kind: 'room'; readonly octets: number; readonly modem: number }
  /** Read the whole file and answer its checksum. */
  | {
      readonly kind: 'digest'
      readonly sequence: number
      readonly path: string
      readonly identity: FileIdentity
    }
  | {
      readonly kind: 'read'
      readonly sequence: number
      readonly path: string
      readonly identity: FileIdentity
      readonly offset: number
      readonly length: number
      /** Lent: may be read to, and is handed back as the octets that were read. */
      readonly into: Uint8Array
    }
  /** Close the file, and remove it from the disk if `remove`. */
  | {
      readonly kind: 'release'
      readonly sequence: number
      readonly path: string
      readonly identity: FileIdentity
      readonly remove: boolean
    }
  /** Leave the safe mode: start anew. */
  | { readonly kind: 'recover' }
  | {
      readonly kind: 'answer'
      readonly token: number
      readonly sequence: number | undefined
      /** Why not. */
      readonly why: string | undefined
    }
