/** What a spacecraft is told before it starts; it does not change while it runs. */
import type { SendingLimits } from '../protocol/cfdp/emission.ts'
import type { ReceivingLimits } from '../protocol/cfdp/reception.ts'
import type { Contact } from '../protocol/contacts.ts'
import type { DownlinkFormat } from '../protocol/frame/link.ts'
import type { Security } from '../protocol/frame/sdls/association.ts'
import type { Instant } from '../protocol/machine.ts'
import type { PlannedContact } from '../protocol/plan/plan.ts'
import type { OutboxRule } from './buffer/rules.ts'

export interface SpacecraftSettings {
  /** Its CFDP entity id, and that of the ground. */
  readonly entity: number
  readonly peer: number
  readonly downlink: DownlinkFormat & {
    readonly virtualChannel: number
    /** Of PDUs that are not file data; undefined: the same. */
    readonly urgentChannel?: number | undefined
    readonly apid: number
    /** Bits per second of the channel. */
    readonly rateBps: number
    /** The most of them that are CADUs, for a modem that puts more around these; undefined: all may be. */
    readonly carriedBps?: number | undefined
    /** Packets that say how it is, on a virtual channel of their own. A period of 0: after commands alone. */
    readonly housekeeping: Housekeeping & { readonly periodMs: number }
  }
  readonly uplink: {
    readonly spacecraftId: number
    readonly virtualChannel: number
    readonly apid: number
    /** Of the packets of commands. */
    readonly commandApid: number
    readonly randomized: boolean
    /** Both halves of the sliding window of COP-1. */
    readonly farmWindow: number
    /** Every frame has a segment header; undefined: none has. */
    readonly segmentation: { readonly packetOctetsMax: number } | undefined
    readonly security: Security | undefined
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
    /** Segments are shorter where more frames are lost than expected; undefined: they are not. */
    readonly adapts?:
      | {
          /** The share of frames that is expected to be lost. */
          readonly frameLoss: number
          /** Octets around the file octets of one segment. */
          readonly overheadOctets: number
        }
      | undefined
    readonly limits: SendingLimits
  }
  readonly buffer: BufferSettings
  /** Files from the ground; undefined: none are taken. */
  readonly uploads?: UploadSettings | undefined
  /** Who hears when; undefined: the main station, always. */
  readonly contacts: readonly SpacecraftContact[] | undefined
  /** When the plan of the contacts was made; undefined: it does not say. */
  readonly planIssued?: Instant | undefined
  /** UTC in milliseconds when its clock showed 0, as far as is known at the start; undefined: 0. */
  readonly epochUtcMs?: number
  /**
   * What the contacts of a plan call its modems, and the bits per second of each where a contact does not say;
   * undefined: there is one, which has no name, and the rate of the downlink.
   */
  readonly modems?: readonly {
    readonly name: string
    readonly rateBps: number
    readonly carriedBps?: number | undefined
    /** It keeps what it is given until somebody hears. */
    readonly stores?: boolean
  }[]
  /** How long before a contact frames are made for modems that keep them; undefined: none does. */
  readonly stageMs?: number
  /** How often the process started, this time with it. */
  readonly starts?: number
  /** It does nothing but listen and tell: what it did before made it die. */
  readonly isSafe?: boolean
  /** The first sequence number of a journal that holds none. */
  readonly firstSequence: number
}

interface Housekeeping {
  readonly virtualChannel: number
  readonly apid: number
}

export interface UploadSettings {
  readonly limits: ReceivingLimits
  /** Files on their way at once, and octets of all of them. */
  readonly filesMax: number
  readonly octetsMax: number
  /** The name under which a file is the contact plan; undefined: none is. */
  readonly plan?: string | undefined
  /** The modems that contacts of a plan may be by; undefined: any, for there is one. */
  readonly modems?: readonly string[] | undefined
}

/** A contact of a plan, or as little of it as is known: unless told, the main station's. */
export type SpacecraftContact = Contact &
  Partial<Pick<PlannedContact, 'station' | 'role' | 'modem' | 'rates' | 'expectedFrameLoss'>>

export interface BufferSettings {
  readonly filesMax: number
  readonly octetsMax: number
  /** For files of the outbox; the first that matches counts. */
  readonly rules?: readonly OutboxRule[]
  /** What becomes of a file that comes when the buffer is full: it is refused, or less valuable ones are dropped. */
  readonly whenFull?: 'refuse' | 'drop'
  /** Those of which something was sent may be dropped, too. */
  readonly dropBegun?: boolean
  /** What becomes of a file that missed its deadline. */
  readonly late?: 'keep' | 'drop'
}
