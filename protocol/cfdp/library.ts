/**
 * What the package publishes as `downpour/cfdp`, and nothing else: a change here is a change for users. It is one
 * file because `exports` in package.json names one, and no index.ts because nothing in the house imports it.
 */
export { CHECKSUM, FileChecksum } from './checksum.ts'
export { CONDITION, conditionName } from './condition.ts'
export type { EntityCounters, FaultName } from './entity/counters.ts'
export {
  ENTITY_LIMITS,
  type EntityEffect,
  type EntityInput,
  type EntityLimits,
  type EntitySettings,
  type Indication,
  type PutRequest,
  type Status,
} from './entity/events.ts'
export { CfdpEntity, type OutgoingPdu } from './entity.ts'
export { encodePdu, parsePdu } from './pdu/codec.ts'
export { describePdu } from './pdu/describe.ts'
export type {
  Body,
  Finished,
  Header,
  Malformed,
  Metadata,
  Pdu,
  Tlv,
  TransactionId,
} from './pdu/pdu.ts'
export {
  QUIRKS,
  type Quirks,
  type RemoteChoice,
  type RemoteEntity,
  type RemoteLimits,
  remoteEntity,
} from './remote.ts'
