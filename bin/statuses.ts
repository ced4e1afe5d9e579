/** What GET /status of the three processes answers, as far as the command line shows it. */
import type { LinkStatus } from '../hal/link/link.ts'
import type { EntityCounters, Queues } from '../protocol/cfdp/entity/counters.ts'
import type { Housekeeping } from '../protocol/command/housekeeping.ts'

export interface ContactStatus {
  readonly open: boolean
  readonly startsInMs?: number
  readonly endsInMs?: number
}

export interface ModemStatus {
  readonly octetsIn: number
  readonly octetsOut: number
  readonly opens: number
  readonly errors: number
  readonly lastError?: string
  readonly isOpen: boolean
  /** Of a station: when what came last was heard, if the modem says. */
  readonly heardAt?: string
}

/** What an end counts of CFDP. */
interface CfdpStatus {
  readonly counters: EntityCounters
  readonly queues: Queues
}

interface ProcessStatus {
  readonly pid: number
  readonly rssPeakOctets: number
  readonly contact: ContactStatus
}

/** What an end knows of the time. */
interface EndStatus extends ProcessStatus, CfdpStatus {
  /** UTC in milliseconds since 1970; how often it stepped since the start, and by how much the last time. */
  readonly clock: { readonly utcMs: number; readonly steps: number; readonly lastStepMs: number }
}

export interface OnboardFile {
  readonly name: string
  readonly octets: number
  readonly sequence: number
  readonly state: 'queued' | 'digesting' | 'sending' | 'awaiting' | 'done' | 'failed'
  readonly sentOctets: number
  readonly acknowledgedOctets: number
  readonly suspended?: true
  readonly why?: string
}

export interface OnboardStatus extends EndStatus {
  readonly role: 'onboard'
  /** From the start of the process; absent before there was one. */
  readonly toFirstFrameMs?: number | null
  readonly files: readonly OnboardFile[]
  readonly buffer: {
    readonly files: number
    readonly octets: number
    readonly filesMax: number
    readonly octetsMax: number
    readonly refused: number
  }
  readonly pdus: { readonly sent: number; readonly retransmitted: number }
  readonly frames: { readonly sent: number; readonly idle: number }
  /** Files from the ground; absent: none are taken. */
  readonly uploads?: {
    readonly whole: number
    readonly failed: number
    readonly octets: number
    readonly diskReady: boolean
    /** Contact plans that came up; when the one in force was made. */
    readonly plan: {
      readonly taken: number
      readonly refused: number
      readonly issuedMs: number | null
      readonly why?: string
    }
    readonly files: readonly {
      readonly transaction: string
      readonly name: string
      readonly octets: number | null
      readonly heldOctets: number
      readonly state: 'receiving' | 'whole' | 'failed'
      readonly path?: string
      readonly why?: string
    }[]
  }
  readonly uplink: {
    readonly frames: number
    readonly malformed: number
    readonly foreign: number
    readonly cop1: {
      readonly state: string
      readonly expected: number
      readonly duplicate: number
      readonly early: number
      readonly refused: number
    }
    /** Secured frames opened, and refused by reason. */
    readonly sdls?: Readonly<Record<string, number>>
  }
  /**
   * Octets of TM frames that were not idle; the contact time until the last file octet had left the line, and
   * for how much of it the line carried such frames.
   */
  readonly carriage: {
    readonly frameOctets: number
    readonly contactMs: number
    readonly busyMs: number
  }
  readonly modes: { readonly safe: boolean; readonly frozen: boolean; readonly suspended: number }
  /** Of several modems all together. */
  readonly modem: ModemStatus
  readonly modems?: Readonly<Record<string, ModemStatus>>
}

export interface StationFile {
  readonly source: number
  readonly sequence: number
  readonly name: string
  /** Null until the spacecraft has said it. */
  readonly octets: number | null
  readonly heldOctets: number
  readonly gapCount: number
  /** The first of them, [start, end). */
  readonly gaps: readonly (readonly [number, number])[]
  readonly state: 'receiving' | 'verifying' | 'delivered' | 'failed'
  readonly path?: string
  readonly why?: string
}

export interface StationStatus extends EndStatus {
  readonly role: 'station'
  readonly locked: boolean
  readonly frames: {
    readonly good: number
    readonly corrected: number
    readonly lost: number
    readonly bad: number
  }
  readonly pdus: { readonly received: number; readonly sent: number; readonly malformed: number }
  readonly uplink: {
    readonly service: 'ad' | 'bd' | 'none'
    readonly frames: number
    /** Octets of files wait until the spacecraft is heard. */
    readonly unheard?: true
    readonly cop1?: {
      readonly state: string
      readonly next: number
      readonly underWay: number
      readonly lost: number
      readonly alerts: number
      readonly lockout: boolean
    }
    readonly sdls?: { readonly spi: number; readonly reserved: number }
  }
  readonly files: readonly StationFile[]
  /** Files for the spacecraft. */
  readonly uploads: readonly UploadFile[]
  readonly orders: readonly OrderStatus[]
  readonly housekeeping?: Housekeeping & { readonly ageMs: number }
  readonly modem: ModemStatus
}

/** A file for the spacecraft. */
export interface UploadFile {
  readonly sequence: number
  readonly name: string
  readonly octets: number
  readonly state: 'waiting' | 'sending' | 'awaiting' | 'delivered' | 'failed'
  readonly sentOctets: number
  readonly acknowledgedOctets: number
  readonly suspended?: true
  readonly why?: string
}

/** A command for the spacecraft. */
export interface OrderStatus {
  readonly counter: number
  readonly command: string
  readonly state: 'waiting' | 'executed' | 'refused'
  readonly why?: string
}

export type Status = OnboardStatus | StationStatus | LinkStatus
