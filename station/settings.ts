/** What a station is told before it starts; it does not change while it runs. */
import type { ReceivingLimits } from '../protocol/cfdp/reception.ts'
import type { Contacts } from '../protocol/contacts.ts'
import type { DownlinkFormat } from '../protocol/frame/link.ts'

export interface EdgeSettings {
  /** CFDP entity id of the ground, and of the spacecraft. */
  readonly entity: number
  readonly peer: number
  readonly downlink: DownlinkFormat & { readonly virtualChannel: number; readonly apid: number }
  readonly uplink: {
    readonly spacecraftId: number
    readonly virtualChannel: number
    readonly apid: number
    readonly randomized: boolean
    /** Largest TC frame that the spacecraft takes. */
    readonly frameOctetsMax: number
  }
  readonly limits: ReceivingLimits
  /** Transactions open at once; PDUs that would open more are dropped and counted. */
  readonly transactionsMax: number
  /** When the spacecraft can be heard and can hear. */
  readonly contacts: Contacts
}
