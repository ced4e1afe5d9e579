/** What a spacecraft is told before it starts; it does not change while it runs. */
import type { SendingLimits } from '../protocol/cfdp/emission.ts'
import type { Contacts } from '../protocol/contacts.ts'
import type { DownlinkFormat } from '../protocol/frame/link.ts'

export interface SpacecraftSettings {
  /** Its CFDP entity id, and that of the ground. */
  readonly entity: number
  readonly peer: number
  readonly downlink: DownlinkFormat & {
    readonly virtualChannel: number
    readonly apid: number
    /** Bits per second of the channel. */
    readonly rateBps: number
  }
  readonly uplink: {
    readonly spacecraftId: number
    readonly virtualChannel: number
    readonly apid: number
    readonly randomized: boolean
  }
  readonly cfdp: {
    readonly acknowledged: boolean
    readonly closureRequested: boolean
    readonly checksumType: number
    readonly pduCrc: boolean
    readonly entityOctets: number
    readonly sequenceOctets: number
    /** File octets of a segment; `aligned`: never more than the frame has room for. */
    readonly segmentOctets: number
    readonly aligned: boolean
    readonly limits: SendingLimits
  }
  readonly buffer: { readonly filesMax: number; readonly octetsMax: number }
  /** When the main station can hear and be heard. */
  readonly contacts: Contacts
  /** The first sequence number of a journal that holds none. */
  readonly firstSequence: number
}
