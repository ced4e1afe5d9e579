/**
 * What the user of an entity asks of users elsewhere, is asked by them, and tells: CCSDS 727.0-B-5, clause 6.
 * Nothing of it is done for anybody who is not allowed to ask for it.
 */
import type { Unsigned } from '../../octets/reader.ts'
import type { EntityEffect, EntityInput } from '../entity/events.ts'
import type { FaultHandler } from '../fault-handlers.ts'
import type { FilestoreRequest, FilestoreResponse } from '../pdu/filestore.ts'
import type { TransactionId } from '../pdu/pdu.ts'

export const OPERATIONS = [
  'proxy-put',
  'directory-listing',
  'remote-status',
  'remote-suspend',
  'remote-resume',
] as const

export type Operation = (typeof OPERATIONS)[number]

export interface UserSettings {
  /** What each remote entity may ask for; who is not named may ask for nothing. */
  readonly allowed?: ReadonlyMap<Unsigned, ReadonlySet<Operation>>
  readonly limits?: Partial<UserLimits>
}

export interface UserLimits {
  /** Operations elsewhere whose answers are waited for. */
  readonly outstandingMax: number
  /** Operations for others that are under way, refusals among them, for each remote entity. */
  readonly servingMax: number
  /** How long an answer is waited for once its request arrived; 0 is for ever. */
  readonly answerMs: number
}

export const USER_LIMITS: UserLimits = {
  outstandingMax: 64,
  servingMax: 16,
  answerMs: 24 * 60 * 60 * 1_000,
}

/** A put that another entity is asked for. What is left open is as that entity has it. */
export interface ProxyPut {
  /** Who gets the file: a third entity, or this one. */
  readonly destination: Unsigned
  /** Undefined: no file, only what else is here. */
  readonly sourceName?: string
  /** Undefined: as the source name. */
  readonly destinationName?: string
  readonly acknowledged?: boolean
  readonly closureRequested?: boolean
  readonly messages?: readonly Uint8Array[]
  readonly filestoreRequests?: readonly FilestoreRequest[]
  readonly faultHandlers?: readonly { readonly condition: number; readonly handler: FaultHandler }[]
  readonly flowLabel?: Uint8Array
}

/** `token` is the owner's, and names the operation until it was answered or failed. */
export type OperationRequest =
  | {
      readonly kind: 'proxy put'
      readonly token: number
      readonly to: Unsigned
      readonly put: ProxyPut
    }
  /** What is left of it is broken off; its answer says so. */
  | { readonly kind: 'cancel proxy put'; readonly token: number }
  | {
      readonly kind: 'list directory'
      readonly token: number
      readonly to: Unsigned
      /** Empty: the root of the filestore there. */
      readonly directory: string
      /** The name under which the list comes. */
      readonly file: string
    }
  | {
      readonly kind: 'remote suspend' | 'remote resume'
      readonly token: number
      readonly to: Unsigned
      readonly id: TransactionId
    }
  | {
      readonly kind: 'remote status'
      readonly token: number
      readonly to: Unsigned
      readonly id: TransactionId
      /** The name under which the report comes. */
      readonly file: string
    }

export type UserInput =
  | EntityInput
  | OperationRequest
  /** Answers to effects: the file that was asked for, or why there is none. */
  | { readonly kind: 'file ready'; readonly token: number; readonly file: string }
  | { readonly kind: 'file refused'; readonly token: number; readonly why: string }

export type UserEffect =
  | EntityEffect
  /** Find a file of the filestore; answer 'file ready' or 'file refused'. The name is as it came: trust nothing in it. */
  | { readonly kind: 'locate file'; readonly token: number; readonly name: Uint8Array }
  /** Make a file that lists a directory of the filestore; likewise. */
  | { readonly kind: 'make listing'; readonly token: number; readonly directory: Uint8Array }
  /** Make a file of this text; likewise. */
  | { readonly kind: 'make report'; readonly token: number; readonly text: string }
  /** A file that was made is not needed any more. */
  | { readonly kind: 'release file'; readonly file: string }
  | { readonly kind: 'operation'; readonly indication: UserIndication }

export type UserIndication =
  | { readonly kind: 'answered'; readonly token: number; readonly answer: OperationAnswer }
  /** There is no answer, and none is waited for. */
  | { readonly kind: 'failed'; readonly token: number; readonly why: string }
  /** Another user asks; undefined: it is done. Else why it is not. */
  | {
      readonly kind: 'asked'
      readonly from: Unsigned
      readonly id: TransactionId
      readonly operation: Operation
      readonly refused: string | undefined
    }

export type OperationAnswer =
  | {
      readonly kind: 'proxy put'
      readonly condition: number
      readonly complete: boolean
      /** As in a Finished PDU. */
      readonly fileStatus: number
      readonly filestoreResponses: readonly FilestoreResponse[]
    }
  | {
      readonly kind: 'list directory'
      readonly successful: boolean
      /** Where the list is. */
      readonly path: string | undefined
    }
  | {
      readonly kind: 'remote suspend' | 'remote resume'
      readonly suspended: boolean
      /** 0 undefined, 1 active, 2 terminated, 3 unrecognized. */
      readonly transactionStatus: number
    }
  | {
      readonly kind: 'remote status'
      readonly successful: boolean
      readonly transactionStatus: number
      /** Where the report is. */
      readonly path: string | undefined
    }
