/** What a station is told before it starts; it does not change while it runs. */
import type { SendingLimits } from '../protocol/cfdp/emission.ts'
import type { ReceivingLimits } from '../protocol/cfdp/reception.ts'
import type { Contacts } from '../protocol/contacts.ts'
import type { FopSettings } from '../protocol/frame/cop1/fop.ts'
import type { DownlinkFormat } from '../protocol/frame/link.ts'
import type { Security } from '../protocol/frame/sdls/association.ts'

export interface EdgeSettings {
  /** CFDP entity id of the ground, and of the spacecraft. */
  readonly entity: number
  readonly peer: number
  readonly downlink: DownlinkFormat & {
    readonly virtualChannel: number
    /** Of PDUs that are not file data; undefined: the same. */
    readonly urgentChannel?: number | undefined
    readonly apid: number
    readonly housekeeping: { readonly virtualChannel: number; readonly apid: number }
  }
  readonly uplink: {
    readonly spacecraftId: number
    readonly virtualChannel: number
    readonly apid: number
    /** Of the packets of commands. */
    readonly commandApid: number
    readonly randomized: boolean
    /** Largest TC frame that the spacecraft takes. */
    readonly frameOctetsMax: number
    /** ad: COP-1 brings frames up in order and once. bd: each goes once. none: the station only listens. */
    readonly service: 'ad' | 'bd' | 'none'
    readonly cop1: FopSettings
    /** Every frame has a segment header; undefined: none has. */
    readonly segmentation: { readonly map: number; readonly packetOctetsMax: number } | undefined
    readonly security: Security | undefined
    /** Of SDLS: where a station begins whose journal holds no number. */
    readonly firstNumber: number
    /** The counter of commands where a station begins whose journal holds none. */
    readonly firstCommand: number
  }
  readonly limits: ReceivingLimits
  /** Files for the spacecraft. */
  readonly uploads: UploadSettings
  /** Transactions open at once; PDUs that would open more are dropped and counted. */
  readonly transactionsMax: number
  /** When the spacecraft can be heard and can hear. */
  readonly contacts: Contacts
  /** UTC in milliseconds when its clock showed 0, as far as is known at the start; undefined: 0. */
  readonly epochUtcMs?: number
}

export interface UploadSettings {
  /** Files that wait to go up, octets of one of them, and of all. */
  readonly filesMax: number
  readonly fileOctetsMax: number
  readonly octetsMax: number
  /** Octets go up before anything of the spacecraft was heard in a contact. */
  readonly blind: boolean
  readonly cfdp: {
    readonly checksumType: number
    readonly pduCrc: boolean
    readonly entityOctets: number
    readonly sequenceOctets: number
  }
  readonly limits: SendingLimits
  /** The first sequence number of a journal that holds none. */
  readonly firstSequence: number
}
