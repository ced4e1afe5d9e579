/** What an operator sees of the files from the ground. */
import type { Reception } from '../../protocol/cfdp/journaled/reception.ts'
import type { Uploads } from './uploads.ts'

export interface UploadStatus {
  readonly transaction: string
  readonly name: string
  /** Null until the ground has said it. */
  readonly octets: number | null
  readonly heldOctets: number
  readonly state: 'receiving' | 'whole' | 'failed'
  readonly path?: string
  readonly why?: string
}

export interface UploadsStatus {
  /** Since the start. */
  readonly whole: number
  readonly failed: number
  /** Held of those that are on their way. */
  readonly octets: number
  /** False: the inbox cannot be written. */
  readonly diskReady: boolean
  /** Contact plans that came up. */
  readonly plan: PlanStatus
  /** Those on their way, and the newest outcomes. */
  readonly files: readonly UploadStatus[]
}

export interface PlanStatus {
  readonly taken: number
  readonly refused: number
  /** When the plan in force was made, in milliseconds since 1970; null: it does not say, or there is none. */
  readonly issuedMs: number | null
  /** Why the newest was refused. */
  readonly why?: string
}

export function uploadsStatus(
  { receptions, counters, plans }: Uploads,
  issuedMs: number | null,
): UploadsStatus {
  let octets = 0
  for (const { transaction } of receptions.values()) octets += transaction.held.octets
  return {
    ...counters,
    octets,
    diskReady: receptions.isDiskReady,
    plan: {
      ...plans.counters,
      issuedMs,
      ...(plans.refusal === undefined ? {} : { why: plans.refusal }),
    },
    files: [...receptions.values(), ...receptions.recent].map(uploadStatus),
  }
}

function uploadStatus({ id, transaction, path, why }: Reception): UploadStatus {
  const { metadata, fileOctets = null, held, stage } = transaction
  const isOver = stage === 'finishing' || stage === 'closed'
  return {
    transaction: id,
    name: metadata === undefined ? '' : TEXT.decode(metadata.destinationName),
    octets: fileOctets,
    heldOctets: held.octets,
    state: isOver ? (path === undefined ? 'failed' : 'whole') : 'receiving',
    ...(path === undefined ? {} : { path }),
    ...(why === undefined ? {} : { why }),
  }
}

const TEXT = new TextDecoder()
