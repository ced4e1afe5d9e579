/** Who an entity is, whom it knows, and what it may cost as a whole. CCSDS 727.0-B-5, 8. */
import type { Unsigned } from '../../octets/reader.ts'
import type { RemoteEntity } from '../remote.ts'

export interface EntitySettings {
  readonly entity: Unsigned
  /** The entities that are known; PDUs of others are counted and dropped. */
  readonly remotes: readonly RemoteEntity[]
  /** No number below it, and none that the owner has not been told to reserve, is ever used. */
  readonly firstSequence: number
  /** An indication for each segment that comes. */
  readonly tellSegments?: boolean
  readonly limits?: Partial<EntityLimits>
}

/** Bounds of the entity as a whole. Those of one peer are in RemoteLimits. */
export interface EntityLimits {
  /** Files that are being sent at the same time. */
  readonly sendingMax: number
  /** Beyond them, of files each of which is more urgent than all that are being sent. */
  readonly urgentMax: number
  /** Put requests that wait for their turn. */
  readonly queuedMax: number
  /** Transactions that are remembered after their end, in each direction and for each peer. */
  readonly historyMax: number
  /** Answers for transactions that are over, waiting to be sent. */
  readonly straysMax: number
  /** Sequence numbers reserved at a time. */
  readonly reserve: number
}

export const ENTITY_LIMITS: EntityLimits = {
  sendingMax: 64,
  urgentMax: 4,
  queuedMax: 10_000,
  historyMax: 4_096,
  straysMax: 64,
  reserve: 256,
}
